"""Contradictions in what a feed says about the file itself."""

from __future__ import annotations

from collections.abc import Iterator

from xinrong.catalogue.document import Document
from xinrong.catalogue.errors import Problem
from xinrong.catalogue.feed import NAMED_FORMATS, TEXT_FORMATS, Layout
from xinrong.domain.text import Text

_DELIMITED = ("csv", "tsv")
_WORKBOOKS = ("xls", "xlsx")


def lint_layout(layout: Layout, document: Document) -> Iterator[Problem]:
    """Everything that is wrong with a layout taken alone."""
    yield from _encoding(layout, document)
    yield from _delimiter(layout, document)
    yield from _places(layout, document)
    if layout.format in NAMED_FORMATS:
        yield from _named(layout, document)
    else:
        yield from _header(layout, document)
    yield from _columns(layout, document)


def _encoding(layout: Layout, document: Document) -> Iterator[Problem]:
    at, kind = ("layout", "encoding"), layout.format
    if kind in TEXT_FORMATS:
        if not layout.encoding:
            wrong = Text(zh="文本文件没有写编码。", en="A text file needs an encoding.")
            remedy = Text(zh="请写 utf-8 或 gb18030。", en="Write `utf-8` or `gb18030`.")
            yield document.problem("encoding_missing", at, wrong, remedy)
    elif layout.encoding and "encoding" in layout.model_fields_set:
        wrong = Text(zh=f"{kind} 文件没有编码。", en=f"A {kind} file has no encoding.")
        remedy = Text(zh="请删去 encoding。", en="Delete `encoding`.")
        yield document.problem("encoding_needless", at, wrong, remedy)


def _delimiter(layout: Layout, document: Document) -> Iterator[Problem]:
    at, kind = ("layout", "delimiter"), layout.format
    given = "delimiter" in layout.model_fields_set
    if kind not in _DELIMITED:
        if given:
            wrong = Text(zh=f"{kind} 文件没有分隔符。", en=f"A {kind} file has no delimiter.")
            remedy = Text(zh="请删去 delimiter。", en="Delete `delimiter`.")
            yield document.problem("delimiter_needless", at, wrong, remedy)
        return
    tab_wanted = kind == "tsv" and given and layout.delimiter != "\t"
    if len(layout.delimiter) != 1 or tab_wanted:
        wrong = Text(
            zh=f"分隔符“{layout.delimiter}”不适用于 {kind}。",
            en=f"The delimiter {layout.delimiter!r} does not suit {kind}.",
        )
        remedy = Text(
            zh="分隔符是一个字符；tsv 不必写。", en="It is one character; for tsv leave it out."
        )
        yield document.problem("delimiter_wrong", at, wrong, remedy)


def _places(layout: Layout, document: Document) -> Iterator[Problem]:
    """Where in the file the rows are: a sheet, an array, a member."""
    kind = layout.format
    if layout.sheet and kind not in _WORKBOOKS:
        wrong = Text(zh=f"{kind} 文件没有工作表。", en=f"A {kind} file has no sheets.")
        remedy = Text(zh="请删去 sheet，或更正 format。", en="Delete `sheet`, or correct `format`.")
        yield document.problem("sheet_needless", ("layout", "sheet"), wrong, remedy)
    if layout.records and kind != "json":
        wrong = Text(
            zh=f"{kind} 文件没有数组的位置可写。", en=f"A {kind} file has no array to lead to."
        )
        remedy = Text(
            zh="请删去 records，或把 format 改为 json。",
            en="Delete `records`, or make `format` json.",
        )
        yield document.problem("records_needless", ("layout", "records"), wrong, remedy)
    pattern = layout.members
    if "\\" in pattern or pattern.startswith("/") or ".." in pattern.split("/"):
        wrong = Text(
            zh=f"压缩包内不会读取名称像“{pattern}”的文件。",
            en=f"No member with a name like `{pattern}` is ever read.",
        )
        remedy = Text(
            zh="请写 *.csv 或 数据/*.csv 这样的名称。", en="Write it like `*.csv` or `data/*.csv`."
        )
        yield document.problem("members_wrong", ("layout", "members"), wrong, remedy)


def _named(layout: Layout, document: Document) -> Iterator[Problem]:
    """JSON and Parquet state the names of their fields themselves."""
    for key in ("header_rows", "columns"):
        if key in layout.model_fields_set:
            wrong = Text(
                zh=f"{layout.format} 文件自带字段名，没有表头行。",
                en=f"A {layout.format} file names its fields itself and has no header rows.",
            )
            remedy = Text(zh=f"请删去 {key}。", en=f"Delete `{key}`.")
            yield document.problem("header_needless", ("layout", key), wrong, remedy)


def _header(layout: Layout, document: Document) -> Iterator[Problem]:
    at = ("layout", "header_rows")
    if layout.columns and layout.header_rows:
        wrong = Text(
            zh="既写了列名 columns，又有表头行（不写时默认为第 1 行）。",
            en="Both `columns` and a header row are given (row 1 unless you say otherwise).",
        )
        remedy = Text(
            zh="文件没有表头时写 header_rows: []；有表头时删去 columns。",
            en="Without a header write `header_rows: []`; with one delete `columns`.",
        )
        yield document.problem("header_and_columns", at, wrong, remedy)
    if not layout.columns and not layout.header_rows:
        wrong = Text(
            zh="既没有表头行，也没有列名。", en="There is neither a header row nor `columns`."
        )
        remedy = Text(
            zh="请写 header_rows: [1]，或按顺序写出 columns。",
            en="Write `header_rows: [1]`, or name the `columns` in order.",
        )
        yield document.problem("no_header", at, wrong, remedy)
    rows = layout.header_rows
    if any(row < 1 for row in rows) or list(rows) != sorted(set(rows)) or len(rows) > 3:
        wrong = Text(
            zh=f"表头行 {list(rows)} 不对。", en=f"The header rows {list(rows)} cannot be right."
        )
        remedy = Text(
            zh="从 1 起按顺序写行号，最多三行，例如 [2, 3]。",
            en="Count from 1, in order, three at most, e.g. [2, 3].",
        )
        yield document.problem("header_rows_wrong", at, wrong, remedy)


def _columns(layout: Layout, document: Document) -> Iterator[Problem]:
    for index, name in enumerate(layout.columns):
        if name in layout.columns[:index]:
            wrong = Text(zh=f"列名“{name}”写了两次。", en=f"Column `{name}` is named twice.")
            remedy = Text(zh="请给其中一列改名。", en="Give one of them another name.")
            yield document.problem("columns_twice", ("layout", "columns", index), wrong, remedy)
