"""The peer of the benchmark `collect`: the same file in PostgreSQL, with the same checks in SQL.

The table holds the same 30 million rows under the two indexes that look-ups need (subject;
category and key). The file is copied into an unlogged staging table as text and everything else
is set-wise SQL in one durable transaction: codes with their check character, slips that can be
repaired, dates in every style, amounts with units, lawful values, required fields, conflicts
within the file, duplicates and corrections against what is stored, quarantine with reasons and
the cells as sent, references of re-sent rows, a receipt. What is not timed: filling the table,
its indexes, ANALYZE.
"""

from __future__ import annotations

import time
from pathlib import Path

import psycopg

from benchmarks.file import by_category
from benchmarks.harness import DURABLE
from benchmarks.load import TYPES, as_csv
from tests.postgres import PrivatePostgres
from xinrong.synth import SCHEMA
from xinrong.synth.feeds import Sent

OPTIONS = {
    **DURABLE,
    "shared_buffers": "2GB",
    "work_mem": "512MB",
    "maintenance_work_mem": "1GB",
    "max_wal_size": "8GB",
    "temp_buffers": "512MB",
    "effective_cache_size": "8GB",
    "random_page_cost": "1.1",
    "jit": "off",
}
STEPS = Path(__file__).with_suffix(".sql")
BLOCK = 1 << 20

_TABLES = """
CREATE TABLE record ({columns}, batch integer NOT NULL);
CREATE TABLE subject (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL UNIQUE, name text);
CREATE TABLE quarantine (batch integer, row_no integer, problems text[], original jsonb,
    PRIMARY KEY (batch, row_no));
CREATE TABLE assertion (category text, key bigint, digest bigint, subject bigint, batch integer,
    row_no integer);
CREATE TABLE dead (category text, key bigint, batch integer, by_batch integer);
CREATE TABLE receipt (batch integer PRIMARY KEY, rows_in integer, accepted integer,
    quarantined integer, duplicates integer);
CREATE UNLOGGED TABLE staging (row_no integer GENERATED ALWAYS AS IDENTITY, code text, name text,
    tax text, period text, paid_on text, amount text, sales text);
CREATE FUNCTION digest_of(text) RETURNS bigint IMMUTABLE PARALLEL SAFE LANGUAGE sql AS
    $$ SELECT ('x' || left(md5($1), 16))::bit(64)::bigint $$;
CREATE FUNCTION to_fen(text) RETURNS bigint IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
    SELECT CASE WHEN $1 ~ '^-?[0-9]{{1,13}}([.][0-9]{{1,2}})?$' THEN ($1::numeric * 100)::bigint
        WHEN $1 ~ '^-?[0-9,]{{1,17}}([.][0-9]{{1,2}})?元$'
            THEN (replace(rtrim($1, '元'), ',', '')::numeric * 100)::bigint END
$$;
CREATE FUNCTION to_day(sent text) RETURNS date IMMUTABLE LANGUAGE plpgsql AS $$
DECLARE found text[] := coalesce(
    regexp_match(sent, '^([0-9]{{4}})[-/.年]([0-9]{{1,2}})[-/.月]([0-9]{{1,2}})日?( 00:00:00)?$'),
    regexp_match(sent, '^([0-9]{{4}})([0-9]{{2}})([0-9]{{2}})$'));
BEGIN
    RETURN make_date(found[1]::int, found[2]::int, found[3]::int);
EXCEPTION WHEN datetime_field_overflow THEN RETURN NULL;
END $$;
"""


def measure(sent: Sent, stored: int) -> tuple[float, dict[str, int]]:
    """Seconds for the CSV file, and its receipt."""
    server = PrivatePostgres(dict(OPTIONS)).start()
    try:
        with psycopg.connect(server.url, autocommit=True) as connection:
            fill(connection, stored)
            take(connection, sent.before, 1)
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")
            started = time.perf_counter()
            take(connection, sent.file, 2)
            seconds = time.perf_counter() - started
            found = connection.execute(
                "SELECT rows_in, accepted, quarantined, duplicates FROM receipt WHERE batch = 2"
            ).fetchone()
            assert found is not None
            names = ("rows_in", "accepted", "quarantined", "duplicates")
            return seconds, dict(zip(names, found, strict=True))
    finally:
        server.stop()


def fill(connection: psycopg.Connection[tuple[object, ...]], stored: int) -> None:
    """The rows that the store holds, too, and the indexes."""
    columns = ", ".join(
        f"{field.name} {TYPES.get(field.type, 'numeric(18,4)')}" for field in SCHEMA
    )
    connection.execute(_TABLES.format(columns=columns).encode())
    connection.execute("ALTER TABLE record ALTER batch SET DEFAULT 0")
    names = ", ".join(SCHEMA.names)
    for table in by_category(max(1_000, stored // 250), 250):
        text = as_csv(table)
        with connection.cursor().copy(
            f"COPY record ({names}) FROM STDIN (FORMAT csv)".encode()
        ) as copy:
            for start in range(0, len(text), BLOCK):
                copy.write(text[start : start + BLOCK])
    connection.execute("CREATE INDEX ON record (subject)")
    connection.execute("CREATE INDEX ON record (category, key)")


def take(connection: psycopg.Connection[tuple[object, ...]], path: Path, batch: int) -> None:
    """One file from its bytes to the committed receipt."""
    steps = STEPS.read_text(encoding="utf-8").replace("%(batch)s", str(batch))
    with connection.transaction():
        connection.execute("TRUNCATE staging RESTART IDENTITY")
        names = "code, name, tax, period, paid_on, amount, sales"
        copying = (
            f"COPY staging ({names}) FROM STDIN (FORMAT csv, HEADER true, FORCE_NULL ({names}))"
        )
        with connection.cursor().copy(copying.encode()) as copy, path.open("rb") as file:
            while block := file.read(BLOCK):
                copy.write(block)
        connection.execute("ANALYZE staging")
        connection.execute(steps.encode())
