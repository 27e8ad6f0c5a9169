"""The hot table: rows of small batches, in the operational database until they are folded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connections
from django.db.models import QuerySet

from xinrong.store.models import HotRow
from xinrong.store.schema import DECIMAL, DECIMAL_SCALE, RECORD

NAMES = RECORD.names
DECIMALS = frozenset(field.name for field in RECORD if field.type == DECIMAL)
DATES = frozenset(field.name for field in RECORD if pa.types.is_date(field.type))
HOT_TABLE = "store_hotrow"
CHUNK = 5_000
MANY_KEYS = 20_000  # beyond that a whole category is read rather than key by key


def to_scaled(value: Decimal | None) -> int | None:
    """A decimal as the integer that the database keeps."""
    return None if value is None else int(value * DECIMAL_SCALE)


def from_scaled(value: int | None) -> Decimal | None:
    """The decimal back."""
    return None if value is None else Decimal(value).scaleb(-4)


def insert(table: pa.Table) -> None:
    """Add rows (schema RECORD) inside the caller's transaction."""
    adapt = connections["default"].ops.adapt_datefield_value
    columns = []
    for name in NAMES:
        values = table.column(name).to_pylist()
        if name in DECIMALS:
            values = [to_scaled(value) for value in values]
        elif name in DATES:
            values = [value and adapt(value) for value in values]
        columns.append(values)
    rows = list(zip(*columns, strict=True))
    marks = ", ".join(["%s"] * len(NAMES))
    quoted = ", ".join(f'"{name}"' for name in NAMES)
    sql = f"INSERT INTO {HOT_TABLE} ({quoted}) VALUES ({marks})"
    with connections["default"].cursor() as cursor:
        for start in range(0, len(rows), CHUNK):
            cursor.executemany(sql, rows[start : start + CHUNK])


def to_arrow(rows: QuerySet[HotRow], schema: pa.Schema = RECORD) -> pa.Table:
    """Rows of a query as a table; `schema` names the columns of RECORD that are wanted."""
    return as_table(rows.values_list(*schema.names), schema)


def as_table(rows: Iterable[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    """Rows of the database as a table of that schema."""
    columns = list(zip(*rows, strict=True))
    if not columns:
        return schema.empty_table()
    arrays = []
    for field, values in zip(schema, columns, strict=True):
        given: Sequence[Any] = values
        if field.name in DECIMALS:
            given = [from_scaled(value) for value in values]
        arrays.append(pa.array(given, field.type))
    return pa.table(arrays, schema=schema)


def of_subjects(subjects: Sequence[int], schema: pa.Schema, using: str) -> pa.Table:
    """The rows of a few subjects: every look-up asks, so it goes past the query builder."""
    names = ", ".join(f'"{name}"' for name in schema.names)
    marks = ", ".join(["%s"] * len(subjects))
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {HOT_TABLE} WHERE subject IN ({marks})", [*subjects])
        return as_table(cursor.fetchall(), schema)


def with_keys(rows: QuerySet[HotRow], keys: pa.Table) -> pa.Table:
    """Those rows whose category and key may be among `keys`: all that share one are included."""
    wanted = pc.unique(keys["key"]).to_pylist()
    categories = pc.unique(keys["category"]).to_pylist()
    if len(wanted) > MANY_KEYS:
        return to_arrow(rows.filter(category__in=categories))
    tables = [
        to_arrow(rows.filter(category__in=categories, key__in=wanted[start : start + 500]))
        for start in range(0, len(wanted), 500)
    ]
    return pa.concat_tables(tables) if tables else RECORD.empty_table()
