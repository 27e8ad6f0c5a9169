"""Records that a department's own system sends, one or many at a time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Header, Path, Router
from pydantic import Field

from xinrong.accounts import perms
from xinrong.api.auth import ApiKey, caller_of, viewer
from xinrong.api.errors import ERRORS, ErrorAnswer
from xinrong.api.v1.batches import BatchOut, QuarantinedRow, batch_out
from xinrong.collect import services as collect
from xinrong.domain.clock import SystemClock
from xinrong.domain.errors import Place, XinrongError
from xinrong.trust.services import Denied

router = Router(tags=["records"])

#: Rows of the quarantine that an answer carries; the others are fetched page by page.
ROWS_SHOWN = 200

Name = Annotated[str, Path(max_length=120, description="Name of the feed")]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=128,
        pattern=r"^[!-~]+$",
        description="Names this push; the same key and records again give the first receipt.",
    ),
]
RECORD: dict[str, Any] = {
    "type": "object",
    "description": "Column heading of the feed to value.",
    "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
    "minProperties": 1,
}
#: What the body is: the framework's own reader would turn amounts into binary fractions.
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "One record, or 1 to 10,000 in a list. A record maps the column headings "
        "of the feed to values.",
        "content": {
            "application/json": {
                "schema": {
                    "oneOf": [
                        RECORD,
                        {
                            "type": "array",
                            "items": RECORD,
                            "minItems": 1,
                            "maxItems": collect.MOST_RECORDS,
                        },
                    ]
                }
            }
        },
    }
}
REFUSED: dict[int, type[ErrorAnswer]] = dict.fromkeys((409, 413, 415), ErrorAnswer)


class Pushed(BatchOut):
    """The receipt of a push, with what was not accepted."""

    repeated: bool = Field(description="The key came before: nothing was written this time")
    rows: list[QuarantinedRow] = Field(
        description="The first 200 rows in quarantine; `row_no` counts the records from 1"
    )


class BodyRefused(XinrongError):
    """The body of a request cannot be taken."""

    code = "body_unreadable"


@router.post(
    "/{feed}/records",
    auth=ApiKey("records"),
    response={200: Pushed, **ERRORS, **REFUSED},
    openapi_extra=BODY,
    operation_id="push_records",
)
def push(request: HttpRequest, feed: Name, key: Key) -> dict[str, object]:
    """Send one record, or up to 10,000, of a feed of your own department.

    They become one batch, and readers see it at once. Keys of a record are the column headings of
    the feed. What is wrong with a record quarantines that record alone.
    """
    who = viewer(request)
    if not perms.is_data_officer_of(who, collect.department_of_feed(feed)):
        raise Denied("a department sends records to its own feeds only", code="denied_role")
    caller = caller_of(request)
    receipt = collect.push(
        feed,
        records_of(request),
        key=key,
        by=caller.name if caller else "",
        clock=SystemClock(),
    )
    rows = collect.quarantine_of(receipt).values("row_no", "problems", "original")
    retracted = bool(collect.retracted_batches([receipt.batch]))
    return batch_out(receipt, retracted=retracted) | {
        "repeated": receipt.repeated,
        "rows": list(rows[:ROWS_SHOWN]),
    }


def records_of(request: HttpRequest) -> Sequence[Any]:
    """The records in a body, their numbers as the text that was sent. Raises BodyRefused."""
    if request.content_type != "application/json" or request.META.get("HTTP_CONTENT_ENCODING"):
        raise BodyRefused(
            "the body is not plain JSON",
            remedy="Send `Content-Type: application/json`, UTF-8, not compressed.",
            code="body_type",
        )
    body = request.read()  # bounded by xinrong.bodies; past the smaller bound of forms
    try:
        found = json.loads(
            body.decode(),
            parse_int=str,
            parse_float=str,
            parse_constant=_no_number,
            object_pairs_hook=_record,
        )
    except (ValueError, RecursionError) as error:  # JSON's and Unicode's errors are ValueErrors
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise BodyRefused(
            f"the body is no JSON: {reason[:200]}",
            remedy="Send one object, or a list of objects, in UTF-8, each key once.",
        ) from error
    return found if isinstance(found, list) else [found]


def _record(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BodyRefused(
            "a record has a key twice",
            place=Place(field=twice[:100].encode("utf-8", "replace").decode()),
            remedy="Send each column once in a record.",
        )
    return made


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number")
