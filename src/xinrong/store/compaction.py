"""Compaction: hot rows and runs become parts of a few buckets, dead rows history parts.

Not all of the store is written anew each time: `tiers` says what is due.

Rows that are superseded, retracted or suppressed go to history parts. The key index is folded
likewise, by category rather than by bucket, so that comparing a batch reads its category only.
Files are written first, from one snapshot; then one short transaction swaps them in. Readers and
writers go on meanwhile: what they commit has a later seq than `folded_seq` and is applied to the
new parts as it would have been to the old. Replaced parts stay on disk until `remove_replaced`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import duckdb
import pyarrow as pa
from django.db import transaction

from xinrong.domain.disks import disk_told
from xinrong.store import hot
from xinrong.store.backups.leases import kept_after
from xinrong.store.damage import damage_told
from xinrong.store.discarding import discard
from xinrong.store.engine import DuckEngine, Files, engine
from xinrong.store.erasure import rewrite_erased
from xinrong.store.errors import CompactionOvertaken
from xinrong.store.keyfold import fold_keys
from xinrong.store.manifest import Layout, layout, sync_folder
from xinrong.store.models import (
    KEY_KINDS,
    RECORD_KINDS,
    CommitKind,
    Erasure,
    HotRow,
    Part,
    PartKind,
)
from xinrong.store.parts import (
    COLUMNS,
    PART,
    PART_GROUP,
    WrittenPart,
    later,
    new_name,
    replace,
    write_part,
)
from xinrong.store.sequence import next_seq
from xinrong.store.snapshot import snapshot
from xinrong.store.tiers import due

#: Rows read and split in one pass: bounds memory.
PASS_ROWS = 2_000_000
#: Neighbouring buckets share a part up to this many rows (about 4 MB: a look-up of 3 ms).
PART_ROWS = 120_000
#: A replaced part is kept this long, for snapshots that still read it.
GRACE = timedelta(hours=1)


@dataclass
class Compacted:
    """What a compaction did. The rows are those that it wrote."""

    seq: int = 0
    parts_kept: int = 0  # that were not due
    parts_before: int = 0
    parts_after: int = 0
    rows: int = 0
    history_rows: int = 0
    hot_rows: int = 0
    written: list[tuple[PartKind, WrittenPart]] = field(default_factory=list)


_ALIVE = f"""
SELECT {COLUMNS}, bucket FROM (
  SELECT * FROM part_rows UNION ALL SELECT * FROM hot_rows
) AS r
WHERE {{negate}} (
  EXISTS (SELECT 1 FROM gone_batch AS g WHERE g.batch = r.batch)
  OR EXISTS (SELECT 1 FROM hidden_key AS h WHERE h.category = r.category AND h.key = r.key)
  OR EXISTS (SELECT 1 FROM dead_row AS d
             WHERE d.category = r.category AND d.key = r.key AND d.batch = r.batch))
