"""Contradictions inside one feed, and between it and the contract that it fills."""

from __future__ import annotations

from collections.abc import Iterator

from xinrong.catalogue.contract import Contract, FieldType
from xinrong.catalogue.document import Document
from xinrong.catalogue.errors import Problem, Severity
from xinrong.catalogue.explain import did_you_mean
from xinrong.catalogue.feed import Feed, Source
from xinrong.domain.text import Text

#: What a feed may state as the unit of money (domain.money reads the same ones).
MONEY_UNITS = ("元", "千元", "万元", "百万元", "亿元")
WORKBOOKS = ("xls", "xlsx")


def lint_feed(feed: Feed, contract: Contract | None, document: Document) -> Iterator[Problem]:
    """Everything that is wrong with one feed; without its contract, only the layout."""
    yield from _layout(feed, document)
    yield from _header(feed, document)
    yield from _columns(feed, document)
    if feed.freshness.stale_after_days < feed.freshness.every_days:
        wrong = Text(
            zh="还没到下次报送就已算过期。", en="It counts as stale before it is due again."
        )
        remedy = Text(
            zh="stale_after_days 应不小于 every_days。",
            en="Make `stale_after_days` at least `every_days`.",
        )
        yield document.problem("freshness_order", ("freshness", "stale_after_days"), wrong, remedy)
    if contract is not None:
        yield from _mapping(feed, contract, document)


def _layout(feed: Feed, document: Document) -> Iterator[Problem]:
    layout = feed.layout
    given = layout.model_fields_set
    kind = layout.format
    if kind in WORKBOOKS:
        if layout.encoding and "encoding" in given:
            wrong = Text(
                zh=f"{kind} 是工作簿，没有编码。", en=f"A workbook ({kind}) has no encoding."
            )
            remedy = Text(zh="请删去 encoding。", en="Delete `encoding`.")
            yield document.problem("encoding_on_workbook", ("layout", "encoding"), wrong, remedy)
        if "delimiter" in given:
            wrong = Text(
                zh=f"{kind} 是工作簿，没有分隔符。", en=f"A workbook ({kind}) has no delimiter."
            )
            remedy = Text(zh="请删去 delimiter。", en="Delete `delimiter`.")
            yield document.problem("delimiter_on_workbook", ("layout", "delimiter"), wrong, remedy)
        return
    if not layout.encoding:
        wrong = Text(zh="文本文件没有写编码。", en="A text file needs an encoding.")
        remedy = Text(zh="请写 utf-8 或 gb18030。", en="Write `utf-8` or `gb18030`.")
        yield document.problem("encoding_missing", ("layout", "encoding"), wrong, remedy)
    if layout.sheet:
        wrong = Text(zh=f"{kind} 文件没有工作表。", en=f"A {kind} file has no sheets.")
        remedy = Text(zh="请删去 sheet，或更正 format。", en="Delete `sheet`, or correct `format`.")
        yield document.problem("sheet_on_text", ("layout", "sheet"), wrong, remedy)
    tab_wanted = kind == "tsv" and "delimiter" in given and layout.delimiter != "\t"
    if len(layout.delimiter) != 1 or tab_wanted:
        wrong = Text(
            zh=f"分隔符“{layout.delimiter}”不适用于 {kind}。",
            en=f"The delimiter {layout.delimiter!r} does not suit {kind}.",
        )
        remedy = Text(
            zh="分隔符是一个字符；tsv 不必写。", en="It is one character; for tsv leave it out."
        )
        yield document.problem("delimiter_wrong", ("layout", "delimiter"), wrong, remedy)


def _header(feed: Feed, document: Document) -> Iterator[Problem]:
    layout, at = feed.layout, ("layout", "header_rows")
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
    for index, name in enumerate(layout.columns):
        if name in layout.columns[:index]:
            wrong = Text(zh=f"列名“{name}”写了两次。", en=f"Column `{name}` is named twice.")
            remedy = Text(zh="请给其中一列改名。", en="Give one of them another name.")
            yield document.problem("columns_twice", ("layout", "columns", index), wrong, remedy)


