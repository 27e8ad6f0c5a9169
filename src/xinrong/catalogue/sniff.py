"""What a sample file is and its first rows: format by its bytes, encoding, delimiter, header.

This is for drafting only: 200 rows of a file that a person is looking at. The intake has readers
of its own, which read whole files and report every fault by row.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from xinrong.catalogue.errors import SampleError
from xinrong.catalogue.feed import Format
from xinrong.catalogue.sniff_archive import is_workbook, unpack_one
from xinrong.catalogue.sniff_header import (
    cells_with_text,
    header_rows,
    join_header,
    tidy_heading,
)
from xinrong.catalogue.sniff_named import Named, read_json, read_parquet

#: As many rows as are looked at, and as many bytes of a text file.
ROWS = 200
BYTES = 1_000_000

_JSON = re.compile(rb'\{\s*["}]|\[\s*[\[{\]]')

#: Signatures of files that are no table, and what to do with each.
_NOT_TABLES = (
    (b"%PDF", "a PDF document", "一份 PDF 文档"),
    (b"\x89PNG", "a picture", "一张图片"),
    (b"\xff\xd8\xff", "a picture", "一张图片"),
    (b"Rar!", "a RAR archive", "一个压缩包"),
    (b"7z\xbc\xaf", "a 7z archive", "一个压缩包"),
    (b"\x1f\x8b", "a gzip archive", "一个压缩包"),
)


@dataclass(frozen=True)
class Sample:
    """The first rows of a file and how they were read. `notes` says what a person should know."""

    path: Path
    format: Format
    encoding: str  # utf-8, gb18030 or "" for workbooks
    delimiter: str
    sheet: str
    header_rows: tuple[int, ...]  # counted from 1; empty when there is no header
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]  # data rows, as wide as `columns`
    notes: tuple[str, ...] = field(default=())
    records: str = ""  # the keys that lead to the array of a JSON file
    members: str = ""  # the pattern of names, where the file is an archive

    def values(self, column: int) -> list[str]:
        """The cells of a column that are not empty."""
        return [row[column].strip() for row in self.rows if row[column].strip()]


def read_sample(path: Path) -> Sample:
    """Look at the first rows of a file. Raises SampleError with what to do about it."""
    head = _head(path)
    if head.startswith(b"PK\x03\x04"):
        return _workbook(path, "xlsx") if is_workbook(path) else _archive(path)
    if head.startswith(b"PAR1"):
        return _named(path, lambda: read_parquet(path, ROWS), "")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _workbook(path, "xls")
    _refuse_others(path, head)
    if _JSON.match(head.removeprefix(b"\xef\xbb\xbf").lstrip()):
        encoding, text = _decode(head.removeprefix(b"\xef\xbb\xbf"), [])
        return _named(path, lambda: read_json(path, encoding, text, ROWS), encoding)
    return _text(path, head)


def _named(path: Path, read: Callable[[], Named], encoding: str) -> Sample:
    try:
        found = read()
    except (ValueError, UnicodeError) as error:
        raise _not_a_table(
            path, "damaged, or it holds no list of records", "已损坏或没有记录列表的文件"
        ) from error
    if not found.rows:
        raise _empty(path)
    return Sample(
        path=path,
        format=found.format,
        encoding=encoding,
        delimiter="",
        sheet="",
        header_rows=(),
        columns=tuple(tidy_heading(name) for name in found.columns),
        rows=found.rows,
        notes=tuple(found.notes),
        records=found.records,
    )


def _archive(path: Path) -> Sample:
    """The first file of the kind of which an archive holds most."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = unpack_one(path, Path(folder))
        except ValueError as error:
            raise _not_a_table(
                path, f"an archive {error}", "不含表格、无法解压或过大的压缩包"
            ) from error
        sample = read_sample(found.path)
    note = (
        f"压缩包：按 {found.pattern} 取文件，共 {found.count} 个，看了第一个。"
        f" An archive: members named {found.pattern} are taken, {found.count} of them;"
        " the first was looked at."
    )
    return replace(sample, path=path, members=found.pattern, notes=(note, *sample.notes))


