"""Many rows in one statement, on either database.

A statement names its rows `{rows}`; they reach the database as one JSON text (SQLite) or as one
array for each column (PostgreSQL). That is several times faster than a parameter for each value,
and there is no bound on how many there are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import batched
from typing import Any

from django.db import connections

#: So many rows go into one statement: enough to be quick, few enough to weigh little.
AT_ONCE = 50_000

type Row = tuple[Any, ...]


def run(
    statement: str,
    columns: Mapping[str, str],
    rows: Sequence[Row],
    *,
    using: str = "default",
) -> Iterator[Row]:
    """Run a statement over rows and give what it returns, if it returns something.

    `columns` names the columns of `{rows}`, which is known as `r` in the statement, with their
    types in PostgreSQL ("bigint", "text"). The rest of the statement takes no parameters.
    """
    connection = connections[using]
    lists = connection.vendor == "postgresql"
    text = statement.format(rows=_of_arrays(columns) if lists else _of_json(columns))
    for some in batched(rows, AT_ONCE, strict=False):
        given = (
            [list(values) for values in zip(*some, strict=True)]
            if lists
            else [json.dumps(some, ensure_ascii=False)]
        )
        with connection.cursor() as cursor:
            cursor.execute(text, given)
            if cursor.description:
                yield from cursor.fetchall()


def do(statement: str, columns: Mapping[str, str], rows: Sequence[Row]) -> None:
    """Run a statement that returns nothing."""
    for _ in run(statement, columns, rows):
        raise AssertionError("the statement returned rows")


def _of_arrays(columns: Mapping[str, str]) -> str:
    arrays = ", ".join(f"%s::{kind}[]" for kind in columns.values())
    return f"unnest({arrays}) AS r({', '.join(columns)})"


def _of_json(columns: Mapping[str, str]) -> str:
    cells = ", ".join(f"value ->> {place} AS {name}" for place, name in enumerate(columns))
    return f"(SELECT {cells} FROM json_each(%s)) AS r"  # noqa: S608 (numbers and names of ours)
