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
#: From so many rows on SQLite is given room (in KiB): its 2 MB would be written out over and over.
MANY, ROOM = 5_000, 65_536

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
    types in PostgreSQL ("bigint", "text"). A first of two columns that is a number must be
    different in every row. The rest of the statement takes no parameters.
    """
    connection = connections[using]
    lists = connection.vendor == "postgresql"
    pairs = len(columns) == 2 and next(iter(columns.values())) == "bigint"
    text = statement.format(rows=_of_arrays(columns) if lists else _of_json(columns, pairs=pairs))
    for some in batched(rows, AT_ONCE):
        with connection.cursor() as cursor:
            if lists:
                cursor.execute(text, [list(values) for values in zip(*some, strict=True)])
            else:
                if len(some) > MANY:
                    cursor.execute(f"PRAGMA cache_size = -{ROOM}")
                cursor.execute(text, [json.dumps(dict(some) if pairs else some)])
            if cursor.description:
                yield from cursor.fetchall()


def do(statement: str, columns: Mapping[str, str], rows: Sequence[Row]) -> None:
    """Run a statement that returns nothing."""
    for _ in run(statement, columns, rows):
        raise AssertionError("the statement returned rows")


def _of_arrays(columns: Mapping[str, str]) -> str:
    arrays = ", ".join(f"%s::{kind}[]" for kind in columns.values())
    return f"unnest({arrays}) AS r({', '.join(columns)})"


def _of_json(columns: Mapping[str, str], *, pairs: bool) -> str:
    """Rows as arrays within an array; pairs as an object, which is read in half the time."""
    cells = [f"value ->> {place}" for place in range(len(columns))]
    if pairs:
        cells = ["CAST(key AS INTEGER)", "value"]
    named = ", ".join(f"{cell} AS {name}" for cell, name in zip(cells, columns, strict=True))
    return "(SELECT " + named + " FROM json_each(%s)) AS r"  # noqa: S608 (our own names)
