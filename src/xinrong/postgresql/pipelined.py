"""Questions that are sent by libpq's own pipeline: a third of the time of a cursor's.

A cursor writes each value into the statement, which the server parses again. Here only the names of
statements that stand ready and their values travel, and the rows come back together. What is not
plain (`values_of`) goes by the cursor.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from datetime import date
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import adapt, generators
from psycopg.abc import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus

Rows = list[tuple[Any, ...]]
#: What is sent: the statement to make ready, if it is not; its name; its values.
Sent = tuple[bytes | None, bytes, list[bytes | None]]


def values_of(values: Sequence[Any]) -> list[bytes | None] | None:
    """Values as the protocol spells them; None when one is not plain."""
    spelled: list[bytes | None] = []
    for value in values:
        one = None if value is None else _spelled(value)
        if one is None and value is not None:
            return None
        spelled.append(one)
    return spelled


def _spelled(value: Any) -> bytes | None:
    if isinstance(value, bool):
        return b"t" if value else b"f"
    if isinstance(value, int):
        return b"%d" % value
    if isinstance(value, str):
        text = value.encode()
        return None if b"\0" in text else text  # libpq would cut it off there
    if isinstance(value, date) and getattr(value, "tzinfo", True) is not None:
        return value.isoformat().encode()  # a date, or a moment that says its zone
    if isinstance(value, list) and all(type(one) is int for one in value):
        return b"{%b}" % b",".join([b"%d" % one for one in value])
    return None


def talk(line: Any, loader: Transformer, begin: str, sent: Sequence[Sent]) -> list[Rows]:
    """The rows of each question. `begin` starts the transaction that they are in; empty: none.

    Outside of a transaction what they write is committed when this returns: the server says so
    last, and an error of the commit is raised like any other. Raises what psycopg would.
    """
    pgconn = line.pgconn
    with line.lock:
        try:
            pgconn.enter_pipeline_mode()
            if begin:
                pgconn.send_query_params(begin.encode(), None)
            for statement, name, values in sent:
                if statement is not None:
                    pgconn.send_prepare(name, statement)
                pgconn.send_query_prepared(name, values)
            pgconn.pipeline_sync()
            results = line.wait(_answers(pgconn))
            pgconn.exit_pipeline_mode()
        except BaseException:
            line.close()  # nobody knows what is still under way on it
            raise
    for result in results:
        if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
            raise error_from_result(result, encoding=line.info.encoding)
    return _rows(loader, results, 1 if begin else 0, sent)


def _answers(pgconn: Any) -> Generator[Any, Any, list[Any]]:
    """All results up to the server's word that it is done."""
    yield from generators.send(pgconn)
    found: list[Any] = []
    while True:
        results = yield from generators.fetch_many(pgconn)
        if results and results[-1].status == ExecStatus.PIPELINE_SYNC:
            return found
        found += results


def _rows(
    loader: Transformer, results: Sequence[Any], first: int, sent: Sequence[Sent]
) -> list[Rows]:
    """The rows among the results, which come in the order in which was sent."""
    left, rows = iter(results[first:]), []
    for statement, _, _ in sent:
        if statement is not None:
            next(left)
        result = next(left)
        loader.set_pgresult(result)
        rows.append(loader.load_rows(0, result.ntuples, tuple))
    return rows


def loader_of(connection: BaseDatabaseWrapper) -> Transformer:
    """What reads values of this line as Django does."""
    with connection.create_cursor() as cursor:
        return adapt.Transformer(cursor)
