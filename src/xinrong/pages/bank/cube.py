"""The credit cube as a table of two dimensions, and as data for its chart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, log1p
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xinrong.files.types import CreditCube, CubeCell, Sign
from xinrong.pages import words

UNDATED = "undated"  # the year of records without a date, in addresses
FEW = 8  # below this many, even the largest figure is not the darkest
HEATS = 5  # steps above none
ANY = ""  # every row, every column: no part of a cell is named so

Figure = int | Decimal
Key = str | int | None


@dataclass(frozen=True)
class Cell:
    """One figure, where it leads, and how dark it is (0 to HEATS). No figure: None.

    `objected` counts the records under objection among those behind it.
    """

    figure: Figure | None
    address: str
    heat: int
    objected: int = 0


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    title: str
    cells: tuple[Cell, ...]
    total: Cell


@dataclass(frozen=True)
class Table:
    """The cube by two dimensions. `sign` narrows it; empty shows all signs."""

    rows_by: str
    columns_by: str
    measure: str
    sign: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    totals: tuple[Cell, ...]
    total: Cell

    @property
    def dimensions(self) -> words.Words:
        return words.DIMENSIONS

    @property
    def measures(self) -> words.Words:
        return words.MEASURES

    @property
    def signs(self) -> words.Words:
        return words.SIGNS

    @property
    def objected(self) -> bool:
        """Whether any record behind it is under objection."""
        return self.total.objected > 0

    @property
    def money(self) -> bool:
        """Whether the figures are sums of money."""
        return self.measure == "amount"

    def chart(self) -> dict[str, Any]:
        """The same figures for the heat map: column, row, figure, heat, address, objected."""
        return {
            "columns": list(self.columns),
            "rows": [row.title for row in self.rows],
            "cells": [
                [x, y, float(cell.figure), cell.heat, cell.address, cell.objected]
                for y, row in enumerate(self.rows)
                for x, cell in enumerate(row.cells)
                if cell.figure is not None
            ],
            "label": str(words.MEASURES[self.measure]),
            "objected": _("of them under objection"),
        }


def tabulate(cube: CreditCube, query: Mapping[str, Any], *, enterprise: str) -> Table:
    """The cube by the dimensions that the address asks for; category × year otherwise."""
    rows_by = chosen(query, "rows", words.DIMENSIONS, "category")
    columns_by = chosen(query, "columns", words.DIMENSIONS, "year")
    if columns_by == rows_by:
        columns_by = "year" if rows_by != "year" else "category"
    measure = chosen(query, "measure", words.MEASURES, "records")
    sign = chosen(query, "sign", dict.fromkeys(Sign), "")
    figures: dict[tuple[Key, Key], Figure] = {}
    objected: Counter[tuple[Key, Key]] = Counter()
    for cell in cube.cells:
        figure = cell.records if measure == "records" else cell.amount
        if figure is not None and sign in ("", cell.sign):
            key = (part(cell, rows_by), part(cell, columns_by))
            figures[key] = figures.get(key, 0) + figure
            objected[key] += cell.objected or 0
    return Filled(cube, rows_by, columns_by, measure, sign, enterprise, figures, objected).table()


def chosen(query: Mapping[str, Any], name: str, among: Mapping[Any, Any], default: str) -> str:
    """A choice from the address, when it is one of those on offer."""
    asked = str(query.get(name, ""))
    return asked if asked in among else default


def part(cell: CubeCell, dimension: str) -> Key:
    """What a cell is in one dimension."""
    found: Key = getattr(cell, dimension)
    return found


def heat_of(figure: Figure, most: Figure) -> int:
    """How dark a cell is, 1 to HEATS; 0 where there is no scale.

    Logarithmic, so that one large figure does not make all others alike; where all are few, none
    is dark.
    """
    if most <= 0:
        return 0
    share = log1p(max(0.0, float(figure))) / log1p(max(float(most), FEW))
    return max(1, ceil(HEATS * share - 1e-9))


@dataclass(frozen=True)
class Filled:
    """Figures by row and column, before they have titles, totals, heat and addresses."""

    cube: CreditCube
    rows_by: str
    columns_by: str
    measure: str
    sign: str
    enterprise: str
    figures: Mapping[tuple[Key, Key], Figure]
    objected: Mapping[tuple[Key, Key], int]

    def table(self) -> Table:
        rows = self.ordered(self.rows_by, {row for row, _column in self.figures})
        columns = self.ordered(self.columns_by, {column for _row, column in self.figures})
        by_row, by_column = self.sums(0), self.sums(1)
        most = max(self.figures.values(), default=0)
        return Table(
            rows_by=self.rows_by,
            columns_by=self.columns_by,
            measure=self.measure,
            sign=self.sign,
            columns=tuple(self.title(self.columns_by, column) for column in columns),
            rows=tuple(
                Row(
                    self.title(self.rows_by, row),
                    tuple(
                        self.cell(
                            self.figures.get((row, column)),
                            {self.rows_by: row, self.columns_by: column},
                            most,
                        )
                        for column in columns
                    ),
                    self.cell(by_row[row], {self.rows_by: row}, 0),
                )
                for row in rows
            ),
            totals=tuple(self.cell(by_column[key], {self.columns_by: key}, 0) for key in columns),
            total=self.cell(sum(self.figures.values()), {}, 0),
        )

    def sums(self, axis: int) -> dict[Key, Figure]:
        """Totals along one axis."""
        found: dict[Key, Figure] = defaultdict(int)
        for key, figure in self.figures.items():
            found[key[axis]] += figure
        return found

    def ordered(self, dimension: str, keys: set[Key]) -> list[Key]:
        """Years from old to new with undated ones last; the rest in catalogue order."""
        if dimension == "year":
            return sorted(keys, key=lambda year: (year is None, year or 0))
        order: list[Any] = {
            "category": list(self.cube.categories),
            "department": list(self.cube.departments),
            "sign": [str(sign) for sign in Sign],
        }[dimension]
        return sorted(keys, key=lambda key: order.index(key) if key in order else len(order))

    def title(self, dimension: str, key: Key) -> str:
        """The words of a row or column."""
        if dimension == "year":
            return _("no date, or hidden") if key is None else str(key)
        if dimension == "sign":
            return str(words.of(words.SIGNS, str(key)))
        titles = self.cube.categories if dimension == "category" else self.cube.departments
        text = titles.get(str(key))
        return text.in_language(get_language() or "zh-hans") if text else str(key)

    def cell(self, figure: Figure | None, where: Mapping[str, Key], most: Figure) -> Cell:
        """A figure with its heat and the address of its records."""
        if figure is None:
            return Cell(None, "", 0)
        asked = where.get(self.rows_by, ANY), where.get(self.columns_by, ANY)
        objected = sum(
            number
            for key, number in self.objected.items()
            if all(want in (ANY, held) for want, held in zip(asked, key, strict=True))
        )
        return Cell(figure, self.address(where), heat_of(figure, most), objected)

    def address(self, where: Mapping[str, Key]) -> str:
        """The records behind a figure."""
        asked = {name: UNDATED if key is None else str(key) for name, key in where.items()}
        if self.sign:
            asked["sign"] = self.sign
        page = reverse("comprehensive", args=[self.enterprise])
        return f"{page}?{urlencode(asked)}" if asked else page
