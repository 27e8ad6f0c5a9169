"""The columns of a table of records as texts: what each field puts after its `"value":`.

Days and decimals leave the table as texts: as objects they would cost ten times as much.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from json import loads
from json.encoder import encode_basestring as quoted
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from xinrong.catalogue.contract import FieldType, RecordField
from xinrong.files.spelling import spell
from xinrong.files.types import Value
from xinrong.files.values import from_display, number_of
from xinrong.store.schema import DATE_SLOTS, NUMBER_SLOTS

NULL = "null"
NO_WORDS = ',"words":null'
#: Texts that stand for no value.
EMPTY = frozenset({NULL, NULL + NO_WORDS})
DAYS = frozenset({"event_date", "end_date", *DATE_SLOTS})
DECIMALS = frozenset({"quantity", *NUMBER_SLOTS})
Places = Sequence[int]


class Columns:
    """The columns of a table as lists, each made when it is first asked for."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self._raw: dict[str, list[Any]] = {}
        self._days: dict[str, list[str]] = {}

    def __len__(self) -> int:
        return len(self._table)

    def __contains__(self, name: str) -> bool:
        return name in self._table.column_names

    def raw(self, name: str) -> list[Any]:
        """The values of a column: days as ISO texts, decimals as texts with four places."""
        if name not in self._raw:
            column = self._table[name]
            if name in DAYS or name in DECIMALS:
                column = pc.cast(column, pa.string())
            self._raw[name] = column.to_pylist()
        return self._raw[name]

    def days(self, name: str) -> list[str]:
        """A column of days, spelled."""
        if name not in self._days:
            self._days[name] = [NULL if day is None else f'"{day}"' for day in self.raw(name)]
        return self._days[name]

    def day(self, name: str, place: int) -> date | None:
        """One day as a date."""
        text = self.raw(name)[place]
        return None if text is None else date.fromisoformat(text)

    @cached_property
    def amounts(self) -> list[str]:
        """The sums in yuan, spelled."""
        return [NULL if fen is None else yuan_text(fen) for fen in self.raw("amount")]


def yuan_text(fen: int) -> str:
    """The spelling of `domain.money.yuan`: exact, with two places."""
    side, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f'"{side}{fen // 100}.{fen % 100:02d}"'


#: The texts of a field for the records at some places; with the words where it has any.
Speller = Callable[[Columns, Places], list[str]]


def speller_of(field: RecordField) -> Speller:
    """How the values of a field are spelled that is neither masked nor a counterparty."""
    if not field.slot:
        return _of_display(field)
    if field.slot == "amount":
        return _of_amount(field)
    if field.slot in DECIMALS:
        return _by_value(field, _number_speller(field))
    if field.slot in DAYS and not field.values:
        return lambda columns, places: _at(columns.days(field.slot), places)
    return _by_value(field, quoted)


def _at(texts: list[str], places: Places) -> list[str]:
    return [texts[place] for place in places]


def _of_amount(field: RecordField) -> Speller:
    def amounts(columns: Columns, places: Places) -> list[str]:
        texts = _at(columns.amounts, places)
        return [worded(field, text, text.strip('"')) for text in texts] if field.values else texts

    return amounts


def _by_value(field: RecordField, spelled: Callable[[str], str]) -> Speller:
    """Of a column of texts: a coded value, which comes again and again, is spelled once."""
    slot = field.slot
    none = NULL + NO_WORDS if field.values else NULL
    known: dict[str | None, str] = {None: none}
    if field.values and spelled is quoted:
        known |= {value: worded(field, quoted(value), value) for value in field.values}

    def texts(columns: Columns, places: Places) -> list[str]:
        values = columns.raw(slot)
        if not field.values:
            return [
                none if (value := values[place]) is None else spelled(value) for place in places
            ]
        return [known.get(values[place]) or coded(values[place]) for place in places]

    def coded(value: str) -> str:
        text = spelled(value)
        return worded(field, text, text.strip('"') if spelled is not quoted else value)

    return texts


def worded(field: RecordField, text: str, value: str) -> str:
    """A spelled value, followed by its words: those of the contract or none."""
    words = field.values.get(value)
    return text + (NO_WORDS if words is None else f',"words":{spell(words)}')


def _number_speller(field: RecordField) -> Callable[[str], str]:
    """Decimals as they are stored, with four places, in the way of the field's type."""
    if field.type == FieldType.INTEGER:
        return lambda text: str(int(text[:-5]))
    if field.type == FieldType.MONEY:
        return lambda text: (
            f'"{text[:-2]}"' if text.endswith("00") else spell(number_of(field, Decimal(text)))
        )
    return lambda text: f'"{text.rstrip("0").rstrip(".")}"'


def _of_display(field: RecordField) -> Speller:
    """Of a field without a slot, which lies in the display text."""

    def texts(columns: Columns, places: Places) -> list[str]:
        held = columns.raw("display")
        values = [from_display(field, display_of(held[place]).get(field.name)) for place in places]
        return [of_value(field, value) for value in values]

    return texts


def of_value(field: RecordField, value: Value) -> str:
    """The text of any value."""
    text = spell(value)
    if not field.values:
        return text
    return NULL + NO_WORDS if value is None else worded(field, text, str(value))


def display_of(text: str | None) -> Mapping[str, Any]:
    """The fields of a record that have no slot."""
    found: Mapping[str, Any] = loads(text) if text else {}
    return found
