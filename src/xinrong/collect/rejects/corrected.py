"""A file of rejected rows that comes back corrected, through the same feed, whatever its layout.

It is known by the columns that `rejects` put before the sender's own. It is read as what it is,
text or workbook as a spreadsheet saved it, without those columns; rows keep the numbers that they
had in the first file, so that its sender finds them again.
"""

from __future__ import annotations

import codecs
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xinrong.catalogue.feed import Layout
from xinrong.collect.readers import FileError, Note, RawChunk, RowFault, RowSource, open_rows
from xinrong.collect.readers.faults import fault
from xinrong.collect.readers.types import Bounds, RowNumbers
from xinrong.collect.rejects.export import ADDED
from xinrong.domain.cells import plain_cell
from xinrong.domain.text import Text

#: How much of a workbook's first texts is looked at, in bytes.
LOOKED_AT = 1 << 18
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
#: Cells beyond the headings of the first file stand under such names.
_BEYOND = re.compile(r"\+[0-9]+")
_MARKED = r"^'(['=+\-@\t\r])"  # as `safe_cell` marks a cell


def open_corrected(path: Path) -> RowSource | None:
    """The rows of a corrected file of rejects; None when it is any other file."""
    layout = corrected_layout(path)
    if layout is None:
        return None
    try:
        first = open_rows(path, layout)
    except FileError:
        if layout.format == "csv":
            raise
        return None  # a workbook of another kind, whose feed knows how to read it
    if first.columns[: len(ADDED)] != ADDED:
        return None
    return CorrectedRows(first, lambda: open_rows(path, layout))


def corrected_layout(path: Path) -> Layout | None:
    """How a file that looks like corrected rejects is to be read."""
    with path.open("rb") as stream:
        head = stream.read(400)
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        kind = "xlsx" if head.startswith(b"PK") else "xls"
        named = _names_the_columns(path) if kind == "xlsx" else True
        return Layout.model_validate({"format": kind, "encoding": ""}) if named else None
    text = head.removeprefix(codecs.BOM_UTF8).replace(b'"', b"")
    for encoding in ("utf-8", "gb18030"):
        for delimiter in (",", "\t", ";"):
            if text.startswith(delimiter.join(ADDED).encode(encoding)):
                return Layout.model_validate(
                    {"format": "csv", "encoding": encoding, "delimiter": delimiter}
                )
    return None


def _names_the_columns(path: Path) -> bool:
    """Whether a workbook's first texts hold the headings: the workbook is not opened for it."""
    try:
        with zipfile.ZipFile(path) as archive:
            for name in ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"):
                if name in archive.namelist():
                    with archive.open(name) as part:
                        if ADDED[1].encode() in part.read(LOOKED_AT):
                            return True
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return False
    return False


class CorrectedRows(RowSource):
    """Rejected rows that came back: without the reasons, with cells as they are meant."""

    def __init__(self, first: RowSource, again: Callable[[], RowSource]) -> None:
        own = [name for name in first.columns[len(ADDED) :] if not _BEYOND.fullmatch(name)]
        self._names = own
        self._beyond = [name for name in first.columns[len(ADDED) :] if name not in own]
        columns = tuple(plain_cell(name) for name in own)
        text = Text(
            zh="这是更正后的隔离行文件：规则和原因各列没有读取，行号沿用原文件。",
            en="This is a corrected file of rejected rows: its columns of rules and reasons were "
            "not read, and rows keep their numbers of the first file.",
        )
        super().__init__(first.file, columns, [*first.notes, Note("corrected_rejects", text)])
        self._first, self._again = first, again

    def _chunks(self, rows: int) -> Iterator[RawChunk]:
        here, there = _numbers(self._first)
        if here is None or there is None:
            text = Text(
                zh="行号列被改动过，各行按在本文件中的位置编号。",
                en="The row numbers were changed; rows count by their place in this file.",
            )
            self.notes.append(Note("row_numbers_changed", text))
        source = self._again()
        for chunk in source.chunks(rows):
            numbers = chunk.row_no
            faults = chunk.faults
            if here is not None and there is not None:
                numbers = there[np.searchsorted(here, numbers)].astype(np.int32)
                faults = [
                    replace(one, row_no=int(there[np.searchsorted(here, one.row_no)]))
                    for one in faults
                ]
            yield self._own(chunk, numbers, faults)
        self.blank += source.blank

    def _own(self, chunk: RawChunk, numbers: RowNumbers, faults: list[RowFault]) -> RawChunk:
        cells = [
            pc.replace_substring_regex(chunk.cells[name], _MARKED, r"\1") for name in self._names
        ]
        table = pa.table(cells, names=list(self.columns))
        faults = [
            replace(one, original=[plain_cell(cell) for cell in one.original[len(ADDED) :]])
            for one in faults
        ]
        empty = _all_empty([*table.columns, *(chunk.cells[name] for name in self._beyond)])
        beyond = ~_all_empty([chunk.cells[name] for name in self._beyond]) & ~empty
        for row in np.flatnonzero(beyond).tolist():
            names = [*self._names, *self._beyond]
            sent = [chunk.cells[name][row].as_py() or "" for name in names]
            faults.append(fault(int(numbers[row]), "too_many_cells", sent, Bounds().original))
        self.blank += int(empty.sum())
        keep = ~(empty | beyond)
        return RawChunk(self.columns, numbers[keep], table.filter(pa.array(keep)), faults)


def _all_empty(columns: list[pa.ChunkedArray]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Rows in which none of the columns has anything; of no columns, every row."""
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = np.ones(
        len(columns[0]) if columns else 1, np.bool_
    )
    for column in columns:
        bare = pc.fill_null(pc.equal(pc.utf8_trim_whitespace(column), ""), True)
        found &= bare.to_numpy(zero_copy_only=False)
    return found


def _numbers(source: RowSource) -> tuple[RowNumbers | None, RowNumbers | None]:
    """Where the rows stand in this file, and the numbers of the first file; None if unusable."""
    here: list[int] = []
    there: list[int] = []
    for chunk in source.chunks():
        texts = chunk.cells[ADDED[0]].to_pylist()
        found = [
            *zip(chunk.row_no.tolist(), texts, strict=True),
            *((one.row_no, (one.original or [""])[0]) for one in chunk.faults),
        ]
        for place, text in found:
            if text is None or not _NUMBER.fullmatch(text.strip()):
                return None, None
            here.append(place)
            there.append(int(text))
    order = np.argsort(np.array(here, np.int32), kind="stable")
    if len(set(there)) != len(there):
        return None, None
    return np.array(here, np.int32)[order], np.array(there, np.int32)[order]
