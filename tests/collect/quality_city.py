"""Monthly batches of the invented city, measured as the intake measures them; and damage to them.

The city writes a feed's whole history as one file: it is cut by the month of its event date. Its
usual mistakes, 3 in 100 rows, are in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xinrong.catalogue.contract import Contract, FieldType
from xinrong.catalogue.feed import Feed
from xinrong.catalogue.region import load_region
from xinrong.collect.judging.columns import FieldPlan, Plan, plan_columns
from xinrong.collect.judging.judge import Judge
from xinrong.collect.judging.reading import FieldReader
from xinrong.collect.quality.departure import Departure, departure
from xinrong.collect.quality.history import REMEMBERED, counted_shapes
from xinrong.collect.quality.profile import Shape
from xinrong.collect.readers import open_rows
from xinrong.synth import write_city

Shapes = dict[str, dict[str, Shape]]
NAME = "subject.name"
LEAST_ROWS = 1_000


@dataclass
class Months:
    """One feed, a batch of cells a month, oldest first, with the day it was received."""

    feed: Feed
    contract: Contract
    plan: Plan
    batches: list[tuple[date, pa.Table]]
    known: dict[int, Shapes] = field(default_factory=dict)

    def clean(self, number: int) -> Shapes:
        """The shapes of a batch as it came."""
        if number not in self.known:
            self.known[number] = self.shapes(number, self.batches[number][1])
        return self.known[number]

    def shapes(self, number: int, table: pa.Table) -> Shapes:
        """The shapes of some cells, received on the day of a batch."""
        day = self.batches[number][0]
        judge = Judge(self.feed, self.contract, self.plan, day)
        for start in range(0, table.num_rows, 50_000):
            part = table.slice(start, 50_000)
            numbers = np.arange(start + 2, start + 2 + part.num_rows, dtype=np.int32)
            judge.meter.add(judge.look(part, pa.array(numbers)).measured)
        counts = judge.meter.fields
        return {
            name: {
                **counted_shapes(counts[name].rows, counts[name].filled, counts[name].broken),
                **profile.shapes,
            }
            for name, profile in judge.meter.profiles()[0].items()
        }


@cache
def city(folder: Path, seed: int, enterprises: int, years: int) -> Path:
    """An invented city as CSV."""
    out = folder / f"city-{seed}-{enterprises}"
    write_city(out, seed, enterprises, years=years, file_format="csv")
    return out


def months_of(folder: Path, name: str) -> Months:
    """The monthly batches of a feed that have enough rows to be judged."""
    pack = load_region("taizhou")
    feed = pack.feeds[name]
    contract = pack.contract_of(feed)
    source = open_rows(next((folder / name).iterdir()), feed.layout)
    table = pa.concat_tables(chunk.cells for chunk in source.chunks(50_000)).combine_chunks()
    plan = plan_columns(feed, contract, source.columns)
    entry = next(one for one in plan.fields if one.field.slot == "event_date")
    read = FieldReader(entry.field, entry.source, date(2026, 11, 1)).read(entry.text(table))
    days = pc.fill_null(pc.cast(read.values, pa.int32()), -1).to_numpy(zero_copy_only=False)
    month = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    dated = np.maximum.accumulate(np.where(days >= 0, np.arange(len(days)), 0))
    month = month[dated]  # a row without a readable date lies beside its neighbour
    batches = []
    for number in np.unique(month):
        rows = np.flatnonzero(month == number)
        if len(rows) >= LEAST_ROWS:
            day = _fifth(int(number) + 1)
            batches.append((day, table.take(pa.array(rows))))
    return Months(feed, contract, plan, batches)


def _fifth(month: int) -> date:
    """The fifth day of a month counted from January 1970."""
    return date(1970 + month // 12, month % 12 + 1, 5)


def suspicious(now: Shapes, past: list[Shapes]) -> dict[str, Departure]:
    """The fields of a batch that depart from the batches before it."""
    found = {}
    for name, shapes in now.items():
        before = [one[name] for one in past[-REMEMBERED:] if name in one]
        if departed := departure(shapes, before):
            found[name] = departed
    return found


def _point(cell: str) -> str:
    whole, _, rest = cell.partition(".")
    rest = rest or "00"
    return f"{whole}{rest[0]}.{rest[1:] or '0'}"


def _ten_thousand(cell: str) -> str:
    try:
        return str(Decimal(cell) * 10_000)
    except InvalidOperation:
        return cell


#: kind of damage -> what becomes of one cell
DAMAGE: dict[str, Callable[[str], str]] = {
    "point_shifted": _point,
    "digits_rotated": lambda cell: cell[1:] + cell[:1],
    "text_truncated": lambda cell: cell[: max(1, len(cell) // 2)],
    "wrong_unit": _ten_thousand,
    "encoding": lambda cell: cell.encode().decode("gb18030", "replace"),
}


@dataclass(frozen=True)
class Trial:
    """One kind of damage to one field of one batch."""

    kind: str
    field: str
    other: str  # the field it is swapped with
    cells: pa.Table


def trials(months: Months, number: int, draws: np.random.Generator, rate: float) -> Iterator[Trial]:
    """Each kind of damage to each field that it can befall, in `rate` of the rows.

    A constant is put only into sums of money: a common value that is a little more common is
    nobody's to see. What changes nothing (digits read in another encoding) is no damage.
    """
    clean = months.batches[number][1]
    for trial in _all_trials(months, number, draws, rate):
        if not trial.cells.equals(clean):
            yield trial


def _all_trials(
    months: Months, number: int, draws: np.random.Generator, rate: float
) -> Iterator[Trial]:
    cells = months.batches[number][1]
    entries = [one for one in months.plan.fields if one.columns]
    for entry in entries:
        column, kind = entry.columns[0], entry.field.type
        if cells[column].null_count > 0.5 * cells.num_rows:
            continue
        kinds: tuple[str, ...] = ()
        if kind in (FieldType.MONEY, FieldType.NUMBER):
            kinds = ("point_shifted", "wrong_unit")
        elif kind is FieldType.TEXT and not entry.field.values:
            kinds = ("digits_rotated", "text_truncated", "encoding")
        for name in kinds:
            yield Trial(
                name, entry.field.name, "", _damaged(cells, column, DAMAGE[name], draws, rate)
            )
        if kind is FieldType.MONEY:
            stuck = next(cell for cell in cells[column].to_pylist() if cell)
            broken = _damaged(cells, column, lambda _, stuck=stuck: stuck, draws, rate)
            yield Trial("constant", entry.field.name, "", broken)
        yield from _swaps(cells, entry, entries, draws, rate)
    for name in ("digits_rotated", "text_truncated", "encoding"):
        column = months.plan.name[0]
        yield Trial(name, NAME, "", _damaged(cells, column, DAMAGE[name], draws, rate))


def _swaps(
    cells: pa.Table,
    entry: FieldPlan,
    entries: list[FieldPlan],
    draws: np.random.Generator,
    rate: float,
) -> Iterator[Trial]:
    """The column changes places with the next one of its type."""
    column = entry.columns[0]
    alike = [
        one
        for one in entries
        if one.field.type is entry.field.type and entry.field.name < one.field.name
    ]
    for other in alike[:1]:
        rows = _chosen(cells, draws, rate)
        mine, theirs = cells[column].to_pylist(), cells[other.columns[0]].to_pylist()
        for row in rows:
            mine[row], theirs[row] = theirs[row], mine[row]
        swapped = _with(_with(cells, column, mine), other.columns[0], theirs)
        if not swapped.equals(cells):
            yield Trial("columns_swapped", entry.field.name, other.field.name, swapped)


def _chosen(cells: pa.Table, draws: np.random.Generator, rate: float) -> list[int]:
    rows = draws.choice(cells.num_rows, round(cells.num_rows * rate), replace=False)
    return sorted(rows.tolist())


def _damaged(
    cells: pa.Table,
    column: str,
    spoil: Callable[[str], str],
    draws: np.random.Generator,
    rate: float,
) -> pa.Table:
    values = cells[column].to_pylist()
    for row in _chosen(cells, draws, rate):
        if values[row]:
            values[row] = spoil(values[row])
    return _with(cells, column, values)


def _with(cells: pa.Table, column: str, values: list[str | None]) -> pa.Table:
    place = cells.schema.get_field_index(column)
    return cells.set_column(place, column, pa.array(values, pa.string()))
