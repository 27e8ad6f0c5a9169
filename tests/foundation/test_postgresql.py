"""Kept connections to PostgreSQL: ended ones are noticed, statements stay ready on the others."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.db import DataError, IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from psycopg import IsolationLevel
from psycopg.pq import TransactionStatus

from xinrong.postgresql import pipelined
from xinrong.postgresql.base import TOGETHER
from xinrong.postgresql.prepared import WIDEST, ask
from xinrong.subjects.models import Enterprise

needs_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="needs PostgreSQL: connections that a server ends"
)


@needs_postgresql
@pytest.mark.django_db
def test_a_connection_that_stands_is_kept_without_a_question() -> None:
    connection.ensure_connection()
    with connection.execute_wrapper(_refuse):
        assert connection.is_usable()


@needs_postgresql
@pytest.mark.django_db
def test_a_connection_that_the_server_ended_is_not_used_again() -> None:
    other = connections["default"].copy("other")
    try:
        other.ensure_connection()
        assert other.is_usable()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        until = time.monotonic() + 5
        while other.is_usable() and time.monotonic() < until:
            time.sleep(0.01)
        assert not other.is_usable()
    finally:
        other.close()
    assert not other.is_usable()


@needs_postgresql
@pytest.mark.django_db
def test_statements_travel_together_and_are_ready_from_the_second_time_on() -> None:
    first = "SELECT length(%s::text), %s::date"
    second = "SELECT n FROM generate_series(1, %s) AS n ORDER BY n"
    for word, most in (("a'b%s", 3), ("", 0), (None, 1)):
        with CaptureQueriesContext(connection) as caught:
            found = ask(connection, [(first, [word, None]), (second, [most])])
        assert len(caught) == 1
        size = None if word is None else len(word)
        assert found == [[(size, None)], [(n,) for n in range(1, most + 1)]]
    assert "PREPARE" not in caught[0]["sql"]
    assert "EXECUTE generate_series_" in caught[0]["sql"]


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_statement_that_failed_at_first_is_made_ready_again() -> None:
    sql = "SELECT 10 / %s::int"
    with pytest.raises(DataError):
        ask(connection, [(sql, [0])])
    assert ask(connection, [(sql, [5])]) == [[(2,)]]
    with pytest.raises(DataError):
        ask(connection, [(sql, [0])])
    assert ask(connection, [(sql, [2]), (sql, [1])]) == [[(5,)], [(10,)]]


@needs_postgresql
@pytest.mark.django_db
def test_long_lists_are_not_kept_ready_and_a_new_line_has_nothing_ready() -> None:
    wide = f"SELECT 1 WHERE 7 IN ({', '.join(['%s'] * (WIDEST + 1))})"
    with CaptureQueriesContext(connection) as caught:
        assert ask(connection, [(wide, range(WIDEST + 1))]) == [[(1,)]]
    assert "PREPARE" not in caught[0]["sql"]
    other = connections["default"].copy("other")
    try:
        for _ in range(2):
            assert ask(other, [("SELECT %s::int", [4])]) == [[(4,)]]
            other.close()
    finally:
        other.close()


VALUES = [
    ("%s::int", 7),
    ("%s::bigint", 2**40),
    ("%s::text", "a'b%s\\甲"),
    ("%s::text", ""),
    ("%s::text", None),
    ("%s::text", TransactionStatus.IDLE.name),
    ("%s::boolean", True),
    ("%s::date", date(2026, 11, 30)),
    ("%s::timestamptz", datetime(2026, 11, 30, 8, tzinfo=timezone(timedelta(hours=8)))),
    ("%s::timestamp", datetime(2026, 11, 30, 8)),
    ("%s::bigint[]", [1, -2]),
    ("%s::bigint[]", []),
    ("%s::text[]", ["a", "b,c"]),
    ("%s::numeric", Decimal("1.50")),
    ("%s::jsonb", '{"b": [1, null]}'),
    ("%s::uuid", UUID(int=5)),
]


@needs_postgresql
@pytest.mark.django_db
@pytest.mark.parametrize(("sql", "value"), VALUES, ids=str)
def test_what_goes_past_cursors_is_read_as_what_goes_by_them(sql: str, value: Any) -> None:
    question = (f"SELECT {sql}, {sql} IS NULL", [value, value])
    for _ in range(2):  # made ready, and ready
        past = ask(connection, [question, ("SELECT 1", [])])
        with CaptureQueriesContext(connection):
            by = ask(connection, [question, ("SELECT 1", [])])
        assert past == by
        assert [type(one) for one in past[0][0]] == [type(one) for one in by[0][0]]


@needs_postgresql
@pytest.mark.django_db
def test_a_text_is_never_cut_off() -> None:
    with pytest.raises((DataError, ValueError)):
        ask(connection, [("SELECT %s::text", ["a\0b"])])


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_what_fails_when_it_is_committed_is_an_error() -> None:
    """The log's row counts as written only when the server says that it is committed."""
    sql = "INSERT INTO trust_auditsubject (row_id, enterprise_id) VALUES (%s, %s) RETURNING id"
    for _ in range(2):
        with pytest.raises(IntegrityError):  # the row that it is about is looked for at the end
            ask(connection, [(sql, [999_999_999, 999_999_999])])
    assert ask(connection, [("SELECT count(*) FROM trust_auditsubject", [])]) == [[(0,)]]


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_what_was_asked_with_a_question_that_fails_is_not_answered() -> None:
    for _ in range(2):
        with pytest.raises(DataError):
            ask(connection, [("SELECT 1", []), ("SELECT 1 / %s::int", [0]), ("SELECT 2", [])])
    assert ask(connection, [("SELECT 1", []), ("SELECT 2", [])]) == [[(1,)], [(2,)]]


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_in_a_transaction_an_error_takes_back_all_of_it() -> None:
    def divide() -> None:
        with transaction.atomic():
            Enterprise.objects.create(code="1", name="甲", folded_name="甲")
            assert ask(connection, [("SELECT count(*) FROM subjects_enterprise", [])]) == [[(1,)]]
            ask(connection, [("SELECT 1 / %s::int", [0])])

    with pytest.raises(DataError):
        divide()
    assert not Enterprise.objects.exists()


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_line_that_is_interrupted_is_not_used_again() -> None:
    other = connections["default"].copy("other")
    try:
        ask(other, [("SELECT 1", [])])
        broken = patch.object(pipelined.generators, "fetch_many", side_effect=KeyboardInterrupt)
        with broken, pytest.raises(KeyboardInterrupt):
            ask(other, [("SELECT 1", [])])
        assert other.connection.closed
        assert not other.is_usable()
    finally:
        other.close()


