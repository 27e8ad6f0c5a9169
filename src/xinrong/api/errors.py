"""One shape for every error of the API: a stable code, what is wrong, where, what to do."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from pydantic import Field

from xinrong.collect.errors import PushRunning
from xinrong.domain.disks import of_disk
from xinrong.domain.errors import XinrongError
from xinrong.files.errors import BatchRunning
from xinrong.market.services import linking

logger = logging.getLogger(__name__)


class ErrorDetail(Schema):
    """What is wrong."""

    code: str = Field(description="Stable, lower case: programs may rely on it.")
    wrong: str = Field(description="What is wrong, in words that may change.")
    place: str = Field(description="Where: a parameter, a row, a file. Empty when it has none.")
    remedy: str = Field(description="What to do next. Empty when nothing can be done.")


class ErrorAnswer(Schema):
    """Every answer with a status of 400 or more."""

    error: ErrorDetail


#: What every operation may answer besides 200.
ERRORS: dict[int, type[ErrorAnswer]] = dict.fromkeys(
    (400, 401, 403, 404, 405, 422, 429, 500, 503), ErrorAnswer
)

#: Error code -> status; a code that is not listed is a request that cannot be met as it is: 400.
STATUSES: dict[str, int] = {
    **linking.STATUSES,
    "key_unknown": 401,
    "key_expired": 401,
    "key_revoked": 401,
    "scope_missing": 403,
    "denied": 403,
    "denied_role": 403,
    "denied_purpose": 403,
    "denied_stage": 403,
    "denied_subject": 403,
    "denied_no_consent": 403,
    "denied_column": 403,
    "denied_revoked": 403,
    "denied_used": 403,
    "denied_budget": 429,
    "count_category": 422,
    "count_column": 403,
    "count_field": 422,
    "count_many": 422,
    "count_operator": 422,
    "count_refused": 422,
    "count_text": 422,
    "count_unknown": 404,
    "count_value": 422,
    "unknown_enterprise": 404,
    "unknown_batch": 404,
    "no_cards": 404,
    "cards_not_in_force": 404,
    "cards_tampered": 500,
    "cards_key": 500,
    "grade_not_covered": 403,
    "consent_unknown": 404,
    "request_unknown": 404,
    "withdrawal_unknown": 404,
    "over_asked": 422,
    "move_unknown": 409,
    "move_role": 403,
    "unknown_feed": 404,
    "need_unknown": 404,
    "need_role": 403,
    "need_key": 403,
    "need_state": 409,
    "need_reference": 409,
    "need_amount": 422,
    "need_area": 422,
    "need_fen": 422,
    "need_months": 422,
    "need_note": 422,
    "need_offers": 422,
    "need_rate": 422,
    "needs_many": 422,
    "push_running": 409,
    "batch_running": 409,
    "batch_too_large": 422,
    "batch_refused": 422,
    "body_too_large": 413,
    "body_type": 415,
    "column_missing": 422,
    "idempotency_key_reused": 422,
    "idempotency_key_unusable": 422,
    "records_none": 422,
    "records_too_many": 422,
    "records_unreadable": 422,
    "gate_fault": 500,
    "audit_unavailable": 503,
    "overtaken": 503,
    "paper_refused": 403,
    "paper_locked": 429,
    "paper_failed": 500,
    "paper_fonts": 500,
    "paper_busy": 503,
    "disk_full": 503,
    "disk_read_only": 503,
}

#: Words for statuses that come without any of ours.
PLAIN: dict[int, tuple[str, str, str]] = {
    400: ("bad_request", "the request cannot be read", "Check address and parameters."),
    403: ("forbidden", "this is not open to you", "Ask the operator of the platform."),
    404: ("not_found", "there is nothing at this address", "See /api/v1/openapi.json."),
    405: ("method_not_allowed", "this address does not take that method", "See the Allow header."),
    500: (
        "broken",
        "something broke on our side; it has been recorded",
        "Try again in a minute. If it happens again, tell the operator the time.",
    ),
}


def body(code: str, wrong: str, place: str = "", remedy: str = "") -> dict[str, Any]:
    """The JSON of one error."""
    return {"error": {"code": code, "wrong": wrong, "place": place, "remedy": remedy}}


def plain_body(status: int) -> dict[str, Any]:
    """The JSON of a status that nobody gave words to."""
    code, wrong, remedy = PLAIN.get(
        status, (f"http_{status}", HTTPStatus(status).phrase.lower(), "")
    )
    return body(code, wrong, remedy=remedy)


class Answers:
    """The handlers: one for each family of exceptions."""

    def __init__(self, api: NinjaAPI) -> None:
        self.api = api

    def say(self, request: HttpRequest, status: int, content: dict[str, Any]) -> HttpResponse:
        """The response."""
        response = self.api.create_response(request, content, status=status)
        if status == HTTPStatus.UNAUTHORIZED:
            response["WWW-Authenticate"] = 'Bearer realm="xinrong"'
        return response

    def ours(self, request: HttpRequest, error: XinrongError) -> HttpResponse:
        """An error with words of its own; a fault of ours keeps its details to the log."""
        status = STATUSES.get(error.code, 400)
        if status >= 500:
            logger.error("%s", error.code, exc_info=error)
        if status == 500:
            return self.say(request, status, plain_body(status))
        content = body(error.code, error.wrong, str(error.place), error.remedy)
        response = self.say(request, status, content)
        if isinstance(error, PushRunning | BatchRunning):
            response["Retry-After"] = str(error.seconds)
        return response

    def invalid(self, request: HttpRequest, error: ValidationError) -> HttpResponse:
        """A parameter that is missing or cannot be read: the first of them."""
        first = error.errors[0]
        kinds = ("query", "path", "header")
        place = ".".join(str(part) for part in first["loc"] if part not in kinds)
        remedy = "Correct this parameter; /api/v1/openapi.json says what it may be."
        content = body("invalid_parameter", first["msg"], place, remedy)
        return self.say(request, 422, content)

    def unsigned(self, request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        """Nobody called."""
        remedy = "Send `Authorization: Bearer <API key>`, or sign in on the site first."
        return self.say(request, 401, body("not_signed_in", "nobody is signed in", remedy=remedy))

    def throttled(self, request: HttpRequest, error: Throttled) -> HttpResponse:
        """Too many requests by one caller."""
        wait = math.ceil(error.wait or 1)
        content = body("too_many_requests", "too many requests", remedy=f"Wait {wait} seconds.")
        return self.say(request, 429, content)

    def http(self, request: HttpRequest, error: HttpError) -> HttpResponse:
        """Whatever the framework refuses."""
        return self.say(request, error.status_code, plain_body(error.status_code))

    def missing(self, request: HttpRequest, error: Http404) -> HttpResponse:
        """Nothing there."""
        return self.say(request, 404, plain_body(404))

    def broken(self, request: HttpRequest, error: Exception) -> HttpResponse:
        """Anything else is a fault of ours: into the log, and nothing of it to the caller."""
        told = of_disk(error)
        if told is not None:
            return self.ours(request, told)
        logger.error("the API broke", exc_info=error)
        return self.say(request, 500, plain_body(500))


def install(api: NinjaAPI) -> None:
    """Make the API answer every exception in the one shape."""
    answers = Answers(api)
    handlers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        XinrongError: answers.ours,
        ValidationError: answers.invalid,
        AuthenticationError: answers.unsigned,
        Throttled: answers.throttled,
        HttpError: answers.http,
        Http404: answers.missing,
        Exception: answers.broken,
    }
    for family, handler in handlers.items():
        api.add_exception_handler(family, handler)
