"""Rows that did not come as a file: records held as a table, taken in by the same intake."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xinrong.catalogue.contract import Contract
from xinrong.catalogue.feed import Feed
from xinrong.collect.intake import Intake
from xinrong.collect.models import Receipt
from xinrong.collect.readers import Bounds, Note, RawChunk, RowFault, RowSource
from xinrong.collect.readers.faults import fault
from xinrong.collect.readers.types import RowNumbers
from xinrong.store import services as store

#: What one cell of a record may be. Numbers that matter come as text or Decimal, not as floats.
Scalar = str | int | float | Decimal | bool | date | datetime | None
Cells = Sequence[Scalar]


class NotACell(TypeError):
    """A value that no cell of a file could hold, such as a list; `row` counts from 1."""

    def __init__(self, row: int, heading: str) -> None:
        self.row, self.heading = row, heading
        super().__init__(f"row {row}, {heading}")


@dataclass(frozen=True)
class Held:
    """Rows as text under their headings, those that cannot be kept as text set apart."""

    columns: tuple[str, ...]
    cells: pa.Table
    row_no: RowNumbers  # from 1, in the order in which they came
    faults: list[RowFault] = field(default_factory=list)


def text_of(value: Scalar) -> str | None:
    """A value as a file would show it. Raises TypeError for what is no scalar."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    raise TypeError(type(value).__name__)


def hold(columns: Sequence[str], values: Sequence[Cells], first: int = 1) -> Held:
    """Columns of values as text; `first` is the number of the first row. Raises NotACell."""
    arrays: list[pa.Array] = []
    bad: dict[int, str] = {}
    for heading, cells in zip(columns, values, strict=True):
        texts = _texts(cells, heading)
        array = _array(texts, bad)
        for problem, found in (
            ("nul", pc.match_substring(array, "\x00")),
            ("cell_too_long", pc.greater(pc.binary_length(array), Bounds().cell)),
        ):
            if pc.any(found).as_py():
                rows = np.flatnonzero(pc.fill_null(found, False).to_numpy(zero_copy_only=False))
                bad.update(dict.fromkeys(rows.tolist(), problem))
        arrays.append(array)
    table = pa.table(arrays, names=list(columns))
    numbers = np.arange(first, first + table.num_rows, dtype=np.int32)
    if not bad:
        return Held(tuple(columns), table, numbers)
    faults = [
        fault(first + row, bad[row], [_shown(cells[row]) for cells in values], Bounds().original)
        for row in sorted(bad)
    ]
    keep = np.ones(len(numbers), np.bool_)
    keep[list(bad)] = False
    return Held(tuple(columns), table.filter(pa.array(keep)), numbers[keep], faults)


def _texts(cells: Cells, heading: str) -> Sequence[str | None]:
    if set(map(type, cells)) <= {str, type(None)}:
        return cells  # type: ignore[return-value]
    texts = []
    for row, cell in enumerate(cells, 1):
        try:
            texts.append(text_of(cell))
        except TypeError as error:
            raise NotACell(row, heading) from error
    return texts


def _array(texts: Sequence[str | None], bad: dict[int, str]) -> pa.Array:
    """The texts as an array; those that are no Unicode text become null, and bad."""
    try:
        return pa.array(texts, pa.string())
    except UnicodeEncodeError:
        kept: list[str | None] = []
        for row, text in enumerate(texts):
            sound = text is None or text.encode("utf-8", "ignore").decode() == text
            kept.append(text if sound else None)
            if not sound:
                bad[row] = "undecodable"
        return pa.array(kept, pa.string())


def _shown(cell: Scalar) -> str:
    return (text_of(cell) or "").encode("utf-8", "replace").decode()


class HeldRows(RowSource):
    """Held rows as the intake reads them; any number may be made of the same rows."""

    def __init__(self, name: str, held: Held, notes: Sequence[Note] = ()) -> None:
        super().__init__(name, held.columns, list(notes))
        self._held = held

    def _chunks(self, rows: int) -> Iterator[RawChunk]:
        held = self._held
        faults = held.faults
        for start in range(0, max(held.cells.num_rows, 1), rows):
            cells = held.cells.slice(start, rows)
            numbers = held.row_no[start : start + rows]
            yield RawChunk(held.columns, numbers, cells, faults)
            faults = []


class HeldIntake(Intake):
    """Takes held rows in. `also` runs inside the commit's transaction, with the receipt."""

    def __init__(
        self,
        name: str,
        held: Held,
        feed: Feed,
        contract: Contract,
        *,
        region: str,
        received_at: datetime,
        also: Callable[[Receipt], None],
        notes: Sequence[Note] = (),
    ) -> None:
        path = Path(name.replace("/", "_"))
        super().__init__(path, feed, contract, region=region, received_at=received_at, stamp=(0, 0))
        self._held, self._also, self._notes_given = held, also, notes

    def open(self) -> RowSource:
        """The held rows, once more."""
        return HeldRows(self.path.name, self._held, self._notes_given)

    def check(self) -> None:
        """Nobody can change what is held."""

    def write(self, receipt: Receipt, delta: store.Delta) -> None:
        """The receipt and its quarantine, and what the road keeps of them."""
        super().write(receipt, delta)
        self._also(receipt)


def columns_of(records: Sequence[Mapping[str, Scalar]]) -> dict[str, list[Scalar]]:
    """Records as columns: every heading that any of them has, in the order of first use."""
    headings: dict[str, None] = {}
    seen: set[tuple[str, ...]] = set()
    for record in records:
        keys = tuple(record)
        if keys not in seen:
            seen.add(keys)
            headings.update(dict.fromkeys(keys))
    return {heading: [record.get(heading) for record in records] for heading in headings}
