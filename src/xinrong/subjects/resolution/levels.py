"""The comparisons of two names and their levels, each said once: in Python and, beside it, in SQL.

A level holds when its condition does and none before it did. `left` is the name as sent, `right`
the one of the register; in SQL their columns end in `_l` and `_r`. A test holds both forms equal.

Guards are part of the levels: a level may forbid a link (`Guard.REVIEW`: a person decides) or
forbid even the question (`Guard.NEVER`: two different bodies by the rules of naming).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from rapidfuzz.distance import OSA

from xinrong.domain.packaged import packaged_rows
from xinrong.subjects.resolution.features import Features


class Guard(StrEnum):
    """What a level forbids, whatever the score."""

    NONE = ""
    REVIEW = "review"
    NEVER = "never"


@dataclass(frozen=True)
class Level:
    """One degree of agreement. `reason` is the key of the sentence that says it."""

    key: str
    holds: Callable[[Features, Features], bool]
    sql: str
    guard: Guard = Guard.NONE
    silent: bool = False  # says nothing worth a sentence


@dataclass(frozen=True)
class Comparison:
    """What of two names is compared. The last level holds when no other does."""

    key: str
    levels: tuple[Level, ...]

    def level(self, left: Features, right: Features) -> int:
        """The number of the first level that holds."""
        for number, level in enumerate(self.levels):
            if level.holds(left, right):
                return number
        raise AssertionError(f"no level of {self.key} holds")

    def reason(self, level: int) -> str:
        """The key of the sentence of a level."""
        return f"{self.key}_{self.levels[level].key}"


#: Shorter trade names and cores differ too easily by one character.
LONG_TRADE, LONG_CORE, VERY_LONG_CORE, LONG_INDUSTRY, LONG_BRANCH = 4, 6, 8, 3, 3
#: 分行, 支行 and outlets (储蓄所) of one place are written for each other, and become each other.
_BANK = frozenset({"bank_branch", "bank_sub_branch"})
_OUTLET = frozenset({"bank_outlet", "bank_sub_branch"})
#: A district's code: its outlet of a name is one, a city may have several.
_DISTRICT = 6


def one_edit(left: str, right: str) -> bool:
    """Apart by one character: another one, one more or less, or two neighbours exchanged."""
    return abs(len(left) - len(right)) < 2 and OSA.distance(left, right, score_cutoff=1) == 1


def _otherwise(_left: Features, _right: Features) -> bool:
    return True


def _otherwise_level(key: str, guard: Guard = Guard.NONE) -> Level:
    return Level(key, _otherwise, "TRUE", guard)


def _typed(a: Features, b: Features) -> bool:
    return (
        min(len(a.core), len(b.core)) >= LONG_CORE
        and a.telling == b.telling
        and one_edit(a.core, b.core)
    )


#: `one_edit` of DuckDB's macro: its own edit distance counts bytes.
_TYPED = (
    f"least(len(core_l), len(core_r)) >= {LONG_CORE} AND telling_l = telling_r "
    "AND one_edit(core_l, core_r)"
)


def within(left: str, right: str) -> bool:
    """Is one region part of the other, or one of them not said?"""
    return left.startswith(right) or right.startswith(left)


def _one_kind(a: Features, b: Features) -> bool:
    """The same kind of branch, in regions of which neither excludes the other."""
    kinds = {a.branch_kind, b.branch_kind}
    if kinds == _OUTLET:
        return a.branch_region == b.branch_region and len(a.branch_region) == _DISTRICT
    return (len(kinds) == 1 or kinds == _BANK) and within(a.branch_region, b.branch_region)


def _kinds(kinds: frozenset[str]) -> str:
    one, other = sorted(kinds)
    return (
        f"(branch_kind_l = '{one}' AND branch_kind_r = '{other}' "
        f"OR branch_kind_l = '{other}' AND branch_kind_r = '{one}')"
    )


_ONE_KIND = (
    f"CASE WHEN {_kinds(_OUTLET)} THEN branch_region_l = branch_region_r "
    f"AND len(branch_region_l) = {_DISTRICT} "
    f"ELSE (branch_kind_l = branch_kind_r OR {_kinds(_BANK)}) "
    "AND within(branch_region_l, branch_region_r) END"
)


def _long(a: Features, b: Features) -> bool:
    return a.industry == b.industry and min(len(a.trade), len(b.trade)) >= LONG_TRADE


_LONG = f"industry_l = industry_r AND least(len(trade_l), len(trade_r)) >= {LONG_TRADE}"


@cache
def conversions() -> frozenset[tuple[str, str]]:
    """Pairs of legal forms that one body may have had one after the other, in both orders."""
    rows = packaged_rows(__package__, "conversions.csv")
    pairs = [(row["form"], row["other"]) for row in rows]
    return frozenset(pairs + [(other, form) for form, other in pairs])


def converted(left: str, right: str) -> bool:
    """May a body of one legal form be the other one, converted or loosely written?"""
    return (left, right) in conversions()


TRADE = Comparison(
    "trade",
    (
        # Trade name and industry are weighed together here: that both are equal says far more than
        # each of them alone.
        Level("whole", lambda a, b: a.core == b.core, "core_l = core_r"),
        Level("same", lambda a, b: a.trade == b.trade != "", "trade_l = trade_r AND trade_l <> ''"),
        # A slip of the pen changes one character; it does not put the region elsewhere as well.
        Level("sound_long",
              lambda a, b: a.sound == b.sound and a.front == b.front and _typed(a, b)
              and (_long(a, b) or len(a.core) >= VERY_LONG_CORE),
              f"sound_l = sound_r AND front_l = front_r AND {_TYPED} "
              f"AND (({_LONG}) OR len(core_l) >= {VERY_LONG_CORE})"),
        Level("sound", lambda a, b: a.sound == b.sound, "sound_l = sound_r", Guard.REVIEW),
        Level("typed_long", lambda a, b: _long(a, b) and _typed(a, b),
              f"{_LONG} AND {_TYPED}", Guard.REVIEW),
        Level("typed", _typed, _TYPED, Guard.REVIEW),
        Level("short",
              lambda a, b: min(len(a.trade), len(b.trade)) > 1
              and (a.trade.startswith(b.trade) or b.trade.startswith(a.trade)),
              "least(len(trade_l), len(trade_r)) > 1 AND "
              "(starts_with(trade_l, trade_r) OR starts_with(trade_r, trade_l))", Guard.REVIEW),
        _otherwise_level("different", Guard.NEVER),
    ),
)  # fmt: skip

INDUSTRY = Comparison(
    "industry",
    (
        Level("same", lambda a, b: a.industry == b.industry or a.core == b.core,
              "industry_l = industry_r OR core_l = core_r"),
        Level("typed",
              lambda a, b: min(len(a.industry), len(b.industry)) >= LONG_INDUSTRY
              and a.telling == b.telling and one_edit(a.industry, b.industry),
              f"least(len(industry_l), len(industry_r)) >= {LONG_INDUSTRY} "
              "AND telling_l = telling_r AND one_edit(industry_l, industry_r)", Guard.REVIEW),
        Level("missing", lambda a, b: not a.industry or not b.industry,
              "industry_l = '' OR industry_r = ''", Guard.REVIEW),
        Level("contained", lambda a, b: a.industry in b.industry or b.industry in a.industry,
              "contains(industry_l, industry_r) OR contains(industry_r, industry_l)",
              Guard.REVIEW),
        _otherwise_level("different", Guard.REVIEW),
    ),
)  # fmt: skip

REGION = Comparison(
    "region",
    (
        Level("same", lambda a, b: a.region == b.region != "",
              "region_l = region_r AND region_l <> ''"),
        Level("within", lambda a, b: a.region != "" != b.region and within(a.region, b.region),
              "region_l <> '' AND region_r <> '' AND within(region_l, region_r)", Guard.REVIEW),
        Level("conflict", lambda a, b: a.region != "" != b.region,
              "region_l <> '' AND region_r <> ''", Guard.NEVER),
        Level("as_written", lambda a, b: a.place == b.place != "",
              "place_l = place_r AND place_l <> ''"),
        Level("none", lambda a, b: not a.place and not b.place, "place_l = '' AND place_r = ''",
              silent=True),
        Level("sender",
              lambda a, b: not a.place and a.home != "" != b.region and within(a.home, b.region),
              "place_l = '' AND home_l <> '' AND region_r <> '' AND within(home_l, region_r)"),
        Level("seat",
              lambda a, b: not b.place and b.home != "" != a.region and within(b.home, a.region),
              "place_r = '' AND home_r <> '' AND region_l <> '' AND within(home_r, region_l)"),
        Level("missing", lambda a, b: not a.place or not b.place,
              "place_l = '' OR place_r = ''", Guard.REVIEW),
        _otherwise_level("unclear", Guard.REVIEW),
    ),
)  # fmt: skip

FORM = Comparison(
    "form",
    (
        Level("same", lambda a, b: a.form == b.form, "form_l = form_r"),
        Level("missing", lambda a, b: not a.form or not b.form, "form_l = '' OR form_r = ''"),
        Level("converted", lambda a, b: converted(a.form, b.form), "converted(form_l, form_r)"),
        _otherwise_level("conflict", Guard.REVIEW),
    ),
)

GROUP = Comparison(
    "group",
    (
        Level("same", lambda a, b: a.grouped == b.grouped, "grouped_l = grouped_r", silent=True),
        # A group's parent and its listed company bear one name, one with 集团 and one with 股份;
        # other companies of one name in one place grew into a group.
        Level("grown", lambda a, b: (b if a.grouped else a).form != "joint_stock",
              "CASE WHEN grouped_l <> '' THEN form_r ELSE form_l END <> 'joint_stock'"),
        _otherwise_level("conflict", Guard.REVIEW),
    ),
)  # fmt: skip

BRANCH = Comparison(
    "branch",
    (
        Level("none", lambda a, b: not a.branch and not b.branch, "branch_l = '' AND branch_r = ''",
              silent=True),
        Level("one_side", lambda a, b: not a.branch or not b.branch,
              "branch_l = '' OR branch_r = ''", Guard.NEVER),
        Level("same", lambda a, b: a.branch == b.branch and _one_kind(a, b),
              f"branch_l = branch_r AND {_ONE_KIND}"),
        Level("kind",
              lambda a, b: a.branch == b.branch and within(a.branch_region, b.branch_region),
              "branch_l = branch_r AND within(branch_region_l, branch_region_r)", Guard.REVIEW),
        Level("sound",
              lambda a, b: min(len(a.branch), len(b.branch)) >= LONG_BRANCH
              and a.branch_sound == b.branch_sound and _one_kind(a, b),
              f"least(len(branch_l), len(branch_r)) >= {LONG_BRANCH} "
              f"AND branch_sound_l = branch_sound_r AND {_ONE_KIND}"),
        _otherwise_level("conflict", Guard.NEVER),
    ),
)  # fmt: skip

NUMBERS = Comparison(
    "numbers",
    (
        Level("same", lambda a, b: a.numbers == b.numbers, "numbers_l = numbers_r", silent=True),
        _otherwise_level("conflict", Guard.NEVER),
    ),
)

#: All that is compared, the weightiest first.
COMPARISONS = (TRADE, INDUSTRY, REGION, FORM, GROUP, BRANCH, NUMBERS)

#: For each comparison the number of the level that held.
type Levels = tuple[int, ...]


def levels_of(left: Features, right: Features) -> Levels:
    """The level of every comparison of a name as sent with one of the register."""
    return tuple(comparison.level(left, right) for comparison in COMPARISONS)


def guard_of(levels: Levels) -> Guard:
    """The strictest guard among these levels."""
    guards = {one.levels[level].guard for one, level in zip(COMPARISONS, levels, strict=True)}
    return max(guards, key=list(Guard).index)
