"""How each type of field is read, and the checks that its contract adds.

Typed values in Arrow: text, code and enterprise as strings, date as date32, money as int64 fen,
number as decimal(18, 4), integer as int64, boolean as bool.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xinrong.catalogue.contract import FieldType, RecordField
from xinrong.catalogue.feed import Source
from xinrong.collect.judging.cellnotes import NotedTexts
from xinrong.collect.judging.counterparties import parse_enterprise
from xinrong.collect.judging.rules import Rule, problem, unread
from xinrong.collect.judging.values import Column, DistinctReader, Parsed, ShortWay
from xinrong.collect.readers import Note
from xinrong.domain import dates, money, numbers, uscc
from xinrong.domain.text import Text
from xinrong.store.schema import DECIMAL

#: The largest whole number that a decimal slot holds.
LARGEST_IN_SLOT = 10**14 - 1
ARROW_TYPES: dict[FieldType, pa.DataType] = {
    FieldType.TEXT: pa.string(),
    FieldType.DATE: pa.date32(),
    FieldType.MONEY: pa.int64(),
    FieldType.NUMBER: DECIMAL,
    FieldType.INTEGER: pa.int64(),
    FieldType.BOOLEAN: pa.bool_(),
    FieldType.USCC: pa.string(),
    FieldType.ENTERPRISE: pa.string(),
}
#: Texts that mean "nothing" in a column of text; words such as 无 may be the content itself.
NO_TEXT = pa.array(["-", "--", "---", "—", "——", "/", "\\", "NULL", "null", "\\N", "N/A", "#N/A"])


class FieldReader:
    """Reads one field of one feed, chunk after chunk; `today` is the day of receipt in China."""

    def __init__(self, field: RecordField, source: Source, today: date) -> None:
        self.field = field
        self.today = today
        self._noted = NotedTexts(field)
        self._reader = _reader(field, source, self._noted)

    def read(self, text: pa.Array) -> Column:
        """Typed values and problems of the tidied texts; every check of the contract applied."""
        if self._reader is None:
            known = pc.is_in(text, NO_TEXT)
            column = Column.fine(pc.if_else(known, pa.scalar(None, pa.string()), text))
        else:
            column = self._reader.read(text)
            self._noted.count(text)
        self._check(column, text)
        if self.field.required:
            empty = pc.is_null(column.values).to_numpy(zero_copy_only=False)
            column.break_rows(np.flatnonzero(empty), lambda _: problem(Rule.REQUIRED, self.name))
        return column

    @property
    def name(self) -> str:
        return self.field.name

    def notes(self) -> list[Note]:
        """What the sender should know of the cells read so far."""
        return self._noted.notes()

    def _check(self, column: Column, text: pa.Array) -> None:
        field, values = self.field, column.values
        if field.type is FieldType.DATE and not field.future:
            self._refuse(column, text, pc.greater(values, self.today), Rule.FUTURE, self.today)
        if field.values:
            words = pc.cast(values, pa.string())
            unlawful = pc.and_(
                pc.is_valid(words), pc.invert(pc.is_in(words, pa.array(list(field.values))))
            )
            self._refuse(column, text, unlawful, Rule.VALUE, "、".join(field.values))
        if field.min is not None:
            self._refuse(
                column, text, pc.less(values, self._bound(field.min)), Rule.MINIMUM, field.min
            )
        if field.max is not None:
            over = pc.greater(values, self._bound(field.max))
            self._refuse(column, text, over, Rule.MAXIMUM, field.max)
        in_decimal = field.slot == "quantity" or field.slot.startswith("n")
        if in_decimal and field.type in (FieldType.INTEGER, FieldType.MONEY):
            limit = LARGEST_IN_SLOT * (100 if field.type is FieldType.MONEY else 1)
            over = pc.greater(pc.abs(values), limit)
            self._refuse(column, text, over, Rule.TOO_LARGE)

    def _bound(self, bound: Decimal) -> pa.Scalar:
        """A limit of the contract in the unit of the values: yuan become fen."""
        if self.field.type is FieldType.MONEY:
            return pa.scalar(money.fen(bound), pa.int64())
        return pa.scalar(bound, pa.decimal128(38, 10))

    def _refuse(
        self, column: Column, text: pa.Array, wrong: pa.Array, rule: Rule, *limit: object
    ) -> None:
        rows = np.flatnonzero(pc.fill_null(wrong, False).to_numpy(zero_copy_only=False))
        column.break_rows(rows, lambda row: problem(rule, self.name, text[row].as_py(), *limit))


def _reader(field: RecordField, source: Source, noted: NotedTexts) -> DistinctReader | None:
    """The reader of a field's type; None for text, which means what it says."""
    if field.type is FieldType.TEXT:
        return None
    parse, short = _parsers(field, source, noted)
    return DistinctReader(ARROW_TYPES[field.type], parse, short)


