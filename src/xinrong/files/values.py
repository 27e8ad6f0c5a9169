"""The values of a record's fields: from the store's slots and display texts to what is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from xinrong.catalogue.contract import Contract, FieldType, RecordField
from xinrong.domain.money import yuan
from xinrong.files.types import FieldValue, Value

Row = Mapping[str, Any]


def value_of(
    field: RecordField,
    row: Row,
    display: Mapping[str, Any],
    parties: Mapping[int, tuple[str, str]],
) -> Value:
    """The typed value of a field: from its slot, else from the display text."""
    if not field.slot:
        return from_display(field, display.get(field.name))
    value = row[field.slot]
    if value is None:
        return None
    if field.slot == "counterparty":
        return party_text(value, parties)
    if field.slot == "amount":
        return yuan(value)
    if isinstance(value, Decimal):
        return number_of(field, value)
    typed: Value = value
    return typed


def party_text(party: int | None, parties: Mapping[int, tuple[str, str]]) -> str | None:
    """Name and code of a counterparty, as far as they are known."""
    if party is None:
        return None
    code, name = parties.get(party, ("", ""))
    return f"{name} ({code})" if code and name else name or code


def number_of(field: RecordField, value: Decimal) -> Value:
    """A number from a slot, which keeps four places, as its field's type."""
    if field.type == FieldType.INTEGER:
        return int(value)
    return value.quantize(Decimal("0.01")) if field.type == FieldType.MONEY else plain(value)


#: How the text of a display field is read; all other types are text.
_READ_DISPLAY: dict[FieldType, Callable[[str], Value]] = {
    FieldType.MONEY: Decimal,
    FieldType.NUMBER: Decimal,
    FieldType.INTEGER: int,
    FieldType.DATE: date.fromisoformat,
    FieldType.BOOLEAN: lambda text: text.lower() == "true",
}


def from_display(field: RecordField, text: Any) -> Value:
    """A display field's text as its type."""
    if text is None or text == "":
        return None
    return _READ_DISPLAY.get(field.type, str)(str(text))


def plain(value: Decimal) -> Decimal:
    """Without the zeros that four stored places add: 12.5000 is 12.5."""
    short = value.normalize()
    return short if short.as_tuple().exponent <= 0 else short.quantize(Decimal(1))  # type: ignore[operator] # finite


def field_value(field: RecordField, value: Value, level: int) -> FieldValue:
    """A field with its words, masked when the viewer's level is too low."""
    if field.level > level:
        return FieldValue(field.name, field.title, None, None, unit_of(field), masked=True)
    words = field.values.get(str(value)) if value is not None else None
    return FieldValue(field.name, field.title, value, words, unit_of(field))


def unit_of(field: RecordField) -> str:
    """The unit that stands beside a value; money is in yuan unless its contract says otherwise."""
    return field.unit or ("元" if field.type == FieldType.MONEY else "")


def basis_of(contract: Contract) -> str:
    """The law on which the records of a category are held."""
    return "；".join(f"{basis.document}{basis.article}" for basis in contract.basis)
