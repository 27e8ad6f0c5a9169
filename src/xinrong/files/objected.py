"""What stands beside records that their enterprises object to, as files show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xinrong.files.types import FileRecord, Objection, Records
from xinrong.store.services import MarkKind, RecordMark

UNDER_OBJECTION, STATEMENT = "under_objection", "statement"
#: What a mark of the store says -> what a file says.
STATES = {MarkKind.OBJECTION: UNDER_OBJECTION, MarkKind.STATEMENT: STATEMENT}


def is_open(objection: Objection | None) -> bool:
    """Whether what stands beside a record is that it is being looked into."""
    return objection is not None and objection.state == UNDER_OBJECTION


def objected_in(records: Sequence[FileRecord]) -> int:
    """How many of some records are under objection."""
    if isinstance(records, Records):
        return records.objected()
    return sum(is_open(record.objection) for record in records)


def objections_in(marks: Mapping[tuple[str, int], RecordMark]) -> dict[tuple[str, int], Objection]:
    """Category and key of a record -> what stands beside it."""
    return {
        record: Objection(STATES[MarkKind(mark.kind)], mark.on, mark.statement)
        for record, mark in marks.items()
    }
