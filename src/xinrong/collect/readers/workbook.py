"""XLS and XLSX workbooks, through calamine: values only, no formula is evaluated."""

from __future__ import annotations

import math
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from xinrong.catalogue.feed import Layout
from xinrong.collect.readers.faults import fault
from xinrong.collect.readers.headings import check_headings, join_header_rows
from xinrong.collect.readers.sheet_biff import old_errors
from xinrong.collect.readers.sheet_xml import (
    DAMAGED,
    OddCells,
    furthest,
    hidden_parts,
    odd_cells,
    sheet_part,
)
from xinrong.collect.readers.sniff import too_large
from xinrong.collect.readers.types import Bounds, ChunkBuilder, FileError, Note, RawChunk, RowSource
from xinrong.domain.errors import Place
from xinrong.domain.text import Text

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DAMAGED = (*DAMAGED, OSError, NotImplementedError, RuntimeError, EOFError, zlib.error)
Value = int | float | str | bool | time | date | datetime | timedelta
Merged = list[tuple[tuple[int, int], tuple[int, int]]]


def open_workbook(
    path: Path, layout: Layout, notes: list[Note], bounds: Bounds, kind: str
) -> WorkbookSource:
    """Open one sheet. Raises FileError for what is no readable workbook or lacks the sheet."""
    place = Place(file=path.name)
    odd_sheets: set[str] = set()
    if kind == "xlsx":
        hidden, odd_sheets = _check_archive(path, bounds, place)
        notes = [*notes, *hidden]
    elif _is_encrypted(path):
        raise _encrypted(place)
    try:
        with CalamineWorkbook.from_path(path) as book:
            name, more = _choose_sheet(book, layout.sheet, place)
            sheet = book.get_sheet_by_name(name)
    except PasswordError as error:
        raise _encrypted(place) from error
    except (CalamineError, OSError) as error:
        raise _unreadable(place) from error
    place = Place(file=path.name, field=name)
    height, width = _size(sheet)
    if height * width > bounds.sheet_cells:
        raise _too_many_cells(height, width, place)
    last = max(layout.header_rows, default=0)
    merged: Merged = sheet.merged_cell_ranges or []
    if last:
        headings = _read_header(sheet, layout, merged)
        columns, on_headings = check_headings(headings, path.name, last)
    else:
        columns, on_headings = layout.columns, []
    notes = [*notes, *more, *on_headings, *_merged_notes(merged, last)]
    odd = _odd_cells(path, name, odd_sheets, place, kind)
    return WorkbookSource(path.name, columns, notes, sheet, last, bounds, odd)


class WorkbookSource(RowSource):
    """An opened sheet, behind its header."""

    def __init__(
        self,
        file: str,
        columns: tuple[str, ...],
        notes: list[Note],
        sheet: CalamineSheet,
        header: int,
        bounds: Bounds,
        odd: OddCells,
    ) -> None:
        super().__init__(file, columns, notes)
        self._odd = odd
        self._sheet = sheet
        self._header = header
        self._bounds = bounds

    def _chunks(self, rows: int) -> Iterator[RawChunk]:
        builder = ChunkBuilder(self.columns)
        for row_no, cells in chain(_rows(self._sheet), self._below()):
            if row_no <= self._header:
                continue
            self._take(row_no, cells, builder)
            if builder.full(rows, self._bounds.chunk):
                yield builder.take()
        if len(builder):
            yield builder.take()

    def _below(self) -> Iterator[tuple[int, list[str]]]:
        """Rows of odd cells alone below the last one that has a value."""
        height, _ = _size(self._sheet)
        for row_no in sorted(self._odd.unstored | set(self._odd.errors)):
            if row_no > height:
                yield row_no, []

    def _take(self, row_no: int, cells: list[str], builder: ChunkBuilder) -> None:
        width = len(self.columns)
        problem = self._show_odd(row_no, cells)
        if not problem and not any(cell.strip() for cell in cells):
            self.blank += 1
            return
        if problem:
            pass
        elif any(cell.strip() for cell in cells[width:]):
            problem = "too_many_cells"
        elif any("\x00" in cell for cell in cells):
            problem = "nul"
        elif any(len(cell) > self._bounds.cell for cell in cells):
            problem = "cell_too_long"
        if problem:
            named = self._named(row_no) if problem == "error_cell" else ()
            builder.add_fault(fault(row_no, problem, cells, self._bounds.original, named))
        else:
            builder.add_row(row_no, (cells + [""] * width)[:width])

    def _show_odd(self, row_no: int, cells: list[str]) -> str:
        """Put the texts of error cells where they stand; the problem that they are, if they are."""
        problem = "no_stored_value" if row_no in self._odd.unstored else ""
        for column, text in self._odd.errors.get(row_no, {}).items():
            cells += [""] * (column + 1 - len(cells))
            cells[column] = text
            problem = "error_cell"
        return problem

    def _named(self, row_no: int) -> tuple[tuple[str, str], ...]:
        """The columns of a row's error cells by their headings, with what stands there."""
        cells = sorted(self._odd.errors.get(row_no, {}).items())
        return tuple((self._heading(column), text) for column, text in cells)

    def _heading(self, column: int) -> str:
        return self.columns[column] if column < len(self.columns) else letters(column)