@pytest.fixture
def reader() -> Iterator[Any]:
    """A line as that for snapshots: a transaction begins with its first statement."""
    line = connections["default"].copy("reader")
    options = {TOGETHER: True, "isolation_level": IsolationLevel.REPEATABLE_READ}
    line.settings_dict = {
        **line.settings_dict,
        "OPTIONS": {**line.settings_dict["OPTIONS"], **options},
    }
    try:
        yield line
    finally:
        line.close()


def asked(line: Any, sql: str, *values: Any) -> Any:
    with line.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


COUNT = "SELECT count(*) FROM subjects_enterprise WHERE code <> %s"
HOW = "SELECT current_setting('transaction_isolation'), pg_current_xact_id_if_assigned()"


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_transaction_begins_with_its_first_statement_and_sees_one_moment(reader: Any) -> None:
    def arrive(code: str) -> None:
        Enterprise.objects.create(code=code, name="甲", folded_name="甲")

    arrive("1")
    assert asked(reader, COUNT, "x") == [(1,)]
    for how in (partial(asked, reader, COUNT, "x"), lambda: ask(reader, [(COUNT, ["x"])])[0]):
        reader.set_autocommit(False)
        before = how()
        assert reader.connection.pgconn.transaction_status == TransactionStatus.INTRANS
        arrive(f"{before[0][0] + 1}")
        assert how() == before
        assert asked(reader, HOW) == [("repeatable read", None)]
        reader.commit()
        assert how() == [(before[0][0] + 1,)]  # without autocommit the next one begins
        assert reader.connection.pgconn.transaction_status == TransactionStatus.INTRANS
        reader.rollback()
        reader.set_autocommit(True)
        assert asked(reader, HOW) == [("read committed", None)]
        assert reader.connection.pgconn.transaction_status == TransactionStatus.IDLE


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_whatever_comes_first_is_inside_the_transaction(reader: Any) -> None:
    def copied() -> Any:
        with reader.cursor() as cursor, cursor.copy("COPY (SELECT 7) TO STDOUT") as copy:
            return [(int(row[0]),) for row in copy.rows()]

    def many() -> Any:
        with reader.cursor() as cursor:
            cursor.executemany("SELECT %s::int", [[7]])
        return [(7,)]

    def on_the_server() -> Any:
        with reader.chunked_cursor() as cursor:
            cursor.execute("SELECT %s::int", [7])
            return cursor.fetchmany(1)

    for first in (copied, many, on_the_server):
        reader.set_autocommit(False)
        assert first() == [(7,)]
        assert asked(reader, HOW) == [("repeatable read", None)]
        reader.commit()
        reader.set_autocommit(True)


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_first_statement_that_fails_leaves_a_transaction_to_take_back(reader: Any) -> None:
    reader.set_autocommit(False)
    with pytest.raises(DataError):
        asked(reader, "SELECT 1 / %s", 0)
    assert reader.connection.pgconn.transaction_status == TransactionStatus.INERROR
    reader.rollback()
    assert asked(reader, "SELECT 1 / %s", 1) == [(1,)]
    reader.rollback()
    reader.set_autocommit(True)


def _refuse(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
    raise AssertionError(f"asked the server: {sql}")
