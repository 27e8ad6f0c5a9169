"""A criterion as a Python function over one row, for one enterprise at a time.

It answers as SQL does (sql.py): True, False, or None for unknown. A column that the row does not
have is unknown. Nothing is raised for any row whose values are stored as `columns.py` says.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from xinrong.domain.criteria.columns import Column, Type
from xinrong.domain.criteria.lowering import (
    DAY_ZERO,
    EXACT,
    Across,
    Plain,
    Term,
    Whole,
    fraction,
    lowered,
    stored,
)
from xinrong.domain.criteria.tree import (
    FLIPPED,
    And,
    AsOf,
    Between,
    Compare,
    Condition,
    Expression,
    Flag,
    In,
    Known,
    Not,
    Operator,
    Or,
    Ref,
    Value,
)

Row = Mapping[str, Any]
Answer = Callable[[Row, date], bool | None]
Number = Callable[[Row, date], int | None]

_OPERATORS: dict[Operator, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_STEPS: dict[str, Callable[[int, int], int]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul,
}  # fmt: skip
_ZERO = DAY_ZERO.toordinal()


def answer_of(expression: Expression) -> Answer:
    """The function that answers for a row on a day. Make it once, call it often."""
    return answering(expression.condition)


def answering(node: Condition) -> Answer:
    """The function of one part of a criterion."""
    match node:
        case And(parts=parts):
            return _all(tuple(answering(part) for part in parts))
        case Or(parts=parts):
            return _any(tuple(answering(part) for part in parts))
        case Not(part=part):
            return _not(answering(part))
        case Compare():
            return _compare(node)
        case Between(value=value, low=low, high=high):
            above = _compare(Compare(">=", value, low))
            return _all((above, _compare(Compare("<=", value, high))))
        case In(column=column, items=items):
            return _one_of(column.name, frozenset(stored(column, item) for item in items))
        case Known(column=column):
            return _known(column.name)
        case Flag(column=column):
            return _flag(column.name)


def _all(parts: tuple[Answer, ...]) -> Answer:
    def answer(row: Row, as_of: date) -> bool | None:
        found: bool | None = True
        for part in parts:
            said = part(row, as_of)
            if said is False:
                return False
            if said is None:
                found = None
        return found

    return answer


def _any(parts: tuple[Answer, ...]) -> Answer:
    def answer(row: Row, as_of: date) -> bool | None:
        found: bool | None = False
        for part in parts:
            said = part(row, as_of)
            if said is True:
                return True
            if said is None:
                found = None
        return found

    return answer


def _not(part: Answer) -> Answer:
    def answer(row: Row, as_of: date) -> bool | None:
        said = part(row, as_of)
        return None if said is None else not said

    return answer


def _one_of(name: str, values: frozenset[Any]) -> Answer:
    def answer(row: Row, _: date) -> bool | None:
        value = row.get(name)
        return None if value is None else value in values

    return answer


def _known(name: str) -> Answer:
    return lambda row, _: row.get(name) is not None


def _flag(name: str) -> Answer:
    def answer(row: Row, _: date) -> bool | None:
        value: bool | None = row.get(name)
        return value

    return answer


def _compare(compare: Compare) -> Answer:
    found = lowered(compare)
    return _plain(found) if isinstance(found, Plain) else _across(found)


def _plain(compare: Plain) -> Answer:
    name, other, holds = compare.column.name, compare.other, _OPERATORS[compare.op]
    if isinstance(other, AsOf):

        def on_day(row: Row, as_of: date) -> bool | None:
            value = row.get(name)
            return None if value is None else holds(value, as_of)

        return on_day
    if isinstance(other, Column):
        return _two_columns(name, other.name, holds)

    def answer(row: Row, _: date) -> bool | None:
        value = row.get(name)
        return None if value is None else holds(value, other)

    return answer


def _two_columns(one: str, other: str, holds: Callable[[Any, Any], bool]) -> Answer:
    def answer(row: Row, _: date) -> bool | None:
        left, right = row.get(one), row.get(other)
        return None if left is None or right is None else holds(left, right)

    return answer


def _across(compare: Across) -> Answer:
    left, right = number_of(compare.left), number_of(compare.right)
    guards = tuple(number_of(one) for one in compare.guards)
    signs = tuple(number_of(one) for one in compare.signs)
    straight, turned = _OPERATORS[compare.op], _OPERATORS[FLIPPED[compare.op]]

    def answer(row: Row, as_of: date) -> bool | None:
        one, other = left(row, as_of), right(row, as_of)
        if one is None or other is None:
            return None
        if not all(guard(row, as_of) for guard in guards):  # unknown, or zero
            return None
        negative = sum((sign(row, as_of) or 0) < 0 for sign in signs)
        return (turned if negative % 2 else straight)(one, other)

    return answer


def number_of(term: Term) -> Number:
    """The function of a whole number; None where a column in it is unknown."""
    if isinstance(term, Whole):
        return _whole(term)
    left, right, step = number_of(term.left), number_of(term.right), _STEPS[term.op]

    def number(row: Row, as_of: date) -> int | None:
        one, other = left(row, as_of), right(row, as_of)
        return None if one is None or other is None else step(one, other)

    return number


def _whole(term: Whole) -> Number:
    found = term.of
    if isinstance(found, int):
        return lambda _row, _day: found
    if not isinstance(found, Column):
        return lambda _row, as_of: as_of.toordinal() - _ZERO
    name, scale = found.name, found.scale
    if found.type == Type.DATE:

        def day(row: Row, _: date) -> int | None:
            value: date | None = row.get(name)
            return None if value is None else value.toordinal() - _ZERO

        return day
    if found.whole:

        def whole(row: Row, _: date) -> int | None:
            value: int | None = row.get(name)
            return value

        return whole

    def decimal(row: Row, _: date) -> int | None:
        value = row.get(name)
        return None if value is None else int(EXACT.scaleb(value, scale))

    return decimal


Worth = Callable[[Row, date], Fraction | None]


def worth_of(value: Value) -> Worth:
    """The function of a reckoned value in people's units (yuan, days since 1970), exactly.

    None where a column in it is unknown or a divisor is zero.
    """
    if isinstance(value, Ref) and value.column.inexact:
        return _double(value.column.name)
    found = fraction(value)
    num = number_of(found.num)
    den = None if found.den is None else number_of(found.den)
    guards = tuple(number_of(one) for one in found.guards)
    scale = 10**found.scale

    def worth(row: Row, as_of: date) -> Fraction | None:
        upper, lower = num(row, as_of), 1 if den is None else den(row, as_of)
        if upper is None or not lower or not all(guard(row, as_of) for guard in guards):
            return None
        return Fraction(upper, lower * scale)

    return worth


def _double(name: str) -> Worth:
    def worth(row: Row, _: date) -> Fraction | None:
        value = row.get(name)
        return None if value is None else Fraction(value)

    return worth
