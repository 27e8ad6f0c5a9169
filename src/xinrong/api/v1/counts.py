"""Counts over many enterprises: drafts through the gate; figures of the register for everybody."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router
from pydantic import BeforeValidator, Field

from xinrong.accounts.services import PUBLIC, Viewer
from xinrong.api.auth import signed_in, viewer
from xinrong.api.errors import ERRORS
from xinrong.api.schemas import PRINTABLE, Proof, Strict, TextOut, proof_of
from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.subjects.services import RegisterAsk
from xinrong.trust import perms
from xinrong.trust.gate import region_now
from xinrong.trust.services import Denied, Purpose, Stage, counting

router = Router(tags=["counts"], auth=signed_in("counts"))
public = Router(tags=["counts"])

Dimension = Literal["time", "district", "section", "form", "size"]


def written(day: object) -> object:
    """A day as 2026-11-22: a number of seconds is none. Raises ValueError."""
    if isinstance(day, str) and len(day) != len("2026-11-22"):
        raise ValueError("a day is written as 2026-11-22")
    return day


Day = Annotated[date, BeforeValidator(written)]


class ConditionIn(Strict):
    """That an enterprise has a record of a category whose field compares so with a value.

    Without a field: that it has a record of the category at all.
    """

    category: str = Field(max_length=64, pattern=PRINTABLE)
    field: str = Field(default="", max_length=64, pattern=PRINTABLE)
    operator: str = Field(default="=", max_length=2, pattern=PRINTABLE)
    value: str = Field(
        default="", max_length=200, pattern=PRINTABLE, description="As text; money in yuan"
    )


class DraftIn(Strict):
    """Enterprises that meet all of these conditions."""

    conditions: list[ConditionIn] = Field(min_length=1, max_length=12)
    purpose: Purpose | None = Field(default=None, description="Your role's own if left out")
    stage: Stage | None = Field(default=None, description="Of a bank's or a guarantor's count")


class Budget(Strict):
    """What is left of the day in China."""

    drafts: int = Field(description="New drafts that may still be counted")
    near: int = Field(description="Of those: drafts that differ by one condition from another")


class CountedOut(Strict):
    """The draft in its one spelling, and the figure."""

    draft: list[list[str]]
    figure: int | None = Field(description="In tens; null: fewer than ten, not shown")


class CountOut(Proof):
    """A count with its proof."""

    content: CountedOut
    budget: Budget


class ColumnOut(Strict):
    """A field that may be compared."""

    field: str
    title: TextOut
    type: str
    unit: str
    operators: list[str]
    values: list[str] = Field(description="The only lawful ones; empty: any of the type")


class CountableOut(Strict):
    """A category that may be counted."""

    category: str
    title: TextOut
    fields: list[ColumnOut]


class Countable(Strict):
    """All that the caller may learn of in aggregate, and the budget of the day."""

    purpose: str
    budget: Budget
    categories: list[CountableOut]


class RegisterOut(Strict):
    """Figures in tens; null: fewer than ten, or it would tell of fewer than ten."""

    measure: str
    rows_by: str
    columns_by: str | None
    year: int | None
    through: date = Field(description="Events until this day, the end of a month")
    seq: int
    rows: list[str]
    columns: list[str]
    figures: list[list[int | None]]
    row_totals: list[int | None]
    column_totals: list[int | None]
    total: int | None
    audit_id: int | None = Field(description="Of figures that are not published: the look")


class RegisterQuery(Strict):
    """Which table of the register's figures."""

    measure: Literal["new", "converted"] = "new"
    rows: Dimension = "time"
    columns: Dimension | None = None
    year: int | None = Field(default=None, ge=1900, le=2100, description="All years if left out")
    as_of: Day | None = Field(default=None, description="Today if left out")


@router.post("", response={200: CountOut, **ERRORS}, operation_id="count_enterprises")
def count(request: HttpRequest, wanted: DraftIn) -> dict[str, object]:
    """How many enterprises meet a draft; a near draft draws on the budget of the day."""
    who = viewer(request)
    check_counts(who)
    contracts = region_now().contracts
    draft = counting.Draft(
        frozenset(
            counting.condition_of(contracts, one.category, one.field, one.operator, one.value)
            for one in wanted.conditions
        )
    )
    release = counting.count(who, draft, purpose=wanted.purpose, stage=wanted.stage)
    return {**proof_of(release), "content": release.content.payload(), "budget": budget_of(who)}


@router.get("/columns", response={200: Countable, **ERRORS}, operation_id="list_countable")
def count_columns(request: HttpRequest) -> dict[str, object]:
    """The columns that the caller may learn of in aggregate, and the budget of the day."""
    who = viewer(request)
    check_counts(who)
    purpose = counting.purpose_of(who)
    return {
        "purpose": purpose.value,
        "budget": budget_of(who),
        "categories": [
            {
                "category": name,
                "title": one.contract.title.model_dump(),
                "fields": [
                    {
                        "field": field.name,
                        "title": field.title.model_dump(),
                        "type": field.type.value,
                        "unit": field.unit,
                        "operators": list(counting.operators_of(field)),
                        "values": list(field.values),
                    }
                    for field in one.fields
                ],
            }
            for name, one in counting.offered(purpose, region_now().contracts).items()
        ],
    }


@router.get("/register", response={200: RegisterOut, **ERRORS}, operation_id="count_register")
def register_by(request: HttpRequest, asked: Query[RegisterQuery]) -> dict[str, object]:
    """The register's figures, by the size class as well where the role may learn of it."""
    who = viewer(request)
    check_counts(who)
    return figures(who, asked)


@public.get("/figures", response={200: RegisterOut, **ERRORS}, operation_id="get_register_figures")
def register_figures(
    request: HttpRequest,  # noqa: ARG001 - Ninja passes it
    asked: Query[RegisterQuery],
) -> dict[str, object]:
    """New enterprises and conversions of sole traders, for everybody."""
    return figures(PUBLIC, asked)


def figures(who: Viewer, asked: RegisterQuery) -> dict[str, object]:
    """The table that is asked for."""
    clock = SystemClock()
    ask = RegisterAsk(
        as_of=asked.as_of or day_in_china(clock.now()),
        measure=asked.measure,
        rows=asked.rows,
        columns=asked.columns or "",
        year=asked.year,
    )
    made = counting.register_figures(who, ask, clock=clock)
    return {**counting.payload(made.table), "audit_id": made.audit_id}


def budget_of(who: Viewer) -> dict[str, int]:
    """What the caller may still count today."""
    left = counting.budget_left(who, now=timezone.now())
    return {"drafts": left.drafts, "near": left.near}


def check_counts(who: Viewer) -> None:
    """Whether the caller's work needs counts. Raises Denied."""
    if not perms.can_count(who):
        raise Denied(
            "banks, guarantors, departments, regulators and the operator count", code="denied_role"
        )
