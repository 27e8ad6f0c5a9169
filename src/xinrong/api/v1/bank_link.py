"""The bank link: where a bank's own system says what became of an application.

Every request is signed with the secret of the link (Standard Webhooks); no API key, no session.
docs/reference/bank-link.md is the format, `python -m banksim` a bank to try it with.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import Path, Router
from ninja.security import APIKeyHeader

from xinrong.accounts.services import PUBLIC, certificate_of
from xinrong.api.auth import Caller, caller_of
from xinrong.api.errors import ERRORS, ErrorAnswer
from xinrong.api.schemas import Strict
from xinrong.market.services import linking

router = Router(tags=["bank-link"])
HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")

Name = Annotated[str, Path(max_length=32, description="Name of the link")]


@dataclass(frozen=True)
class BankSystem(Caller):
    """A bank's own system, known by its signature and certificate."""

    link: linking.Link
    signed: linking.Signed


class SignedByBank(APIKeyHeader):
    """The three headers of the Standard Webhooks scheme, signed with the secret of the link."""

    param_name = "webhook-signature"

    def authenticate(self, request: HttpRequest, key: str | None) -> BankSystem:
        """Raises LinkRefused: link_signature, link_timestamp, link_certificate."""
        name = request.resolver_match.kwargs["link"] if request.resolver_match else ""
        link, signed = linking.authentic(
            name,
            {one: request.headers.get(one, "") for one in HEADERS},
            request.body,  # bounded by xinrong.bodies
            certificate=certificate_of(request),
            now=timezone.now(),
        )
        return BankSystem(PUBLIC, f"link {link.pk}", link, signed)


class DifferenceOut(Strict):
    """A value that the two ledgers do not share."""

    application: str
    what: str
    ours: str
    theirs: str


class BehindOut(Strict):
    """An application of which the bank has lost messages; they are on their way again."""

    application: str
    sent: int
    received: int


class TakenOut(Strict):
    """What became of a message; the same for each repeat of it."""

    id: str
    outcome: str
    state: str | None = None
    waiting_for: int | None = None
    differences: list[DifferenceOut] | None = None
    behind: list[BehindOut] | None = None
    repeated: bool = False


def shape_of(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema of pydantic with every definition in its place: it holds inside another document."""
    named = schema.get("$defs", {})

    def whole(part: Any) -> Any:
        if isinstance(part, list):
            return [whole(one) for one in part]
        if not isinstance(part, dict):
            return part
        if "$ref" in part:
            beside = {key: value for key, value in part.items() if key != "$ref"}
            found = deepcopy(named[part["$ref"].rsplit("/", 1)[1]])
            return whole({**found, **beside})
        left = {"$defs", "discriminator"}
        return {key: whole(value) for key, value in part.items() if key not in left}

    made: dict[str, Any] = whole(schema)
    return made


#: Beside the signature; the security scheme names that.
BESIDE = [
    {
        "name": "webhook-id",
        "in": "header",
        "required": True,
        "description": "The bank's name of the message, the same in each repeat",
        "schema": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[!-~]+$"},
    },
    {
        "name": "webhook-timestamp",
        "in": "header",
        "required": True,
        "description": "Seconds since 1970; later in each repeat",
        "schema": {"type": "string", "pattern": "^[0-9]{1,12}$"},
    },
]
BODY: dict[str, Any] = {
    "parameters": BESIDE,
    "requestBody": {
        "required": True,
        "description": "One message, version 1.",
        "content": {"application/json": {"schema": shape_of(linking.BANK.json_schema())}},
    },
}
MORE: dict[int, type[ErrorAnswer]] = dict.fromkeys((409, 413, 415), ErrorAnswer)


@router.post(
    "/{link}/messages",
    response={200: TakenOut, 202: TakenOut, **ERRORS, **MORE},
    openapi_extra=BODY,
    operation_id="tell_platform",
    auth=SignedByBank(),
)
def tell_platform(request: HttpRequest, link: Name) -> HttpResponse:
    """Say what became of an application: a state, an offer, a refusal, a payment, a ledger.

    The same message again gets the same answer. 202: it waits for one that comes before it.
    """
    caller = caller_of(request)
    assert isinstance(caller, BankSystem)
    assert caller.link.name == link  # its own signature opened it
    answer = linking.take(caller.link, caller.signed, request.body, now=timezone.now())
    return JsonResponse(answer.content, status=answer.status, headers={"Cache-Control": "no-store"})
