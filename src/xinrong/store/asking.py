"""Several questions of a database in one trip: a look-up spends most of its time on the way."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django.db import connections, models

from xinrong.postgresql.prepared import ask

Rows = list[tuple[Any, ...]]


class Question(NamedTuple):
    """A SELECT with its parameters (`%s`), without a semicolon at its end."""

    sql: str
    parameters: Sequence[Any]


def answers(using: str, *questions: Question) -> list[Rows]:
    """The rows of each question, in order. PostgreSQL is asked all of them at once."""
    ahead = _ahead.get()
    if ahead and len(questions) == 1:
        found = ahead.pop(_key(using, questions[0]), None)
        if found is not None:
            return [found]
    connection = connections[using]
    if connection.vendor == "postgresql":
        return ask(connection, questions)
    if connection.execute_wrappers or connection.queries_logged:
        with connection.cursor() as cursor:
            return [_alone(cursor, one) for one in questions]
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        line = connection.connection  # nobody listens: past Django's cursor, with its errors
        return [line.execute(_marked(one.sql), one.parameters).fetchall() for one in questions]


#: What was asked ahead in this thread and has not been handed out.
_ahead: ContextVar[dict[object, Rows] | None] = ContextVar("asked_ahead", default=None)


@contextmanager
def asked_ahead(using: str, *questions: Question) -> Iterator[None]:
    """Asks in one trip what `answers` is asked one by one inside the block, each once.

    For questions about one moment that different modules put: each gets its answer as if it had
    asked by itself. Where a trip costs nothing nobody is asked ahead.
    """
    if connections[using].vendor != "postgresql" or len(questions) < 2:
        yield
        return
    mine = {
        _key(using, one): rows
        for one, rows in zip(questions, answers(using, *questions), strict=True)
    }
    outer = _ahead.get()
    ahead = {} if outer is None else outer
    ahead.update(mine)
    token = _ahead.set(ahead)
    try:
        yield
    finally:
        _ahead.reset(token)
        for one in mine:
            ahead.pop(one, None)


def _key(using: str, question: Question) -> object:
    values = (tuple(one) if isinstance(one, list) else one for one in question.parameters)
    return using, question.sql, tuple(values)


def _alone(cursor: Any, question: Question) -> Rows:
    cursor.execute(question.sql, [*question.parameters])
    found: Rows = cursor.fetchall()
    return found


@lru_cache(maxsize=256)
def _marked(sql: str) -> str:
    """The statement with SQLite's own marks for values."""
    return sql.replace("%s", "?").replace("%%", "%")


def marks(values: Collection[Any]) -> str:
    """As many `%s` as there are values, for an IN; at least one value is given."""
    return ", ".join(["%s"] * len(values))


def one_of(values: Collection[int], using: str) -> tuple[str, Any]:
    """How a statement says that a number is among many, and the one value to give it.

    However many there are the statement stays the same, and can be kept ready.
    """
    if connections[using].vendor == "postgresql":
        return "= ANY(%s)", list(values)
    return "IN (SELECT value FROM json_each(%s))", json.dumps(list(values))


def day_of(value: Any) -> date | None:
    """A date as it comes out of plain SQL: SQLite gives a text."""
    found: date | None = date.fromisoformat(value) if isinstance(value, str) else value
    return found


def moment_of(value: Any) -> datetime | None:
    """A moment as it comes out of plain SQL: SQLite keeps it in UTC and does not say so."""
    found: datetime | None = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found


def json_of(value: Any) -> Any:
    """JSON as it comes out of plain SQL."""
    return json.loads(value) if isinstance(value, str) else value


def truth_of(value: Any) -> bool | None:
    """A truth value as it comes out of plain SQL: SQLite gives a number."""
    return None if value is None else bool(value)


#: How the values of some fields are read; those of the others are what they should be.
_READERS: dict[type[models.Field[Any, Any]], Callable[[Any], Any]] = {
    models.DateTimeField: moment_of,
    models.DateField: day_of,
    models.JSONField: json_of,
    models.BooleanField: truth_of,
}


@cache
def _fields(model: type[models.Model]) -> tuple[list[str], list[Callable[[Any], Any] | None]]:
    fields = model._meta.concrete_fields  # noqa: SLF001 - documented by Django
    return [field.attname for field in fields], [_READERS.get(type(field)) for field in fields]


def columns_of(model: type[models.Model], alias: str) -> str:
    """All columns of a model's table, which the statement calls by an alias; `read_row` reads."""
    return ", ".join(f'{alias}."{name}"' for name in _fields(model)[0])


def read_row[M: models.Model](model: type[M], values: Sequence[Any], using: str) -> M:
    """The columns of a row (`columns_of`) as the model."""
    names, readers = _fields(model)
    pairs = zip(readers, values, strict=True)
    return model.from_db(using, names, [read(one) if read else one for read, one in pairs])


def width_of(model: type[models.Model]) -> int:
    """How many columns `columns_of` names."""
    return len(_fields(model)[0])
