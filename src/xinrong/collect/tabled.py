"""A table in a file that somebody brings along: its headings and its rows as text, bounded.

Read as safely as the files of departments: nothing is evaluated, every row is accounted for, and
nothing of it is kept.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from xinrong.collect.listed import BOUNDS, layout_of, other_format
from xinrong.collect.readers import FileError, RowFault, open_rows
from xinrong.collect.readers.sniff import kind_of
from xinrong.domain.errors import Place
from xinrong.domain.text import Text


@dataclass(frozen=True)
class Tabled:
    """The headings, the rows with their numbers as a spreadsheet counts, and what is no row."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    faults: tuple[RowFault, ...]


def read_table(name: str, content: bytes, *, most: int) -> Tabled:
    """The first table of a CSV, TSV, XLS or XLSX file of at most 2 MB, blank rows left out.

    Raises FileError when it cannot be read, has no headings, or more than `most` rows.
    """
    with tempfile.TemporaryDirectory(prefix="xinrong-table-") as folder:
        path = Path(folder) / (Path(name).name[-100:].strip(". /\\") or "table")
        path.write_bytes(content)
        if kind_of(content[:4096]) not in ("text", "xlsx", "xls"):
            raise other_format(path.name)
        source = open_rows(path, layout_of(content), bounds=BOUNDS)
        rows: list[tuple[int, tuple[str, ...]]] = []
        faults: list[RowFault] = []
        for chunk in source.chunks(most):
            faults += chunk.faults
            columns = [column.to_pylist() for column in chunk.cells.columns]
            rows += (
                (row_no, tuple((cell or "").strip() for cell in cells))
                for row_no, cells in zip(
                    chunk.row_no.tolist(), zip(*columns, strict=True), strict=True
                )
            )
            if len(rows) + len(faults) > most:
                raise _too_long(path.name, most)
        kept = tuple(one for one in rows if any(one[1]))
        return Tabled(tuple(source.columns), kept, tuple(faults))


def _too_long(file: str, most: int) -> FileError:
    return FileError(
        "table_too_long",
        Text(zh=f"表格超过 {most:,} 行。", en=f"The table has more than {most:,} rows."),
        Text(zh="请减少行数。", en="Send fewer rows."),
        place=Place(file=file),
    )
