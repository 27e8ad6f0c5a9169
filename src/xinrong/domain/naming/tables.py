"""The tables of words, read once and laid out for longest-match look-ups.

`Endings` and `Regions` answer with a few dictionary look-ups by slices: names are parsed by the
million.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from xinrong.domain.names import fold
from xinrong.domain.packaged import packaged_rows


def rows(table: str) -> list[dict[str, str]]:
    """The rows of one table of this package."""
    return packaged_rows("xinrong.domain.naming", "tables", f"{table}.csv")


@cache
def column(table: str, name: str) -> tuple[str, ...]:
    """One column of a table, folded."""
    return tuple(fold(row[name]) for row in rows(table))


class Endings[Entry]:
    """Words that a text may end with; the longest wins."""

    __slots__ = ("_long", "_short", "_single", "entries")

    def __init__(self, entries: Iterable[tuple[str, Entry]]) -> None:
        self.entries = dict(entries)
        self._single = frozenset(word for word in self.entries if len(word) == 1)
        self._short = _lengths_by(
            (word for word in self.entries if 2 <= len(word) <= 3), lambda word: word[-2:]
        )
        self._long = _lengths_by(
            (word for word in self.entries if len(word) >= 4), lambda word: word[-4:]
        )

    def longest(self, text: str, keep: int = 0) -> int:
        """Length of the longest word that ends the text and leaves `keep` characters; 0 if none."""
        entries, room = self.entries, len(text) - keep
        for length in self._long.get(text[-4:], ()):
            if length <= room and text[-length:] in entries:
                return length
        for length in self._short.get(text[-2:], ()):
            if length <= room and text[-length:] in entries:
                return length
        return 1 if room > 0 and text[-1:] in self._single else 0


@dataclass(frozen=True, slots=True)
class Form:
    """A legal form or kind of body, as one writing of it."""

    key: str
    canonical: str
    kind: str


@dataclass(frozen=True, slots=True)
class BranchWording:
    """A word that ends the name of a branch; `needs_parent`: only after a whole company's name."""

    key: str
    canonical: str
    needs_parent: bool


@dataclass(frozen=True, slots=True)
class Region:
    """One way to write one region. `alone`: it says so even where a trade name might stand."""

    code: str
    level: int
    short: str
    alone: bool


_LEVELS = {"country": 0, "province": 1, "city": 2, "county": 3}
_DIGITS = (0, 2, 4, 6)
#: 北京市政工程 is of 北京 and does 市政工程, not of 北京市.
_CITY_WORDS = frozenset({"市场", "市政", "市容"})


class Regions:
    """Provinces, cities and counties, by every way of writing them."""

    def __init__(self) -> None:
        words = set(column("region_words", "short"))
        table = [
            (row["code"], _LEVELS[row["level"]], fold(row["name"]), fold(row["short"]))
            for row in rows("regions") + rows("regions_extra")
        ]
        above = {(short, code[:2]): level for code, level, _, short in reversed(table) if short}
        known: dict[str, list[Region]] = defaultdict(list)
        for code, level, name, short in table:
            # 上饶县 is not what 上饶 means; 海淀区 is.
            own = short if above.get((short, code[:2])) == level else name
            known[name].append(Region(code, level, own, alone=True))
            if short:
                district = level == 3 and name.endswith("区")
                alone = short not in words and not district
                known[short].append(Region(code, level, short, alone=alone))
        self.known = {name: tuple(dict.fromkeys(found)) for name, found in known.items()}
        self._heads = _lengths_by(self.known, lambda name: name[:2])
        self._first = {
            name: (fit[0].level, _one_code(fit), fit[0].short)
            for name, found in self.known.items()
            if (fit := _fitting(found, 0, "", in_branch=False))
        }
        self._first_heads = _lengths_by(self._first, lambda name: name[:2])
        behind = {
            name: fit
            for name, found in self.known.items()
            if (fit := tuple(r for r in found if _stands_behind(name, r)))
        }
        self._behind = behind
        self._tails = _lengths_by(behind, lambda name: name[-2:])
        self._all_tails = _lengths_by(self.known, lambda name: name[-2:])

    def leading(self, text: str, keep: int, *, in_branch: bool = False) -> tuple[int, str, str]:
        """How much of the text's start is a region, its code ("" if several), its short form.

        Levels follow each other downwards, each within the one before; `keep` characters stay.
        In the name of a branch any short form is a region, elsewhere only those that are nothing
        else.
        """
        end, level, code, short = 0, 0, "", ""
        if not in_branch:
            for length in self._first_heads.get(text[:2], ()):
                found = self._first.get(text[:length]) if length + keep <= len(text) else None
                if found and (text[length - 1] != "市" or not _ends_in_another_word(text, length)):
                    end, (level, code, short) = length, found
                    break
            if not end or text[end : end + 2] not in self._heads:
                return end, code, short
        while level < 3 and (step := self._step(text, keep, end, level, code, in_branch=in_branch)):
            end, level, code, more = step
            short += more
        return end, code, short

    def _step(
        self, text: str, keep: int, end: int, level: int, code: str, *, in_branch: bool
    ) -> tuple[int, int, str, str] | None:
        """The next region below the one that ends at `end`: where it ends, level, code, short."""
        for length in self._heads.get(text[end : end + 2], ()):
            after = end + length
            found = self.known.get(text[end:after]) if after + keep <= len(text) else None
            if found is None or _ends_in_another_word(text, after):
                continue
            if fit := _fitting(found, level, code, in_branch=in_branch):
                return after, fit[0].level, _one_code(fit), fit[0].short
        return None

    def trailing(self, text: str, keep: int, *, in_branch: bool = False) -> int:
        """Length of the region that ends the text, `keep` characters left before it; 0 if none."""
        lengths = (self._all_tails if in_branch else self._tails).get(text[-2:])
        if lengths:
            known, room = self.known if in_branch else self._behind, len(text) - keep
            for length in lengths:
                if length <= room and text[-length:] in known:
                    return length
        return 0

    def code(self, name: str) -> str:
        """The code of a region named by itself; "" when several of one level are called so."""
        return _one_code(_highest(self._behind.get(name, ())))


