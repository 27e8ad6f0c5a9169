"""What is published of key projects: how many, the credit granted, what of it is new, paid out.

Each figure is a named query over the relations `projects` (a row for each that was on a list in
the period) and `contracts` (a row for each contract signed by its end for a need of a project). The
text that is shown is the text that runs. Nothing is published of fewer than ten enterprises.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import pyarrow as pa
from django.db.models import Count, Max, Q

from xinrong.domain.clock import day_in_china
from xinrong.domain.money import fen
from xinrong.domain.text import Text
from xinrong.market.applying import services as applying
from xinrong.market.applying.models import Application, Loan
from xinrong.market.applying.table import FALLEN_THROUGH
from xinrong.market.league.deals import stamp
from xinrong.market.league.services import FLOOR, Period, Unit, rounded
from xinrong.market.projects.models import KeyProject, ProjectChange, ProjectNeed
from xinrong.store.services import engine

PROJECTS = pa.schema({"enterprise": pa.int64()})
#: Sums are fen. `new`: signed within the period.
CONTRACTS = pa.schema(
    {
        "enterprise": pa.int64(),
        "new": pa.bool_(),
        "granted_fen": pa.int64(),
        "paid_fen": pa.int64(),
    }
)
#: Over how many enterprises a figure is.
_ALL = "count(DISTINCT enterprise)"
#: New and former credit add up to what was granted: either must be of enough enterprises, or none.
_EITHER = (
    "least(count(DISTINCT enterprise) FILTER (WHERE new),\n"
    "             coalesce(nullif(count(DISTINCT enterprise) FILTER (WHERE NOT new), 0),\n"
    "                      count(DISTINCT enterprise)))"
)


@dataclass(frozen=True)
class ProjectFigure:
    """One figure: its unit, what it is in words, and its query."""

    name: str
    title: Text
    unit: Unit
    definition: Text
    relation: str
    value: str
    enterprises: str = _ALL

    @property
    def query(self) -> str:
        """The whole statement."""
        return (
            f"SELECT {self.value} AS value,\n"
            f"       {self.enterprises} AS enterprises\n"
            f"FROM {self.relation}"
        )


FIGURES: tuple[ProjectFigure, ...] = (
    ProjectFigure(
        "projects", Text(zh="重点项目", en="Key projects"), Unit.NUMBER,
        Text(zh="期间内在清单上的项目。", en="Projects that were on a list in the period."),
        "projects", "count(*)",
    ),
    ProjectFigure(
        "granted", Text(zh="授信金额", en="Credit granted"), Unit.YUAN,
        Text(zh="为项目提出的需求，到期末为止签订的借款合同金额合计；未放款而终止的不计。",
             en="The sums of the contracts signed by the end of the period for needs that were "
             "stated for projects; those that fell through are left out."),
        "contracts", "sum(granted_fen) / 1000000.0",
    ),
    ProjectFigure(
        "granted_new", Text(zh="其中新增", en="Of that, new"), Unit.YUAN,
        Text(zh="上项中在期间内签订的合同金额。", en="Of these, the contracts signed within it."),
        "contracts", "sum(granted_fen) FILTER (WHERE new) / 1000000.0", _EITHER,
    ),
    ProjectFigure(
        "paid_out", Text(zh="已放款", en="Paid out"), Unit.YUAN,
        Text(zh="上述合同实际放款的本金合计。",
             en="The principal that was paid out on these contracts."),
        "contracts", "sum(paid_fen) / 1000000.0",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Published:
    """The figures of a period by name; what is not there is not shown. Sums in 10,000 yuan."""

    period: Period
    figures: Mapping[str, float]


def published(*, now: datetime) -> Published:
    """The figures of the last year, for everybody: computed once while nothing changes."""
    kept = KeyProject.objects.aggregate(Max("pk"), Count("ended_on")).values()
    changes = ProjectChange.objects.aggregate(Max("pk")).values()
    begun = ProjectNeed.objects.aggregate(Max("pk")).values()
    return _published(Period.year_to(day_in_china(now)), (*kept, *changes, *begun, *stamp()))


@lru_cache(maxsize=16)
def _published(period: Period, _stamp: tuple[Any, ...]) -> Published:
    relations = {"projects": projects_of(period), "contracts": contracts_of(period)}
    found: dict[str, float] = {}
    for figure in FIGURES:
        asked = {figure.relation: relations[figure.relation]}
        [row] = engine().query(figure.query, asked).to_pylist()
        value = rounded(row["value"], figure.unit)
        if row["enterprises"] >= FLOOR and value is not None:
            found[figure.name] = value
    return Published(period, found)


def projects_of(period: Period) -> pa.Table:
    """The relation `projects`: what was on a list for a day of the period, or longer."""
    running = Q(ended_on=None) | Q(ended_on__gt=period.since)
    rows = KeyProject.objects.filter(
        running, listed_from__lte=period.until, listed_until__gte=period.since
    )
    made = [{"enterprise": one} for one in rows.values_list("enterprise", flat=True)]
    return pa.Table.from_pylist(made, PROJECTS)


def contracts_of(period: Period) -> pa.Table:
    """The relation `contracts`: signed by the end of the period for needs of projects."""
    sent = Application.objects.filter(need__in=ProjectNeed.objects.values("need"))
    loans = Loan.objects.filter(
        application__in=sent.values("pk"), signed_on__lte=period.until
    ).select_related("application")
    signed = {one.application.number: one for one in loans}
    states, sums = applying.states_of(signed), applying.sums_of(signed)
    made = [
        {
            "enterprise": one.application.enterprise_id,
            "new": one.signed_on >= period.since,
            "granted_fen": fen(sums[number].contracted),
            "paid_fen": fen(sums[number].disbursed),
        }
        for number, one in signed.items()
        if number not in states or states[number].state != FALLEN_THROUGH
    ]
    return pa.Table.from_pylist(made, CONTRACTS)
