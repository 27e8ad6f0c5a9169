"""Files for the readers' tests, and all that one reading gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter

from xinrong.catalogue.feed import Layout
from xinrong.collect.readers import Bounds, RowFault, RowSource, open_rows

HEADER = "企业名称,代码,说明"
COLUMNS = ("企业名称", "代码", "说明")


@dataclass
class Reading:
    """The whole of a file, read."""

    source: RowSource
    row_nos: list[int] = field(default_factory=list)
    rows: list[list[str | None]] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)

    @property
    def problems(self) -> list[tuple[int, str]]:
        return [(fault.row_no, fault.problem) for fault in self.faults]

    @property
    def notes(self) -> list[str]:
        return [note.code for note in self.source.notes]


def drain(source: RowSource, rows: int = 100_000) -> Reading:
    """Read to the end; every row has to be in cells or in faults, once."""
    reading = Reading(source)
    for chunk in source.chunks(rows):
        assert chunk.columns == source.columns == tuple(chunk.cells.column_names)
        assert len(chunk.row_no) == chunk.cells.num_rows
        reading.row_nos += [int(number) for number in chunk.row_no]
        reading.rows += [
            list(row) for row in zip(*(c.to_pylist() for c in chunk.cells), strict=True)
        ]
        reading.faults += chunk.faults
    assert source.rows_in == len(reading.rows) + len(reading.faults)
    numbers = reading.row_nos + [fault.row_no for fault in reading.faults]
    assert len(set(numbers)) == len(numbers)
    return reading


def read(path: Path, bounds: Bounds | None = None, **layout: Any) -> Reading:
    return drain(open_rows(path, Layout(**layout), bounds=bounds))


def text_file(folder: Path, content: str | bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def sheet_file(folder: Path, rows: list[list[Any]], name: str = "file.xlsx") -> Path:
    """An XLSX file with one sheet; dates are written as dates."""
    path = folder / name
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("数据")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path
