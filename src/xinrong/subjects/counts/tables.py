"""Tables of the register's figures: a measure by one or two dimensions, behind the floor.

Tables fit each other: a total of one is the figure of another, hidden in both or in neither. The
totals of a table by two dimensions are the figures of the tables by one; those of a year are the
line of that year in the table by year. `hiding` has the rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from xinrong.catalogue.region import Region
from xinrong.subjects.counts.facts import MEASURES, Cell, Facts, facts_of, inputs_of
from xinrong.subjects.counts.hiding import FLOOR, Grid, Mask, hide_line, hide_table, shown
from xinrong.subjects.errors import CountUnknown

#: In the order in which pages offer them. `time`: the years, or the months of one year.
DIMENSIONS = ("time", "district", "section", "form", "size")
#: A district outside the area that the deployment serves.
ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class RegisterAsk:
    """Which table: a measure by `rows` and, perhaps, `columns`; of one year or of all.

    `as_of`: events until the end of the last month that was over on that day. Figures are made by
    whole months, so that no two of them differ by a few days.
    """

    as_of: date
    measure: str = MEASURES[0]
    rows: str = "time"
    columns: str = ""
    year: int | None = None

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Rows and, where there are some, columns."""
        return (self.rows, self.columns) if self.columns else (self.rows,)

    @property
    def through(self) -> date:
        """The last day whose events are counted."""
        after = self.as_of + timedelta(days=1)
        return after.replace(day=1) - timedelta(days=1)


@dataclass(frozen=True)
class RegisterTable:
    """Figures in tens; None: hidden, which is fewer than ten or would tell of fewer than ten.

    `rows` and `columns` are the values of the dimensions: 2026 or 2026-03, a district's six
    digits or "elsewhere", a section's letter, a kind, a size; "" where the register does not say.
    """

    ask: RegisterAsk
    seq: int
    years: tuple[int, ...]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    figures: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]
    total: int | None

    @property
    def hidden(self) -> int:
        """How many figures are not shown, totals apart."""
        inside = self.figures if self.columns else (self.row_totals,)
        return sum(one is None for line in inside for one in line)


def register_table(region: Region, ask: RegisterAsk) -> RegisterTable:
    """The table. Raises CountUnknown for a measure or dimension that there is not."""
    offered = inputs_of(region)
    if ask.measure not in MEASURES:
        raise CountUnknown(
            f"there is no figure {ask.measure!r}", remedy=f"Ask for: {', '.join(MEASURES)}."
        )
    wrong = [one for one in ask.dimensions if one not in offered]
    if wrong or ask.rows == ask.columns:
        named = [one for one in DIMENSIONS if one in offered]
        raise CountUnknown(
            f"figures of this register are not by {', '.join(wrong) or 'the same thing twice'}",
            remedy=f"Choose one or two of: {', '.join(named)}." if named else "",
        )
    facts = facts_of(region, sizes="size" in ask.dimensions)
    made = _Register(facts, _home(region), ask)
    if ask.year is not None and ask.year not in made.years():
        raise CountUnknown(
            f"there are no figures of the year {ask.year}", remedy="Choose one of those listed."
        )
    return made.table()


def _home(region: Region) -> str:
    """The digits with which the codes of districts here begin: `3310` of CN-3310."""
    areas = ("".join(filter(str.isdigit, one)) for one in region.info.jurisdictions)
    return max(areas, key=len, default="")


