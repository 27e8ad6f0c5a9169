"""Consents: banks ask for them and see what became of them; an enterprise sees its own.

Nobody grants by API: an enterprise's representative does that in person, on the page.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router, Status
from pydantic import Field

from xinrong.api.auth import caller_of, signed_in, viewer
from xinrong.api.errors import ERRORS
from xinrong.api.schemas import Strict
from xinrong.domain.errors import XinrongError
from xinrong.subjects.services import enterprise_by_code
from xinrong.trust import perms
from xinrong.trust.services import Denied, Stage, consenting, purposes_of

router = Router(tags=["consents"], auth=signed_in("consents"))

Number = Annotated[
    str, Path(max_length=32, pattern=r"^[0-9a-f]{32}$", description="Number of the request")
]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Limit = Annotated[int, Query(ge=1, le=200)]
Plain = r"^[^\x00-\x1f\x7f]*$"


class AskIn(Strict):
    """What a bank asks an enterprise to let it see, within a template of fair use."""

    code: str = Field(max_length=64, description="Unified social credit code")
    template: str = Field(max_length=64)
    stages: list[Stage] = Field(default_factory=list, max_length=3)
    categories: dict[str, Annotated[int, Field(ge=1, le=4, strict=True)]] = Field(
        min_length=1, max_length=100, description="Category to the level asked"
    )
    days: int = Field(ge=1, le=1_098, description="How long the consent would be valid")
    keep_days: int = Field(ge=1, le=7_320, description="How long you would keep what you saw")
    one_time: bool = False
    data_from: date = Field(description="The first day of the records asked for")
    data_to: date | None = Field(default=None, description="The last; none: up to the query")
    message: str = Field(default="", max_length=500, pattern=Plain)
    loan_reference: str = Field(
        default="", max_length=64, pattern=Plain, description="Of a loan that runs, if any"
    )


class RequestOut(Strict):
    """A request and, once granted, its consent."""

    number: str
    code: str
    enterprise: str
    organisation: str
    purpose: str
    stages: list[str]
    template: str
    categories: dict[str, int] = Field(description="What was granted, else what was asked")
    state: str = Field(
        description="asked, granted, refused, withdrawn, lapsed, revoked, expired, used or repaid"
    )
    asked_at: datetime
    answer_by: datetime
    consent: str | None = Field(description="Number of the consent")
    valid_until: datetime | None
    loan_reference: str


class Requests(Strict):
    """A page of requests, newest first."""

    total: int
    offset: int
    requests: list[RequestOut]


class Papers(RequestOut):
    """The same with every signed paper: verify them with /.well-known/xinrong-keys.json."""

    artefact: dict[str, Any] | None
    texts: dict[str, str]
    receipts: list[dict[str, Any]]


@router.get("", response={200: Requests, **ERRORS}, operation_id="list_consents")
def consents(request: HttpRequest, offset: Offset = 0, limit: Limit = 50) -> dict[str, object]:
    """What the own organisation and its bank asked; for an enterprise, what it was asked."""
    own = side(request)
    if "grantor" in own:
        found = consenting.requests_to(own["grantor"])
    else:
        found = consenting.requests_by(own["grantees"])
    return {
        "total": found.count(),
        "offset": offset,
        "requests": [out(row) for row in found[offset : offset + limit]],
    }


@router.post("", response={201: RequestOut, **ERRORS}, operation_id="ask_consent")
def ask(request: HttpRequest, wanted: AskIn) -> Status[dict[str, object]]:
    """Ask an enterprise. Over-asking is refused with the clause that it breaks."""
    who = viewer(request)
    if not perms.can_ask_consent(who):
        raise Denied("only lenders, guarantors and advisers ask for consent", code="denied_role")
    caller = caller_of(request)
    made = consenting.ask(
        enterprise_by_code(wanted.code).pk,
        consenting.Party.of(who, caller.name if caller else ""),
        consenting.Wanted(
            template=wanted.template,
            purpose=purposes_of(who)[0].value,
            stages=tuple(stage.value for stage in wanted.stages),
            levels=wanted.categories,
            days=wanted.days,
            keep_days=wanted.keep_days,
            one_time=wanted.one_time,
            data_from=wanted.data_from,
        ),
        now=timezone.now(),
        message=wanted.message,
        data_to=wanted.data_to,
        loan_reference=wanted.loan_reference,
    )
    return Status(201, out(made))


@router.get("/{number}", response={200: Papers, **ERRORS}, operation_id="get_consent")
def consent(request: HttpRequest, number: Number) -> dict[str, object]:
    """One request, its consent and its papers. Another's is answered as if it did not exist."""
    found = consenting.request_for(number, **side(request))
    return out(found) | consenting.bundle(found)


def side(request: HttpRequest) -> dict[str, Any]:
    """On which side the caller stands. Raises Denied for anybody else."""
    who = viewer(request)
    if perms.can_see_asked(who):
        return {"grantees": who.grantees}
    if perms.can_see_consents(who):
        try:
            return {"grantor": enterprise_by_code(who.reference).pk}
        except XinrongError:
            raise Denied("nothing is known of this enterprise yet", code="denied_role") from None
    raise Denied("consents are for the enterprise and for whoever asked", code="denied_role")


def out(row: Any) -> dict[str, object]:
    """A request in the words of the API."""
    granted = getattr(row, "consent", None)
    return {
        "number": row.number,
        "code": row.grantor.code,
        "enterprise": row.grantor.name,
        "organisation": row.grantee.name,
        "purpose": row.purpose,
        "stages": row.stages,
        "template": row.template,
        "categories": granted.levels if granted else row.levels,
        "state": consenting.standing(row, now=timezone.now()),
        "asked_at": row.asked_at,
        "answer_by": row.answer_by,
        "consent": granted.number if granted else None,
        "valid_until": granted.valid_until if granted else None,
        "loan_reference": row.loan_reference,
    }
