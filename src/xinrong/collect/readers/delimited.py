"""Comma- and tab-separated text.

Blocks without broken or multi-line quotes, NUL bytes, stray carriage returns or wrong bytes go
through pyarrow at once; any other block, and any block in which a row does not fit the headings,
is taken apart record by record. Both ways give the same rows, numbers and faults.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from xinrong.catalogue.feed import Layout
from xinrong.collect.readers.blank import SPACES, filled
from xinrong.collect.readers.faults import fault
from xinrong.collect.readers.headings import check_headings, join_header_rows
from xinrong.collect.readers.lines import Block, Lines, is_utf8
from xinrong.collect.readers.records import Record, Records
from xinrong.collect.readers.sniff import check_encoding
from xinrong.collect.readers.types import Bounds, ChunkBuilder, FileError, Note, RawChunk, RowSource
from xinrong.domain.errors import Place
from xinrong.domain.text import Text

#: Quotes are rare when there is at most one in so many bytes of the first of a block.
_RARE = 1_000
_LOOKED_AT = 1 << 16


def open_delimited(
    path: Path, layout: Layout, notes: list[Note], bounds: Bounds, *, quick: bool
) -> DelimitedSource:
    """Open text as the layout says. Raises FileError as its parts do."""
    encoding = layout.encoding or "utf-8"
    skip, more = check_encoding(path, encoding)
    lines = Lines(path, encoding, skip, bounds)
    delimiter = "\t" if layout.format == "tsv" else layout.delimiter
    records = Records(lines, delimiter, bounds)
    last = max(layout.header_rows, default=0)
    if last:
        headings, row = _read_header(records, layout, path.name)
        columns, on_headings = check_headings(headings, path.name, row)
    else:
        columns, on_headings = layout.columns, []
    notes = [*notes, *more, *on_headings]
    return DelimitedSource(path.name, columns, notes, lines, records, encoding, bounds, quick=quick)


def _read_header(records: Records, layout: Layout, file: str) -> tuple[list[str], int]:
    """The headings and the number of the row on which the last of them stands."""
    last = max(layout.header_rows)
    rows: dict[int, list[str]] = {}
    record = None
    for number in range(1, last + 1):
        record = records.pop()
        if record is None:
            break
        if record.problem and number in layout.header_rows:
            raise FileError(
                "broken_header",
                Text(
                    zh=f"表头（第{record.row_no}行）无法读取：双引号不成对，或含有乱码。",
                    en=f"The headings (row {record.row_no}) cannot be read: their quotes do not "
                    "pair, or they hold wrong bytes.",
                ),
                Text(zh="请重新导出文件。", en="Export the file again."),
                place=Place(file=file, row=record.row_no),
            )
        rows[number] = record.cells
    wanted = [rows[number] for number in sorted(layout.header_rows) if number in rows]
    return join_header_rows(wanted, spread=len(wanted) > 1), record.row_no if record else last


class DelimitedSource(RowSource):
    """An opened text file, behind its header."""

    def __init__(
        self,
        file: str,
        columns: tuple[str, ...],
        notes: list[Note],
        lines: Lines,
        records: Records,
        encoding: str,
        bounds: Bounds,
        *,
        quick: bool,
    ) -> None:
        super().__init__(file, columns, notes)
        self._lines = lines
        self._records = records
        self._encoding = encoding
        self._bounds = bounds
        self._quick = quick and len(records.delimiter.encode()) == 1
        self._well_quoted = _well_quoted(records.delimiter)

    def _chunks(self, rows: int) -> Iterator[RawChunk]:
        builder = ChunkBuilder(self.columns)
        fresh = True  # what the header left of its block may go the quick way, too
        while True:
            block = self._lines.next_block(fresh=fresh) if self._quick else None
            fresh = False
            if block is not None:
                self._take_block(block, builder)
            elif (record := self._records.pop()) is not None:
                self._take(record, builder)
            else:
                break
            if builder.full(rows, self._bounds.chunk):
                yield builder.take()
        if len(builder):
            yield builder.take()

    def _take(self, record: Record, builder: ChunkBuilder) -> None:
        """One record into cells or faults, or nothing when it is blank."""
        cells, width = record.cells, len(self.columns)
        if not record.problem and len(cells) == width and cells[0].strip(SPACES):
            builder.add_row(record.row_no, cells)
        elif record.problem:
            builder.add_fault(fault(record.row_no, record.problem, cells, self._bounds.original))
        elif not any(cell.strip(SPACES) for cell in cells):
            self.blank += 1
        elif len(cells) < width:
            builder.add_fault(fault(record.row_no, "too_few_cells", cells, self._bounds.original))
        elif any(cell.strip(SPACES) for cell in cells[width:]):
            builder.add_fault(fault(record.row_no, "too_many_cells", cells, self._bounds.original))
        else:
            builder.add_row(record.row_no, cells[:width])

    def _take_block(self, block: Block, builder: ChunkBuilder) -> None:
        table = self._quick_table(block)
        if table is None:
            self._lines.give_lines(block)
            return
        numbers = np.arange(block.first, block.first + table.num_rows, dtype=np.int32)
        kept = filled(table)
        if kept is not None:
            self.blank += table.num_rows - int(pc.sum(kept).as_py() or 0)
            table, numbers = table.filter(kept), numbers[kept.to_numpy(zero_copy_only=False)]
        builder.add_table(numbers, table)

    def _quick_table(self, block: Block) -> pa.Table | None:
        """The block as a table when that is sure to give the same as record by record."""
        data = block.data
        if block.cut or b"\x00" in data:
            return None
        quoted = b'"' in data
        if quoted and not _is_well_quoted(data, self._well_quoted):
            return None
        if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
            return None
        text = self._as_utf8(data)
        return None if text is None else self._parse(text, quoted=quoted)

    def _as_utf8(self, data: bytes) -> bytes | None:
        if data.isascii() or self._encoding == "utf-8":
            return data  # of UTF-8 the reader below says whether it is
        try:
            text = data.decode(self._encoding)
        except UnicodeDecodeError:
            return None
        strange = any(not line.isascii() and is_utf8(line) for line in data.split(b"\n"))
        return None if strange else text.encode()

    def _parse(self, text: bytes, *, quoted: bool) -> pa.Table | None:
        names = list(self.columns)
        try:
            table = arrow_csv.read_csv(
                pa.BufferReader(text),
                read_options=arrow_csv.ReadOptions(
                    column_names=names, use_threads=False, block_size=len(text) + 1
                ),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=self._records.delimiter,
                    quote_char='"' if quoted else False,
                    double_quote=quoted,
                    newlines_in_values=False,
                    ignore_empty_lines=False,
                ),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    null_values=[""],
                    strings_can_be_null=True,
                    check_utf8=self._encoding == "utf-8",
                ),
            )
        except pa.ArrowInvalid:  # a row that does not fit the headings, or wrong bytes
            return None
        longest = max(
            (pc.max(pc.utf8_length(column)).as_py() or 0 for column in table.columns), default=0
        )
        lines = text.count(b"\n") + (not text.endswith(b"\n"))
        return table if longest <= self._bounds.cell and table.num_rows == lines else None


def _is_well_quoted(data: bytes, well_quoted: re.Pattern[bytes]) -> bool:
    """Whether all lines fit the pattern.

    Where quotes are rare only the lines that have one are looked at: any other line fits.
    """
    if data.count(b'"', 0, _LOOKED_AT) * _RARE > min(len(data), _LOOKED_AT):
        return well_quoted.fullmatch(data if data.endswith(b"\n") else data + b"\n") is not None
    at = data.find(b'"')
    while at >= 0:
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        line = data[data.rfind(b"\n", 0, at) + 1 : end]
        if not well_quoted.fullmatch(line + b"\n"):
            return False
        at = data.find(b'"', end)
    return True


def _well_quoted(delimiter: str) -> re.Pattern[bytes]:
    """Lines of which each cell is quoted wholly and correctly or holds no quote at all."""
    comma = re.escape(delimiter.encode())
    quoted = rb'"[^"\r\n]*+(?:""[^"\r\n]*+)*+"'
    bare = rb'[^"\r\n' + comma + rb"]*+"
    return re.compile(rb"(?:(?:" + quoted + rb"|" + bare + rb")(?:" + comma + rb"|\r?\n))*+")
