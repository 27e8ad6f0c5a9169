"""The deals of a period as a relation: a row for each application, a row for each refusal's reason.

What stands in the tables of applications is read once, in a few statements, and put into columns
that the definitions name. Nothing of it leaves but by `publishing`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import pyarrow as pa
from django.db.models import Count, Max, Sum

from xinrong.domain.clock import day_in_china, midnight
from xinrong.market.applying import services as applying
from xinrong.market.applying.services import Application, Loan, Payment, PaymentKind, Refusal
from xinrong.market.applying.table import UNANSWERED
from xinrong.market.evaluating.services import Evaluation
from xinrong.market.needs.models import StatedNeed
from xinrong.work.services import Case, calendar_here

#: Columns of `deals`. Rates and costs are fractions, sums fen, days working days.
DEALS = pa.schema(
    {
        "enterprise": pa.int64(),
        "lender": pa.string(),
        "institution": pa.int64(),
        "outlet": pa.int64(),
        "product": pa.string(),
        "area": pa.string(),
        "submitted": pa.date32(),
        "promised_days": pa.int64(),
        "answered": pa.bool_(),
        "answer_days": pa.int64(),
        "decided": pa.bool_(),
        "decision_days": pa.int64(),
        "silent": pa.bool_(),
        "offered": pa.bool_(),
        "refused": pa.bool_(),
        "reasons": pa.int64(),
        "appealed": pa.bool_(),
        "overturned": pa.bool_(),
        "lent": pa.bool_(),
        "lent_fen": pa.int64(),
        "rate": pa.float64(),
        "annual": pa.float64(),
        "first_time": pa.bool_(),
        "pure_credit": pa.bool_(),
        "differs": pa.bool_(),
        "mark": pa.float64(),
    }
)
REFUSALS = pa.schema(
    {
        "enterprise": pa.int64(),
        "lender": pa.string(),
        "institution": pa.int64(),
        "outlet": pa.int64(),
        "product": pa.string(),
        "area": pa.string(),
        "reason": pa.string(),
    }
)


@dataclass(frozen=True)
class Period:
    """Applications that were sent from a day to a day, both included."""

    since: date
    until: date

    @classmethod
    def year_to(cls, day: date) -> Period:
        """The year that ends on a day."""
        return cls(day - timedelta(days=364), day)


@dataclass(frozen=True)
class Deals:
    """The two relations."""

    deals: pa.Table
    refusals: pa.Table


def deals_of(period: Period, *, institution: int | None = None) -> Deals:
    """The applications of a period, of one bank or of all, each with what came of it."""
    rows = Application.objects.filter(
        submitted_at__gte=midnight(period.since),
        submitted_at__lt=midnight(period.until + timedelta(days=1)),
    ).order_by("pk")
    if institution is not None:
        rows = rows.filter(institution=institution)
    read = _Read.of(rows)
    made = [_deal(one, read) for one in rows.select_related("offer").iterator(chunk_size=2_000)]
    told = [
        {**{name: deal[name] for name in REFUSALS.names if name != "reason"}, "reason": reason}
        for deal in made
        for reason in deal.pop("_reasons")
    ]
    return Deals(pa.Table.from_pylist(made, DEALS), pa.Table.from_pylist(told, REFUSALS))


def stamp() -> tuple[Any, ...]:
    """What changes whenever a deal does: four short statements; figures are computed once."""
    cases = Case.objects.filter(process=applying.NAME)
    return (
        *Application.objects.aggregate(Max("pk"), Max("submitted_at"), Max("answered_at")).values(),
        *cases.aggregate(Count("pk"), Sum("version")).values(),
        *Payment.objects.aggregate(Max("pk"), Max("replaced_at")).values(),
        *Evaluation.objects.aggregate(Max("pk"), Max("at")).values(),
    )


@dataclass(frozen=True)
class _Read:
    """What belongs to the applications, by their numbers in the database."""

    states: Mapping[str, str]
    areas: Mapping[str, str]
    refusals: Mapping[int, list[Refusal]]
    rates: Mapping[int, Mapping[str, Any]]
    payments: Mapping[int, list[Payment]]
    marks: Mapping[int, float]

    @classmethod
    def of(cls, rows: Any) -> _Read:
        inside = {"application__in": rows.order_by().values("pk")}
        refusals = defaultdict(list)
        for refusal in Refusal.objects.filter(**inside).order_by("pk"):
            refusals[refusal.application_id].append(refusal)
        payments = defaultdict(list)
        paid = Payment.objects.filter(
            loan__application__in=rows.order_by().values("pk"),
            kind=PaymentKind.DISBURSEMENT,
            replaced_at=None,
        ).select_related("loan")
        for one in paid:
            payments[one.loan.application_id].append(one)
        return cls(
            dict(
                Case.objects.filter(number__in=rows.order_by().values("number")).values_list(
                    "number", "state"
                )
            ),
            dict(
                StatedNeed.objects.filter(number__in=rows.order_by().values("need")).values_list(
                    "number", "area"
                )
            ),
            refusals,
            dict(Loan.objects.filter(**inside).values_list("application", "terms")),
            payments,
            {
                application: (mine + cost + respect) / 3
                for application, mine, cost, respect in Evaluation.objects.filter(
                    **inside
                ).values_list("application", "time", "cost", "respect")
            },
        )


def _deal(one: Application, read: _Read) -> dict[str, Any]:
    offer = getattr(one, "offer", None)
    refusals = read.refusals.get(one.pk, [])
    stands = [each for each in refusals if each.overturned_at is None]
    decided = min(
        (moment for moment in (offer and offer.made_at, stands and stands[0].at) if moment),
        default=None,
    )
    paid = read.payments.get(one.pk, [])
    state = read.states.get(one.number, "")
    terms = read.rates.get(one.pk)
    return {
        "enterprise": one.enterprise_id,
        "lender": one.lender,
        "institution": one.institution_id,
        "outlet": one.organisation_id,
        "product": one.product,
        "area": read.areas.get(one.need, ""),
        "submitted": day_in_china(one.submitted_at),
        "promised_days": one.answer_days,
        "answered": one.answered_at is not None,
        "answer_days": _days(one.submitted_at, one.answered_at),
        "decided": decided is not None,
        "decision_days": _days(one.submitted_at, decided),
        "silent": state == UNANSWERED or state in applying.OVERDUE,
        "offered": offer is not None,
        "refused": bool(stands) and offer is None,
        "reasons": sum(len(each.reasons) for each in stands),
        "appealed": any(each.appealed_at is not None for each in refusals),
        "overturned": any(each.overturned_at is not None for each in refusals),
        "lent": bool(paid),
        "lent_fen": sum(each.principal for each in paid) if paid else None,
        "rate": float(terms["rate"]) if terms and paid else None,
        "annual": float(applying.annual_cost_of(offer, paid)) if offer and paid else None,
        "first_time": one.first_time,
        "pure_credit": not offer.security if offer else None,
        "differs": any(each.differences for each in paid),
        "mark": read.marks.get(one.pk),
        "_reasons": [reason for each in stands for reason in each.reasons],
    }


def _days(since: datetime, until: datetime | None) -> int | None:
    """Working days from one moment to another: 0 on the same day."""
    return None if until is None else _between(day_in_china(since), day_in_china(until))


@cache
def _between(first: date, last: date) -> int:
    if last <= first:
        return 0
    return calendar_here().working_days(first + timedelta(days=1), last)
