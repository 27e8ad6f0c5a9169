"""Counts, chunk by chunk, what the intake sees of a file; and profiles a sample of it.

Counts are over all rows. Profiles are made of a sample that depends on the row numbers only, so
the same file gives the same profile: all rows of a small batch, at least half of `SAMPLE` of a
large one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import reduce

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from xinrong.catalogue.contract import Contract, FieldType
from xinrong.catalogue.feed import Feed
from xinrong.collect.judging.columns import Plan, first_filled, flat
from xinrong.collect.judging.rules import Rule
from xinrong.collect.judging.values import FINE, Column
from xinrong.collect.quality.profile import PARTNERS, Profile, profile_of
from xinrong.collect.quality.shapes import day_number

#: Rows of a batch that are profiled, at most; a larger batch is thinned to between half and all.
SAMPLE = 16_384
#: Batches of fewer rows are counted but not profiled.
LEAST_PROFILED = 200
SUBJECT = "subject"
CODE, NAME = "subject.code", "subject.name"
_ROW, _VALUE, _CELL = "row", "value ", "cell "  # names of columns of what is held


@dataclass
class FieldCount:
    """Of one field: rows seen, rows with something in it, rows refused at it."""

    required: bool
    rows: int = 0
    filled: int = 0
    broken: int = 0

    def add(self, other: FieldCount) -> None:
        self.rows += other.rows
        self.filled += other.filled
        self.broken += other.broken


@dataclass
class RuleCount:
    """Rows that break a rule at a field, those that break nothing else, and the first of them."""

    rows: int = 0
    sole: int = 0
    example_row: int = 0

    def add(self, other: RuleCount) -> None:
        self.rows += other.rows
        self.sole += other.sole
        self.example_row = self.example_row or other.example_row


@dataclass
class Lag:
    """Days from the event to the receipt, over sound rows with a date."""

    rows: int = 0
    days: int = 0
    late: int = 0

    def add(self, other: Lag) -> None:
        self.rows += other.rows
        self.days += other.days
        self.late += other.late


Rules = dict[tuple[str, str], RuleCount]


@dataclass(frozen=True)
class Measured:
    """One chunk, measured: counts over all its rows, and the rows of it that are sampled."""

    rows: int
    fields: dict[str, FieldCount]
    rules: Rules
    lag: Lag
    sample: pa.Table
    thinned: int  # rows of the sample have so many zero bits in their hash, at least


@dataclass
class Meter:
    """Measures the chunks of one file of one feed; `today` is the day of receipt in China.

    `look` may run in several threads at once; `add` takes what it gives in the file's order.
    """

    feed: Feed
    contract: Contract
    plan: Plan
    today: date
    rows: int = 0
    fields: dict[str, FieldCount] = field(default_factory=dict)
    rules: Rules = field(default_factory=dict)
    lag: Lag = field(default_factory=Lag)
    _held: list[pa.Table] = field(default_factory=list)
    _held_rows: int = 0
    _thinned: int = 0  # a row is kept when this many bits of its hash are zero

    def look(self, cells: pa.Table, row_no: pa.Array, columns: Mapping[str, Column]) -> Measured:
        """Measure a chunk: its cells as sent, row numbers, and columns as judged."""
        numbers = row_no.to_numpy(zero_copy_only=False)
        broken = {name: one.broken for name, one in columns.items() if one.problems}
        problems = np.zeros(cells.num_rows, np.int32)
        for marks in broken.values():
            problems += marks != FINE
        fields = {
            entry.field.name: _counted(columns[entry.field.name], required=entry.field.required)
            for entry in self.plan.fields
        }
        rules: Rules = {}
        for name in broken:
            _count_rules(rules, columns[name], problems == 1, numbers)
        return Measured(
            cells.num_rows,
            {**fields, **self._subject(cells)},
            rules,
            self._lag(columns, problems == 0),
            *self._sample(cells, numbers, columns),
        )

    def add(self, chunk: Measured) -> None:
        """Take the measurements of the next chunk."""
        self.rows += chunk.rows
        self.lag.add(chunk.lag)
        for name, count in chunk.fields.items():
            self.fields.setdefault(name, FieldCount(count.required)).add(count)
        for key, rule in chunk.rules.items():
            self.rules.setdefault(key, RuleCount()).add(rule)
        self._held.append(_thin(chunk.sample, self._thinned))
        self._held_rows += self._held[-1].num_rows
        while self._held_rows > SAMPLE or self._thinned < chunk.thinned:
            self._thinned += 1
            self._held = [_thin(table, self._thinned) for table in self._held]
            self._held_rows = sum(table.num_rows for table in self._held)

    def faults(self, found: Iterable[tuple[int, str]]) -> None:
        """Rows that could not be put under the headings: row number and rule."""
        for row, rule in found:
            self.rules.setdefault((rule, ""), RuleCount()).add(RuleCount(1, 1, row))

    def profiles(self) -> tuple[dict[str, Profile], npt.NDArray[np.int64]]:
        """The profile of every field, and the row numbers of the rows that were looked at."""
        if self.rows < LEAST_PROFILED:
            return {}, np.zeros(0, np.int64)
        held = pa.concat_tables(self._held)
        columns = {name: flat_any(held[name]) for name in held.column_names}
        values = {
            name.removeprefix(_VALUE): column
            for name, column in columns.items()
            if name.startswith(_VALUE)
        }
        made = {
            name: profile_of(column, columns[_CELL + name], _partners(name, values))
            for name, column in values.items()
        }
        return made, columns[_ROW].to_numpy().astype(np.int64)

    def _subject(self, cells: pa.Table) -> dict[str, FieldCount]:
        """How often the code, and the name, of the subject is there."""
        found = {}
        for name, columns in ((CODE, self.plan.code), (NAME, self.plan.name)):
            if columns:
                some = [
                    pc.fill_null(pc.greater(pc.binary_length(cells[one]), 0), False)
                    for one in columns
                ]
                filled = pc.sum(reduce(pc.or_, some)).as_py() or 0
                found[name] = FieldCount(required=False, rows=cells.num_rows, filled=filled)
        return found

    def _lag(self, columns: Mapping[str, Column], sound: npt.NDArray[np.bool_]) -> Lag:
        name = next((one.name for one in self.contract.fields if one.slot == "event_date"), "")
        if name not in columns:
            return Lag()
        values = columns[name].values
        days = pc.fill_null(pc.cast(values, pa.int32()), _NO_DAY).to_numpy(zero_copy_only=False)
        lag = day_number(self.today) - days[sound & (days != _NO_DAY)].astype(np.int64)
        late = int((lag > self.feed.freshness.stale_after_days).sum())
        return Lag(len(lag), int(lag.sum()), late)

    def _sample(
        self, cells: pa.Table, numbers: npt.NDArray[np.int64], columns: Mapping[str, Column]
    ) -> tuple[pa.Table, int]:
        """The sampled rows of a chunk: values as judged, other than text also as written."""
        bits = max(self._thinned, (len(numbers) // SAMPLE).bit_length())
        keep = pa.array(_kept(numbers, bits))
        part = cells.select(self._wanted(cells)).take(keep)
        held: dict[str, pa.Array] = {_ROW: pa.array(numbers).take(keep)}
        for entry in self.plan.fields:
            taken = columns[entry.field.name].values.take(keep)
            text = entry.field.type is FieldType.TEXT
            held[_VALUE + entry.field.name] = taken
            held[_CELL + entry.field.name] = pa.nulls(len(taken)) if text else entry.text(part)
        for name, tried in ((CODE, self.plan.code), (NAME, self.plan.name)):
            if tried:
                held[_VALUE + name] = first_filled(part, tried)
                held[_CELL + name] = pa.nulls(part.num_rows)
        return pa.table(held), bits

    def _wanted(self, cells: pa.Table) -> list[str]:
        """The columns whose cells are held as written: texts are held as judged."""
        names = [*self.plan.code, *self.plan.name]
        for entry in self.plan.fields:
            if entry.field.type is not FieldType.TEXT:
                names += entry.columns
        return [name for name in cells.column_names if name in names]


def _counted(column: Column, *, required: bool) -> FieldCount:
    """A refused value is something in the field; only an empty cell is nothing."""
    values = column.values
    count = FieldCount(required, len(values), len(values) - values.null_count)
    if column.problems:
        count.broken = int((column.broken != FINE).sum())
        unlawful = [place for place, one in enumerate(column.problems) if one.rule != Rule.REQUIRED]
        if unlawful and values.null_count:
            nothing = pc.is_null(values).to_numpy(zero_copy_only=False)
            count.filled += int((np.isin(column.broken, unlawful) & nothing).sum())
    return count


def _count_rules(
    rules: Rules, column: Column, alone: npt.NDArray[np.bool_], numbers: npt.NDArray[np.int64]
) -> None:
    """Rows by rule; the problems of a column differ by value, and several share a rule."""
    for row in np.flatnonzero(column.broken != FINE).tolist():
        one = column.problems[column.broken[row]]
        count = rules.setdefault((str(one.rule), one.field), RuleCount())
        count.add(RuleCount(1, int(alone[row]), int(numbers[row])))


_NO_DAY = -(1 << 31)


def _partners(name: str, values: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
    """The first other dates of a date, the first other numbers of a number."""
    kind = _kind(values[name])
    alike = [other for other in values if other != name and kind and _kind(values[other]) == kind]
    return {other: values[other] for other in alike[:PARTNERS]}


def _kind(values: pa.Array) -> str:
    if pa.types.is_date(values.type):
        return "date"
    return "number" if pa.types.is_integer(values.type) or pa.types.is_decimal(values.type) else ""


def flat_any(column: pa.ChunkedArray) -> pa.Array:
    """One array of a column, whatever its type."""
    if column.type == pa.string():
        return flat(column)
    array = column.combine_chunks()
    return pa.concat_arrays(array.chunks) if isinstance(array, pa.ChunkedArray) else array


def _thin(table: pa.Table, bits: int) -> pa.Table:
    return table.take(pa.array(_kept(table[_ROW].to_numpy(), bits))) if bits else table


def _kept(numbers: npt.NDArray[np.int64], bits: int) -> npt.NDArray[np.intp]:
    """Places of the row numbers whose hash (Fibonacci's) ends in so many zeros."""
    mixed = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return np.flatnonzero((mixed >> np.uint64(40)) & np.uint64((1 << bits) - 1) == 0)
