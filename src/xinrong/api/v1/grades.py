"""Grades: of one enterprise with its reasons, and the scorecards as a signed document."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from xinrong.api.auth import signed_in, viewer
from xinrong.api.errors import ERRORS
from xinrong.api.schemas import Proof, Strict, TextOut
from xinrong.api.v1.enterprises import Code, When, Why, answer, number_of
from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.rating import services as rating

router = Router(tags=["grades"], auth=signed_in("files"))
public = Router(tags=["grades"])


class CardOut(Strict):
    """The card by which it was graded."""

    name: str
    version: int
    digest: str


class PartOut(Strict):
    """What one indicator gave. `low` and `high` differ where something is unknown."""

    column: str
    value: int | str | bool | None
    points: int
    place: str = Field(description="band, value, special, missing or unseen")
    band: int | None
    reason: str | None = Field(description="Why there is no value; `withheld`: you may not see it.")
    low: int
    high: int


class ObjectedOut(Strict):
    """What stands beside a record; the enterprise's words stand in the file."""

    state: str = Field(
        description="under_objection: it is being looked into. statement: its source stands by "
        "the record, and the enterprise by its words."
    )
    since: date


class RecordRef(Strict):
    """A record behind a reason: its `ref` is the one in the file."""

    ref: str
    day: date | None = Field(description="null: hidden from you")
    objection: ObjectedOut | None = Field(
        default=None, description="Left out where nothing stands beside the record."
    )


class RecordsOut(Strict):
    """The records behind a reason: how many, and the newest."""

    number: int
    newest: list[RecordRef]
    objected: int | None = Field(
        default=None, description="How many are under objection. Left out where none is."
    )


class ReasonOut(Strict):
    """A reason in words. `gain` is against a typical enterprise; of `changed`, since last time."""

    column: str
    gain: int
    text: TextOut
    records: RecordsOut | None


class ReasonsOut(Strict):
    """The reasons that count most, what is unknown, and what changed since last time."""

    for_: list[ReasonOut] = Field(alias="for")
    against: list[ReasonOut]
    unknown: list[ReasonOut]
    changed: list[ReasonOut]


class ChangeOut(Strict):
    """A change that would lift the grade: into a band, or to a value."""

    column: str
    gain: int
    since: str | None
    before: str | None
    value: str


class LiftOut(Strict):
    """The next better grade, null for the best, and the fewest changes that reach it."""

    grade: str | None
    changes: list[ChangeOut]


class LineOut(Strict):
    """A grade that the enterprise had; told to itself only."""

    as_of: date
    version: int
    card: str
    points: int
    grade: str
    lowest: str
    highest: str


class GradeContent(Strict):
    """A grade with its range and reasons. It never decides alone."""

    enterprise: int
    as_of: date
    scale: str
    version: int = Field(description="Of the scorecards, approved by two persons.")
    cards: str = Field(description="Digest of all cards and the scale.")
    card: CardOut
    basis: TextOut
    undecided: list[str] = Field(description="Cards of which it cannot be told if they are meant.")
    grade: str
    lowest: str
    highest: str
    points: int
    low: int
    high: int
    known: int
    withheld: int
    parts: list[PartOut]
    reasons: ReasonsOut
    before: LineOut | None
    history: list[LineOut]
    lift: LiftOut
    never_alone: TextOut = Field(description="A score never decides alone: a person does.")


class GradeAnswer(Proof):
    """A grade and its proof."""

    content: GradeContent


class Scorecards(Strict):
    """The version in force, in an envelope signed by the platform's key."""

    payload: dict[str, Any]
    alg: str
    kid: str
    signature: str


@router.get("/{code}/grade", response={200: GradeAnswer, **ERRORS}, operation_id="get_grade")
def grade(request: HttpRequest, code: Code, purpose: Why, stage: When = None) -> HttpResponse:
    """The grade of an enterprise today, with its range, its reasons and what it rests on.

    A score never decides alone: whoever uses it has a person decide.
    """
    today = day_in_china(SystemClock().now())
    who, number = viewer(request), number_of(code)
    return answer(rating.grade_of(who, number, purpose, stage, as_of=today))


@public.get("", response={200: Scorecards, **ERRORS}, operation_id="get_scorecards")
def scorecards(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - Ninja passes it
    """The scorecards in force today: what counts how much, signed. Open to everybody."""
    number = rating.in_force(day_in_china(SystemClock().now())).number
    return rating.versions.signed(number)
