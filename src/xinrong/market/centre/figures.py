"""What is published of the services: how many requests, how many answered in time, how many served.

Each figure is a named query over the relation `requests`, a row for each request; the text that is
shown is the text that runs. Nothing is published of fewer than ten enterprises. Numbers are in
tens, shares in whole percent, as for the figures of financing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import pyarrow as pa
from django.db.models import Max

from xinrong.domain.clock import day_in_china, midnight
from xinrong.domain.text import Text
from xinrong.market.centre.models import ServiceRequest
from xinrong.market.centre.table import ANSWERS, NAME, SERVED, UNCONFIRMED, UNRESOLVED
from xinrong.market.league.services import FLOOR, Period, Unit, rounded
from xinrong.store.services import engine
from xinrong.work.services import Case, CaseMove

#: Columns of `requests`. `due`: it was answered, or a clock ran out before: then not `in_time`.
REQUESTS = pa.schema(
    {
        "service": pa.string(),
        "enterprise": pa.int64(),
        "due": pa.bool_(),
        "in_time": pa.bool_(),
        "over": pa.bool_(),
        "served": pa.bool_(),
    }
)


@dataclass(frozen=True)
class ServiceFigure:
    """One figure of each service: its unit, what it is in words, and its query."""

    name: str
    title: Text
    unit: Unit
    definition: Text
    value: str
    base: str = "TRUE"

    @property
    def query(self) -> str:
        """The whole statement."""
        return (
            f"SELECT service, {self.value} AS value,\n"
            f"       count(DISTINCT enterprise) AS enterprises\n"
            f"FROM requests\nWHERE {self.base}\nGROUP BY 1\nORDER BY 1"
        )


FIGURES: tuple[ServiceFigure, ...] = (
    ServiceFigure(
        "requests", Text(zh="申请", en="Requests"), Unit.NUMBER,
        Text(zh="期间内提出的服务申请。", en="Requests that were made in the period."),
        "count(*)",
    ),
    ServiceFigure(
        "in_time", Text(zh="按时答复", en="Answered in time"), Unit.SHARE,
        Text(zh="已答复或已过答复时限的申请中，首次答复（或安排）时没有逾期的比例。",
             en="Of requests that were answered, or whose time is over, the share whose first "
             "answer or arrangement came before any clock had run out."),
        "100.0 * count(*) FILTER (WHERE in_time) / count(*)", "due",
    ),
    ServiceFigure(
        "served", Text(zh="企业确认得到服务", en="Served, as enterprises say"), Unit.SHARE,
        Text(zh="已结束（撤回的不计）的申请中，企业确认得到服务的比例。",
             en="Of requests that ended, those withdrawn left out, the share of which the "
             "enterprise said that it was served."),
        "100.0 * count(*) FILTER (WHERE served) / count(*)", "over",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Published:
    """The figures of a period: of a service, by name; what is not there is not shown."""

    period: Period
    figures: Mapping[str, Mapping[str, float]]

    def of(self, service: str, figure: str) -> float | None:
        """One figure of a service; None is not shown."""
        return self.figures.get(service, {}).get(figure)


def published(*, now: datetime) -> Published:
    """The figures of the last year, for everybody: computed once while no request changes."""
    requests = Case.objects.filter(process=NAME)
    stamp = (*requests.aggregate(Max("pk"), Max("moved_at")).values(),)
    return _published(Period.year_to(day_in_china(now)), stamp)


@lru_cache(maxsize=16)
def _published(period: Period, _stamp: tuple[Any, ...]) -> Published:
    table = requests_of_period(period)
    found: dict[str, dict[str, float]] = {}
    for figure in FIGURES:
        for row in engine().query(figure.query, {"requests": table}).to_pylist():
            value = rounded(row["value"], figure.unit)
            if row["enterprises"] >= FLOOR and value is not None:
                found.setdefault(row["service"], {})[figure.name] = value
    return Published(period, found)


def requests_of_period(period: Period) -> pa.Table:
    """The relation `requests`: what was asked for from a day to a day, and how it went."""
    rows = ServiceRequest.objects.filter(
        asked_at__gte=midnight(period.since),
        asked_at__lt=midnight(period.until + timedelta(days=1)),
    )
    numbers = rows.order_by().values("number")
    states = dict(Case.objects.filter(number__in=numbers).values_list("number", "state"))
    first: dict[str, str] = {}
    events = CaseMove.objects.filter(case__number__in=numbers, event__in=("overrun", *ANSWERS))
    for number, event in events.order_by("pk").values_list("case__number", "event"):
        first.setdefault(number, event)
    made = [
        _row(one, states.get(one.number, ""), first.get(one.number, ""))
        for one in rows.order_by("pk").iterator(chunk_size=2_000)
    ]
    return pa.Table.from_pylist(made, REQUESTS)


def _row(one: ServiceRequest, state: str, first: str) -> dict[str, Any]:
    """One request; `first` is what came first, an answer or the end of a clock."""
    return {
        "service": one.service,
        "enterprise": one.enterprise_id,
        "due": bool(first),
        "in_time": first in ANSWERS,
        "over": state in (SERVED, UNCONFIRMED, UNRESOLVED),
        "served": state == SERVED,
    }
