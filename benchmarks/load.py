"""Appending canonical rows to the store, against PostgreSQL's COPY and its two indexes.

Both take the same rows in the same run, in batches of the same size, durably (fsync on). What is
not timed, for either: making the rows, and for PostgreSQL writing them as the text that COPY
reads. The store's time covers comparing every row with what is stored, sorting, writing, syncing
and committing; PostgreSQL's covers COPY into an empty table and building the two indexes that
look-ups need (subject; category and key) afterwards, which is the quickest way to load it.
"""

from __future__ import annotations

import io
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pyarrow as pa
import pyarrow.csv as pa_csv

from benchmarks.harness import DURABLE, Figure
from tests.postgres import PrivatePostgres

NEEDS_DJANGO = True
SEED = 20261121
NOW = datetime(2026, 11, 1, tzinfo=UTC)
TYPES = {
    pa.int64(): "bigint",
    pa.int32(): "integer",
    pa.int8(): "smallint",
    pa.date32(): "date",
    pa.string(): "text",
}


def run(small: bool) -> list[Figure]:
    """Rows a second of both, their ratio, and the bytes a row takes in parts."""
    enterprises, each, batch_rows = (1_000, 100, 50_000) if small else (12_000, 500, 2_000_000)
    batches = rows(enterprises, each, batch_rows)
    total = sum(len(table) for table in batches)
    print(f"{total:,} rows in {len(batches)} batches", flush=True)
    ours = load_store(batches)
    size = stored_bytes()
    theirs = load_postgres(batches)
    print(f"store {ours:.1f} s, PostgreSQL {theirs:.1f} s", flush=True)
    return [
        Figure("append_rows_per_s", total / ours, "rows/s"),
        Figure("postgres_rows_per_s", total / theirs, "rows/s"),
        Figure("ratio_to_postgres", theirs / ours, "times", ">= 3"),
        Figure("bytes_per_row", size / total, "bytes", "<= 40"),
    ]


def rows(enterprises: int, each: int, batch_rows: int) -> list[pa.Table]:
    """The invented city's canonical rows, cut into batches."""
    from xinrong.synth import canonical

    whole = pa.concat_tables(canonical(SEED, enterprises, each)).combine_chunks()
    return [whole.slice(start, batch_rows) for start in range(0, len(whole), batch_rows)]


def load_store(batches: list[pa.Table]) -> float:
    """Seconds to compare, write and commit every batch."""
    from django.conf import settings

    from xinrong.store import services as store

    settings.STORE_HOT_ROWS = min(settings.STORE_HOT_ROWS, len(batches[0]))
    started = time.perf_counter()
    for number, table in enumerate(batches):
        batch = store.open_batch(
            feed=f"bench_{number}",
            category="",
            department="bench",
            source_name="",
            source_digest="",
            received_at=NOW,
        )
        with store.writer(batch) as out:
            out.add(table)
            store.commit_batch(out, NOW)
    seconds = time.perf_counter() - started
    report = store.check()
    if report.faults or report.live_rows != sum(len(table) for table in batches):
        raise SystemExit(f"the store is not sound: {report}")
    return seconds


def stored_bytes() -> int:
    """Bytes of all parts."""
    from django.conf import settings

    return sum(path.stat().st_size for path in (Path(settings.STORE_ROOT) / "parts").iterdir())


def load_postgres(batches: list[pa.Table]) -> float:
    """Seconds to COPY the same batches and build two indexes, then CHECKPOINT."""
    texts = [as_csv(table) for table in batches]
    server = PrivatePostgres({**DURABLE, "shared_buffers": "2GB", "maintenance_work_mem": "1GB",
                              "max_wal_size": "8GB"}).start()  # fmt: skip
    try:
        with psycopg.connect(server.url, autocommit=True) as connection:
            columns = ", ".join(
                f"{field.name} {TYPES.get(field.type, 'numeric(18,4)')}"
                for field in batches[0].schema
            )
            connection.execute(f"CREATE TABLE record ({columns})")
            started = time.perf_counter()
            for text in texts:
                with connection.cursor().copy("COPY record FROM STDIN (FORMAT csv)") as copy:
                    for start in range(0, len(text), 1 << 20):
                        copy.write(text[start : start + (1 << 20)])
            connection.execute("CREATE INDEX ON record (subject)")
            connection.execute("CREATE INDEX ON record (category, key)")
            connection.execute("CHECKPOINT")
            return time.perf_counter() - started
    finally:
        server.stop()


def as_csv(table: pa.Table) -> memoryview:
    """The text that COPY reads."""
    out = io.BytesIO()
    pa_csv.write_csv(table, out, pa_csv.WriteOptions(include_header=False, quoting_style="needed"))
    return memoryview(out.getvalue())
