"""What a reader hands on: chunks of text, faults, notes, and errors of a whole file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xinrong.domain.errors import Place, XinrongError
from xinrong.domain.text import Text

RowNumbers = npt.NDArray[np.int32]

MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Bounds:
    """How much one file may ask of the machine. Sizes in bytes."""

    file: int = 4096 * MEBIBYTE
    workbook: int = 256 * MEBIBYTE  # as sent; workbooks are held in memory
    unpacked: int = 2048 * MEBIBYTE  # all that an archive, or a workbook, unpacks to
    sheet_cells: int = 40_000_000  # height times width of a sheet
    cell: int = MEBIBYTE
    chunk: int = 24 * MEBIBYTE  # text handed on at once, about
    record: int = 256 * MEBIBYTE  # one record of a JSON file
    columns: int = 2000
    rows: int = 500_000_000
    members: int = 1000  # of an archive
    ratio: int = 200  # to how many times its size a member of an archive may unpack
    record_lines: int = 200  # lines that one quoted record may run over
    original: int = 4096  # characters of a faulty row that are kept


class FileError(XinrongError):
    """The file as a whole cannot be read. `words` says what and what to do, in both languages."""

    code = "file_unreadable"

    def __init__(self, code: str, wrong: Text, remedy: Text, *, place: Place | None = None) -> None:
        self.words = Text(zh=wrong.zh + remedy.zh, en=f"{wrong.en} {remedy.en}")
        super().__init__(wrong.en, place=place, remedy=remedy.en, code=code)


@dataclass(frozen=True)
class Note:
    """Something about the file that its sender should know but that does not stop it."""

    code: str
    text: Text
    count: int = 0


@dataclass(frozen=True)
class RowFault:
    """A row that cannot be put under the headings: where, why, and what stood there."""

    row_no: int
    problem: str
    words: Text
    original: list[str]
    column: str = ""  # the first that it lies in, where it lies in one


@dataclass(frozen=True)
class RawChunk:
    """Some rows of a file as text; an empty cell is null. `row_no` belongs to `cells` row by row.

    JSON and Parquet have no rows as a spreadsheet counts them: there it is the records that are
    counted, from 1 (of JSON lines, the lines). Faults lie in the same stretch of the file as the
    rows; either part may be empty.
    """

    columns: tuple[str, ...]
    row_no: RowNumbers
    cells: pa.Table
    faults: list[RowFault] = field(default_factory=list)


class RowSource(ABC):
    """An opened file. `chunks` may be iterated once; the counts are final when it has ended."""

    def __init__(self, file: str, columns: tuple[str, ...], notes: list[Note]) -> None:
        self.file = file
        self.columns = columns
        self.notes = notes
        self.tabulated = 0
        self.faulty = 0
        self.blank = 0

    @property
    def rows_in(self) -> int:
        """Data rows met so far, blank ones not counted: those in cells and those in faults."""
        return self.tabulated + self.faulty

    def chunks(self, rows: int = 100_000) -> Iterator[RawChunk]:
        """The file in order, in chunks of about `rows` rows."""
        for chunk in self._chunks(rows):
            self.tabulated += chunk.cells.num_rows
            self.faulty += len(chunk.faults)
            yield chunk

    @abstractmethod
    def _chunks(self, rows: int) -> Iterator[RawChunk]: ...


class ChunkBuilder:
    """Collects rows, tables and faults into a chunk."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        self.columns = columns
        self.schema = pa.schema([pa.field(name, pa.string()) for name in columns])
        self._tables: list[pa.Table] = []
        self._numbers: list[RowNumbers] = []
        self._rows: list[list[str]] = []
        self._row_numbers: list[int] = []
        self._faults: list[RowFault] = []
        self._tabled = 0
        self._size = 0

    def full(self, rows: int, size: int) -> bool:
        """Whether `rows` rows, or about `size` bytes of text, have come together."""
        return len(self) >= rows or self._size >= size

    def __len__(self) -> int:
        return self._tabled + len(self._rows) + len(self._faults)

    def add_row(self, row_no: int, cells: list[str]) -> None:
        """One row with as many cells as there are columns."""
        self._rows.append(cells)
        self._size += sum(map(len, cells))
        self._row_numbers.append(row_no)

    def add_table(self, numbers: RowNumbers, table: pa.Table) -> None:
        """Many rows at once."""
        self._flush()
        self._tables.append(table)
        self._numbers.append(numbers)
        self._tabled += table.num_rows
        self._size += table.nbytes

    def add_fault(self, fault: RowFault) -> None:
        self._faults.append(fault)

    def take(self) -> RawChunk:
        """The chunk; the builder is empty afterwards."""
        self._flush()
        table = pa.concat_tables(self._tables) if self._tables else self.schema.empty_table()
        none = np.empty(0, np.int32)
        numbers = np.concatenate(self._numbers) if self._numbers else none
        chunk = RawChunk(self.columns, numbers, table, self._faults)
        self._tables, self._numbers, self._faults = [], [], []
        self._tabled = self._size = 0
        return chunk

    def _flush(self) -> None:
        if not self._rows:
            return
        columns = [
            pa.array([cell or None for cell in cells], pa.string())
            for cells in zip(*self._rows, strict=True)
        ]
        self._tables.append(pa.Table.from_arrays(columns, schema=self.schema))
        self._numbers.append(np.array(self._row_numbers, np.int32))
        self._tabled += len(self._rows)
        self._rows, self._row_numbers = [], []
