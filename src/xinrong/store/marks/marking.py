"""Marks beside records: that one is objected to, or what its enterprise says of it.

A mark is of all versions of a record, like a suppression, and takes a seq of its own: whoever
reads as of a seq finds the marks that stood then, so what was released is made again with them.
Which categories have ever had one is kept with the book of batches; a file of others asks nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction
from django.db.models import Q, QuerySet

from xinrong.store.backups.journal import Entry
from xinrong.store.backups.replaying import Outcome, replayer
from xinrong.store.backups.restrictions import as_lists, decided
from xinrong.store.book import Book
from xinrong.store.marks.models import MarkKind, RecordMark
from xinrong.store.models import CategoryHead, CommitKind
from xinrong.store.sequence import next_seq
from xinrong.store.suppression import RecordId

#: The journal's name for the decision to mark a record as objected to.
MARKED = "marked"
FEW = 500  # SQLite bounds the parameters of a query
RecordKey = tuple[str, int]  # category, key


def mark(
    record: RecordId,
    *,
    kind: MarkKind,
    on: date,
    statement: str = "",
    reference: str = "",
    at: datetime,
) -> int:
    """Mark a record, in the place of the mark that it has; returns the seq.

    A restore repeats an objection's mark without the enterprise's words: they are in no journal,
    which nothing can be erased from.
    """
    with transaction.atomic():
        seq = next_seq(CommitKind.MARK, at, f"mark: {kind}")
        _open(record).update(to_seq=seq)
        RecordMark.objects.create(
            category=record.category,
            key=record.key,
            subject=record.subject,
            kind=kind,
            on=on,
            statement=statement,
            reference=reference,
            from_seq=seq,
        )
        _touch(record.category, seq)
        if kind == MarkKind.OBJECTION:
            given = {"records": as_lists([record]), "on": on.isoformat(), "reference": reference}
            decided(seq, MARKED, given, at)
    return seq


def unmark(record: RecordId, *, reference: str = "", at: datetime) -> int | None:
    """Take the mark off a record; the seq, None where it has none, or one of another reference."""
    with transaction.atomic():
        found = _open(record)
        if reference:
            found = found.filter(reference=reference)
        if not found.exists():
            return None
        seq = next_seq(CommitKind.MARK, at, "unmark")
        found.update(to_seq=seq)
        _touch(record.category, seq)
    return seq


def marks_among(rows: pa.Table, seq: int, book: Book, using: str) -> dict[RecordKey, RecordMark]:
    """The marks as of a seq of the records in a table (columns category and key)."""
    if not book.marked or not len(rows):
        return {}
    categories = sorted(book.marked.intersection(pc.unique(rows["category"]).to_pylist()))
    if not categories:
        return {}
    held = rows.filter(pc.is_in(rows["category"], pa.array(categories, pa.string())))
    keys = pc.unique(held["key"]).to_pylist()
    stood = Q(to_seq=None) | Q(to_seq__gt=seq)
    found: dict[RecordKey, RecordMark] = {}
    for start in range(0, len(keys), FEW):
        marks = RecordMark.objects.using(using).filter(
            stood, category__in=categories, key__in=keys[start : start + FEW], from_seq__lte=seq
        )
        found |= {(one.category, one.key): one for one in marks}
    return found


def marks_of(subjects: Sequence[int]) -> list[RecordMark]:
    """The marks that stand now beside some subjects' records, the oldest first."""
    found = RecordMark.objects.filter(subject__in=list(subjects), to_seq=None)
    return list(found.order_by("from_seq", "pk"))


def forget_words(records: Iterable[RecordKey]) -> None:
    """Delete what was said of records that are erased, in the eraser's transaction."""
    for category, key in records:
        RecordMark.objects.filter(category=category, key=key).update(statement="")


def _open(record: RecordId) -> QuerySet[RecordMark]:
    return RecordMark.objects.filter(category=record.category, key=record.key, to_seq=None)


def _touch(category: str, seq: int) -> None:
    """Note that records of a category have marks: uploads compare as they did before."""
    CategoryHead.objects.update_or_create(
        category=category,
        defaults={"marked_seq": seq},
        create_defaults={"marked_seq": seq, "seq": seq},
    )


@replayer(MARKED)
def mark_again(entry: Entry) -> Outcome:
    """Records objected to since the backup are marked, also those whose objection has ended."""
    [[category, key, subject]] = entry.payload["records"]
    on, reference = date.fromisoformat(entry.payload["on"]), entry.payload["reference"]
    known = RecordMark.objects.filter(category=category, key=key, on=on, reference=reference)
    if known.exists():
        return Outcome.PRESENT
    record = RecordId(category, key, subject)
    mark(record, kind=MarkKind.OBJECTION, on=on, reference=reference, at=entry.at)
    return Outcome.APPLIED


def standing_objections() -> list[RecordMark]:
    """Every record that is marked as objected to now, the oldest first."""
    found = RecordMark.objects.filter(kind=MarkKind.OBJECTION, to_seq=None)
    return list(found.order_by("from_seq", "pk"))