def _used_columns(feed: Feed) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every column that the feed reads, with its place in the file."""
    for part in ("code", "name"):
        value = getattr(feed.subject, part)
        for column in (value,) if isinstance(value, str) else value:
            if column:
                yield ("subject", part), column
    for name in feed.mapping:
        source = feed.source(name)
        for column in source.columns if source else ():
            if column:
                yield ("mapping", name), column


def _columns(feed: Feed, document: Document) -> Iterator[Problem]:
    for at, column in _used_columns(feed):
        if column in feed.ignore:
            wrong = Text(
                zh=f"列“{column}”既被读取，又写在 ignore 中。",
                en=f"Column `{column}` is read, and also listed under `ignore`.",
            )
            remedy = Text(zh="请从一处删去。", en="Delete it from one of the two.")
            yield document.problem("mapped_and_ignored", at, wrong, remedy)
        if feed.layout.columns and column not in feed.layout.columns:
            wrong = Text(
                zh=f"列“{column}”不在 layout.columns 中。",
                en=f"Column `{column}` is not among `layout.columns`.",
            )
            yield document.problem(
                "column_unknown", at, wrong, did_you_mean(column, feed.layout.columns)
            )


def _mapping(feed: Feed, contract: Contract, document: Document) -> Iterator[Problem]:
    names = {field.name: field for field in contract.fields}
    for name in feed.mapping:
        if name not in names:
            wrong = Text(
                zh=f"类目 {contract.category} 没有字段“{name}”。",
                en=f"Category {contract.category} has no field `{name}`.",
            )
            yield document.problem(
                "mapping_unknown_field", ("mapping", name), wrong, did_you_mean(name, names)
            )
            continue
        source = feed.source(name)
        if source is not None:
            yield from _source(name, source, contract, document)
    for field in contract.fields:
        if field.required and field.name not in feed.mapping:
            wrong = Text(
                zh=f"必填字段“{field.name}”（{field.title.zh}）没有来源。",
                en=f"Required field `{field.name}` ({field.title.en}) has no source.",
            )
            remedy = Text(
                zh="请在 mapping 中写出它来自哪一列，或给一个 constant。",
                en="Name its column in `mapping`, or give it a `constant`.",
            )
            yield document.problem("required_not_mapped", ("mapping",), wrong, remedy)


def _source(name: str, source: Source, contract: Contract, document: Document) -> Iterator[Problem]:
    at, field = ("mapping", name), contract.field(name)
    columns = [column for column in source.columns if column]
    if not columns and not source.constant:
        wrong = Text(
            zh=f"“{name}”既没有列，也没有固定值。", en=f"`{name}` has neither column nor constant."
        )
        remedy = Text(zh="请写 column 或 constant。", en="Write `column` or `constant`.")
        yield document.problem("source_empty", at, wrong, remedy)
    if source.unit and field.type is not FieldType.MONEY:
        wrong = Text(
            zh=f"只有金额可以写单位，而“{name}”是 {field.type}。",
            en=f"Only money has a unit to convert; `{name}` is {field.type}.",
        )
        remedy = Text(
            zh="请删去 unit，或在合同中把类型改为 money。",
            en="Delete `unit`, or make the field money in the contract.",
        )
        yield document.problem("unit_not_money", (*at, "unit"), wrong, remedy)
    elif source.unit and source.unit not in MONEY_UNITS:
        wrong = Text(
            zh=f"不认识单位“{source.unit}”。", en=f"The unit `{source.unit}` is not known."
        )
        remedy = did_you_mean(source.unit, MONEY_UNITS)
        yield document.problem("unit_unknown", (*at, "unit"), wrong, remedy)
    if not field.values:
        return
    for sent, meant in source.values.items():
        if meant not in field.values:
            wrong = Text(
                zh=f"“{sent}”译成“{meant}”，而它不是“{name}”的允许值。",
                en=f"`{sent}` becomes `{meant}`, which is not a lawful value of `{name}`.",
            )
            yield document.problem(
                "value_unlawful", (*at, "values", sent), wrong, did_you_mean(meant, field.values)
            )
    if source.constant and source.constant not in field.values:
        wrong = Text(
            zh=f"固定值“{source.constant}”不是“{name}”的允许值。",
            en=f"The constant `{source.constant}` is not a lawful value of `{name}`.",
        )
        yield document.problem(
            "constant_unlawful",
            (*at, "constant"),
            wrong,
            did_you_mean(source.constant, field.values),
        )


def sample_problem(feed: Feed, document: Document) -> Problem:
    """The feed names a sample that is not there."""
    wrong = Text(zh=f"找不到样本文件“{feed.sample}”。", en=f"There is no sample `{feed.sample}`.")
    remedy = Text(
        zh="请把文件放到样本目录，或更正文件名。",
        en="Put the file into the folder of samples, or correct its name.",
    )
    return document.problem("sample_missing", ("sample",), wrong, remedy, Severity.ERROR)
