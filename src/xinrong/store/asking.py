"""Several questions of a database in one trip: a look-up spends most of its time on the way."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connections

Rows = list[tuple[Any, ...]]


class Question(NamedTuple):
    """A SELECT with its parameters (`%s`), without a semicolon at its end."""

    sql: str
    parameters: Sequence[Any]


def answers(using: str, *questions: Question) -> list[Rows]:
    """The rows of each question, in order. PostgreSQL is asked all of them at once."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            return [_alone(cursor, one) for one in questions]
        parameters = [value for one in questions for value in one.parameters]
        cursor.execute("; ".join(one.sql for one in questions), parameters)
        found = [cursor.fetchall()]
        while cursor.nextset():
            found.append(cursor.fetchall())
        return found


def _alone(cursor: Any, question: Question) -> Rows:
    cursor.execute(question.sql, [*question.parameters])
    found: Rows = cursor.fetchall()
    return found


def marks(values: Collection[Any]) -> str:
    """As many `%s` as there are values, for an IN; at least one value is given."""
    return ", ".join(["%s"] * len(values))


def day_of(value: Any) -> date | None:
    """A date as it comes out of plain SQL: SQLite gives a text."""
    found: date | None = date.fromisoformat(value) if isinstance(value, str) else value
    return found