@dataclass(frozen=True)
class _Register:
    """The facts, and what is asked of them."""

    facts: Facts
    home: str
    ask: RegisterAsk

    def table(self) -> RegisterTable:
        one, other = self.ask.rows, self.ask.columns
        rows, row_figures, rows_hidden = self.line(one)
        total = sum(row_figures)
        columns, column_figures, columns_hidden = self.line(other) if other else ((), (), ())
        inside: tuple[tuple[int | None, ...], ...] = ()
        if other:
            grid = self.grid(one, rows, other, columns)
            hidden = self.mask(one, other)
            inside = tuple(
                tuple(shown(figure, hidden=flag) for figure, flag in zip(line, flags, strict=True))
                for line, flags in zip(grid, hidden, strict=True)
            )
        return RegisterTable(
            ask=self.ask,
            seq=self.facts.seq,
            years=self.years(),
            rows=rows,
            columns=columns,
            figures=inside,
            row_totals=_shown(row_figures, rows_hidden),
            column_totals=_shown(column_figures, columns_hidden),
            total=shown(total, hidden=self.total_hidden()),
        )

    # -- which totals are hidden: those of all years first, those of a year by them --------------

    def of_all_years(self) -> _Register:
        ask = self.ask
        return _Register(
            self.facts, self.home, RegisterAsk(ask.as_of, ask.measure, ask.rows, ask.columns)
        )

    def total_hidden(self) -> bool:
        """Whether the total of everything is; of a year, whether that year is in the line."""
        if self.ask.year is None:
            return sum(self.counted(("time",)).values()) < FLOOR
        years, _figures, hidden = self.of_all_years().line("time")
        return dict(zip(years, hidden, strict=True)).get(str(self.ask.year), True)

    def line(self, dimension: str) -> tuple[tuple[str, ...], tuple[int, ...], Sequence[bool]]:
        """Values of a dimension, their figures, and which of these are hidden."""
        values = self.values(dimension)
        counted = self.counted((dimension,))
        figures = tuple(counted[(value,)] for value in values)
        if self.ask.year is None or dimension == "time":
            hidden = hide_line(figures, total_hidden=self.total_hidden())
            return values, figures, hidden
        every = self.of_all_years()
        years = every.values("time")
        if str(self.ask.year) not in years:
            return values, figures, [True] * len(values)
        place = years.index(str(self.ask.year))
        by_value = dict(
            zip(every.values(dimension), every.mask("time", dimension)[place], strict=True)
        )
        return values, figures, [by_value[value] for value in values]

    def mask(self, one: str, other: str) -> Mask:
        """Which figures of the table by two dimensions are hidden; rows and columns alike."""
        if DIMENSIONS.index(one) > DIMENSIONS.index(other):
            turned = self.mask(other, one)
            return [list(line) for line in zip(*turned, strict=True)]
        rows, _, rows_hidden = self.line(one)
        columns, _, columns_hidden = self.line(other)
        if min(len(rows), len(columns)) < 2:  # its figures are those of its totals
            return [[a or b for b in columns_hidden] for a in rows_hidden]
        grid = self.grid(one, rows, other, columns)
        return hide_table(grid, rows_hidden, columns_hidden)

    # -- figures ---------------------------------------------------------------------------------

    def grid(self, one: str, rows: Sequence[str], other: str, columns: Sequence[str]) -> Grid:
        counted = self.counted((one, other))
        return [[counted[(row, column)] for column in columns] for row in rows]

    def counted(self, dimensions: tuple[str, ...]) -> Counter[tuple[str, ...]]:
        """How many there are of each combination of values."""
        ask = self.ask
        return _counted(_Key(self.facts), self.home, ask.measure, ask.through, ask.year, dimensions)

    def values(self, dimension: str) -> tuple[str, ...]:
        """The values of a dimension; of time every month, or the years from the first event on.

        Years before the first event of the measure, and after its last, are none of them: a
        nought there would be hidden, and take a figure with it for nothing.

        A year has the values of all years: that one of them is nought there is hidden, too.
        """
        if dimension != "time":
            every = self.of_all_years() if self.ask.year is not None else self
            return tuple(sorted((value for (value,) in every.counted((dimension,))), key=_last))
        if self.ask.year is None:
            told = [int(year) for (year,) in self.counted(("time",))]
            return tuple(map(str, range(min(told), max(told) + 1))) if told else ()
        until = 12 if self.ask.through.year > self.ask.year else self.ask.through.month
        return tuple(f"{self.ask.year}-{month:02}" for month in range(1, until + 1))

    def years(self) -> tuple[int, ...]:
        """The years to choose from: from the first event of any measure to the last counted."""
        first, last = self.facts.first, self.facts.last
        if first is None or last is None or first > self.ask.through:
            return ()
        return tuple(range(first.year, min(last, self.ask.through).year + 1))


def _shown(figures: Sequence[int], hidden: Sequence[bool]) -> tuple[int | None, ...]:
    return tuple(shown(one, hidden=flag) for one, flag in zip(figures, hidden, strict=True))


def _last(value: str) -> tuple[bool, bool, str]:
    """What the register does not tell stands last, before it what is elsewhere."""
    return value == "", value == ELSEWHERE, value


class _Key:
    """Facts as the key of a cache, by identity."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.facts is self.facts

    def __hash__(self) -> int:
        return id(self.facts)


@lru_cache(maxsize=256)
def _counted(
    key: _Key,
    home: str,
    measure: str,
    through: date,
    year: int | None,
    dimensions: tuple[str, ...],
) -> Counter[tuple[str, ...]]:
    """The cells added up; kept, since every table asks for its totals several times."""
    places = [Cell._fields.index(_FIELDS[name]) for name in dimensions]
    plain: Counter[tuple[Any, ...]] = Counter()
    for cell, many in key.facts.cells.items():
        month = cell[1]
        if cell[0] == measure and month <= through and (year is None or month.year == year):
            plain[tuple([cell[place] for place in places])] += many
    found: Counter[tuple[str, ...]] = Counter()
    for values, many in plain.items():
        named = zip(dimensions, values, strict=True)
        found[tuple([_named(name, value, year, home) for name, value in named])] += many
    return found


#: Dimension -> the field of a cell that it is read from.
_FIELDS = {"time": "month", **{name: name for name in DIMENSIONS[1:]}}


def _named(dimension: str, value: Any, year: int | None, home: str) -> str:
    """The value of a dimension as tables have it."""
    if dimension == "time":
        return str(value.year) if year is None else f"{value.year}-{value.month:02}"
    if dimension == "district" and not value.startswith(home):
        return ELSEWHERE
    return str(value)
