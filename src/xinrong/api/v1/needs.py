"""Needs of the own enterprise: state one, list and read them, what every product says, withdraw.

A key speaks for the representative who made it; somebody signed in for themselves.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router, Status
from pydantic import Field

from xinrong.accounts.services import Viewer
from xinrong.api.auth import signed_in, viewer
from xinrong.api.errors import ERRORS, ErrorAnswer
from xinrong.api.schemas import PRINTABLE, Proof, Strict, TextOut
from xinrong.api.v1.enterprises import answer
from xinrong.domain.clock import day_in_china
from xinrong.domain.financing import NeedPurpose, Security
from xinrong.domain.money import yuan
from xinrong.market import services as market
from xinrong.market.services import needs
from xinrong.trust.services import Purpose

REFUSED = ERRORS | {409: ErrorAnswer}

router = Router(tags=["needs"], auth=signed_in("needs"))

Number = Annotated[
    str, Path(max_length=32, pattern=r"^[0-9a-f]{32}$", description="Number of the need")
]
Yuan = Annotated[str, Field(pattern=r"^[0-9]{1,10}(\.[0-9]{1,2})?$", description="Yuan, as text")]
Rate = Annotated[str, Field(pattern=r"^[0-9]{1,2}(\.[0-9]{1,4})?$", description="Percent a year")]


class NeedIn(Strict):
    """A need as a program sends it. What is left out is unknown; the district, the register's."""

    reference: str = Field(
        min_length=1, max_length=64, pattern=PRINTABLE,
        description="Your own: sent again under it, the need that is there comes back.",
    )  # fmt: skip
    amount: Yuan
    months: int = Field(ge=1, le=360, strict=True)
    purpose: NeedPurpose
    offers: list[Security] | None = Field(default=None, max_length=len(Security))
    max_rate: Rate | None = None
    first_time: bool | None = Field(
        default=None, strict=True, description="The first loan from a bank"
    )
    area: str | None = Field(default=None, pattern=r"^[0-9]{6}$", description="Of the district")
    note: str = Field(default="", max_length=needs.LONGEST_NOTE, pattern=PRINTABLE)


class NeedOut(Strict):
    """A need as it stands."""

    number: str
    reference: str
    state: str = Field(description="draft, stated, answered or withdrawn")
    source: str = Field(description="self, visit, questionnaire or event")
    amount: Yuan | None
    months: int | None
    purpose: str
    offers: list[str]
    max_rate: str | None
    first_time: bool | None
    area: str
    note: str
    prefilled: dict[str, str] = Field(
        description="Of one begun on the page: field to the category that it was read from"
    )
    made_at: datetime
    stated_at: datetime | None
    ended_at: datetime | None


class Needs(Strict):
    """A page of needs, newest first."""

    total: int
    offset: int
    needs: list[NeedOut]


class ReasonOut(Strict):
    """A condition that decides, in words."""

    outcome: str
    zh: str
    en: str


class MissingOut(Strict):
    """A column without a value, and why it has none."""

    column: str
    reason: str


class ChanceOut(Strict):
    """Chance of approval in percent, and about how many enterprises it rests on."""

    percent: int
    about: int
    of_lender: bool


class FitOut(Strict):
    """What one product says."""

    product: str
    version: int
    title: TextOut
    lender: str
    rates: list[str] = Field(description="The lowest and the highest, percent a year")
    cost: str | None = Field(description="All-in annual cost at the highest rate, percent")
    cost_at_best: str | None
    chance: ChanceOut | None = Field(description="null: not known yet")
    answer_days: int
    money_days: int
    reasons: list[ReasonOut]
    missing: list[MissingOut]


class NearOut(Strict):
    """A product that one change would open."""

    product: str
    change: TextOut


class CountedOut(Strict):
    """When chances of approval were counted, and what an unknown one counts as."""

    day: date | None
    common: int
    definition: TextOut


class AnswersContent(Strict):
    """Every product in the order of the published rule."""

    enterprise: int
    withheld: int
    as_of: date
    products: str = Field(description="Digest of the products offered that day.")
    need: dict[str, Any]
    rule: TextOut
    chances: CountedOut
    admitted: list[FitOut]
    cannot_tell: list[FitOut]
    refused: list[FitOut]
    near: list[NearOut]


