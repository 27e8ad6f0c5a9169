"""A kept connection that the server has ended is noticed before a request is answered with it."""

from __future__ import annotations

import time

import pytest
from django.db import connection, connections

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


def _refuse(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
    raise AssertionError(f"asked the server: {sql}")
