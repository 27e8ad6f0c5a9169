"""Writing parts: sorted by bucket and subject, made durable, then offered to the ledger."""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from xinrong.store.engine import quoted
from xinrong.store.errors import PartDamaged
from xinrong.store.lookup import sums_of
from xinrong.store.manifest import sync_file
from xinrong.store.models import Part, PartKind
from xinrong.store.schema import BATCH, KEY, RECORD

#: A part file is a record with its bucket, so that readers skip row groups of other buckets.
PART = RECORD.append(pa.field("bucket", pa.int16(), nullable=False))
COLUMNS = ", ".join(RECORD.names)
#: Rows of a row group: a run has many and is read by scans, a folded part by look-ups.
RUN_GROUP = 20_480
PART_GROUP = 4_096
KEY_GROUP = 61_440
ORDER = "bucket, subject, category, event_date, key, batch"
KEY_COLUMNS = ", ".join(KEY.names)
KEY_ORDER = "category, key, batch"


@dataclass(frozen=True)
class WrittenPart:
    """A durable file that no ledger row names yet."""

    path: Path
    bucket_lo: int
    bucket_hi: int
    rows: int
    size: int
    sha256: str
    sums: str  # of footer and row groups, see lookup

    def ledger_row(self, kind: PartKind, folded_seq: int, shown_seq: int) -> Part:
        """The row that makes it count once its transaction commits."""
        return Part(
            name=self.path.name,
            kind=kind,
            bucket_lo=self.bucket_lo,
            bucket_hi=self.bucket_hi,
            rows=self.rows,
            size=self.size,
            sha256=self.sha256,
            sums=self.sums,
            folded_seq=folded_seq,
            shown_seq=shown_seq,
        )


