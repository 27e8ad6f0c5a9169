"""The batches of a ledger, kept in memory and brought up to date by what is new.

What batches there are at a seq never changes: every commit and every retraction takes a new seq.
So a process keeps them and asks the database only for those of later numbers. The ledger's
identity tells one database from another (a restored one, or the next test's).
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

import pyarrow as pa
from django.db import connections
from django.db.models import Q

from xinrong.store.models import Batch

#: What `batch` means to SQL: one row per committed batch.
BATCH = pa.schema(
    [
        pa.field("batch", pa.int32(), nullable=False),
        pa.field("feed", pa.string(), nullable=False),
        pa.field("department", pa.string(), nullable=False),
        pa.field("received_at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("seq", pa.int64(), nullable=False),
    ]
)


@dataclass(frozen=True)
class BatchInfo:
    """Who sent a batch and when; its seq, and the seq of its retraction if it was retracted."""

    batch: int
    feed: str
    category: str
    department: str
    received_at: datetime
    seq: int
    retracted_seq: int | None = None


_COLUMNS = ("pk", "feed", "category", "department", "received_at", "seq", "retracted_seq")
_HEADS = (
    "SELECT category, hidden_seq, marked_seq FROM store_categoryhead "
    "WHERE hidden_seq > %s OR marked_seq > %s"
)


@dataclass(frozen=True)
class Received:
    """Feed → when its first and its newest batch arrived, of those that count."""

    first: dict[str, datetime]
    last: dict[str, datetime]


@dataclass(frozen=True)
class Book:
    """All committed batches as of one last seq. Immutable: a newer one is another object."""

    identity: UUID
    last: int
    batches: dict[int, BatchInfo] = field(default_factory=dict)
    hiding: frozenset[str] = frozenset()  # categories with a suppression or an erasure, ever
    marked: frozenset[str] = frozenset()  # categories with a mark, ever

    def after(self, last: int, using: str) -> Book:
        """This book brought up to date to `last`."""
        if last == self.last:
            return self
        newer = Q(seq__gt=self.last) | Q(retracted_seq__gt=self.last, seq__isnull=False)
        found = Batch.objects.using(using).filter(newer).values_list(*_COLUMNS)
        known = self.batches | {row[0]: BatchInfo(*row) for row in found}
        with connections[using].cursor() as cursor:  # after each commit every look-up asks
            cursor.execute(_HEADS, [self.last, self.last])
            heads = cursor.fetchall()
        hiding = self.hiding.union(name for name, hidden, _ in heads if hidden)
        marked = self.marked.union(name for name, _, seq in heads if seq)
        return Book(self.identity, last, known, hiding, marked)

    @cached_property
    def by_seq(self) -> dict[int, BatchInfo]:
        """Seq → the batch that took it."""
        return {info.seq: info for info in self.batches.values()}

    @cached_property
    def retracted(self) -> dict[int, int]:
        """Retracted batch → the seq of its retraction."""
        return {
            number: info.retracted_seq
            for number, info in self.batches.items()
            if info.retracted_seq is not None
        }

    @cached_property
    def received(self) -> Received:
        """When the batches of each feed arrived."""
        return self.received_by(self.last)

    def received_by(self, seq: int) -> Received:
        """The same as of a seq."""
        first: dict[str, datetime] = {}
        last: dict[str, datetime] = {}
        for info in self.batches.values():
            gone = info.seq > seq or (info.retracted_seq is not None and info.retracted_seq <= seq)
            if not gone:
                at = info.received_at
                first[info.feed] = min(at, first.get(info.feed, at))
                last[info.feed] = max(at, last.get(info.feed, at))
        return Received(first, last)

    @cached_property
    def table(self) -> pa.Table:
        """The relation `batch` with every committed batch."""
        infos = sorted(self.batches.values(), key=lambda info: info.batch)
        columns: list[list[Any]] = [
            [getattr(info, column) for info in infos] for column in BATCH.names
        ]
        arrays = [pa.array(values, kind.type) for values, kind in zip(columns, BATCH, strict=True)]
        return pa.table(arrays, schema=BATCH)


_kept: dict[UUID, Book] = {}
_lock = threading.Lock()


def book(identity: UUID, last: int, using: str) -> Book:
    """The batches of this ledger as of `last`, with two queries, none when unchanged."""
    kept = _kept.get(identity)
    if kept is None or kept.last > last:
        kept = Book(identity, 0)
    made = kept.after(last, using)
    with _lock:
        newest = _kept.get(identity)
        if newest is None or newest.last < made.last:
            _kept.clear()  # one process serves one ledger; tests come and go
            _kept[identity] = made
    return made
