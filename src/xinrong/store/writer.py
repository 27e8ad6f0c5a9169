"""Writing one batch: stage, compare, commit.

Rows are staged in memory and, past a bound, in files that are mapped back. `commit` writes parts
(or hot rows) and the ledger inside the caller's transaction, so that the receipt, the quarantine
and the audit row commit with them or not at all.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from django.conf import settings
from django.db import transaction

from xinrong.domain.disks import disk_told
from xinrong.store import hot
from xinrong.store.compare import KEYS, Delta, categories_of, compare
from xinrong.store.dead import ENTRY, bury
from xinrong.store.discarding import discard
from xinrong.store.errors import Overtaken, StoreError
from xinrong.store.manifest import layout, sync_folder
from xinrong.store.models import Batch, CommitKind, Part, PartKind
from xinrong.store.parts import (
    RUN,
    WrittenPart,
    new_name,
    write_batch_keys,
    write_run,
)
from xinrong.store.recheck import untouched
from xinrong.store.schema import BATCH, CANONICAL, KEY, SINCE
from xinrong.store.sequence import heads_of, next_seq, shown_at, touch
from xinrong.store.snapshot import snapshot

#: Rows held in memory before they are spilled.
MEMORY_ROWS = 4_000_000
#: The most rows of one sorted run; runs of a batch are written side by side.
RUN_ROWS = 1_000_000


@dataclass(frozen=True)
class Committed:
    """What a commit did."""

    batch: int
    seq: int
    rows: int
    corrected: int
    parts: int


class Writer:
    """Takes the rows of one open batch. Use `writer(batch)`, which cleans up."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self._layout = layout()
        self._tables: list[pa.Table] = []
        self._pending: list[pa.Table] = []
        self._rows = 0
        self._spilled: list[Path] = []
        self._written: list[tuple[PartKind, WrittenPart]] = []
        self._prepared: Delta | None = None

    @disk_told()
    def add(self, table: pa.Table) -> None:
        """Stage rows of schema CANONICAL. Raises StoreError for any other schema."""
        if table.schema.names != CANONICAL.names:
            raise StoreError("the rows do not have the canonical columns in their order")
        ordinals = pa.array(np.arange(self._rows, self._rows + len(table), dtype=np.int64))
        self._pending.append(table.cast(CANONICAL).append_column("ord", ordinals))
        self._rows += len(table)
        if sum(len(held) for held in self._pending) >= MEMORY_ROWS:
            self._spill()

    def _spill(self) -> None:
        """Put what is pending into a file and map it back: same rows, little memory."""
        table = pa.concat_tables(self._pending)
        self._pending = []
        path = self._layout.staging / new_name(f"{RUN}{self.batch.pk:08}").replace(
            ".parquet", ".arrow"
        )
        self._spilled.append(path)  # before it is written: on a full disk half of it is there
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as out:
            out.write_table(table)
        self._tables.append(pa.ipc.open_file(pa.memory_map(str(path))).read_all())

    def _staged(self) -> list[pa.Table]:
        if self._pending:
            self._tables.append(pa.concat_tables(self._pending))
            self._pending = []
        return self._tables

    def compare(self) -> Delta:
        """Compare all staged rows with themselves and with the store as it is now."""
        staged = self._staged()
        if not self._rows:
            nothing = ENTRY.remove(ENTRY.get_field_index("by_batch")).empty_table()
            none = np.zeros(0, np.int64)
            return Delta({}, 0, none, (), (), none, nothing, nothing)
        heads = heads_of(categories_of(staged))
        incoming = pa.concat_tables([table.select(list(KEYS)) for table in staged])
        with snapshot() as snap:
            return compare(snap, incoming, heads)

    def prepare(self, delta: Delta) -> None:
        """Write the parts of a large batch before the transaction: the long work holds no lock."""
        if self._prepared is delta:
            return
        self._unlink([part.path for _, part in self._written])
        self._written, self._prepared = [], delta
        if delta.accepted >= settings.STORE_HOT_ROWS:
            kept = delta.kept()
            with ThreadPoolExecutor(int(settings.ENGINE_THREADS)) as pool:
                runs = [
                    pool.submit(self._write_run, table.slice(start, RUN_ROWS), kept)
                    for table in self._staged()
                    for start in range(0, len(table), RUN_ROWS)
                ]
            deque((run.result() for run in runs), maxlen=0)
        if len(delta.repeated) >= settings.STORE_HOT_ROWS:
            self._write_keys(delta.repeated, PartKind.PAST_KEYS)
        if self._written:
            sync_folder(self._layout.parts)

    def _write_run(self, offered: pa.Table, kept: npt.NDArray[np.bool_]) -> None:
        table = _of_those(kept, offered)
        path = self._layout.parts / new_name(f"{RUN}{self.batch.pk:08}")
        run = write_run(table, self.batch.pk, self._layout.buckets, path)
        self._note(PartKind.CURRENT, run)
        keys = table.select(["category", "key", "digest", "subject"])
        self._write_keys(
            keys.append_column(KEY.field("row_no"), pa.nulls(len(table), pa.int32())), PartKind.KEYS
        )

    def _write_keys(self, rows: pa.Table, kind: PartKind) -> None:
        """Key entries of rows; `row_no` is null for rows that are kept."""
        path = self._layout.parts / new_name(f"k{self.batch.pk:08}")
        whole = (0, self._layout.buckets - 1)
        self._note(kind, write_batch_keys(rows, self.batch.pk, path, whole))

    def _note(self, kind: PartKind, part: WrittenPart | None) -> None:
        """Each part is noted as it is written: if the next fails, `discard` removes it."""
        if part:
            self._written.append((kind, part))

    def commit(self, delta: Delta, at: datetime | None = None) -> Committed:
        """Write and number the batch inside the caller's transaction.

        `at` is when; None means when it was received.

        When another upload has touched records of this one since `compare`, raises `Overtaken`:
        compare again and retry.
        """
        if not transaction.get_connection().in_atomic_block:
            raise transaction.TransactionManagementError("commit runs inside a transaction")
        self.prepare(delta)
        seq = next_seq(CommitKind.BATCH, at or self.batch.received_at, f"batch {self.batch.pk}")
        if heads_of(delta.heads) != delta.heads and not self._untouched(delta):
            raise Overtaken("another upload of the same category was committed meanwhile")
        shown = shown_at(delta.heads, seq)
        rows = [part.ledger_row(kind, seq, shown) for kind, part in self._written]
        Part.objects.bulk_create(rows)
        self._insert_hot(delta, seq)
        self._bury(delta, seq)
        touch(delta.heads, seq)
        self.batch.seq = seq
        self.batch.rows = delta.accepted
        self.batch.corrected = delta.corrected
        self.batch.save(update_fields=["seq", "rows", "corrected"])
        return Committed(self.batch.pk, seq, delta.accepted, delta.corrected, len(self._written))

    def _untouched(self, delta: Delta) -> bool:
        """Others of the same category came first; did they leave the records of this one alone?"""
        return untouched((table["key"] for table in self._staged()), delta.heads, delta.seq)

    def _insert_hot(self, delta: Delta, seq: int) -> None:
        """Put into the database what is too little for a part."""
        if delta.accepted < settings.STORE_HOT_ROWS:
            for table in self._staged():
                rows = _of_those(delta.kept(), table).drop_columns(["ord"])
                hot.insert(self._numbered(rows), seq)
        if 0 < len(delta.repeated) < settings.STORE_HOT_ROWS:
            hot.insert_keys(self._numbered(delta.repeated).select(KEY.names), seq)

    def _numbered(self, table: pa.Table) -> pa.Table:
        """Rows with the number of this batch."""
        numbered = table.append_column(BATCH, pa.array([self.batch.pk] * len(table), pa.int32()))
        return numbered.append_column(SINCE, pa.nulls(len(table), pa.int64()))

    def _bury(self, delta: Delta, seq: int) -> None:
        by_batch = pa.array([self.batch.pk] * len(delta.superseded), pa.int32())
        bury(delta.superseded.append_column(ENTRY.field("by_batch"), by_batch), seq)

    def discard(self) -> None:
        """Remove what was staged, and those parts that no ledger row names."""
        self._tables, self._pending = [], []
        self._unlink(self._spilled)
        discard(part.path for _, part in self._written)

    def _unlink(self, paths: list[Path]) -> None:
        for path in paths:
            with suppress(FileNotFoundError):
                path.unlink()


def _of_those(kept: npt.NDArray[np.bool_], rows: pa.Table) -> pa.Table:
    """The rows whose ordinals are marked as kept."""
    here = kept[rows["ord"].to_numpy()]
    return rows if here.all() else rows.filter(pa.array(here))


@contextmanager
def writer(batch: Batch) -> Iterator[Writer]:
    """A writer for an open batch; whatever did not commit is removed at the end."""
    if batch.seq is not None:
        raise StoreError(f"batch {batch.pk} is already committed")
    made = Writer(batch)
    try:
        yield made
    finally:
        made.discard()
