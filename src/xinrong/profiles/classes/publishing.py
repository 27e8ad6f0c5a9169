"""What of the monitoring of finance is shown, to whom, and how: behind the floor, in tens.

Every count is shown by the rule of counts: none under ten, an amount of its own added before it is
rounded to ten, the same for the same question on every page and day. So neither two views nor two
days tell of one enterprise by their difference, and figures need not add up. Money and rates are
told of whole classes only, never of a district or an industry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings

from xinrong.accounts.services import Viewer
from xinrong.domain.canonical import canonical_json
from xinrong.domain.criteria.tree import columns_of, leaves
from xinrong.profiles.classes.assigning import explainer
from xinrong.profiles.classes.definitions import classes_now
from xinrong.profiles.classes.errors import ClassesRefused
from xinrong.profiles.classes.financing import (
    READS,
    Amounts,
    Facts,
    can_be_made,
    counts,
    facts,
    months_until,
)
from xinrong.profiles.classes.sizes import SIZES, reads
from xinrong.profiles.columns import columns
from xinrong.profiles.publishing import FEWEST_MEDIAN, may_see_distribution
from xinrong.trust.gate import Service, log_shown
from xinrong.trust.services import counting

#: A dimension value that stands for all.
ALL = ""


@dataclass(frozen=True)
class FinancingAsk:
    """Which enterprises: of one district, section or class, or of all ("")."""

    district: str = ALL
    section: str = ALL
    name: str = ALL  # of the class

    @property
    def whole(self) -> bool:
        """Whether nothing but perhaps a class is chosen: money is told of these only."""
        return not self.district and not self.section


@dataclass(frozen=True)
class Line:
    """A row: a class, district or section, and its figures; None is not shown.

    `also`: how many meet a class besides their primary one. `balance` yuan, `rate` percent.
    """

    key: str
    figures: Mapping[str, int | None]
    also: int | None = None
    balance: int | None = None
    rate: float | None = None


@dataclass(frozen=True)
class MonthLine:
    """A month: enterprises with a loan at its end, lent to in it, and for the first time."""

    month: date
    running: int | None
    lent: int | None
    first: int | None


@dataclass(frozen=True)
class Financing:
    """Everything that one look shows, and the audit row of the look."""

    ask: FinancingAsk
    as_of: date
    seq: int
    classes: tuple[Line, ...]
    total: Line
    districts: tuple[Line, ...]
    sections: tuple[Line, ...]
    months: tuple[MonthLine, ...]
    audit_id: int


@cache
def columns_read(region: str) -> frozenset[str]:
    """The columns of the profile from which the figures are drawn."""
    book = classes_now().book
    found = set(READS)
    texts = [version.text for one in book.classes for version in one.versions]
    texts += [book.population.text] if book.population else []
    for text in texts:
        condition = explainer(region, text).expression.condition
        found |= {one.name for leaf in leaves(condition) for one in columns_of(leaf)}
    if found & set(SIZES):
        found |= set(reads(region))
    return frozenset(found - set(SIZES))


def can_monitor(who: Viewer) -> bool:
    """Whether the viewer's purpose may learn of every column that the figures are drawn from.

    Yearly reports, customs and loans are among them: that is oversight, the regulator's.
    """
    known = columns()
    return can_be_made() and all(
        may_see_distribution(who, known[name]) for name in columns_read(settings.REGION)
    )


def financing(who: Viewer, ask: FinancingAsk) -> Financing:
    """The monitoring of finance as it may be shown; the look is an audit row before it leaves.

    Raises ClassesRefused for a viewer who may not learn of it and for a class, district or section
    that there is not, NoProfile before the first batch, AuditUnavailable.
    """
    if not can_monitor(who):
        raise ClassesRefused(
            "these figures are drawn from loans and yearly reports, which your purpose may not"
            " learn of in aggregate",
            remedy="They are for the regulator's auditors.",
            code="classes_not_yours",
        )
    found = facts()
    _check(found, ask)
    made = _Made(found, ask)
    content = made.content()
    row = log_shown(who, payload(content), service=Service.COUNT, purpose=counting.purpose_of(who))
    return Financing(**content, audit_id=row.pk)


def _check(found: Facts, ask: FinancingAsk) -> None:
    """Whether there is what is asked for."""
    offered = (
        (ask.district, {key[1] for key in found.cells}, "district"),
        (ask.section, {key[2] for key in found.cells}, "section"),
        (ask.name, set(classes_now().book.answers), "class"),
    )
    for value, known, what in offered:
        if value and value not in known:
            raise ClassesRefused(
                f"there is no {what} {value[:40]!r} among these enterprises",
                remedy="Choose one of those listed.",
                code="classes_unknown",
            )


def payload(content: Mapping[str, Any]) -> dict[str, Any]:
    """What is shown, JSON-ready; the digest in the audit row is of this."""
    ask: FinancingAsk = content["ask"]

    def told(lines: Sequence[Line]) -> list[dict[str, Any]]:
        return [
            {"key": one.key, **one.figures, "also": one.also, "balance": one.balance,
             "rate": None if one.rate is None else str(one.rate)}
            for one in lines
        ]  # fmt: skip

    return {
        "product": "financing",
        "as_of": content["as_of"].isoformat(),
        "seq": content["seq"],
        "district": ask.district,
        "section": ask.section,
        "class": ask.name,
        "classes": told(content["classes"]),
        "total": told([content["total"]]),
        "districts": told(content["districts"]),
        "sections": told(content["sections"]),
        "months": [
            [one.month.isoformat(), one.running, one.lent, one.first] for one in content["months"]
        ],
    }


@dataclass(frozen=True)
class _Made:
    """The facts, and what is asked of them."""

    facts: Facts
    ask: FinancingAsk

    def content(self) -> dict[str, Any]:
        ask, found = self.ask, self.facts
        told = sorted({key[1] for key in found.cells}, key=lambda one: (one == "", one))
        sections = sorted({key[2] for key in found.cells}, key=lambda one: (one == "", one))
        return {
            "ask": ask,
            "as_of": found.as_of,
            "seq": found.seq,
            "classes": tuple(
                self.line(name, name, ask.district, ask.section)
                for name in classes_now().book.answers
            ),
            "total": self.line("total", ALL, ask.district, ask.section),
            "districts": tuple(self.line(one, ask.name, one, ask.section) for one in told if one),
            "sections": tuple(
                self.line(one, ask.name, ask.district, one) for one in sections if one
            ),
            "months": tuple(self.month(first) for first, _ in months_until(found.as_of)),
        }

    def line(self, key: str, name: str, district: str, section: str) -> Line:
        """The figures of those of a class, district and section; "" is all."""
        rows = [
            cell
            for (one, place, trade), cell in self.facts.cells.items()
            if name in (ALL, one) and district in (ALL, place) and section in (ALL, trade)
        ]
        sums = [sum(column) for column in zip(*rows, strict=True)] if rows else [0] * len(counts())
        figures = {
            figure: shown(count, figure, name, district, section)
            for figure, count in zip(counts(), sums, strict=True)
        }
        balance, rate = None, None
        if self.ask.whole and not district and not section:
            told = name != ALL or rest_is_safe(self.facts.amounts)
            balance, rate = money(self.facts.amounts.get(name)) if told else (None, None)
        return Line(key, figures, self._also(name, district, section), balance, rate)

    def _also(self, name: str, district: str, section: str) -> int | None:
        if name not in classes_now().book.ids:
            return None
        count = sum(
            many
            for (one, place, trade), many in self.facts.also.items()
            if one == name and district in (ALL, place) and section in (ALL, trade)
        )
        return shown(count, "also", name, district, section)

    def month(self, first: date) -> MonthLine:
        """A month of the class that is asked for; of every district and section."""
        found = self.facts.months.get((first, self.ask.name))
        name, key = self.ask.name, first.isoformat()
        if found is None:
            return MonthLine(first, None, None, None)
        return MonthLine(
            first,
            shown(found.running, "running", name, key),
            shown(found.lent, "lent", name, key),
            shown(found.first, "first", name, key),
        )


def shown(count: int, *key: str) -> int | None:
    """A count as it may be shown: the amount that is added belongs to the question alone."""
    return counting.figure_of(count, canonical_json(["financing", *key]), counting.secret())


def rest_is_safe(amounts: Mapping[str, Amounts]) -> bool:
    """Whether the total less the balances that are told leaves many, and no single one.

    Else the balance of a class that is not told could be had by subtraction.
    """
    rest = [
        one
        for name, one in amounts.items()
        if name != ALL and one.borrowers and money(one)[0] is None
    ]
    largest = max((one.largest for one in rest), default=0.0)
    return not rest or (
        sum(one.borrowers for one in rest) >= FEWEST_MEDIAN
        and largest * 2 <= sum(one.balance for one in rest)
    )


def money(found: Amounts | None) -> tuple[int | None, float | None]:
    """Balance to two significant figures and rate to one decimal, of many and of no single one."""
    if found is None or found.largest * 2 > found.balance:
        return None, None
    balance = int(float(f"{found.balance:.1e}")) if found.borrowers >= FEWEST_MEDIAN else None
    told = found.rate is not None and found.rated >= FEWEST_MEDIAN
    return balance, round(found.rate, 1) if told and found.rate is not None else None