"""


@disk_told()
@damage_told()
def compact(
    at: datetime,
    progress: Callable[[int, int], None] | None = None,
    *,
    whole: bool = False,
) -> Compacted:
    """Fold what is due, or everything; returns what was done. `progress(done, of)` counts buckets.

    Raises CompactionOvertaken when another compaction won; nothing was changed then.
    """
    place = layout()
    result = Compacted()
    began = time.monotonic()
    rewrite_erased(at)
    try:
        with snapshot() as snap:
            rows = hot.to_arrow(HotRow.objects.using(snap.using).all())
            inputs = due(snap, len(rows), whole=whole)
            dropped = snap.dropped(inputs.floor(snap, rows))
            for done in _write(place, inputs.of(*RECORD_KINDS), rows, dropped, result):
                if progress:
                    progress(done, place.buckets)
            result.written += fold_keys(place, snap, inputs.of(*KEY_KINDS), dropped)
            result.parts_kept = len(snap.parts(*PartKind)) - len(inputs.parts)
        sync_folder(place.parts)
        _swap(snap.seq, inputs.parts, result, later(at, began))
    except BaseException:
        discard(part.path for _, part in result.written)
        raise
    return result


def _write(
    place: Layout,
    inputs: list[Part],
    rows: pa.Table,
    dropped: dict[str, pa.Table],
    result: Compacted,
) -> Iterator[int]:
    """Write the new parts pass by pass; yields the buckets done so far."""
    result.hot_rows = len(rows)
    passes = 1 + (len(rows) + sum(part.rows for part in inputs)) // PASS_ROWS
    step = -(-place.buckets // min(passes, place.buckets))
    for low in range(0, place.buckets, step):
        high = min(low + step, place.buckets) - 1
        run = _Pass(place, (low, high), inputs, rows, dropped)
        for kind, part in run.write(engine()):
            result.written.append((kind, part))
            if kind == PartKind.CURRENT:
                result.rows += part.rows
            else:
                result.history_rows += part.rows
        yield high + 1


@dataclass
class _Pass:
    """One range of buckets."""

    place: Layout
    buckets: tuple[int, int]
    inputs: list[Part]
    hot_rows: pa.Table
    dropped: dict[str, pa.Table]

    def write(self, runner: DuckEngine) -> Iterator[tuple[PartKind, WrittenPart]]:
        cursor = runner.cursor()
        try:
            self._bind(runner, cursor)
            for low, high in self._packed(cursor):
                source = f"SELECT * FROM alive WHERE bucket BETWEEN {low} AND {high}"
                part = self._part(cursor, source, "c", (low, high))
                if part:
                    yield PartKind.CURRENT, part
            part = self._part(cursor, "SELECT * FROM past", "h", self.buckets)
            if part:
                yield PartKind.HISTORY, part
        finally:
            for name in ("alive", "past"):
                cursor.execute(f"DROP TABLE IF EXISTS {name}")
            cursor.close()

    def _bind(self, runner: DuckEngine, cursor: duckdb.DuckDBPyConnection) -> None:
        low, high = self.buckets
        paths = tuple(
            self.place.parts / part.name
            for part in self.inputs
            if part.bucket_lo <= high and part.bucket_hi >= low
        )
        runner.bind(
            cursor,
            {
                "part_file": Files(paths, PART),
                "hot_row": self.hot_rows,
                **self.dropped,
            },
        )
        between = f"BETWEEN {low} AND {high}"
        cursor.execute(
            f"CREATE OR REPLACE TEMP VIEW part_rows AS SELECT {COLUMNS}, bucket FROM part_file "
            f"WHERE bucket {between}"
        )
        cursor.execute(
            f"CREATE OR REPLACE TEMP VIEW hot_rows AS SELECT {COLUMNS}, "
            f"(subject % {self.place.buckets})::SMALLINT AS bucket FROM hot_row "
            f"WHERE subject % {self.place.buckets} {between}"
        )
        cursor.execute(f"CREATE OR REPLACE TEMP TABLE alive AS {_ALIVE.format(negate='NOT')}")
        cursor.execute(f"CREATE OR REPLACE TEMP TABLE past AS {_ALIVE.format(negate='')}")

    def _packed(self, cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, int]]:
        """Runs of neighbouring buckets that together stay within PART_ROWS."""
        counts = cursor.execute(
            "SELECT bucket, count(*) FROM alive GROUP BY bucket ORDER BY bucket"
        ).fetchall()
        low, high, rows = -1, -1, 0
        for bucket, count in counts:
            if low >= 0 and rows + count > PART_ROWS:
                yield low, high
                low, rows = -1, 0
            low, high, rows = bucket if low < 0 else low, bucket, rows + count
        if low >= 0:
            yield low, high

    def _part(
        self, cursor: duckdb.DuckDBPyConnection, source: str, prefix: str, buckets: tuple[int, int]
    ) -> WrittenPart | None:
        path = self.place.parts / new_name(f"{prefix}{buckets[0]:04}")
        return write_part(cursor, source, path, buckets, PART_GROUP)


def _swap(folded: int, inputs: Sequence[Part], result: Compacted, at: datetime) -> None:
    with transaction.atomic():
        result.seq = next_seq(CommitKind.COMPACTION, at)
        # What was erased since would come back with the new parts.
        erased = Erasure.objects.filter(seq__gt=folded).exists()
        if erased or not replace(inputs, result.seq, at):
            raise CompactionOvertaken(
                "another compaction or an erasure changed some of these parts first",
                remedy="Nothing was changed. Run it again when the other has ended.",
            )
        rows = [part.ledger_row(kind, folded, folded) for kind, part in result.written]
        Part.objects.bulk_create(rows, batch_size=500)
        hot.delete_folded(folded)
    result.parts_before, result.parts_after = len(inputs), len(result.written)


def remove_replaced(now: datetime, grace: timedelta = GRACE) -> int:
    """Delete parts that were replaced longer ago than any snapshot lives; returns how many.

    Those that a backup in progress may still have to copy stay.
    """
    place = layout()
    replaced = Part.objects.filter(replaced_at__lte=now - grace)
    needed = kept_after(now)
    found = list(replaced if needed is None else replaced.filter(replaced_seq__lte=needed))
    for part in found:
        with suppress(FileNotFoundError):
            (place.parts / part.name).unlink()
        part.delete()
    return len(found)
