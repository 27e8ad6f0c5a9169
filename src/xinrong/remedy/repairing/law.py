"""When a repair may be applied for, and by when it is decided: what the law packs say.

A record whose tier nobody has said is counted by the longest of the tiers, so that no repair comes
before its time. The rules that bind are those of the day on which it is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from xinrong.domain.law import Law, LawRule, Matter, Ruling, Start, Tier, Topic
from xinrong.domain.process import Source
from xinrong.remedy.law import Rule, shortest

#: The right to repair, and what it is followed by. Its articles were not read in the text itself.
RIGHT = Source("信用修复管理办法（国家发展改革委令第36号）")
#: Of the department's decision and of its notice of repair: the two documents come together.
TOGETHER = Source("国务院办公厅关于进一步完善信用修复制度的实施方案（国办发〔2025〕22号）")


@dataclass(frozen=True)
class Earliest:
    """The first day on which repair may be applied for, and why.

    `day` is None where no rule speaks of it, or the day of the decision is not known (`undated`).
    `tier` is None where it is not known, so that the longest was counted. `provisional`: counted
    over working days that are not published yet. `without_pack` are places whose law is not here.
    """

    day: date | None
    rule: LawRule | None
    tier: Tier | None
    undated: bool = False
    provisional: bool = False
    without_pack: tuple[str, ...] = ()

    @property
    def verified(self) -> bool:
        """Whether the rule was read in the text itself."""
        return self.rule is not None and self.rule.sourced


def earliest(
    law: Law, kind: str, tier: Tier | None, determined: date | None, *, personal: bool, on: date
) -> Earliest:
    """The earliest day for a record of a kind and tier that was determined on a day.

    By the law of the day `on`; `personal`: of a sole trader or a farm household.
    """
    dates = {} if determined is None else {Start.DETERMINED: determined}
    rulings = [
        law.ruling(Matter(Topic.REPAIR_EARLIEST, on, personal, kind, one, dates))
        for one in ([tier] if tier is not None else list(Tier))
    ]
    missing = law.without_pack
    if any(one.undated for one in rulings):
        return Earliest(None, None, tier, undated=True, without_pack=missing)
    binding = [one for one in rulings if one.binding is not None and one.until is not None]
    if not binding:
        return Earliest(None, None, tier, without_pack=missing)
    last = max(binding, key=lambda one: one.until or date.min)
    return Earliest(
        _first_day(last, determined),
        last.binding,
        tier,
        provisional=last.provisional,
        without_pack=missing,
    )


def _first_day(ruling: Ruling, determined: date | None) -> date:
    """The day after the last on which it is too early; of no time at all, the day itself."""
    assert ruling.binding is not None  # as the caller has looked
    assert ruling.until is not None
    period = ruling.binding.period
    at_once = not (period.years or period.months or period.days or period.working_days)
    if at_once and determined is not None:
        return determined
    return ruling.until + timedelta(days=1)


@dataclass(frozen=True)
class Clocks:
    """The rules that run in a place, by what they are for."""

    answer: Rule  # the department decides
    supply: Rule  # the enterprise signs its pledge, or supplies what is missing
    overdue: Rule  # the operator looks after it
    reopen: Rule
    hearing: Rule  # the enterprise answers what is held against a repair
    withdraw: Rule  # an institution says that it has withdrawn its copies


def clocks_of(jurisdictions: Sequence[str], on: date | None = None) -> Clocks:
    """The clocks of a place, from its law packs, the nation's where it has none."""
    names = (
        Topic.REPAIR_ANSWER, Topic.REPAIR_SUPPLY, Topic.REPAIR_OVERDUE, Topic.REPAIR_REOPEN,
        Topic.REPAIR_HEARING, Topic.COPIES_WITHDRAWN,
    )  # fmt: skip
    return Clocks(*(shortest(topic, jurisdictions, on) for topic in names))