def letters(column: int) -> str:
    """A column (from 0) as a spreadsheet names it: A, Z, AA."""
    name = ""
    while column >= 0:
        name = chr(65 + column % 26) + name
        column = column // 26 - 1
    return name


def text_of(value: Value) -> str:
    """A cell's value as text: dates in ISO form, whole numbers without a point.

    Numbers have the fifteen digits that a spreadsheet keeps, so a code of eighteen digits that
    was typed as a number ends in 000, as it does on the screen.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, float):
        return format(Decimal(f"{value:.15g}"), "f") if math.isfinite(value) else ""
    return str(value)


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    """Row numbers from 1 and the cells from the sheet's first column on."""
    left = [""] * (sheet.start[1] if sheet.start else 0)
    for number, row in enumerate(sheet.iter_rows(), 1):
        yield number, left + [value if isinstance(value, str) else text_of(value) for value in row]


def _size(sheet: CalamineSheet) -> tuple[int, int]:
    return (sheet.end[0] + 1, sheet.end[1] + 1) if sheet.end else (0, 0)


def _read_header(sheet: CalamineSheet, layout: Layout, merged: Merged) -> list[str]:
    """The headings; a merged cell of the header counts in each column and row that it covers."""
    wanted = sorted(layout.header_rows)
    rows: dict[int, list[str]] = {}
    for number, cells in _rows(sheet):
        if number > wanted[-1]:
            break
        rows[number] = cells
    for (top, left), (bottom, right) in merged:
        corner = rows.get(top + 1, [])
        if left >= len(corner) or top + 1 not in wanted:
            continue
        for number in range(top + 1, min(bottom + 1, wanted[-1]) + 1):
            if number in rows:
                for column in range(left, min(right + 1, len(rows[number]))):
                    rows[number][column] = corner[left]
    return join_header_rows([rows[number] for number in wanted if number in rows], spread=False)


def _merged_notes(merged: Merged, header: int) -> list[Note]:
    count = sum(1 for (top, _), _ in merged if top + 1 > header)
    if not count:
        return []
    text = Text(
        zh=f"数据区有{count}处合并单元格：内容只计入左上角单元格，其余按空处理。",
        en=f"{count} merged cells among the data: their text counts in the first cell only, "
        "the others are empty.",
    )
    return [Note("merged_cells", text, count)]


