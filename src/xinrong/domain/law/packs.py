"""What one place has laid down, and the law of a place that lies in others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from xinrong.domain.calendars import CHINA_CALENDAR, Calendar
from xinrong.domain.errors import XinrongError
from xinrong.domain.law.rules import Binds, LawRule
from xinrong.domain.law.ruling import Law


class PackFault(XinrongError):
    """A law pack contradicts itself or another.

    Codes: law_overlap (two rules of one pack say different things of the same matter),
    law_displaces (a rule displaces one that nobody knows, or without citing an article),
    law_twice (two rules, or two packs, of one name).
    """

    code = "law_pack"


@dataclass(frozen=True)
class LawPack:
    """The rules of one jurisdiction: CN, CN-33, CN-3310. Raises PackFault."""

    jurisdiction: str
    rules: tuple[LawRule, ...]

    def __post_init__(self) -> None:
        names = [rule.id for rule in self.rules]
        for name in sorted({name for name in names if names.count(name) > 1}):
            raise PackFault(
                f"{self.jurisdiction}: two rules are called {name}",
                remedy="Give each rule a name of its own.",
                code="law_twice",
            )
        for one, other in combinations(self.rules, 2):
            if _overlap(one, other):
                raise PackFault(
                    f"{self.jurisdiction}: {one.id} and {other.id} say different things of the "
                    f"same matter ({one.topic})",
                    remedy="Narrow one of them by kind, tier or who it binds, or say in "
                    "`displaces` which article takes precedence, and cite it.",
                    code="law_overlap",
                )


def _overlap(one: LawRule, other: LawRule) -> bool:
    """Whether two rules apply to one matter at one time and neither steps back.

    Rules of different documents may overlap: which binds is then decided by what they say.
    """
    if one.topic != other.topic or one.document.id != other.document.id:
        return False
    if one.id in other.displaces or other.id in one.displaces:
        return False
    return (
        (one.binds == other.binds or Binds.BOTH in (one.binds, other.binds))
        and (not one.kinds or not other.kinds or bool(one.kinds & other.kinds))
        and (not one.tiers or not other.tiers or bool(one.tiers & other.tiers))
    )


def law_of(
    jurisdictions: Sequence[str], packs: Iterable[LawPack], calendar: Calendar = CHINA_CALENDAR
) -> Law:
    """The law of a place, which lies in each of the jurisdictions (the nation first).

    What a place has no pack for it inherits from those above it; `Law.without_pack` names it.
    Raises PackFault.
    """
    held: dict[str, LawPack] = {}
    for pack in packs:
        if pack.jurisdiction in held:
            raise PackFault(f"two law packs are of {pack.jurisdiction}", code="law_twice")
        held[pack.jurisdiction] = pack
    known = {rule.id for pack in held.values() for rule in pack.rules}
    for pack in held.values():
        for rule in pack.rules:
            _check_displaced(rule, known)
    found = [held[name] for name in jurisdictions if name in held]
    missing = tuple(name for name in jurisdictions if name not in held)
    return Law(tuple(rule for pack in found for rule in pack.rules), missing, calendar)


def _check_displaced(rule: LawRule, known: set[str]) -> None:
    unknown = sorted(rule.displaces - known)
    if unknown:
        raise PackFault(
            f"{rule.id} displaces {', '.join(unknown)}, which no pack holds",
            remedy="Write the name of the rule as its pack gives it.",
            code="law_displaces",
        )
    if rule.displaces and not rule.cites:
        raise PackFault(
            f"{rule.id} displaces other rules without citing the article that says so",
            remedy="Name the article in `cites`, or leave `displaces` out: then the shorter binds.",
            code="law_displaces",
        )