def _parsers(
    field: RecordField, source: Source, noted: NotedTexts
) -> tuple[Callable[[str], Parsed], ShortWay | None]:
    """The scalar reader of a type, bound to the field, and its short way."""
    name, unit = field.name, source.unit or "元"
    by_type: dict[FieldType, tuple[Callable[[str], Parsed], ShortWay | None]] = {
        FieldType.DATE: (lambda text: _date(text, name, source.date_order), ISO_DATES),
        FieldType.MONEY: (lambda text: _money(text, name, unit, noted), plain_money(unit)),
        FieldType.NUMBER: (lambda text: _number(text, name, field.unit, noted), PLAIN_NUMBERS),
        FieldType.INTEGER: (lambda text: _integer(text, name, field.unit), PLAIN_INTEGERS),
        FieldType.BOOLEAN: (lambda text: _boolean(text, name), None),
        FieldType.USCC: (lambda text: _code(text, name), None),
        FieldType.ENTERPRISE: (lambda text: parse_enterprise(text, name), None),
    }
    return by_type[field.type]


def _result(
    kind: str, value: object, found: str, field: str, text: str, words: Callable[[str], Text]
) -> Parsed:
    if not found:
        return value, None
    return None, unread(kind, found, field, text, words(found))


def _date(text: str, field: str, order: Literal["ymd", "dmy", "mdy"]) -> Parsed:
    reading = dates.read_date(text, "" if order == "ymd" else order)
    return _result("date", reading.value, reading.problem, field, text, dates.words)


def _money(text: str, field: str, unit: str, noted: NotedTexts) -> Parsed:
    reading = money.read_money(text, unit)
    noted.remember(text, () if reading.problem else reading.notes)
    return _result("money", reading.fen, reading.problem, field, text, money.words)


def _number(text: str, field: str, unit: str, noted: NotedTexts) -> Parsed:
    reading = numbers.read_number(text, unit)
    noted.remember(text, reading.notes)
    return _result("number", reading.value, reading.problem, field, text, numbers.words)


def _integer(text: str, field: str, unit: str) -> Parsed:
    reading = numbers.read_integer(text, unit)
    return _result("integer", reading.value, reading.problem, field, text, numbers.words)


def _boolean(text: str, field: str) -> Parsed:
    reading = numbers.read_boolean(text)
    return _result("boolean", reading.value, reading.problem, field, text, numbers.words)


def _code(text: str, field: str) -> Parsed:
    reading = uscc.read_code(text)
    found = "" if reading.problem == "empty" else reading.problem
    return _result("code", reading.code, found, field, text, uscc.words)


# Short ways: only texts on which the scalar function cannot answer anything else.


def _iso_dates(text: pa.Array) -> pa.Array | None:
    try:
        return pc.cast(text, pa.date32())
    except pa.ArrowInvalid:  # a day that no calendar has: let the scalar function say so
        return None


def plain_money(unit: str) -> ShortWay:
    """Digits that are a whole number of fen in that unit, with room to spare in 64 bits."""
    factor = int(money.UNITS[unit])
    places = len(str(factor)) - 1 + 2  # of yuan in the unit, and two of fen in the yuan
    whole = 15 - places
    kind = pa.decimal128(18, places)

    def read(text: pa.Array) -> pa.Array:
        exact = pc.cast(text, kind)
        scaled = pc.multiply(exact, pa.scalar(Decimal(10**places), pa.decimal128(12, 0)))
        return pc.cast(scaled, pa.int64())

    return ShortWay(rf"^-?[0-9]{{1,{whole}}}(\.[0-9]{{1,{places}}})?$", read)


ISO_DATES = ShortWay(
    r"^(19[1-9][0-9]|20[0-9][0-9])-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", _iso_dates
)
PLAIN_NUMBERS = ShortWay(r"^-?[0-9]{1,12}(\.[0-9]{1,4})?$", lambda text: pc.cast(text, DECIMAL))
PLAIN_INTEGERS = ShortWay(r"^-?[0-9]{1,17}$", lambda text: pc.cast(text, pa.int64()))
