"""Counting once a day what lenders decided: from it stand the chances of approval in the ranking.

What had an outcome before the day began counts, whoever looks later: decisions keep their moments,
so that the figures of a day are always the same ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from xinrong.domain.clock import day_in_china, midnight
from xinrong.market.applying import services as applying
from xinrong.market.applying.services import Application, Refusal
from xinrong.market.applying.table import UNANSWERED
from xinrong.market.matching.chances import FLOOR, LOOKED_BACK, Decided
from xinrong.market.matching.models import ApprovalDay
from xinrong.work.services import Case

#: Lender, product, enterprise.
type Outcome = tuple[str, str, int]


def count_approvals(now: datetime) -> ApprovalDay | None:
    """Keep the figures of today; None where they are there, or are those of the last row."""
    day = day_in_china(now)
    with transaction.atomic():
        last = ApprovalDay.objects.order_by("-day").first()
        if last is not None and last.day >= day:
            return None
        products, lenders, every = decided_before(day)
        figures = {"products": _kept(products), "lenders": _kept(lenders), "every": _pair(every)}
        if last is not None and figures == {name: getattr(last, name) for name in figures}:
            return None
        made, new = ApprovalDay.objects.get_or_create(day=day, defaults=figures | {"made_at": now})
    return made if new else None


def decided_before(day: date) -> tuple[dict[str, Decided], dict[str, Decided], Decided]:
    """Exactly, by product, by lender and of all; released to nobody as it is."""
    start = midnight(day)
    span = (start - LOOKED_BACK, start)
    offered, turned_down = set(_offered(span)), {*_refused(span), *_unanswered(span)}
    by_product: dict[str, dict[int, bool]] = defaultdict(dict)
    by_lender: dict[str, dict[int, bool]] = defaultdict(dict)
    every: dict[int, bool] = {}
    for outcomes, got in ((turned_down, False), (offered, True)):  # an offer stands over a no
        for lender, product, enterprise in outcomes:
            by_product[product][enterprise] = got
            by_lender[lender][enterprise] = got
            every[enterprise] = got
    return _counted(by_product), _counted(by_lender), _of(every.values())


def _offered(span: tuple[datetime, datetime]) -> Iterable[Outcome]:
    since, until = span
    rows = Application.objects.filter(offer__made_at__gte=since, offer__made_at__lt=until)
    return rows.values_list("lender", "product", "enterprise_id").distinct()


def _refused(span: tuple[datetime, datetime]) -> Iterable[Outcome]:
    """Refusals that stood when the day began."""
    since, until = span
    stands = Q(overturned_at=None) | Q(overturned_at__gte=until)
    rows = Refusal.objects.filter(stands, at__gte=since, at__lt=until)
    return rows.values_list(
        "application__lender", "application__product", "application__enterprise_id"
    ).distinct()


def _unanswered(span: tuple[datetime, datetime]) -> Iterable[Outcome]:
    """Applications that ended because their lender did not answer."""
    since, until = span
    mute = Case.objects.filter(process=applying.NAME, state=UNANSWERED).values("number")
    rows = Application.objects.filter(
        ended_at__gte=since, ended_at__lt=until, offer=None, number__in=mute
    )
    return rows.values_list("lender", "product", "enterprise_id").distinct()


def _counted(found: Mapping[str, Mapping[int, bool]]) -> dict[str, Decided]:
    return {name: _of(one.values()) for name, one in found.items()}


def _of(outcomes: Iterable[bool]) -> Decided:
    told = list(outcomes)
    return Decided(len(told), sum(told))


def _kept(found: Mapping[str, Decided]) -> dict[str, list[int]]:
    return {name: _pair(one) for name, one in sorted(found.items()) if one.enterprises >= FLOOR}


def _pair(one: Decided) -> list[int]:
    return [one.enterprises, one.offered]
