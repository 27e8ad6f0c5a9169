"""The tables of words, read once and laid out for longest-match look-ups.

`Endings` and `Regions` answer with a few dictionary look-ups by slices: names are parsed by the
million.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from xinrong.domain.names import fold


def rows(table: str) -> list[dict[str, str]]:
    """The rows of one table of this package."""
    place = resources.files("xinrong.domain.naming").joinpath("tables", f"{table}.csv")
    with place.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream, strict=True))


@cache
def column(table: str, name: str) -> tuple[str, ...]:
    """One column of a table, folded."""
    return tuple(fold(row[name]) for row in rows(table))


class Endings[Entry]:
    """Words that a text may end with; the longest wins."""

    __slots__ = ("_lengths", "entries")

    def __init__(self, entries: Iterable[tuple[str, Entry]]) -> None:
        self.entries = dict(entries)
        lengths: dict[str, set[int]] = defaultdict(set)
        for word in self.entries:
            lengths[word[-1]].add(len(word))
        self._lengths = {
            last: tuple(sorted(found, reverse=True)) for last, found in lengths.items()
        }

    def longest(self, text: str, keep: int = 0) -> int:
        """Length of the longest word that ends the text and leaves `keep` characters; 0 if none."""
        if not text:
            return 0
        entries, room = self.entries, len(text) - keep
        for length in self._lengths.get(text[-1], ()):
            if length <= room and text[-length:] in entries:
                return length
        return 0


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
    """One way to write one region. `alone`: read as a region without its parent before it."""

    code: str
    level: int
    short: str
    alone: bool
    in_branch_only: bool


_LEVELS = {"country": 0, "province": 1, "city": 2, "county": 3}
_DIGITS = {0: 0, 1: 2, 2: 4, 3: 6}


class Regions:
    """Provinces, cities and counties, by every way of writing them."""

    def __init__(self) -> None:
        words = set(column("region_words", "short"))
        known: dict[str, list[Region]] = defaultdict(list)
        for row in rows("regions") + rows("regions_extra"):
            level, name, short = _LEVELS[row["level"]], fold(row["name"]), fold(row["short"])
            whole = Region(row["code"], level, short or name, alone=True, in_branch_only=False)
            if whole not in known[name]:
                known[name].append(whole)
            if short:
                sub = level == 3 and name.endswith("区")
                alone = short not in words and not sub
                brief = Region(row["code"], level, short, alone=alone, in_branch_only=sub)
                if brief not in known[short]:
                    known[short].append(brief)
        self.known = {name: tuple(found) for name, found in known.items()}
        self._heads = _lengths_by(self.known, lambda name: name[:2])
        self._tails = _lengths_by(self.known, lambda name: name[-2:])

    def leading(self, text: str, keep: int, *, in_branch: bool = False) -> tuple[int, str, str]:
        """How much of the text's start is a region, its code ("" if several), its short form.

        Levels follow each other downwards, each within the one before; `keep` characters stay.
        """
        end, level, code, short = 0, 0, "", ""
        room = len(text) - keep
        while True:
            for length in self._heads.get(text[end : end + 2], ()):
                if end + length > room:
                    continue
                found = self.known.get(text[end : end + length])
                if found is None:
                    continue
                fit = _fitting(found, level, code, in_branch=in_branch)
                if fit:
                    end += length
                    level = fit[0].level
                    code = fit[0].code if len({region.code for region in fit}) == 1 else ""
                    short += fit[0].short
                    break
            else:
                return end, code, short
            if level == 3:
                return end, code, short

    def trailing(self, text: str, keep: int, *, in_branch: bool = False) -> int:
        """Length of the region that ends the text, `keep` characters left before it; 0 if none."""
        room = len(text) - keep
        for length in self._tails.get(text[-2:], ()):
            if length <= room:
                found = self.known.get(text[-length:])
                if found and (in_branch or any(region.alone for region in found)):
                    return length
        return 0

    def code(self, name: str) -> str:
        """The code of a region that may stand alone; "" when several are called so."""
        codes = {region.code for region in self.known.get(name, ()) if region.alone}
        return codes.pop() if len(codes) == 1 else ""


def _fitting(
    found: tuple[Region, ...], level: int, code: str, *, in_branch: bool
) -> tuple[Region, ...]:
    """Those of a name's regions that can follow what was read so far; the highest level counts."""
    if level == 0:
        fit = tuple(r for r in found if r.level and (r.alone or in_branch))
    else:
        prefix = code[: _DIGITS[level]]
        fit = tuple(
            r
            for r in found
            if r.level > level and r.code.startswith(prefix) and (in_branch or not r.in_branch_only)
        )
    if len(fit) > 1:
        highest = min(region.level for region in fit)
        fit = tuple(region for region in fit if region.level == highest)
    return fit


def _lengths_by(
    known: dict[str, tuple[Region, ...]], key: Callable[[str], str]
) -> dict[str, tuple[int, ...]]:
    lengths: dict[str, set[int]] = defaultdict(set)
    for name in known:
        lengths[key(name)].add(len(name))
    return {part: tuple(sorted(found, reverse=True)) for part, found in lengths.items()}


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables, laid out."""

    regions: Regions
    forms: Endings[Form]
    branches: Endings[BranchWording]
    industries: Endings[None]
    anchors: tuple[str, ...]
    marks: frozenset[str]
    platforms: tuple[str, ...]
    shop_fronts: tuple[str, ...]
    sayings: tuple[tuple[str, str], ...]


@cache
def tables() -> Tables:
    """The tables, read on first use (some tens of milliseconds)."""
    return Tables(
        regions=Regions(),
        forms=Endings(
            (fold(row["written"]), Form(row["form"], row["canonical"], row["kind"]))
            for row in rows("forms")
        ),
        branches=Endings(
            (row["written"], BranchWording(row["kind"], row["canonical"], row["parent"] == "1"))
            for row in rows("branches")
        ),
        industries=Endings((word, None) for word in column("industries", "industry")),
        anchors=column("anchors", "ending"),
        marks=frozenset(column("marks", "mark")),
        platforms=tuple(sorted(column("platforms", "platform"), key=len, reverse=True)),
        shop_fronts=tuple(sorted(column("shop_fronts", "ending"), key=len, reverse=True)),
        sayings=tuple(
            sorted(
                ((fold(row["word"]), row["says"]) for row in rows("former")),
                key=lambda pair: -len(pair[0]),
            )
        ),
    )
