"""A list of codes in a file that somebody brings along: no feed, no headings agreed on.

The readers of departmental files read it, within tighter bounds and as safely: nothing is
evaluated, and every row is accounted for. Nothing of it is kept.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from xinrong.catalogue.feed import Layout
from xinrong.collect.readers import Bounds, FileError, RowFault, RowSource, open_rows
from xinrong.collect.readers.sniff import kind_of
from xinrong.domain.errors import Place
from xinrong.domain.text import Text
from xinrong.domain.uscc import read_code

MEBIBYTE = 1 << 20
#: What a list may ask of the machine: a workbook of some ten thousand short rows fits.
BOUNDS = Bounds(
    file=2 * MEBIBYTE,
    workbook=2 * MEBIBYTE,
    unpacked=64 * MEBIBYTE,
    sheet_cells=400_000,
    cell=4096,
    chunk=8 * MEBIBYTE,
    columns=100,
    rows=20_000,
    members=200,
    record_lines=5,
    original=100,
)
#: Rows of a list that are read; one that has more is refused.
MOST_LISTED = 5_000
#: A heading with one of these names the column of codes.
HEADINGS = ("信用代码", "uscc", "credit code", "credit_code", "纳税人识别号", "code", "代码")
_DELIMITERS = "\t;，；"
_WIDE = tuple(f"第{number}列" for number in range(1, 31))  # of a sheet without headings


@dataclass(frozen=True)
class Listed:
    """The cells of the column of codes, with the row of each as a spreadsheet counts.

    `faults` are the rows that could not be read as rows; `column` is the heading, empty where
    the file has none.
    """

    cells: tuple[tuple[int, str], ...]
    faults: tuple[RowFault, ...]
    column: str

    @property
    def rows_in(self) -> int:
        """Rows of the file, blank ones not counted."""
        return len(self.cells) + len(self.faults)


def read_listed(name: str, content: bytes) -> Listed:
    """The codes in a CSV, TSV, XLS or XLSX file, in the order of its rows.

    The column is the one whose heading says so, else the one with the most lawful codes; a file
    without headings has none to skip. Raises FileError when it cannot be read, has no column of
    codes, or has more than 5,000 rows.
    """
    with tempfile.TemporaryDirectory(prefix="xinrong-list-") as folder:
        path = Path(folder) / (Path(name).name[-100:].strip(". /\\") or "list")
        path.write_bytes(content)
        if kind_of(content[:4096]) not in ("text", "xlsx", "xls"):
            raise other_format(path.name)
        source, headed = _opened(path, content)
        return _codes(source, headed=headed)


def _opened(path: Path, content: bytes) -> tuple[RowSource, bool]:
    """The file with its headings; without, where its first row holds data."""
    layout = layout_of(content)
    try:
        return open_rows(path, layout, bounds=BOUNDS), True
    except FileError as error:
        if error.code not in ("no_header", "duplicate_heading"):
            raise
    columns = _WIDE
    if layout.format == "csv":
        first = content.decode(layout.encoding or "utf-8", "replace").lstrip("\ufeff\r\n ")
        columns = _WIDE[: first.partition("\n")[0].count(layout.delimiter) + 1]
    plain = layout.model_copy(update={"header_rows": (), "columns": columns})
    return open_rows(path, plain, bounds=BOUNDS), False


def layout_of(content: bytes) -> Layout:
    """Workbook or text; of text its encoding and what stands between its cells."""
    if kind_of(content[:4096]) in ("xlsx", "xls"):
        return Layout(format="xlsx", encoding="")
    encoding = "utf-8"
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        encoding, text = "gb18030", content.decode("gb18030", "replace")
    head = text[:2000]
    delimiter = next((one for one in _DELIMITERS if one in head), ",")
    if "," in head and delimiter != "\t":
        delimiter = ","
    return Layout.model_validate({"format": "csv", "encoding": encoding, "delimiter": delimiter})


def _codes(source: RowSource, *, headed: bool) -> Listed:
    """The cells of the column of codes."""
    rows: list[tuple[int, Sequence[str | None]]] = []
    faults: list[RowFault] = []
    for chunk in source.chunks(MOST_LISTED):
        faults += chunk.faults
        columns = [column.to_pylist() for column in chunk.cells.columns]
        rows += zip(chunk.row_no.tolist(), zip(*columns, strict=True), strict=True)
        if len(rows) + len(faults) > MOST_LISTED:
            raise _too_long(source.file)
    if not rows and not faults:
        raise _nothing(source.file)
    place = _column(source.columns, [cells for _, cells in rows], headed=headed)
    if place is None:
        raise _no_codes(source.file)
    return Listed(
        tuple((row_no, cells[place] or "") for row_no, cells in rows),
        tuple(faults),
        source.columns[place] if headed else "",
    )


def _column(
    headings: Sequence[str], rows: Sequence[Sequence[str | None]], *, headed: bool
) -> int | None:
    """Which column holds the codes; None where none does."""
    if len(headings) == 1:
        return 0
    named = _named(headings) if headed else None
    if named is not None:
        return named
    lawful = [
        sum(read_code(cells[place]).code is not None for cells in rows[:200])
        for place in range(len(headings))
    ]
    return lawful.index(max(lawful)) if any(lawful) else None


def _named(headings: Sequence[str]) -> int | None:
    lowered = [heading.lower() for heading in headings]
    found: Iterator[int] = (
        place for word in HEADINGS for place, heading in enumerate(lowered) if word in heading
    )
    return next(found, None)


def other_format(file: str) -> FileError:
    """The file is neither text nor a workbook."""
    return FileError(
        "list_format",
        Text(zh="文件不是 CSV 或 XLSX。", en="The file is neither CSV nor XLSX."),
        Text(
            zh="请在表格软件中另存为 XLSX 或 CSV（UTF-8）。",
            en="Save it as XLSX or CSV (UTF-8) in a spreadsheet program.",
        ),
        place=Place(file=file),
    )


def _too_long(file: str) -> FileError:
    return FileError(
        "list_too_long",
        Text(
            zh=f"名单超过 {MOST_LISTED:,} 行。", en=f"The list has more than {MOST_LISTED:,} rows."
        ),
        Text(zh="请拆成几个文件。", en="Split it into several files."),
        place=Place(file=file),
    )


def _nothing(file: str) -> FileError:
    return FileError(
        "list_empty",
        Text(zh="文件中没有数据行。", en="The file has no row of data."),
        Text(zh="请检查是否选错了文件或工作表。", en="See whether it is the right file and sheet."),
        place=Place(file=file),
    )


def _no_codes(file: str) -> FileError:
    return FileError(
        "list_without_codes",
        Text(
            zh="文件中找不到统一社会信用代码的列。",
            en="No column of the file holds unified social credit codes.",
        ),
        Text(
            zh="请把该列的列名写成“统一社会信用代码”，并设为文本格式。",
            en="Name that column 统一社会信用代码, and format it as text.",
        ),
        place=Place(file=file),
    )
