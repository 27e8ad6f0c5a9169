"""Rows on their way in, written to a file of their own: memory stays bounded, however many."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pyarrow as pa

from xinrong.collect.errors import PullError
from xinrong.collect.pull.definition import PullSource
from xinrong.collect.push.held import Held, hold
from xinrong.collect.readers import RowFault
from xinrong.collect.readers.types import RowNumbers
from xinrong.domain.errors import Place

#: Rows that no store can keep, of which a pull gives up: it is no table of text then.
MOST_FAULTS = 100_000


class Spool:
    """Takes rows of text, any number of times, and gives them back as a table in a file."""

    def __init__(self, columns: tuple[str, ...], source: PullSource) -> None:
        self.columns = columns
        self.rows = 0
        self.position: tuple[Any, ...] = ()
        self._source = source
        self._faults: list[RowFault] = []
        self._numbers: list[RowNumbers] = []
        self._folder = tempfile.TemporaryDirectory(prefix="xinrong-pull-")
        self._path = Path(self._folder.name) / "rows.arrow"
        schema = pa.schema([pa.field(name, pa.string()) for name in columns])
        self._file = pa.OSFile(str(self._path), "wb")
        self._out = pa.ipc.new_file(self._file, schema)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()
        self._folder.cleanup()

    def add(self, rows: Sequence[tuple[Any, ...]], position: tuple[Any, ...]) -> None:
        """More rows, each cell text, bytes or None; `position` is that of the last of them."""
        values = [[_text(cell) for cell in column] for column in zip(*rows, strict=True)]
        held = hold(self.columns, values, self.rows + 1)
        self._faults += held.faults
        if len(self._faults) > MOST_FAULTS:
            raise PullError(
                f"more than {MOST_FAULTS:,} rows hold bytes that are no text",
                place=Place(file=self._source.table, row=self._faults[0].row_no),
                remedy="Ask the department for the encoding of the database, or for a view.",
                code="pull_not_text",
            )
        self._out.write_table(held.cells)
        self._numbers.append(held.row_no)
        self.rows += len(rows)
        self.position = position

    def held(self) -> Held:
        """All rows; the table is mapped from the file, which lasts as long as the spool."""
        self._close()
        cells = pa.ipc.open_file(pa.memory_map(str(self._path))).read_all()
        none = np.empty(0, np.int32)
        numbers = np.concatenate(self._numbers) if self._numbers else none
        return Held(self.columns, cells, numbers, self._faults)

    def _close(self) -> None:
        if not self._file.closed:
            self._out.close()
            self._file.close()


def _text(cell: Any) -> str | None:
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "surrogateescape")  # what is no text becomes a fault
    return cell if cell is None else str(cell)
