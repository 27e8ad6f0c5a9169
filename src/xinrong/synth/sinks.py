"""Where rows go: one file or more for each feed, written as they come.

A sink counts rows as a spreadsheet does (the header is row 1) and tells where each table began.
The same rows give the same bytes: no clock, no name of a machine goes into a file.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

ROW_GROUP = 1 << 16
FILE_ROWS = 2_000_000


class Sink(Protocol):
    """One feed's files."""

    rows: int

    def add(self, table: pa.Table) -> tuple[str, int]:
        """Write a table; the name of its file and the row number of its first row."""

    def close(self) -> None:
        """Finish the file."""


class ParquetSink:
    """`<feed>/part-0000.parquet`, a new part after two million rows."""

    def __init__(
        self,
        folder: Path,
        schema: pa.Schema,
        plain: tuple[str, ...] = (),
        file_rows: int = FILE_ROWS,
    ) -> None:
        self._folder, self._schema, self._plain, self._most = folder, schema, plain, file_rows
        self._part, self._in_part, self.rows = 0, 0, 0
        self._waiting: list[pa.Table] = []
        self._writer: pq.ParquetWriter | None = None
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, table: pa.Table) -> tuple[str, int]:
        if self._in_part >= self._most:
            self.close()
            self._part, self._in_part = self._part + 1, 0
        first = self._in_part + 2
        self._waiting.append(table)
        self.rows += table.num_rows
        self._in_part += table.num_rows
        if sum(one.num_rows for one in self._waiting) >= ROW_GROUP:
            self._flush()
        return f"{self._folder.name}/{self._name}", first

    @property
    def _name(self) -> str:
        return f"part-{self._part:04d}.parquet"

    def _flush(self) -> None:
        if self._writer is None:
            worded = [name for name in self._schema.names if name not in self._plain]
            self._writer = pq.ParquetWriter(
                self._folder / self._name,
                self._schema,
                compression="zstd",
                compression_level=1,
                use_dictionary=worded,
                write_statistics=False,
                store_schema=False,
            )
        table = pa.concat_tables(self._waiting) if self._waiting else self._schema.empty_table()
        self._waiting = []
        self._writer.write_table(table, row_group_size=ROW_GROUP)

    def close(self) -> None:
        if self._waiting or self._writer is None:
            self._flush()
        if self._writer is not None:
            self._writer.close()
            self._writer = None


class CsvSink:
    """One CSV of a feed in the department's encoding."""

    def __init__(self, path: Path, columns: list[str], encoding: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._encoding, self.rows = path, encoding, 0
        self._file = path.open("wb")
        self._file.write((",".join(columns) + "\r\n").encode(encoding))

    def add(self, table: pa.Table) -> tuple[str, int]:
        first = self.rows + 2
        buffer = io.BytesIO()
        options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="needed", eol="\r\n")
        pyarrow.csv.write_csv(table, buffer, options)
        data = buffer.getvalue()
        plain = self._encoding == "utf-8"
        self._file.write(data if plain else data.decode("utf-8").encode(self._encoding))
        self.rows += table.num_rows
        return f"{self._path.parent.name}/{self._path.name}", first

    def close(self) -> None:
        self._file.close()


class XlsxSink:
    """One workbook of a feed, all cells text, written row by row."""

    def __init__(self, path: Path, columns: list[str]) -> None:
        import xlsxwriter

        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self.rows = path, 0
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        self._book.set_properties({"created": datetime(2020, 1, 1, tzinfo=UTC)})
        self._sheet = self._book.add_worksheet("数据")
        self._write(0, columns)

    def _write(self, row: int, cells: Sequence[str | None]) -> None:
        for place, cell in enumerate(cells):
            if cell is not None:
                self._sheet.write_string(row, place, cell)

    def add(self, table: pa.Table) -> tuple[str, int]:
        first = self.rows + 2
        columns = [column.to_pylist() for column in table.columns]
        for cells in zip(*columns, strict=True):
            self.rows += 1
            self._write(self.rows, cells)
        return f"{self._path.parent.name}/{self._path.name}", first

    def close(self) -> None:
        self._book.close()