def _ends_in_another_word(text: str, end: int) -> bool:
    return (
        text[end - 1] == "市"
        and text[end - 1 : end + 1] in _CITY_WORDS
        and text[end + 1 : end + 2] != "府"
    )


def _stands_behind(name: str, region: Region) -> bool:
    """May it stand behind a trade name: 某某(昆山)有限公司? Short forms of counties may not."""
    return region.alone and (region.level < 3 or name != region.short or _is_city(region))


def _is_city(region: Region) -> bool:
    """A county-level city: by GB/T 2260 the last two digits of its code are 81 or more."""
    return region.code[4:] > "80"


def _fitting(
    found: tuple[Region, ...], level: int, code: str, *, in_branch: bool
) -> tuple[Region, ...]:
    """Those of a name's regions that can follow what was read so far; the highest level counts."""
    prefix = code[: _DIGITS[level]]
    return _highest(
        tuple(
            r
            for r in found
            if r.level > level and r.code.startswith(prefix) and (in_branch or r.alone)
        )
    )


def _highest(fit: tuple[Region, ...]) -> tuple[Region, ...]:
    if len(fit) < 2:
        return fit
    highest = min(region.level for region in fit)
    return tuple(region for region in fit if region.level == highest)


def _one_code(fit: tuple[Region, ...]) -> str:
    return fit[0].code if len({region.code for region in fit}) == 1 else ""


def _lengths_by(known: Iterable[str], key: Callable[[str], str]) -> dict[str, tuple[int, ...]]:
    lengths: dict[str, set[int]] = defaultdict(set)
    for name in known:
        lengths[key(name)].add(len(name))
    return {part: tuple(sorted(found, reverse=True)) for part, found in lengths.items()}


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables, laid out; `inside`: what brackets hold as a part of the name.

    `anchors`: words that end a parent's name where no 公司 does, and whether any wording of a
    branch may follow, or only those that need no parent (分公司).
    """

    regions: Regions
    forms: Endings[Form]
    branches: Endings[BranchWording]
    industries: Endings[None]
    anchors: tuple[tuple[str, bool], ...]
    marks: frozenset[str]
    inside: frozenset[str]
    platforms: tuple[str, ...]
    shop_fronts: tuple[str, ...]
    sayings: tuple[tuple[str, str], ...]


@cache
def tables() -> Tables:
    """The tables, read on first use (some tens of milliseconds)."""
    regions = Regions()
    forms = Endings(
        (fold(row["written"]), Form(row["form"], row["canonical"], row["kind"]))
        for row in rows("forms")
    )
    return Tables(
        regions=regions,
        forms=forms,
        branches=Endings(
            (row["written"], BranchWording(row["kind"], row["canonical"], row["parent"] == "1"))
            for row in rows("branches")
        ),
        industries=Endings((word, None) for word in column("industries", "industry")),
        anchors=tuple((row["ending"], row["outlets"] == "1") for row in rows("anchors")),
        marks=frozenset(column("marks", "mark")),
        inside=frozenset(regions.known) | frozenset(forms.entries) | {"控股"},
        platforms=column("platforms", "platform"),
        shop_fronts=column("shop_fronts", "ending"),
        sayings=tuple(
            sorted(
                ((fold(row["word"]), row["says"]) for row in rows("former")),
                key=lambda pair: -len(pair[0]),
            )
        ),
    )