def _head(path: Path) -> bytes:
    if not path.exists():
        raise SampleError(
            path,
            "sample_absent",
            "There is no such file. 没有这个文件。",
            "Check the path. 请检查路径。",
        )
    if path.is_dir():
        raise SampleError(
            path,
            "sample_is_folder",
            "This is a folder. 这是一个文件夹。",
            "Name one file. 请指定一个文件。",
        )
    try:
        with path.open("rb") as file:
            head = file.read(BYTES)
    except OSError as error:
        raise SampleError(
            path,
            "sample_unreadable",
            f"The file cannot be read: {error.strerror}. 文件无法读取。",
            "Check its permissions. 请检查权限。",
        ) from error
    if not head.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise _empty(path)
    return head


def _empty(path: Path) -> SampleError:
    return SampleError(
        path,
        "sample_empty",
        "There is nothing in the file. 文件没有内容。",
        "Ask the department for a file with at least one row. 请部门提供至少含一行数据的文件。",
    )


def _refuse_others(path: Path, head: bytes) -> None:
    for signature, english, chinese in _NOT_TABLES:
        if head.startswith(signature):
            raise _not_a_table(path, english, chinese)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise SampleError(
            path,
            "sample_utf16",
            "The file is UTF-16 (“Unicode text”). 文件是 UTF-16 编码。",
            "Save it as CSV UTF-8. 请另存为“CSV UTF-8”。",
        )
    start = head[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise _not_a_table(path, "a web page or XML, whatever its ending says", "网页或 XML")
    if head.count(b"\0") * 100 > len(head):
        raise _not_a_table(path, "a binary file", "二进制文件")


def _not_a_table(path: Path, english: str, chinese: str) -> SampleError:
    return SampleError(
        path,
        "sample_not_a_table",
        f"This is {english}, not a table. 这是{chinese}，不是表格。",
        "Save it as csv, xlsx, json or parquet. 请另存为 csv、xlsx、json 或 parquet。",
    )


def _workbook(path: Path, kind: Format) -> Sample:
    try:
        book = CalamineWorkbook.from_path(str(path))
        filled = [(name, table) for name in book.sheet_names if (table := _sheet(book, name))]
    except (CalamineError, OSError, ValueError) as error:
        raise _not_a_table(path, "not a workbook that can be opened", "无法打开的工作簿") from error
    if not filled:
        raise _empty(path)
    name, table = max(filled, key=lambda one: len(one[1]) * max(map(len, one[1])))
    merged = book.get_sheet_by_name(name).merged_cell_ranges or []
    first = name == book.sheet_names[0]
    notes = []
    if len(filled) > 1:
        others = ", ".join(other for other, _ in filled if other != name)
        notes.append(
            f"取工作表“{name}”，另有 {others}。 Sheet {name} was taken; also filled: {others}."
        )
    read = Reading(kind, sheet="" if first else name, merged=tuple(merged))
    return _sample(path, read, table, notes)


def _sheet(book: CalamineWorkbook, name: str) -> list[list[str]]:
    """The first rows of a sheet; nothing when all of them are empty."""
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=ROWS + 5)
    table = [[_cell(value) for value in row] for row in rows]
    return table if any(cell for row in table for cell in row) else []


