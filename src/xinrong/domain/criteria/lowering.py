"""Comparisons in whole numbers, so that every engine gives the same answer, exactly.

A value is a fraction num / den / 10^scale of whole numbers: money in fen, decimals by their
places, dates by their day number. Two of them are compared by multiplying across, so nothing is
ever divided or rounded: safe_div(1, 3) is a third. What the greatest values that a column can
hold could make of each step is known beforehand; a comparison that could need more than 38 digits
(DECIMAL(38, 0), in DuckDB and in Spark) is refused when it is written. Nothing overflows later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from typing import Literal

from xinrong.domain.criteria.columns import Column, Type
from xinrong.domain.criteria.tree import FLIPPED, Arith, AsOf, Compare, Const, Operator, Ref, Value

#: The greatest whole number that DECIMAL(38, 0) holds.
GREATEST = 10**38 - 1
#: Days are counted from here: 1970-01-01 is day 0.
DAY_ZERO = date(1970, 1, 1)
_DAYS = 3_000_000  # beyond what lies between day 0 and the first or the last day of the calendar
_BIGINT = 2**63
_DECIMAL = 10**18
EXACT = Context(prec=60)


class TooLarge(ArithmeticError):
    """A step could need more than 38 digits."""


class Inexact(ArithmeticError):
    """A double would be reckoned with, or compared with a number that is none."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number: of a column, of the day asked on, or written in the text."""

    of: Column | Literal["as_of"] | int
    bound: int


@dataclass(frozen=True, slots=True)
class Step:
    """Two whole numbers reckoned together; `bound` is the greatest absolute value."""

    op: Literal["+", "-", "*"]
    left: Term
    right: Term
    bound: int


Term = Whole | Step


@dataclass(frozen=True, slots=True)
class Fraction:
    """num / den / 10^scale, unknown where any of `guards` is zero; `den` None is 1."""

    num: Term
    scale: int = 0
    den: Term | None = None
    guards: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Across:
    """A comparison multiplied across.

    Unknown where any of `guards` is zero; the operator turns round once for each of `signs` that
    is negative.
    """

    op: Operator
    left: Term
    right: Term
    signs: tuple[Term, ...] = ()
    guards: tuple[Term, ...] = ()


#: A stored value as a row and a part of the store hold it.
Stored = int | Decimal | float | str | date | bool


@dataclass(frozen=True, slots=True)
class Plain:
    """A column compared with a stored value, the day asked on, or a column stored likewise."""

    op: Operator
    column: Column
    other: Stored | AsOf | Column


def lowered(compare: Compare) -> Plain | Across:
    """How a comparison is carried out. Raises TooLarge, Inexact."""
    return _plain(compare) or _across(compare)


def stored(column: Column, literal: Const) -> Stored | None:
    """A literal as the column would store it; None when it has too many decimals for that."""
    value = literal.value
    if not isinstance(value, Decimal):
        return value
    if column.inexact:
        return float(value)
    if value != round(value, column.scale):
        return None
    return int(EXACT.scaleb(value, column.scale)) if column.whole else value


def _plain(compare: Compare) -> Plain | None:
    left, right, op = compare.left, compare.right, compare.op
    if not isinstance(left, Ref) and isinstance(right, Ref):
        left, right, op = right, left, FLIPPED[op]
    if not isinstance(left, Ref):
        return None
    if isinstance(right, AsOf):
        return Plain(op, left.column, right)
    if isinstance(right, Const):
        value = stored(left.column, right)
        return None if value is None else Plain(op, left.column, value)
    if isinstance(right, Ref):
        one, other = left.column, right.column
        return Plain(op, one, other) if _stored_alike(one, other) else None
    return None


def _stored_alike(one: Column, other: Column) -> bool:
    """Do stored values of both mean the same, so that they are compared as they are?"""
    if not one.numeric:
        return not other.numeric
    return one.storage == other.storage and (one.scale == other.scale or not one.whole)


def _across(compare: Compare) -> Across:
    left, right = fraction(compare.left), fraction(compare.right)
    dens = (one.den for one in (left, right) if one.den is not None)
    return Across(
        compare.op,
        _times(_raised(left.num, right.scale - left.scale), right.den),
        _times(_raised(right.num, left.scale - right.scale), left.den),
        tuple(one for one in dens if not _is_number(one)),
        tuple(dict.fromkeys((*left.guards, *right.guards))),
    )


