"""Which rows no longer count at a seq: superseded rows and rows of retracted batches.

A batch is *visible* at S when its seq is at most S and it was not retracted by S. A row is *dead*
at S when a dead-row entry of at most S names it and the superseding batch is visible at S.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import batched

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connections
from django.db.models import QuerySet

from xinrong.store.asking import Question, Rows, marks
from xinrong.store.book import Book
from xinrong.store.hot import insert_raw, to_arrow
from xinrong.store.models import DeadRow

DEAD = pa.schema(
    [
        pa.field("category", pa.string(), nullable=False),
        pa.field("key", pa.int64(), nullable=False),
        pa.field("batch", pa.int32(), nullable=False),
    ]
)
#: A dead-row entry, apart from the seq of the commit that writes it.
ENTRY = pa.schema(
    [
        pa.field("subject", pa.int64(), nullable=False),
        *DEAD,
        pa.field("by_batch", pa.int32(), nullable=False),
    ]
)
RowId = tuple[str, int, int]  # category, key, batch
Mask = npt.NDArray[np.bool_]
FEW_KEYS = 20_000  # beyond that a whole category is read rather than key by key


@dataclass(frozen=True)
class Visibility:
    """The rules above for one seq, read in one database snapshot."""

    seq: int
    book: Book
    using: str

    @cached_property
    def gone(self) -> frozenset[int]:
        """Batches whose rows do not count: retracted by this seq, or committed after it."""
        gone = {batch for batch, seq in self.book.retracted.items() if seq <= self.seq}
        if self.seq < self.book.last:
            gone |= {info.batch for info in self.book.batches.values() if info.seq > self.seq}
        return frozenset(gone)

    def alive(self, rows: pa.Table, dead: set[RowId]) -> Mask:
        """Which rows of a table count at this seq, apart from hidden ones."""
        alive = np.ones(len(rows), np.bool_)
        gone = self.gone and self.gone.intersection(pc.unique(rows["batch"]).to_pylist())
        if gone:
            alive &= ~mask_of(pc.is_in(rows["batch"], pa.array(sorted(gone), pa.int32())))
        if dead:
            # Of an enterprise's many rows few have the key of a dead one: only those are looked at.
            keys = np.fromiter((key for _, key, _ in dead), np.int64, len(dead))
            places = np.flatnonzero(np.isin(rows["key"].to_numpy(), keys))
            few = rows.select(["category", "key", "batch"]).take(pa.array(places))
            for place, row in zip(places, few.to_pylist(), strict=True):
                alive[place] &= (row["category"], row["key"], row["batch"]) not in dead
        if self.seq < self.book.last and "since" in rows.column_names:
            alive &= mask_of(pc.less_equal(pc.fill_null(rows["since"], 0), self.seq))
        return alive

    def retracted_after(self, seq: int) -> list[int]:
        """Batches retracted after `seq` and by this seq."""
        return [batch for batch, at in self.book.retracted.items() if seq < at <= self.seq]

    def _entries(self) -> QuerySet[DeadRow]:
        return DeadRow.objects.using(self.using).filter(seq__lte=self.seq)

    def question_of(self, subjects: Sequence[int]) -> Question:
        """For the entries of a few subjects; `dead_of` reads the answer."""
        sql = (
            "SELECT category, key, batch, by_batch FROM store_deadrow "
            f"WHERE seq <= %s AND subject IN ({marks(subjects)})"
        )  # every look-up asks: this goes past the query builder
        return Question(sql, [self.seq, *subjects])

    def dead_of(self, entries: Rows) -> set[RowId]:
        """The dead rows among the entries that `question_of` found."""
        return self._standing(entries)

    def dead_since(self, seq: int) -> set[RowId]:
        """Rows that an entry after `seq` made dead: all that a part folded then must drop."""
        return self._effective(self._entries().filter(seq__gt=seq))

    def revives_since(self, seq: int) -> bool:
        """Whether a retraction after `seq` brought a superseded row back."""
        if seq not in self._revives:
            since = self.retracted_after(seq)
            self._revives[seq] = bool(since) and self._killed_by(since)
        return self._revives[seq]

    def _killed_by(self, batches: Sequence[int]) -> bool:
        """Whether one of the batches superseded a row: look-ups ask, hence no query builder."""
        with connections[self.using].cursor() as cursor:
            for few in batched(batches, 500):  # SQLite bounds the parameters of a query
                sql = f"SELECT 1 FROM store_deadrow WHERE by_batch IN ({marks(few)}) LIMIT 1"
                cursor.execute(sql, [*few])
                if cursor.fetchone():
                    return True
        return False

    def quiet_since(self, seq: int) -> bool:
        """Whether nothing died after `seq`: a part folded then is read without filters."""
        if seq not in self._quiet:
            entries = self._entries().filter(seq__gt=seq)
            self._quiet[seq] = not self.retracted_after(seq) and not entries.exists()
        return self._quiet[seq]

    @cached_property
    def _revives(self) -> dict[int, bool]:
        return {}

    @cached_property
    def _quiet(self) -> dict[int, bool]:
        return {}

    def _effective(self, entries: QuerySet[DeadRow]) -> set[RowId]:
        rows = entries.values_list("category", "key", "batch", "by_batch")
        return self._standing(rows.iterator(20_000))

    def _standing(self, rows: Iterable[tuple[str, int, int, int]]) -> set[RowId]:
        return {(c, k, b) for c, k, b, by in rows if by not in self.gone}


def mask_of(values: pa.ChunkedArray) -> Mask:
    """Truth values, none of them unknown, as an array."""
    found: Mask = values.to_numpy()
    return found


def bury(entries: pa.Table, seq: int) -> None:
    """Write entries (schema ENTRY) inside the caller's transaction, whose seq is given."""
    columns = [entries[name].to_pylist() for name in ENTRY.names]
    insert_raw("store_deadrow", (*ENTRY.names, "seq"), [*columns, [seq] * len(entries)])


def entries_of(records: pa.Table, using: str) -> pa.Table:
    """All entries of some records (columns category and key): more than asked for, never fewer."""
    keys = pc.unique(records["key"]).to_pylist()
    found = DeadRow.objects.using(using).filter(
        category__in=pc.unique(records["category"]).to_pylist()
    )
    if len(keys) > FEW_KEYS:
        return to_arrow(found, ENTRY)
    chunks = (keys[start : start + 500] for start in range(0, len(keys), 500))
    return pa.concat_tables(
        [ENTRY.empty_table(), *(to_arrow(found.filter(key__in=few), ENTRY) for few in chunks)]
    )
