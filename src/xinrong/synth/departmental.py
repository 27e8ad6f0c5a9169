"""How a department writes rows down: every cell text, in its columns, units and date format."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xinrong.catalogue.contract import Contract, FieldType, RecordField
from xinrong.catalogue.feed import Feed
from xinrong.synth.life import Chunk
from xinrong.synth.register import EPOCH, NULL
from xinrong.synth.rows import Coded, Column, Rows
from xinrong.synth.streams import Ints

_FIRST = date(1980, 1, 1)
_LAST = date(2079, 12, 31)

DATE_STYLES: dict[str, Callable[[date], str]] = {
    "2025-03-05": lambda d: d.isoformat(),
    "2025/3/5": lambda d: f"{d.year}/{d.month}/{d.day}",
    "2025年3月5日": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "20250305": lambda d: f"{d.year}{d.month:02d}{d.day:02d}",
    "2025.03.05": lambda d: f"{d.year}.{d.month:02d}.{d.day:02d}",
    "2025-03-05 00:00:00": lambda d: f"{d.isoformat()} 00:00:00",
}
ISO = "2025-03-05"

#: Feeds whose dates are not written the ISO way.
FEED_DATES = {
    "market_changes": "2025/3/5",
    "market_annual_reports": "2025年3月5日",
    "tax_arrears_notices": "2025年3月5日",
    "hrss_social_insurance": "20250305",
    "hrss_wage_arrears": "2025.03.05",
    "fund_contributions": "2025/3/5",
    "water_bills": "2025.03.05",
    "gas_bills": "2025-03-05 00:00:00",
    "court_judgments": "2025年3月5日",
    "ecology_penalties": "2025/3/5",
    "law_enforcement_penalties": "2025年3月5日",
    "fire_penalties": "2025.03.05",
    "health_licences": "2025/3/5",
    "housing_licences": "2025年3月5日",
    "transport_licences": "20250305",
    "bank_overdue_loans": "2025/3/5",
    "bank_guarantees": "20250305",
    "resources_real_estate": "2025/3/5",
    "patents_granted": "2025.03.05",
    "finance_contracts": "2025年3月5日",
    "commerce_subsidies": "2025/3/5",
}

#: Fen in one unit of a money column.
_UNIT_DIGITS = {"": 2, "元": 2, "千元": 5, "万元": 6, "百万元": 8, "亿元": 10}


@cache
def date_words(style: str) -> pa.Array:
    """Each day from 1980 to 2079 in one style."""
    write = DATE_STYLES[style]
    count = (_LAST - _FIRST).days + 1
    return pa.array([write(_FIRST + timedelta(days=step)) for step in range(count)])


def date_text(days: Ints, style: str) -> pa.Array:
    """Days as text; null where there is none."""
    words = date_words(style)
    place = np.clip(days - (_FIRST - EPOCH).days, 0, len(words) - 1)
    return words.take(pa.array(place, mask=days == NULL))


def decimals(values: Ints, scale: int) -> pa.Array:
    """Whole numbers read as decimals of `scale` places; null where NULL."""
    valid = pa.array(values, mask=values == NULL)
    wide = np.empty((len(values), 2), dtype=np.int64)
    wide[:, 0] = values
    wide[:, 1] = values >> 63
    return pa.Array.from_buffers(
        pa.decimal128(18, scale), len(values), [valid.buffers()[0], pa.py_buffer(wide)]
    )


def number_text(values: Ints, scale: int) -> pa.Array:
    """Decimals as text without noughts at the end; whole numbers without a point."""
    known = values != NULL
    step = 10**scale
    if not (values[known] % step).any():
        return pc.cast(pa.array(values // step, mask=~known), pa.string())
    text = pc.cast(decimals(values, scale), pa.string())
    return pc.utf8_rtrim(pc.utf8_rtrim(text, "0"), ".")


def money_text(fen: Ints, unit: str) -> pa.Array:
    """Fen in a department's unit: yuan with two places, other units as short as they are exact."""
    scale = _UNIT_DIGITS[unit]
    if scale == 2:
        return pc.cast(decimals(fen, 2), pa.string())
    return number_text(fen, scale)


def headings(feed: Feed, contract: Contract) -> list[str]:
    """The columns of the feed's file, in order: the subject's, then the contract's."""
    names = [_first(feed.subject.code), _first(feed.subject.name)]
    for entry in contract.fields:
        source = feed.source(entry.name)
        if source is not None and source.columns:
            names.append(source.columns[0])
    return [name for name in names if name]


def columns_of(feed: Feed, contract: Contract) -> dict[str, RecordField]:
    """Heading -> the field of the contract that the column fills (not the subject's columns)."""
    found = {}
    for entry in contract.fields:
        source = feed.source(entry.name)
        if source is not None and source.columns:
            found[source.columns[0]] = entry
    return found


def written(chunk: Chunk, rows: Rows, feed: Feed, contract: Contract, when: str) -> pa.Table:
    """The rows as the department would send them."""
    style = FEED_DATES.get(feed.feed, ISO)
    table: dict[str, pa.Array] = {}
    if code := _first(feed.subject.code):
        table[code] = chunk.codes.take(pa.array(rows.who))
    if name := _first(feed.subject.name):
        # the register knows today's name, the others the name of the record's day
        table[name] = (
            chunk.names.take(pa.array(rows.who))
            if feed.register_feed
            else _names(chunk, rows, when)
        )
    for heading, entry in columns_of(feed, contract).items():
        source = feed.source(entry.name)
        assert source is not None
        column = rows.fields[entry.name]
        words = {value: word for word, value in source.values.items()}
        table[heading] = _cells(chunk, column, entry, source.unit, words, style)
    return pa.table(table)


def _names(chunk: Chunk, rows: Rows, when: str) -> pa.Array:
    """The name that the enterprise had on the day of the row."""
    day = rows.fields[when]
    assert isinstance(day, np.ndarray)
    renamed = chunk.people.renamed[rows.who]
    former = (renamed != NULL) & (day < renamed)
    place = rows.who + np.where(former, len(chunk.people), 0)
    return chunk.names.take(pa.array(place))


def _cells(
    chunk: Chunk, column: Column, entry: RecordField, unit: str, words: dict[str, str], style: str
) -> pa.Array:
    if isinstance(column, Coded):
        return Coded(tuple(words.get(word, word) for word in column.words), column.index).text()
    if not isinstance(column, np.ndarray):
        return column
    match entry.type:
        case FieldType.DATE:
            text = date_text(column, style)
        case FieldType.MONEY:
            text = money_text(column, unit)
        case FieldType.NUMBER:
            text = number_text(column, 4)
        case FieldType.ENTERPRISE:
            text = chunk.codes_of(column)
        case _:
            text = pc.cast(pa.array(column, mask=column == NULL), pa.string())
    return text


def _first(columns: str | tuple[str, ...]) -> str:
    if isinstance(columns, str):
        return columns
    return columns[0] if columns else ""
