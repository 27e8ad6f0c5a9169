"""The hot table: rows of small batches, in the operational database until they are folded."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connections
from django.db.models import QuerySet

from xinrong.store.asking import Question, answers, marks
from xinrong.store.models import HotKey, HotRow
from xinrong.store.schema import BATCH, CANONICAL, DECIMAL, DECIMAL_SCALE, KEY, RECORD, SINCE

#: A row of the hot table, apart from the seq of the commit that puts it there.
HOT = CANONICAL.append(BATCH).append(SINCE)
#: The columns of the key index that a hot row has: it is kept, so it has no reference's `row_no`.
ASSERTED = pa.schema([field for field in KEY if field.name != "row_no"])
DECIMALS = frozenset(field.name for field in RECORD if field.type == DECIMAL)
DATES = frozenset(field.name for field in RECORD if pa.types.is_date(field.type))
HOT_TABLE = "store_hotrow"
HOT_KEY_TABLE = "store_hotkey"
CHUNK = 5_000
FEW = 50  # up to so many rows COPY is not worth its round trips
MANY_KEYS = 20_000  # beyond that a whole category is read rather than key by key


def to_scaled(value: Decimal | None) -> int | None:
    """A decimal as the integer that the database keeps."""
    return None if value is None else int(value * DECIMAL_SCALE)


def from_scaled(value: int | None) -> Decimal | None:
    """The decimal back."""
    return None if value is None else Decimal(value).scaleb(-4)


def insert(table: pa.Table, seq: int) -> None:
    """Add rows (schema HOT) inside the caller's transaction, whose seq is given."""
    adapt = connections["default"].ops.adapt_datefield_value
    columns = []
    for name in HOT.names:
        values = table.column(name).to_pylist()
        if name in DECIMALS:
            values = [to_scaled(value) for value in values]
        elif name in DATES:
            values = [value and adapt(value) for value in values]
        columns.append(values)
    insert_raw(HOT_TABLE, (*HOT.names, "seq"), [*columns, [seq] * len(table)])


def insert_keys(table: pa.Table, seq: int) -> None:
    """Add references (schema KEY) inside the caller's transaction, whose seq is given."""
    columns = [table[name].to_pylist() for name in KEY.names]
    insert_raw(HOT_KEY_TABLE, (*KEY.names, "seq"), [*columns, [seq] * len(table)])


def insert_raw(table: str, names: Sequence[str], columns: list[list[Any]]) -> None:
    """Insert columns of values that the database takes as they are: many rows, few objects."""
    rows = list(zip(*columns, strict=True))
    values = marks(names)
    quoted = ", ".join(f'"{name}"' for name in names)
    connection = connections["default"]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(rows) > FEW:
            with cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        for start in range(0, len(rows), CHUNK):
            sql = f"INSERT INTO {table} ({quoted}) VALUES ({values})"
            cursor.executemany(sql, rows[start : start + CHUNK])


def delete_folded(seq: int) -> None:
    """Remove what commits up to `seq` put here: it lies in parts now."""
    HotRow.objects.filter(seq__lte=seq).delete()
    HotKey.objects.filter(seq__lte=seq).delete()


def keys(using: str) -> pa.Table:
    """Everything of the key index that is not yet in parts: of kept rows, then references."""
    kept = as_keys(to_arrow(HotRow.objects.using(using).all(), ASSERTED))
    return pa.concat_tables([kept, to_arrow(HotKey.objects.using(using).all(), KEY)])


def as_keys(asserted: pa.Table) -> pa.Table:
    """Key entries of kept rows."""
    return asserted.append_column(KEY.field("row_no"), pa.nulls(len(asserted), pa.int32()))


def to_arrow(rows: QuerySet[Any], schema: pa.Schema = RECORD) -> pa.Table:
    """Rows of a query as a table; `schema` names the columns that are wanted."""
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


def question_of(subjects: Sequence[int], schema: pa.Schema) -> Question:
    """For the rows of a few subjects: every look-up asks, so it goes past the query builder."""
    names = ", ".join(f'"{name}"' for name in schema.names)
    return Question(
        f"SELECT {names} FROM {HOT_TABLE} WHERE subject IN ({marks(subjects)})", subjects
    )


def of_subjects(subjects: Sequence[int], schema: pa.Schema, using: str) -> pa.Table:
    """The rows of a few subjects."""
    [rows] = answers(using, question_of(subjects, schema))
    return as_table(rows, schema)


def with_keys(keys: pa.Table, schema: pa.Schema, using: str) -> pa.Table:
    """Hot rows whose category and key may be among `keys`: all that share one are included."""
    categories = pc.unique(keys["category"]).to_pylist()
    distinct = pc.unique(keys["key"])
    if len(distinct) > MANY_KEYS:
        rows = HotRow.objects.using(using).filter(category__in=categories)
        return to_arrow(rows, schema)
    wanted = distinct.to_pylist()
    names = ", ".join(f'"{name}"' for name in schema.names)
    connection = connections[using]
    if connection.vendor == "postgresql":
        among, given = "category = ANY(%s) AND key = ANY(%s)", [categories, wanted]
    else:
        each = "(SELECT value FROM json_each(%s))"
        among = f"category IN {each} AND key IN {each}"
        given = [json.dumps(categories), json.dumps(wanted)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {HOT_TABLE} WHERE {among}", given)
        return as_table(cursor.fetchall(), schema)