def fraction(value: Value) -> Fraction:
    """A value in whole numbers. Raises TooLarge, Inexact."""
    match value:
        case Ref(column=column) if column.inexact:
            raise Inexact
        case Ref(column=column) if column.type == Type.DATE:
            return Fraction(Whole(column, _DAYS))
        case Ref(column=column):
            return Fraction(Whole(column, _BIGINT if column.whole else _DECIMAL), column.scale)
        case AsOf():
            return Fraction(Whole("as_of", _DAYS))
        case Const(value=literal):
            return _literal(literal)
        case Arith(op=op, left=left, right=right):
            return _reckoned(op, fraction(left), fraction(right))


def _literal(literal: object) -> Fraction:
    if isinstance(literal, date):
        return Fraction(_number((literal - DAY_ZERO).days))
    assert isinstance(literal, Decimal)
    shortest = EXACT.normalize(literal)
    exponent = shortest.as_tuple().exponent
    assert isinstance(exponent, int)
    scale = max(0, -exponent)
    return Fraction(_number(int(EXACT.scaleb(shortest, scale))), scale)


def _reckoned(op: str, left: Fraction, right: Fraction) -> Fraction:
    guards = tuple(dict.fromkeys((*left.guards, *right.guards)))
    if op == "*":
        num = _step("*", left.num, right.num)
        return Fraction(num, left.scale + right.scale, _both(left.den, right.den), guards)
    if op == "safe_div":
        return _divided(left, right, guards)
    sign: Literal["+", "-"] = "+" if op == "+" else "-"
    one, other = _raised(left.num, right.scale - left.scale), right.num
    other = _raised(other, left.scale - right.scale)
    scale = max(left.scale, right.scale)
    if left.den == right.den:
        return Fraction(_step(sign, one, other), scale, left.den, guards)
    num = _step(sign, _times(one, right.den), _times(other, left.den))
    return Fraction(num, scale, _both(left.den, right.den), guards)


def _divided(left: Fraction, right: Fraction, guards: tuple[Term, ...]) -> Fraction:
    """(a/b) / (c/d) is ad / bc; unknown where c is zero, and b or d as before."""
    num, den = _times(left.num, right.den), _times(right.num, left.den)
    if (_value(den) or 0) < 0:  # a divisor that is written is positive: it turns nothing round
        num, den = _step("*", num, _number(-1)), _step("*", den, _number(-1))
    scale = left.scale - right.scale
    if scale < 0:
        num, scale = _raised(num, -scale), 0
    guards = tuple(dict.fromkeys((*guards, right.num)))
    return Fraction(num, scale, den, tuple(one for one in guards if not _is_number(one)))


def _is_number(term: Term) -> bool:
    """Is it written in the text? Then it is not zero: a divisor of zero is refused."""
    return isinstance(term, Whole) and isinstance(term.of, int)


def _number(value: int) -> Whole:
    return Whole(value, abs(value))


def _both(one: Term | None, other: Term | None) -> Term | None:
    return other if one is None else _times(one, other)


def _times(term: Term, factor: Term | None) -> Term:
    return term if factor is None else _step("*", term, factor)


def _raised(term: Term, places: int) -> Term:
    """Times ten to the power of `places`; as it is when that is not positive."""
    return term if places <= 0 else _step("*", term, _number(10**places))


def _step(op: Literal["+", "-", "*"], left: Term, right: Term) -> Term:
    """One step; two written numbers are reckoned at once."""
    if isinstance(left, Whole) and isinstance(right, Whole):
        one, other = left.of, right.of
        if isinstance(one, int) and isinstance(other, int):
            value = {"+": one + other, "-": one - other, "*": one * other}[op]
            return _checked(_number(value))
    if op == "*" and 1 in (_value(left), _value(right)):
        return right if _value(left) == 1 else left
    bound = left.bound * right.bound if op == "*" else left.bound + right.bound
    return _checked(Step(op, left, right, bound))


def _value(term: Term) -> int | None:
    return term.of if isinstance(term, Whole) and isinstance(term.of, int) else None


def _checked(term: Term) -> Term:
    if term.bound > GREATEST:
        raise TooLarge
    return term
