"""Contradictions inside one feed, and between it and the contract that it fills."""

from __future__ import annotations

from collections.abc import Iterator

from xinrong.catalogue.contract import Contract, FieldType
from xinrong.catalogue.document import Document
from xinrong.catalogue.errors import Problem, Severity
from xinrong.catalogue.explain import did_you_mean
from xinrong.catalogue.feed import Feed, Source
from xinrong.catalogue.lint_layout import lint_layout
from xinrong.catalogue.lint_register import lint_register
from xinrong.domain.text import Text

#: What a feed may state as the unit of money (domain.money reads the same ones).
MONEY_UNITS = ("元", "千元", "万元", "百万元", "亿元")


def lint_feed(feed: Feed, contract: Contract | None, document: Document) -> Iterator[Problem]:
    """Everything that is wrong with one feed; without its contract, only the layout."""
    yield from lint_layout(feed.layout, document)
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
    yield from lint_register(feed, contract, document)
    if contract is not None:
        yield from _mapping(feed, contract, document)


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
    for column in feed.register_file.columns if feed.register_file else ():
        yield ("register_file",), column


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
    if source.date_order != "ymd" and field.type is not FieldType.DATE:
        wrong = Text(
            zh=f"只有日期可以写 date_order，而“{name}”是 {field.type}。",
            en=f"Only a date has an order of day and month; `{name}` is {field.type}.",
        )
        remedy = Text(
            zh="请删去 date_order，或在合同中把类型改为 date。",
            en="Delete `date_order`, or make the field a date in the contract.",
        )
        yield document.problem("date_order_not_date", (*at, "date_order"), wrong, remedy)
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
