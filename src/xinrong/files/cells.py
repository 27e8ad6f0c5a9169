"""The cells of the credit cube: records and money by category, year, department and sign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc


class Cell(NamedTuple):
    """One cell; `year` None: undated, `fen` None: no record of it has a sum."""

    category: str
    year: int | None
    department: str
    polarity: int
    records: int
    fen: int | None


def cells_of(table: pa.Table, departments: Mapping[int, str]) -> list[Cell]:
    """The cells of some rows; `departments` says who sent each batch.

    By category, the latest year first and undated last, by department and sign. What `sql/cube.sql`
    says of a whole store: the rows of a file are too few for a query engine, which would spend
    all its time on the plan.
    """
    years = pc.year(table["event_date"]).to_pylist()
    columns = (table[name].to_pylist() for name in ("category", "batch", "polarity", "amount"))
    counts: dict[tuple[str, int | None, str, int], int] = {}
    sums: dict[tuple[str, int | None, str, int], int] = {}
    for year, category, batch, polarity, fen in zip(years, *columns, strict=True):
        key = category, year, departments[batch], polarity
        counts[key] = counts.get(key, 0) + 1
        if fen is not None:
            sums[key] = sums.get(key, 0) + fen
    found = [Cell(*key, records, sums.get(key)) for key, records in counts.items()]
    return sorted(found, key=_place)


def _place(cell: Cell) -> tuple[str, bool, int, str, int]:
    year = cell.year
    return cell.category, year is None, -(year or 0), cell.department, cell.polarity
