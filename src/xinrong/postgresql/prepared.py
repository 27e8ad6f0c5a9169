"""Statements that are asked again and again: PostgreSQL plans them once for a connection.

Planning a small join takes it longer than answering. A statement is sent once with a name, together
with its first question; from then on only the name and the values travel. Several questions travel
together, and their answers come back together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import count
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.abc import Transformer
from psycopg.pq import TransactionStatus

from xinrong.postgresql.pipelined import Sent, loader_of, talk, values_of

#: A statement and its values.
Question = tuple[str, Sequence[Any]]
Rows = list[tuple[Any, ...]]

#: So many statements are kept ready for one connection; others are planned each time.
MOST = 200
#: One with more values has a list in it: the next list is of another length.
WIDEST = 40
_FIRST_TABLE = re.compile(r"\b(?:FROM|INTO)\s+\"?(\w+)")


class Prepared:
    """The statements that one connection has ready, by their text."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.loader: Transformer | None = None  # of the rows that come past cursors
        self._numbers = count(1)

    def name(self, sql: str) -> str:
        """A new name, after the first table: it is what the server's own lists show."""
        found = _FIRST_TABLE.search(sql)
        table = found.group(1) if found else "ask"
        return f"{table[:40]}_{next(self._numbers)}"

    def spell(self, question: Question, new: dict[str, str]) -> list[str]:
        """What is sent for a question; a statement that is not ready yet is noted in `new`."""
        sql, values = question
        if len(values) > WIDEST or (sql not in self.names and len(self.names) >= MOST):
            return [sql]
        name = self.names.get(sql) or new.get(sql)
        places = _places(len(values))
        if name is not None:
            return [f"EXECUTE {name}{places}"]
        name = new[sql] = self.name(sql)
        return [f"PREPARE {name} AS {_numbered(sql)}", f"EXECUTE {name}{places}"]


def ask(connection: BaseDatabaseWrapper, questions: Sequence[Question]) -> list[Rows]:
    """The rows that each statement returns, in order, in one trip to the server."""
    connection.ensure_connection()
    kept = _kept(connection)
    if not (connection.execute_wrappers or connection.queries_logged):
        found = _past_cursors(connection, kept, questions)
        if found is not None:
            return found
    new: dict[str, str] = {}
    pieces = [kept.spell(one, new) for one in questions]
    sql = "; ".join([piece for one in pieces for piece in one])
    values = [value for _, given in questions for value in given]
    with _cursor(connection) as cursor:
        cursor.execute(sql, values or None)
        found = []
        for number, one in enumerate(pieces):
            for _ in range(len(one) - (number == 0)):  # PREPARE answers, too: without rows
                cursor.nextset()
            found.append(cursor.fetchall())
    kept.names |= new
    return found


def _past_cursors(
    connection: BaseDatabaseWrapper, kept: Prepared, questions: Sequence[Question]
) -> list[Rows] | None:
    """The same where nobody listens to Django's cursors and all is plain; None: it is not."""
    line = connection.connection
    idle = line.pgconn.transaction_status == TransactionStatus.IDLE
    if idle and not line.autocommit:
        return None  # psycopg begins the transaction
    new: dict[str, str] = {}
    sent: list[Sent] = []
    for sql, given in questions:
        values = values_of(given) if len(given) <= WIDEST else None
        ready = kept.names.get(sql) or new.get(sql)
        if values is None or (ready is None and len(kept.names) + len(new) >= MOST):
            return None
        if ready is None:
            ready = new[sql] = kept.name(sql)
            sent.append((_numbered(sql).encode(), ready.encode(), values))
        else:
            sent.append((None, ready.encode(), values))
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        if kept.loader is None:
            kept.loader = loader_of(connection)
        begin = str(getattr(line, "begin", "")) if idle else ""
        found = talk(line, kept.loader, begin, sent)
    kept.names |= new
    return found


@contextmanager
def _cursor(connection: BaseDatabaseWrapper) -> Iterator[Any]:
    """Django's cursor where somebody listens to it; else the line's own, with Django's errors."""
    if connection.execute_wrappers or connection.queries_logged:
        with connection.cursor() as cursor:
            yield cursor
        return
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors, connection.create_cursor() as cursor:
        yield cursor


def _kept(connection: BaseDatabaseWrapper) -> Prepared:
    """The statements of the line that is open: another one has none yet."""
    kept: Prepared | None = getattr(connection.connection, "prepared", None)
    if kept is None:
        kept = connection.connection.prepared = Prepared()
    return kept


@lru_cache(maxsize=2 * MOST)
def _numbered(sql: str) -> str:
    """The statement with PostgreSQL's own marks for values."""
    first, *rest = sql.split("%s")
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, start=1))


@lru_cache(maxsize=WIDEST + 1)
def _places(values: int) -> str:
    return f"({', '.join(['%s'] * values)})" if values else ""
