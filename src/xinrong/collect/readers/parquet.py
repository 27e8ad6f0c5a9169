"""Parquet files, read a stretch of a row group at a time.

What stands in a file once and is repeated by number (a dictionary) is kept so until its cells
have been measured: a small file cannot unpack to more text than fits.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from xinrong.collect.readers.arrow_text import as_text
from xinrong.collect.readers.blank import filled
from xinrong.collect.readers.faults import fault
from xinrong.collect.readers.headings import name_fields
from xinrong.collect.readers.types import (
    MEBIBYTE,
    Bounds,
    ChunkBuilder,
    FileError,
    Note,
    RawChunk,
    RowSource,
)
from xinrong.domain.errors import Place
from xinrong.domain.text import Text

#: A row group that unpacks to more is read in smaller steps.
_GROUP = 256 * MEBIBYTE
_FEWEST = 256
_PLAIN = {"PLAIN", "RLE", "BIT_PACKED"}
#: What a reader of a damaged file raises, by where the damage lies.
_DAMAGED = (pa.ArrowException, OSError, ValueError, EOFError)


def open_parquet(path: Path, notes: list[Note], bounds: Bounds) -> ParquetSource:
    """Open a file. Raises FileError when it is damaged, encrypted or larger than allowed."""
    place = Place(file=path.name)
    try:
        found = pq.read_metadata(path)
        schema = found.schema.to_arrow_schema()
    except _DAMAGED as error:
        raise _unreadable(place) from error
    if found.num_rows > bounds.rows:
        raise _too_many_rows(found.num_rows, bounds.rows, place)
    columns, on_names = name_fields(schema.names, bounds.columns, place)
    return ParquetSource(path, columns, [*notes, *on_names], found, bounds)


class ParquetSource(RowSource):
    """An opened Parquet file; its records are counted from 1."""

    def __init__(
        self,
        path: Path,
        columns: tuple[str, ...],
        notes: list[Note],
        found: pq.FileMetaData,
        bounds: Bounds,
    ) -> None:
        super().__init__(path.name, columns, notes)
        self._path = path
        self._found = found
        self._bounds = bounds

    def _chunks(self, rows: int) -> Iterator[RawChunk]:
        first = 1
        try:
            with pq.ParquetFile(
                self._path,
                metadata=self._found,
                read_dictionary=_repeating(self._found),
                buffer_size=MEBIBYTE,
                pre_buffer=False,
            ) as file:
                for group in range(self._found.num_row_groups):
                    step = _step(self._found.row_group(group), rows)
                    for batch in file.iter_batches(step, row_groups=[group]):
                        for part in _parts(batch, self._bounds.chunk):
                            yield self._chunk(part, first)
                            first += part.num_rows
        except _DAMAGED as error:
            raise _breaks_off(first - 1, Place(file=self.file)) from error

    def _chunk(self, batch: pa.RecordBatch, first: int) -> RawChunk:
        """A stretch of the file as text, its broken rows as faults, blank rows left out."""
        builder = ChunkBuilder(self.columns)
        columns = [as_text(column, self._bounds.cell) for column in batch.columns]
        table = pa.table([column.text for column in columns], schema=builder.schema)
        numbers = np.arange(first, first + batch.num_rows, dtype=np.int32)
        problems: dict[int, str] = {}
        for column in columns:
            for problem, places in column.broken.items():
                for place in places.tolist():
                    problems.setdefault(place, problem)
        if problems:
            at = sorted(problems)
            originals = table.take(pa.array(at)).to_pylist()
            for place, cells in zip(at, originals, strict=True):
                texts = [cells[name] or "" for name in self.columns]
                builder.add_fault(
                    fault(first + place, problems[place], texts, self._bounds.original)
                )
            sound = np.ones(len(numbers), np.bool_)
            sound[at] = False
            table, numbers = table.filter(pa.array(sound)), numbers[sound]
        kept = filled(table) if table.num_rows else None
        if kept is not None:
            self.blank += table.num_rows - int(pc.sum(kept).as_py() or 0)
            table, numbers = table.filter(kept), numbers[kept.to_numpy()]
        if table.num_rows:
            builder.add_table(numbers, table)
        return builder.take()


def _repeating(found: pq.FileMetaData) -> list[str]:
    """Columns of text of which one stored value may stand for many cells."""
    names = set()
    for group in range(found.num_row_groups):
        row_group = found.row_group(group)
        for number in range(row_group.num_columns):
            chunk = row_group.column(number)
            words = chunk.physical_type == "BYTE_ARRAY"
            if words and (chunk.has_dictionary_page or not set(chunk.encodings) <= _PLAIN):
                names.add(chunk.path_in_schema)
    return sorted(names)


def _step(group: pq.RowGroupMetaData, rows: int) -> int:
    """How many rows of a group are read at once: fewer where the group is large."""
    size = int(group.total_byte_size)
    return rows if size <= _GROUP else min(rows, max(_FEWEST, rows * _GROUP // size))


def _parts(batch: pa.RecordBatch, limit: int) -> Iterator[pa.RecordBatch]:
    """The batch in stretches whose text, written out cell by cell, is about `limit` at most."""
    sizes = np.zeros(batch.num_rows, np.int64)
    for column in batch.columns:
        if pa.types.is_dictionary(column.type):
            lengths = pc.binary_length(column.dictionary).take(column.indices)
            sizes += pc.fill_null(lengths, 0).to_numpy(zero_copy_only=False)
    if int(sizes.sum()) <= limit:
        yield batch
        return
    stretch = np.cumsum(sizes) // limit
    edges = [*(np.flatnonzero(np.diff(stretch)) + 1).tolist(), batch.num_rows]
    start = 0
    for end in edges:
        yield batch.slice(start, end - start)
        start = end


def _unreadable(place: Place) -> FileError:
    return FileError(
        "unreadable_parquet",
        Text(
            zh="Parquet 文件已损坏、不完整或已加密（读不出文件尾部的目录）。",
            en="The Parquet file is damaged, cut off or encrypted: its footer cannot be read.",
        ),
        Text(
            zh="请核对传输是否完整，不加密，重新导出后报送。",
            en="Check that it arrived whole, export it again without encryption, and send it.",
        ),
        place=place,
    )


def _breaks_off(good: int, place: Place) -> FileError:
    return FileError(
        "damaged_parquet",
        Text(
            zh=f"Parquet 文件在第 {good} 条记录之后已损坏。",
            en=f"The Parquet file is damaged after record {good}.",
        ),
        Text(zh="请重新导出后报送。", en="Export it again and send it."),
        place=place,
    )


def _too_many_rows(rows: int, limit: int, place: Place) -> FileError:
    return FileError(
        "file_too_large",
        Text(
            zh=f"文件有 {rows} 条记录，上限 {limit} 条。",
            en=f"The file has {rows} records of {limit} allowed.",
        ),
        Text(zh="请拆成几个文件报送。", en="Split it into several."),
        place=place,
    )
