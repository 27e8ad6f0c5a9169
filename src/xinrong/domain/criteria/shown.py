"""Values and conditions in the words of people, Chinese and English."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from xinrong.domain.criteria.columns import NUMERIC, Column, Type, unit_in
from xinrong.domain.criteria.kinds import DAYS
from xinrong.domain.criteria.lowering import DAY_ZERO, EXACT
from xinrong.domain.criteria.tree import Arith, AsOf, Const, Kind, Operator, Ref, Value
from xinrong.domain.text import Text

_FIGURES = frozenset("-0123456789")
_CLOSE = frozenset({"%", "‰"})
_PLACES = 4  # of a value that was reckoned
_LISTED = 5  # values of a list that are named
YES_NO = {True: Text(zh="是", en="yes"), False: Text(zh="否", en="no")}


def _words(**pairs: tuple[str, str]) -> Mapping[str, Text]:
    return MappingProxyType({name: Text(zh=zh, en=en) for name, (zh, en) in pairs.items()})


_NAMES: dict[Operator, str] = {
    "=": "eq", "<>": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge",
}  # fmt: skip
_AMOUNTS = _words(
    eq=("等于{}", "exactly {}"), ne=("不等于{}", "other than {}"), lt=("低于{}", "less than {}"),
    le=("不高于{}", "at most {}"), gt=("高于{}", "more than {}"), ge=("不低于{}", "at least {}"),
)  # fmt: skip
_DAYS = _words(
    eq=("为{}", "on {}"), ne=("不为{}", "not on {}"), lt=("早于{}", "before {}"),
    le=("不晚于{}", "not after {}"), gt=("晚于{}", "after {}"), ge=("不早于{}", "not before {}"),
)  # fmt: skip
_TEXTS = _words(
    eq=("为{}", "{}"), ne=("不是{}", "not {}"), lt=("排在{}之前", "before {}"),
    le=("排在{}或其前", "up to {}"), gt=("排在{}之后", "after {}"),
    ge=("排在{}或其后", "from {} on"),
)  # fmt: skip
_SIGNS = {"+": "+", "-": "-", "*": "×", "safe_div": "÷"}


def needed(op: Operator, kind: Kind, bound: Text) -> Text:
    """What a comparison asks for: 不低于 500,000 元, at least 500,000 yuan."""
    words = _TEXTS
    if kind.type in NUMERIC:
        words = _AMOUNTS
    elif kind.type == Type.DATE:
        words = _DAYS
    word = words[_NAMES[op]]
    return Text(zh=word.zh.replace("{}", spaced(bound.zh)), en=word.en.replace("{}", bound.en))


def spaced(text: str) -> str:
    """A number keeps off the Chinese before it: 不低于 500,000 元, but 为正常."""
    return f" {text}" if text[:1] in _FIGURES else text


def title(value: Value) -> Text:
    """What a value is called: the column's title, or how it is reckoned."""
    match value:
        case Ref(column=column):
            return column.title
        case AsOf():
            return Text(zh="判断日期", en="the day asked on")
        case Const():
            return literal(value, value.kind, None)
        case Arith(op=op, left=left, right=right):
            one, other = _part(left, value), _part(right, value)
            sign = _SIGNS[op]
            return Text(zh=f"{one.zh} {sign} {other.zh}", en=f"{one.en} {sign} {other.en}")


def _part(value: Value, whole: Value) -> Text:
    """A part of what is reckoned; a number that is added to a date is of days."""
    if whole.kind.type == Type.DATE and isinstance(value, Const):
        return literal(value, DAYS, None)
    found = title(value)
    if not isinstance(value, Arith):
        return found
    return Text(zh=f"（{found.zh}）", en=f"({found.en})")


def literal(value: Const, kind: Kind, column: Column | None) -> Text:
    """A value written in the text, in the kind of what it is compared with."""
    written = value.value
    if isinstance(written, bool):
        return YES_NO[written]
    if isinstance(written, Decimal):
        return Text(zh=amount(written, kind, "zh"), en=amount(written, kind, "en"))
    if isinstance(written, date):
        return Text(zh=written.isoformat(), en=written.isoformat())
    return Text(zh=word(written, column, "zh"), en=word(written, column, "en"))


def listed(items: tuple[Const, ...], column: Column) -> Text:
    """The values of a list, the first few by name."""
    kind = Kind(column.type, column.unit)
    named = [literal(item, kind, column) for item in items[:_LISTED]]
    zh, en = "、".join(one.zh for one in named), ", ".join(one.en for one in named)
    if len(items) > _LISTED:
        return Text(zh=f"{zh}等 {len(items)} 项", en=f"{en} and {len(items) - _LISTED} more")
    return Text(zh=zh, en=en)


def shower(column: Column) -> Callable[[Any, str], str]:
    """The function that puts stored values of a column into words. Make it once, call it often."""
    kind = Kind(column.type, column.unit)
    if column.inexact:
        return lambda value, language: reckoned(kind, Fraction(value), language)
    if column.numeric and column.whole and column.scale:
        places = -column.scale
        return lambda value, language: amount(EXACT.scaleb(Decimal(value), places), kind, language)
    if column.numeric:
        return lambda value, language: amount(value, kind, language)

    def told(value: Any, language: str) -> str:
        if isinstance(value, bool):
            return YES_NO[value].in_language(language)
        return value.isoformat() if isinstance(value, date) else word(value, column, language)

    return told


def reckoned(kind: Kind, worth: Fraction, language: str) -> str:
    """A reckoned value as people read it; an endless one to four places."""
    if kind.type == Type.DATE:
        return _day(int(worth))
    return amount(_decimal(worth, _PLACES + 2 * (kind.type == Type.RATIO)), kind, language)


def amount(number: Decimal | int, kind: Kind, language: str) -> str:
    """A number with its unit: 500,000 元, 72.5%."""
    if kind.type == Type.RATIO:
        return f"{_plain(EXACT.scaleb(Decimal(number), 2))}%"
    unit = _unit(kind.unit, language)
    if number == 1 and language == "en":
        unit = unit.removesuffix("s")
    figure = _plain(number, places=2 * (kind.type == Type.MONEY))
    if unit in _CLOSE:
        return f"{figure}{unit}"
    return f"{figure.replace(',', '') if kind.unit == '年' else figure} {unit}".rstrip()


@lru_cache(maxsize=1_000)
def _unit(unit: str, language: str) -> str:
    return unit_in(unit, language)


def word(value: str, column: Column | None, language: str) -> str:
    """A code in its words where it has some, other text in quotation marks."""
    if column is not None and value in column.values:
        return column.values[value].in_language(language)
    return f"“{value}”"


def _plain(number: Decimal | int, places: int = 0) -> str:
    """A number without needless zeros; one that is not whole with at least `places`."""
    if isinstance(number, int):
        return f"{number:,}"
    if number == number.to_integral_value():
        return f"{int(number):,}"
    shortest = EXACT.normalize(number)
    exponent = shortest.as_tuple().exponent
    assert isinstance(exponent, int)
    return f"{shortest:,.{max(places, -exponent)}f}"


def _decimal(worth: Fraction, places: int) -> Decimal:
    scaled = round(worth * 10**places)
    return EXACT.scaleb(Decimal(scaled), -places)


def _day(number: int) -> str:
    """A day number as a date; beyond the calendar as days."""
    try:
        return (DAY_ZERO + timedelta(days=number)).isoformat()
    except OverflowError:
        return f"{number:+,} d"
