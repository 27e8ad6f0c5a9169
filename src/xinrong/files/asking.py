"""A sorted list asked about: row for row what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from xinrong.accounts.services import Viewer
from xinrong.domain.clock import Clock, SystemClock
from xinrong.files.batching import MOST_IN_BATCH, batch
from xinrong.files.clients import KNOWN, Fate, ListedRow
from xinrong.files.errors import BatchTooLarge
from xinrong.files.figures import KeyFigures, figures_of
from xinrong.trust.gate import Purpose, Release, Service, Stage

CLOCK: Clock = SystemClock()

#: What a row came to, besides the fates that are asked about nobody.
ANSWERED, DENIED = "answered", "denied"
STATUSES = (ANSWERED, DENIED, Fate.UNKNOWN.value, Fate.FAULTY.value, Fate.DUPLICATE.value)


@dataclass(frozen=True)
class Question:
    """What is asked about each of a batch."""

    service: Service
    purpose: Purpose
    stage: Stage | None


@dataclass(frozen=True)
class AskedRow:
    """A row of the list and what came of it.

    `error` is the code of a refusal, `audit_id` the row in the log, 0 where nobody was asked
    about. `release` is there while its content is; `figures` as long as it was released.
    """

    row: ListedRow
    status: str
    error: str = ""
    audit_id: int = 0
    figures: KeyFigures | None = None
    release: Release | None = None


def to_ask(rows: Iterable[ListedRow]) -> list[ListedRow]:
    """The rows about which the gate is asked: one each enterprise. Raises BatchTooLarge.

    Over-asking is told with the row at which the next list would begin.
    """
    known = [row for row in rows if row.fate in KNOWN]
    if len(known) > MOST_IN_BATCH:
        next_row = known[MOST_IN_BATCH].row_no
        raise BatchTooLarge(
            f"the list names {len(known):,} enterprises; a batch asks about {MOST_IN_BATCH}",
            remedy=f"Send it in parts: this one up to row {next_row - 1}, the next from row "
            f"{next_row} on.",
        )
    return known


def ask_about(
    who: Viewer,
    rows: Sequence[ListedRow],
    question: Question,
    *,
    bundle: str = "",
    clock: Clock = CLOCK,
) -> Iterator[AskedRow]:
    """Each known enterprise asked of the gate by itself, in the order of the rows.

    What becomes of one says nothing of another. Raises as `batch` does.
    """
    numbers = [row.enterprise for row in rows]
    lines = batch(
        who,
        numbers,
        question.service,
        question.purpose,
        question.stage,
        bundle=bundle,
        clock=clock,
    )
    for row, line in zip(rows, lines, strict=True):
        if line.refusal is not None:
            number = line.refusal.audit_id or 0
            yield AskedRow(row, DENIED, line.refusal.code, number)
        else:
            assert line.release is not None  # a line has one or the other
            yield of_release(row, line.release)


def of_release(row: ListedRow, release: Release) -> AskedRow:
    """A row that was answered."""
    figures = figures_of(release.content)
    return AskedRow(row, ANSWERED, "", release.audit_id, figures, release)


def not_asked(row: ListedRow) -> AskedRow:
    """A row about which nobody can be asked."""
    error = "unknown_enterprise" if row.fate == Fate.UNKNOWN else ""
    return AskedRow(row, row.fate.value, error)


def sums_of(rows: Iterable[AskedRow]) -> dict[str, int]:
    """How many rows came to what; `rows_in` is the sum of the others."""
    counted = Counter(row.status for row in rows)
    return {"rows_in": counted.total(), **{status: counted[status] for status in STATUSES}}