def _choose_sheet(book: CalamineWorkbook, wanted: str, place: Place) -> tuple[str, list[Note]]:
    """The sheet to read: the one that is named, else the first that is visible."""
    sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    visible = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
    names = [sheet.name for sheet in sheets]
    listed = "、".join(names)
    if not names or (wanted and wanted not in names):
        raise FileError(
            "missing_sheet",
            Text(
                zh=f"没有名为“{wanted}”的工作表；文件中有：{listed or '（无）'}。",
                en=f"There is no sheet {wanted}; the workbook has: {listed or '(none)'}.",
            ),
            Text(
                zh="请把工作表改回约定的名称，或修改数据源配置的 sheet。",
                en="Give the sheet the agreed name, or change `sheet` in the feed.",
            ),
            place=place,
        )
    name = wanted or (visible or names)[0]
    notes = []
    if name not in visible or (not wanted and names[0] != name):
        text = Text(
            zh=f"工作簿含隐藏工作表；读取的是“{name}”。",
            en=f"The workbook has hidden sheets; {name} was read.",
        )
        notes.append(Note("hidden_sheet", text))
    others = [other for other in visible if other != name]
    if others and not wanted:
        text = Text(
            zh=f"只读取了工作表“{name}”；未读取：{'、'.join(others)}。",
            en=f"Only the sheet {name} was read; not read: {', '.join(others)}.",
        )
        notes.append(Note("other_sheets", text, len(others)))
    return name, notes


def _check_archive(path: Path, bounds: Bounds, place: Place) -> tuple[list[Note], set[str]]:
    """Refuse what is no XLSX, unpacks to too much, or has a cell far out that fills memory.

    Returns notes on what it hides, and its sheets (members) that have odd cells.
    """
    odd_sheets = set()
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            size = sum(entry.file_size for entry in entries)
            if size > bounds.unpacked:
                raise too_large(size, bounds.unpacked, place)
            if "xl/workbook.xml" not in archive.namelist():
                raise _unreadable(place)
            for entry in entries:
                if entry.filename.startswith("xl/worksheets/") and entry.file_size:
                    height, width, odd = furthest(archive, entry)
                    if height * width > bounds.sheet_cells:
                        raise _too_many_cells(height, width, place)
                    if odd:
                        odd_sheets.add(entry.filename)
            return hidden_parts(archive.namelist()), odd_sheets
    except _DAMAGED as error:
        raise _unreadable(place) from error


def _odd_cells(path: Path, sheet: str, odd_sheets: set[str], place: Place, kind: str) -> OddCells:
    """The sheet's error cells and formulas without a result, if it has any."""
    if kind == "xlsx" and not odd_sheets:
        return OddCells()
    try:
        if kind != "xlsx":
            return old_errors(path, sheet)
        with zipfile.ZipFile(path) as archive:
            part = sheet_part(archive, sheet)
            return odd_cells(archive, part) if part in odd_sheets else OddCells()
    except OverflowError as error:
        raise _too_many_errors(place) from error
    except _DAMAGED as error:
        raise _unreadable(place) from error


def _is_encrypted(path: Path) -> bool:
    """An encrypted XLSX is an OLE file with a stream of that name in its directory."""
    return _ENCRYPTED in path.read_bytes()


def _encrypted(place: Place) -> FileError:
    return FileError(
        "encrypted",
        Text(zh="工作簿设有密码。", en="The workbook is protected by a password."),
        Text(zh="请取消密码后重新报送。", en="Remove the password and send it again."),
        place=place,
    )


def _unreadable(place: Place) -> FileError:
    return FileError(
        "unreadable_workbook",
        Text(
            zh="工作簿已损坏，或不是 XLS/XLSX 文件。",
            en="The workbook is damaged, or it is neither XLS nor XLSX.",
        ),
        Text(
            zh="请用表格软件打开后另存，再重新报送。",
            en="Open it in a spreadsheet program, save it anew and send it again.",
        ),
        place=place,
    )


def _too_many_errors(place: Place) -> FileError:
    return FileError(
        "too_many_errors",
        Text(
            zh="工作表中出错或没有结果的公式单元格过多。",
            en="The sheet has too many cells with a formula's error or without its result.",
        ),
        Text(
            zh="请用表格软件打开，修正公式后另存，再重新报送。",
            en="Open it in a spreadsheet program, mend the formulas, save it and send it again.",
        ),
        place=place,
    )


def _too_many_cells(height: int, width: int, place: Place) -> FileError:
    return FileError(
        "sheet_too_large",
        Text(
            zh=f"工作表范围过大：{height} 行 × {width} 列。",
            en=f"The sheet is too large: {height} rows by {width} columns.",
        ),
        Text(
            zh="请删去数据区以外的内容和格式，或改用 CSV 报送。",
            en="Delete what lies outside the data, or send it as CSV.",
        ),
        place=place,
    )
