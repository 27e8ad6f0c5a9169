"""Until when a category's negative records show and are kept: the rules of today, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinrong.catalogue.contract import Contract
from xinrong.catalogue.law_terms import record_law, tiers_of
from xinrong.catalogue.region import Region
from xinrong.domain.law import Limit, Period, Topic
from xinrong.pages import words
from xinrong.pages.words import said


@dataclass(frozen=True)
class Said:
    """One rule: how long, from when, of whose records, and how well it is known."""

    length: str
    start: Promise | str
    source: str
    text: str
    whose: str
    evidence: Promise | str
    sourced: bool


def rules_today(region: Region, contract: Contract, topic: Topic, today: date) -> list[Said]:
    """Every limit of the day; of a record the one that ends first binds."""
    return list(_rules(region, contract, topic, today))


def _rules(region: Region, contract: Contract, topic: Topic, today: date) -> Iterator[Said]:
    law = record_law(region)
    for tier in tiers_of(contract):
        pair = law.terms(topic, contract.category, tier, today)
        for limits, whose in (
            (pair[0].limits, ""),
            ([one for one in pair[1].limits if one not in pair[0].limits], _("of persons only")),
        ):
            for limit in limits:
                owner = whose
                if not whose and limit not in pair[1].limits:
                    owner = _("of enterprises only")
                yield _said(limit, tier, owner)


def _said(limit: Limit, tier: str, whose: str) -> Said:
    rule = limit.rule
    narrow = [str(words.of(words.TIERS, tier)), whose] if tier else [whose]
    return Said(
        length=length(limit.period),
        start=words.of(words.DATE_STARTS, limit.slot),
        source=limit.words,
        text=said(rule.text) if rule else "",
        whose=_(", ").join(one for one in narrow if one),
        evidence=words.of(words.EVIDENCE, rule.evidence) if rule else "",
        sourced=rule is None or rule.sourced,
    )


def length(period: Period) -> str:
    """A period of a law in words: `3 years 6 months`."""
    parts = [
        ngettext("%(n)d year", "%(n)d years", period.years) % {"n": period.years},
        ngettext("%(n)d month", "%(n)d months", period.months) % {"n": period.months},
        ngettext("%(n)d day", "%(n)d days", period.days) % {"n": period.days},
        ngettext("%(n)d working day", "%(n)d working days", period.working_days)
        % {"n": period.working_days},
    ]
    numbers = (period.years, period.months, period.days, period.working_days)
    told = " ".join(part for part, number in zip(parts, numbers, strict=True) if number)
    return told or _("to the day itself")
