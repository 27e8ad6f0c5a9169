"""A contract as SQL: the view that gives a category's slots the names of their fields.

`view_sql` reads a relation `record` with the columns of `store.schema.RECORD` (or any relation
that is named) and answers with the contract's own words: money is DECIMAL yuan, never a double.
"""

from __future__ import annotations

from xinrong.catalogue.contract import Contract, FieldType, RecordField
from xinrong.catalogue.slots import SLOT_TYPES

#: What every view shows besides the fields: view column -> column of the record. The last two
#: begin with an underscore, which no field's name does.
COMMON = {
    "subject": "subject",
    "category": "category",
    "key": "key",
    "polarity": "polarity",
    "_batch": "batch",
    "_row_no": "row_no",
}

#: What the text of a display field is cast to. Money in `display` is yuan.
_DISPLAY_CASTS = {
    FieldType.MONEY: "DECIMAL(19, 2)",
    FieldType.NUMBER: "DECIMAL(18, 4)",
    FieldType.INTEGER: "BIGINT",
    FieldType.DATE: "DATE",
    FieldType.BOOLEAN: "BOOLEAN",
}


def display_fields(contract: Contract) -> tuple[RecordField, ...]:
    """The fields without a slot, kept as JSON in the column `display`."""
    return tuple(field for field in contract.fields if not field.slot)


def column_of(contract: Contract, name: str) -> str:
    """The record's column in which a field lies: its slot, or `display`. Raises KeyError."""
    return contract.field(name).slot or "display"


def expression_of(contract: Contract, name: str) -> str:
    """SQL for the value of a field, typed, over the columns of a record. Raises KeyError."""
    field = contract.field(name)
    if field.slot:
        return _slot_expression(field)
    path = _literal(f"$.{field.name}")
    text = f"json_extract_string(display, {path})"
    cast = _DISPLAY_CASTS.get(field.type)
    return f"CAST({text} AS {cast})" if cast else text


def view_sql(contract: Contract, relation: str = "record") -> str:
    """SELECT over `relation`: the common columns, then the contract's fields under their names."""
    columns = [f"{_quoted(column)} AS {_quoted(name)}" for name, column in COMMON.items()]
    columns += [
        f"{expression_of(contract, field.name)} AS {_quoted(field.name)}"
        for field in contract.fields
    ]
    listed = ",\n  ".join(columns)
    return (
        f"SELECT\n  {listed}\nFROM {_quoted(relation)}\n"
        f"WHERE category = {_literal(contract.category)}"
    )


def _slot_expression(field: RecordField) -> str:
    if field.slot not in SLOT_TYPES:
        raise KeyError(f"slot {field.slot} of field {field.name}")
    slot = _quoted(field.slot)
    if field.slot == "amount":
        # A product of decimals is exact; a quotient is a double in DuckDB.
        fen = f"CAST({slot} AS DECIMAL(19, 0))"
        return f"CAST({fen} * CAST(0.01 AS DECIMAL(2, 2)) AS DECIMAL(19, 2))"
    if field.type is FieldType.MONEY:
        return f"CAST({slot} AS DECIMAL(18, 2))"
    if field.type is FieldType.INTEGER:
        return f"CAST({slot} AS BIGINT)"
    return slot


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
