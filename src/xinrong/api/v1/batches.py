"""Batches: what departments sent, and what became of each row."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router
from pydantic import Field

from xinrong.accounts import perms
from xinrong.accounts.services import Viewer
from xinrong.api.auth import signed_in, viewer
from xinrong.api.errors import ERRORS
from xinrong.api.schemas import PRINTABLE, Strict
from xinrong.collect import services as collect
from xinrong.domain.errors import XinrongError
from xinrong.trust.gate import Denied, Purpose, Service, log_shown

router = Router(tags=["batches"])

Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="Number of the batch")]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Limit = Annotated[int, Query(ge=1, le=200)]
Short = Annotated[str, Query(max_length=64, pattern=PRINTABLE)]


class Note(Strict):
    """A remark about the file as a whole."""

    code: str
    zh: str
    en: str
    count: int


class BatchOut(Strict):
    """One receipt: rows in = accepted + quarantined + duplicates."""

    batch: int
    feed: str
    feed_version: int
    category: str
    contract_version: int
    department: str
    source_name: str
    source_digest: str = Field(description="SHA-256 of the file")
    rows_in: int
    accepted: int
    corrected: int = Field(description="accepted rows that replaced an earlier version")
    quarantined: int
    duplicates: int
    unlinked: int = Field(description="accepted rows that are linked to no enterprise yet")
    repaired: int = Field(description="rows whose code had a lawful slip")
    blank: int
    notes: list[Note]
    received_at: datetime
    retracted: bool


class Batches(Strict):
    """A page of batches, newest first."""

    total: int
    offset: int
    batches: list[BatchOut]


class Problem(Strict):
    """One thing that is wrong with a row."""

    rule: str
    field: str
    reason_zh: str
    reason_en: str


class QuarantinedRow(Strict):
    """A row as it was sent, and everything that is wrong with it."""

    row_no: int
    problems: list[Problem]
    original: dict[str, str | None] = Field(description="Column heading to cell, as sent")


class Quarantine(Strict):
    """A page of the rows of one batch that were not accepted."""

    batch: int
    total: int
    offset: int
    rows: list[QuarantinedRow]


@router.get(
    "", auth=signed_in("batches"), response={200: Batches, **ERRORS}, operation_id="list_batches"
)
def batches(
    request: HttpRequest,
    feed: Short = "",
    department: Short = "",
    offset: Offset = 0,
    limit: Limit = 50,
) -> dict[str, object]:
    """Receipts, newest first: every one for the operator, its own for a department."""
    who = viewer(request)
    found = collect.receipts(department=department_of(who, department), feed=feed)
    page = list(found[offset : offset + limit])
    retracted = collect.retracted_batches(row.batch for row in page)
    return {
        "total": found.count(),
        "offset": offset,
        "batches": [batch_out(row, retracted=row.batch in retracted) for row in page],
    }


@router.get(
    "/{number}",
    auth=signed_in("batches"),
    response={200: BatchOut, **ERRORS},
    operation_id="get_batch",
)
def batch(request: HttpRequest, number: Number) -> dict[str, object]:
    """One receipt. Another department's batch is answered as if it did not exist."""
    found = receipt_for(viewer(request), number)
    return batch_out(found, retracted=bool(collect.retracted_batches([number])))


@router.get(
    "/{number}/quarantine",
    auth=signed_in("quarantine"),
    response={200: Quarantine, **ERRORS},
    operation_id="list_quarantine",
)
def quarantine(
    request: HttpRequest, number: Number, offset: Offset = 0, limit: Limit = 50
) -> dict[str, object]:
    """The rows of a batch that were not accepted: for the department that sent them."""
    who = viewer(request)
    found = receipt_for(who, number)
    if not perms.can_see_quarantine(who, found.department):
        raise Denied("only the department that sent a row sees it", code="denied_role")
    rows = collect.quarantine_of(found)
    shown = list(rows.values("row_no", "problems", "original")[offset : offset + limit])
    said = {"batch": number, "rows": shown}
    asked: dict[str, str | int] = {
        "product": "quarantine",
        "batch": number,
        "offset": offset,
        "limit": limit,
    }
    why = Purpose.SUPERVISION
    log_shown(who, said, service=Service.QUARANTINE, purpose=why, parameters=asked)
    return {"batch": number, "total": rows.count(), "offset": offset, "rows": shown}


def department_of(who: Viewer, asked: str) -> str:
    """The department whose batches are listed: a data officer's own, whatever was asked.

    Raises Denied for somebody who sees no batches, or who asks for another department's.
    """
    if not perms.can_see_batches(who):
        raise Denied("batches are for departments and the operator", code="denied_role")
    if asked and not perms.can_see_batch_of(who, asked):
        raise Denied(
            "a department sees its own batches only",
            remedy="Leave the parameter `department` out.",
            code="denied_role",
        )
    return asked or who.reference


def receipt_for(who: Viewer, number: int) -> Any:
    """The receipt, if the viewer may see it. Raises UnknownBatch otherwise, word for word."""
    if not perms.can_see_batches(who):
        raise Denied("batches are for departments and the operator", code="denied_role")
    found = collect.receipt(number)
    if not perms.can_see_batch_of(who, found.department):
        raise XinrongError(
            f"no receipt has the batch number {number}",
            remedy="See the list of batches for the numbers there are.",
            code="unknown_batch",
        )
    return found


def batch_out(receipt: Any, *, retracted: bool) -> dict[str, object]:
    """A receipt in the words of the API."""
    names = BatchOut.model_fields.keys() - {"retracted"}
    return {name: getattr(receipt, name) for name in names} | {"retracted": retracted}