def _cell(value: object) -> str:
    """A workbook's cell as text: whole floats without `.0`, dates as ISO."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat()).removesuffix("T00:00:00")
    return str(value).strip() if value is not None else ""


def _text(path: Path, head: bytes) -> Sample:
    notes = []
    if head.startswith(b"\xef\xbb\xbf"):
        head = head[3:]
        notes.append(
            "文件以 BOM 开头，无碍。 The file begins with a byte-order mark, which is harmless."
        )
    if len(head) >= BYTES - 3:
        head = head[: head.rfind(b"\n") + 1] or head
    encoding, text = _decode(head, notes)
    if "\0" in text:
        text = text.replace("\0", "")
        notes.append("文件含 NUL 字节，已略去。 The file holds NUL bytes; they were left out.")
    delimiter = _delimiter(text)
    kind: Format = "tsv" if delimiter == "\t" else "csv"
    table = [list(row) for row in _rows(text, delimiter, ROWS + 5)]
    return _sample(path, Reading(kind, encoding, delimiter), table, notes)


def _decode(head: bytes, notes: list[str]) -> tuple[str, str]:
    for encoding in ("utf-8", "gb18030"):
        try:
            return encoding, head.decode(encoding)
        except UnicodeDecodeError:
            continue
    read = {name: head.decode(name, errors="replace") for name in ("utf-8", "gb18030")}
    encoding = min(read, key=lambda name: read[name].count("\ufffd"))
    bad = read[encoding].count("\ufffd")
    notes.append(
        f"{bad} 处不是 {encoding}：文件混用编码。 {bad} places are not {encoding}:"
        " the file mixes encodings."
    )
    return encoding, read[encoding]


def _rows(text: str, delimiter: str, limit: int) -> list[list[str]]:
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            rows.append(row)
            if len(rows) >= limit:
                break
    except csv.Error:  # a cell of more than 131,072 characters: a quote that was never closed
        pass
    return rows


def _delimiter(text: str) -> str:
    """The character that splits most rows into the same number of cells, more than one."""
    best, best_score = ",", (0.0, 0)
    for delimiter in (",", "\t", ";", "|"):
        widths = [len(row) for row in _rows(text, delimiter, 50) if any(row)]
        if not widths:
            continue
        width, rows = Counter(widths).most_common(1)[0]
        score = (round(rows / len(widths), 1), width) if width > 1 else (0.0, 0)
        if score > best_score:
            best, best_score = delimiter, score
    return best


@dataclass(frozen=True)
class Reading:
    """How the bytes were read. `merged`: a sheet's merged cells, first and last, from 0."""

    format: Format
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()


def _sample(path: Path, read: Reading, table: list[list[str]], notes: list[str]) -> Sample:
    if not any(cells_with_text(row) for row in table):
        raise _empty(path)
    header = header_rows(table)
    start = header[-1] if header else 0
    body = [row for row in table[start:] if any(cell.strip() for cell in row)][:ROWS]
    if header:
        rows = [_unmerged(table[row - 1], row - 1, read, table) for row in header]
        columns = join_header(rows, spread=read.format in ("csv", "tsv"))
    else:
        columns = [f"列{number}" for number in range(1, max(map(len, body), default=1) + 1)]
        notes.append(
            "没有找到表头，各列已编号，请命名。 There is no header: name the numbered columns."
        )
    columns = [name or f"第{number}列" for number, name in enumerate(columns, 1)]
    width = len(columns)
    uneven = sum(len(row) != width for row in body)
    if uneven and read.encoding:
        notes.append(
            f"{uneven} 行与表头列数不同。 {uneven} of {len(body)} rows are longer or shorter"
            " than the header."
        )
    twice = sorted(name for name, count in Counter(columns).items() if count > 1)
    if twice:
        listed = ", ".join(twice)
        notes.append(
            f"列名重复，请部门改名：{listed}。"
            f" Headings that are there twice, have them renamed: {listed}."
        )
    return Sample(
        path=path,
        format=read.format,
        encoding=read.encoding,
        delimiter=read.delimiter,
        sheet=read.sheet,
        header_rows=header,
        columns=tuple(columns),
        rows=tuple(tuple([*row, *[""] * width][:width]) for row in body),
        notes=tuple(notes),
    )


def _unmerged(row: list[str], at: int, read: Reading, table: list[list[str]]) -> list[str]:
    """A header row with the text of each merged cell in all the cells that it covers."""
    out = list(row)
    for (top, left), (bottom, right) in read.merged:
        if top <= at <= bottom and top < len(table) and left < len(table[top]):
            for column in range(left, min(right + 1, len(out))):
                out[column] = table[top][left]
    return out