class AnswersOut(Proof):
    """What every product says, and the proof of the query of the own file."""

    content: AnswersContent


@router.get("", response={200: Needs, **ERRORS}, operation_id="list_needs")
def own_needs(
    request: HttpRequest,
    state: Annotated[needs.NeedState | None, Query()] = None,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, object]:
    """The needs of the own enterprise, those written down on visits included."""
    found = needs.needs_of(speaker(request))
    if state is not None:
        found = found.filter(state=state)
    page = found[offset : offset + limit]
    return {"total": found.count(), "offset": offset, "needs": [out(one) for one in page]}


@router.post(
    "", response={200: NeedOut, 201: NeedOut, **REFUSED}, operation_id="state_need"
)  # fmt: skip
def state_need(request: HttpRequest, sent: NeedIn) -> Status[dict[str, object]]:
    """State a need. It asks no lender for anything; applying is done in person, on the page."""
    who = speaker(request)
    made, new = needs.send(
        who,
        given(sent),
        reference=sent.reference,
        now=timezone.now(),
    )
    return Status(201 if new else 200, out(made))


@router.get("/{number}", response={200: NeedOut, **ERRORS}, operation_id="get_need")
def own_need(request: HttpRequest, number: Number) -> dict[str, object]:
    """One need. Another's is answered as if it did not exist."""
    return out(needs.need_for(speaker(request), number))


@router.get(
    "/{number}/answers", response={200: AnswersOut, **REFUSED}, operation_id="get_need_answers"
)
def need_answers(request: HttpRequest, number: Number) -> HttpResponse:
    """What every product says today: a query of the own file, logged like any other."""
    one = needs.need_for(speaker(request), number)
    needs.check_stands(one)
    who = viewer(request)
    release = market.match_of(
        who, needs.own_enterprise(who), needs.need_of(one), Purpose.SELF,
        as_of=day_in_china(timezone.now()),
    )  # fmt: skip
    return answer(release)


@router.post("/{number}/withdraw", response={200: NeedOut, **REFUSED}, operation_id="withdraw_need")
def withdraw_need(request: HttpRequest, number: Number) -> dict[str, object]:
    """Withdraw a need; what was applied for under it is withdrawn as well. Again: 409."""
    return out(needs.withdraw(speaker(request), number, now=timezone.now()))


def speaker(request: HttpRequest) -> Viewer:
    """In whose name needs are kept. Raises MarketRefused (need_role, need_key)."""
    who = needs.in_whose_name(viewer(request))
    if who.role != "representative":
        raise needs.not_for_role()
    return who


def given(sent: NeedIn) -> dict[str, dict[str, list[str]]]:
    """What was sent, as the answers to the questions; what was left out is not in it."""
    said: dict[str, list[str]] = {
        "amount": [sent.amount], "months": [str(sent.months)], "purpose": [sent.purpose],
        "note": [sent.note],
    }  # fmt: skip
    if sent.offers is not None:
        said["offers"] = [str(one) for one in sent.offers]
    if sent.max_rate is not None:
        said["max_rate"] = [sent.max_rate]
    if sent.first_time is not None:
        said["first_time"] = ["yes" if sent.first_time else "no"]
    if sent.area is not None:
        said["area"] = [sent.area]
    return {name: {name: values} for name, values in said.items()}


def out(one: needs.StatedNeed) -> dict[str, object]:
    """A need in the words of the API."""
    return {
        "number": one.number,
        "reference": one.source_reference if one.source == needs.NeedSource.SELF else "",
        "state": one.state,
        "source": one.source,
        "amount": None if one.amount is None else f"{yuan(one.amount):.2f}",
        "months": one.months,
        "purpose": one.purpose,
        "offers": one.offers,
        "max_rate": None if one.max_rate is None else f"{one.max_rate:f}",
        "first_time": one.first_time,
        "area": one.area,
        "note": one.note,
        "prefilled": one.prefilled,
        "made_at": one.made_at,
        "stated_at": one.stated_at,
        "ended_at": one.ended_at,
    }
