"""Batch queries: one service over up to 500 of the caller's own clients."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Header, Router
from pydantic import Field

from xinrong.api.auth import signed_in, viewer
from xinrong.api.errors import ERRORS, ErrorAnswer
from xinrong.api.schemas import Proof, Strict, TextOut, proof_of
from xinrong.domain.text import Text
from xinrong.files import perms
from xinrong.files import services as files
from xinrong.trust.services import Denied, Purpose, Service, Stage

router = Router(tags=["batch queries"], auth=signed_in("files"))

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=128,
        pattern=r"^[!-~]+$",
        description="Names this batch; the same key and body again give the first answer for a "
        "day, and nobody is asked about twice.",
    ),
]
REFUSED: dict[int, type[ErrorAnswer]] = dict.fromkeys((409, 413), ErrorAnswer)


class BatchIn(Strict):
    """Which service, for what, about whom."""

    service: Literal["basic", "comprehensive", "cube", "signs"]
    purpose: Literal["credit", "guarantee", "advice"] = Field(description="That of your role")
    stage: Stage | None = Field(default=None, description="Required of lenders and guarantors")
    codes: list[Annotated[str, Field(max_length=64)]] = Field(
        min_length=1,
        description="Unified social credit codes of your own clients: 1 to 500",
        json_schema_extra={"maxItems": files.MOST_IN_BATCH},
    )
    content: bool = Field(
        default=False,
        description="Whether each file comes along, word for word as its service gives it. Not "
        "with `comprehensive`.",
    )


class FiguresOut(Strict):
    """What one file comes to. null: this service does not tell."""

    finding: str = Field(description="negative, clean or nothing")
    covered: int = Field(description="Sources with a feed that you may see")
    clean: int = Field(description="Of these, without a negative record")
    withheld: int = Field(description="Sources that you may not see")
    stale: int = Field(description="Covered sources that are out of date")
    records: int
    positive: int | None
    negative: int | None
    objected: int | None = Field(description="Records under objection now")
    latest_negative: date | None


class RowOut(Strict):
    """One code of the list and what came of it."""

    row_no: int = Field(description="Place in `codes`, from 1")
    text: str = Field(description="As it was sent")
    code: str = Field(description="As it was read; empty where it is no code")
    status: str = Field(description="answered, denied, unknown, faulty or duplicate")
    error: str = Field(description="Code of the error, unless answered; such as denied_no_consent")
    why: TextOut | None = Field(description="Why it is no code, and what to do")
    first_row: int | None = Field(description="Of a duplicate: the row that it repeats")
    audit_id: int | None = Field(description="Row of the audit log, refused ones included")
    figures: FiguresOut | None
    proof: Proof | None
    content: dict[str, Any] | None


class BatchAnswer(Strict):
    """rows_in = answered + denied + unknown + faulty + duplicate."""

    bundle: str = Field(description="Joins its rows in the audit log; empty: nobody was asked")
    repeated: bool = Field(description="The key came before: nobody was asked this time")
    asked_at: datetime
    rows_in: int
    answered: int
    denied: int
    unknown: int
    faulty: int
    duplicate: int
    rows: list[RowOut]


@router.post(
    "",
    response={200: BatchAnswer, **ERRORS, **REFUSED},
    operation_id="ask_batch_query",
)
def ask_batch_query(request: HttpRequest, wanted: BatchIn, key: Key) -> dict[str, object]:
    """Ask about up to 500 enterprises that gave you their consent, each by itself.

    Each is a query of its own: with its own row in the audit log, counted by itself, seen by its
    enterprise. One that is refused is a line of the answer, and says nothing of the others.
    """
    who = viewer(request)
    if not perms.can_ask_batches(who):
        raise Denied("only lenders, guarantors and advisers ask about clients", code="denied_role")
    check(wanted)
    question = files.Question(Service(wanted.service), Purpose(wanted.purpose), wanted.stage)
    entries = [files.Entry(number, text) for number, text in enumerate(wanted.codes, 1)]
    rows = files.sort_out(entries, who, question.purpose, question.stage, now=timezone.now())
    found = files.ask_once(who, rows, question, key=key, body=wanted.model_dump(mode="json"))
    return {
        "bundle": found.bundle,
        "repeated": found.repeated,
        "asked_at": found.asked_at,
        **files.sums_of(found.rows),
        "rows": [out(row, content=wanted.content) for row in found.rows],
    }


def check(wanted: BatchIn) -> None:
    """Whether this may be asked in one batch. Raises BatchTooLarge, BatchRefused."""
    if len(wanted.codes) > files.MOST_IN_BATCH:
        raise files.BatchTooLarge(
            f"{len(wanted.codes):,} codes were sent; a batch has at most {files.MOST_IN_BATCH}",
            remedy=f"Send {files.MOST_IN_BATCH} at a time, each list with a key of its own.",
        )
    if wanted.content and wanted.service == "comprehensive":
        raise files.BatchRefused(
            "comprehensive files are too long for the answer to a batch",
            remedy="Leave `content` out, and ask for the files that you need one by one.",
        )


def out(asked: files.AskedRow, *, content: bool) -> dict[str, object]:
    """One row in the words of the API."""
    row, release = asked.row, asked.release
    return {
        "row_no": row.row_no,
        "text": row.text,
        "code": row.code,
        "status": asked.status,
        "error": asked.error,
        "why": words(row.why),
        "first_row": row.first_row or None,
        "audit_id": asked.audit_id or None,
        "figures": asked.figures and vars(asked.figures),
        "proof": proof_of(release) if release else None,
        "content": release.content.payload() if release and content else None,
    }


def words(text: Text | None) -> dict[str, str] | None:
    """Words in both languages, where there are any."""
    return {"zh": text.zh, "en": text.en} if text else None