def digest_of_file(path: Path) -> str:
    """sha256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


#: How the names of runs begin, which no compaction has folded yet: what a batch wrote, and what
#: a retraction gave to other batches.
RUN, GIVEN = "b", "p"


def is_run(part: Part) -> bool:
    """Whether a part lies as it was first written: all buckets, in row groups for scans."""
    return part.name.startswith((RUN, GIVEN))


def new_name(prefix: str) -> str:
    """A name that no part ever had."""
    return f"{prefix}-{uuid.uuid4().hex}.parquet"


def write_part(
    cursor: duckdb.DuckDBPyConnection,
    source: str,
    path: Path,
    buckets: tuple[int, int],
    row_group: int,
) -> WrittenPart | None:
    """Write the rows of the SQL `source` (columns of PART, any order) as one durable part.

    Returns None, and leaves no file, when there are no rows.
    """
    names = ", ".join(PART.names)
    sql = f"SELECT {names} FROM ({source}) ORDER BY {ORDER}"
    return _write(cursor, sql, path, buckets, f"ROW_GROUP_SIZE {row_group}")


def write_keys(
    cursor: duckdb.DuckDBPyConnection, source: str, path: Path, buckets: tuple[int, int]
) -> WrittenPart | None:
    """Write the rows of the SQL `source` (columns of KEY, any order) as one durable key part.

    Sorted keys differ little from one to the next: the newer encodings keep only that.
    """
    sql = f"SELECT {KEY_COLUMNS} FROM ({source}) ORDER BY {KEY_ORDER}"
    return _write(cursor, sql, path, buckets, f"ROW_GROUP_SIZE {KEY_GROUP}, PARQUET_VERSION v2")


#: Columns in which a value seldom comes again: looking for repetitions would be in vain.
_SELDOM_AGAIN = frozenset({"key", "digest", "amount", "code", "n1", "row_no"})
#: Whole numbers that differ little from one row of a sorted part to the next.
_NEIGHBOURS = ("subject", "row_no", "batch", "bucket")


def write_run(rows: pa.Table, batch: int, buckets: int, path: Path) -> WrittenPart | None:
    """Write rows of one batch (columns of CANONICAL) as one durable part over all buckets.

    The same order and columns as `write_part`, in less time: what is sorted is arrays of whole
    numbers, and a column without a value is not moved.
    """
    if not len(rows):
        return None
    flat = rows.combine_chunks()
    subject = flat["subject"].to_numpy()
    bucket = (subject % buckets).astype(np.int16)
    undated_last = flat["event_date"].cast(pa.int32()).fill_null(np.iinfo(np.int32).max)
    order = np.lexsort(
        (flat["key"].to_numpy(), undated_last.to_numpy(), _places(flat), subject, bucket)
    )
    made = {
        "batch": pa.array(np.full(len(flat), batch, np.int32)),
        "since": pa.nulls(len(flat), pa.int64()),
        "bucket": pa.array(bucket[order]),
    }
    places = pa.array(order)
    columns = [
        made[field.name] if field.name in made else _moved(flat[field.name], places)
        for field in PART
    ]
    _write_table(
        pa.table(columns, names=PART.names),
        path,
        row_group_size=RUN_GROUP,
        compression="zstd",
        use_dictionary=[
            field.name
            for field in PART
            if field.name not in _SELDOM_AGAIN and field.name not in _NEIGHBOURS
        ],
        column_encoding=dict.fromkeys(_NEIGHBOURS, "DELTA_BINARY_PACKED"),
        store_decimal_as_integer=True,
        store_schema=False,
    )
    return _durable(path, (0, buckets - 1), len(flat))


def _places(rows: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """For each row the place of its category among those of the rows, in order."""
    names = pc.unique(rows["category"]).sort()
    return pc.index_in(rows["category"], names).to_numpy()  # type: ignore[no-any-return]


def _moved(column: pa.ChunkedArray, places: pa.Array) -> pa.Array | pa.ChunkedArray:
    if column.null_count == len(column):
        return pa.nulls(len(column), column.type)
    return column.take(places)


def write_batch_keys(
    rows: pa.Table, batch: int, path: Path, buckets: tuple[int, int]
) -> WrittenPart | None:
    """Write the key entries of one batch (columns of KEY but `batch`) as one durable key part.

    The same order and encoding as `write_keys`, in a third of its time: sorting whole numbers as
    arrays is what every batch waits for.
    """
    if not len(rows):
        return None
    # Flat, so that taking in another order does not look up a chunk for every row.
    flat = rows.append_column(BATCH, pa.array(np.full(len(rows), batch, np.int32))).combine_chunks()
    order = np.lexsort((flat["key"].to_numpy(), _places(flat)))
    _write_table(
        flat.select(KEY.names).cast(KEY).take(pa.array(order)),
        path,
        row_group_size=KEY_GROUP,
        compression="zstd",
        use_dictionary=["category"],
        column_encoding={"key": "DELTA_BINARY_PACKED", "subject": "DELTA_BINARY_PACKED"},
        store_schema=False,
    )
    return _durable(path, buckets, len(rows))


def _write_table(table: pa.Table, path: Path, **how: Any) -> None:
    """Write a file whole or leave none; an error of the disk names the file, as Arrow does not."""
    try:
        pq.write_table(table, path, **how)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise OSError(error.errno, str(error), str(path)) from error


def _write(
    cursor: duckdb.DuckDBPyConnection, sql: str, path: Path, buckets: tuple[int, int], how: str
) -> WrittenPart | None:
    target = quoted(str(path))
    cursor.execute(f"COPY ({sql}) TO {target} (FORMAT parquet, COMPRESSION zstd, {how})")
    rows = pq.read_metadata(path).num_rows
    if rows == 0:
        path.unlink()
        return None
    return _durable(path, buckets, rows)


def _durable(path: Path, buckets: tuple[int, int], rows: int) -> WrittenPart:
    """A written file, synced, with what the ledger will say of it."""
    sync_file(path)
    size, sha256 = path.stat().st_size, digest_of_file(path)
    return WrittenPart(path, *buckets, rows, size, sha256, sums_of(path))


def later(at: datetime, began: float) -> datetime:
    """The moment `at`, moved on by the seconds since `time.monotonic()` was `began`.

    A part is replaced when its successors are committed, not when the work on them began: readers
    of the hours between still need it for the whole of the grace.
    """
    return at + timedelta(seconds=time.monotonic() - began)


def replace(parts: Sequence[Part], seq: int, at: datetime) -> bool:
    """Mark parts as replaced, inside the caller's transaction; False when one already is."""
    ids = [part.pk for part in parts]
    replaced = 0
    for start in range(0, len(ids), 500):
        live = Part.objects.filter(pk__in=ids[start : start + 500], replaced_seq=None)
        replaced += live.update(replaced_seq=seq, replaced_at=at)
    return replaced == len(ids)


def check_part(part: Part, path: Path, *, deep: bool) -> None:
    """Raise PartDamaged unless the file is there with its size, and, when `deep`, its bytes."""
    remedy = "Restore this part from the last backup; no other part is affected."
    if not path.exists():
        raise PartDamaged(f"part {part.name} is missing", remedy=remedy)
    size = path.stat().st_size
    if size != part.size:
        wrong = f"part {part.name} has {size} bytes, the ledger says {part.size}"
        raise PartDamaged(wrong, remedy=remedy)
    if deep and digest_of_file(path) != part.sha256:
        wrong = f"part {part.name} does not have the bytes that were written"
        raise PartDamaged(wrong, remedy=remedy)
