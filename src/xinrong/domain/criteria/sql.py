"""A criterion as a boolean expression of SQL, written anew from its tree.

The names of columns are quoted, literals are written by sqlglot, and the day on which is asked is
the named parameter `as_of` (`$as_of` in DuckDB, `:as_of` in Spark), never pasted. Over a table
that stores values as `columns.py` says, the answer is exactly that of `answering.answer_of`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import reduce

from sqlglot import exp

from xinrong.domain.criteria.columns import Column, Type
from xinrong.domain.criteria.lowering import Across, Plain, Stored, Term, Whole, lowered, stored
from xinrong.domain.criteria.tree import (
    FLIPPED,
    And,
    Arith,
    AsOf,
    Between,
    Compare,
    Condition,
    Const,
    Expression,
    Flag,
    In,
    Known,
    Leaf,
    Not,
    Operator,
    Or,
    Value,
    leaves,
)

_OPERATORS: dict[Operator, type[exp.Binary]] = {
    "=": exp.EQ, "<>": exp.NEQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE,
}  # fmt: skip
_STEPS: dict[str, type[exp.Binary]] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}
_WHOLE = "DECIMAL(38, 0)"


def to_sql(expression: Expression, dialect: str = "duckdb") -> str:
    """The criterion for a WHERE or a SELECT of that dialect: true, false or NULL."""
    return _condition(expression.condition).sql(dialect=dialect)


def _condition(node: Condition) -> exp.Expr:
    match node:
        case And(parts=parts):
            return exp.and_(*(_bracketed(part) for part in parts), copy=False, wrap=False)
        case Or(parts=parts):
            return exp.or_(*(_bracketed(part) for part in parts), copy=False, wrap=False)
        case Not(part=part):
            return exp.Not(this=exp.Paren(this=_condition(part)))
        case Compare():
            return _compare(node)
        case Between(value=value, low=low, high=high):
            above = _compare(Compare(">=", value, low))
            below = _compare(Compare("<=", value, high))
            return exp.Paren(this=exp.And(this=above, expression=below))
        case In(column=column, items=items):
            values = [_literal(column, item) for item in items]
            return exp.In(this=_column(column), expressions=values)
        case Known(column=column):
            return exp.Not(this=exp.Is(this=_column(column), expression=exp.Null()))
        case Flag(column=column):
            return _column(column)


def _bracketed(node: Condition) -> exp.Expr:
    """A part in brackets wherever it could be read otherwise."""
    found = _condition(node)
    return exp.Paren(this=found) if isinstance(node, And | Or | Not | Known) else found


def _compare(compare: Compare) -> exp.Expr:
    found = lowered(compare)
    return _plain(found) if isinstance(found, Plain) else _across(found)


def _plain(compare: Plain) -> exp.Expr:
    other = compare.other
    if isinstance(other, Column):
        right = _column(other)
    else:
        right = _as_of() if isinstance(other, AsOf) else _value(other)
    return _OPERATORS[compare.op](this=_column(compare.column), expression=right)


def _across(compare: Across) -> exp.Expr:
    """Multiplied across: NULL where a divisor is zero, turned round where it is negative."""
    left, right = _term(compare.left), _term(compare.right)
    straight = _OPERATORS[compare.op](this=left, expression=right)
    if not compare.guards:
        return straight
    divisible = [_against_zero(exp.NEQ, one) for one in compare.guards]
    if not compare.signs or compare.op in ("=", "<>"):
        return exp.Case(ifs=[exp.If(this=exp.and_(*divisible), true=straight)])
    turned = _OPERATORS[FLIPPED[compare.op]](this=left.copy(), expression=right.copy())
    if compare.signs == compare.guards and len(compare.signs) == 1:  # one test for both
        positive, negative = (_against_zero(op, compare.signs[0]) for op in (exp.GT, exp.LT))
    else:
        alike = reduce(_alike, (_against_zero(exp.GT, one) for one in compare.signs))
        positive = exp.and_(*divisible, exp.paren(alike))
        negative = exp.and_(*divisible, exp.Not(this=exp.paren(alike)))
    return exp.Case(ifs=[exp.If(this=positive, true=straight), exp.If(this=negative, true=turned)])


def _alike(one: exp.Expr, other: exp.Expr) -> exp.Expr:
    return exp.EQ(this=exp.paren(one), expression=exp.paren(other))


def _against_zero(comparison: type[exp.Binary], term: Term) -> exp.Expr:
    """A number against zero; a column as it is stored."""
    value = _term(term)
    if isinstance(term, Whole) and isinstance(term.of, Column) and term.of.numeric:
        value = _column(term.of)
    return comparison(this=value, expression=_number(0))


def _term(term: Term) -> exp.Expr:
    """A whole number as DECIMAL(38, 0)."""
    if not isinstance(term, Whole):
        step = _STEPS[term.op](this=_term(term.left), expression=_term(term.right))
        return exp.Paren(this=step)
    if isinstance(term.of, int):
        return exp.cast(exp.Literal.string(str(term.of)), _WHOLE)
    if term.of == "as_of":
        return _day_number(_as_of())
    column = term.of
    assert isinstance(column, Column)
    if column.type == Type.DATE:
        return _day_number(_column(column))
    if column.whole:
        return exp.cast(_column(column), _WHOLE)
    wide = exp.cast(_column(column), f"DECIMAL(38, {column.scale})")
    return exp.cast(exp.Mul(this=wide, expression=_number(10**column.scale)), _WHOLE)


def _day_number(day: exp.Expr) -> exp.Expr:
    zero = exp.cast(exp.Literal.string("1970-01-01"), "DATE")
    days = exp.DateDiff(this=day, expression=zero, unit=exp.var("DAY"))
    return exp.cast(days, _WHOLE)


def _as_of() -> exp.Expr:
    return exp.cast(exp.Placeholder(this="as_of"), "DATE")


def _column(column: Column) -> exp.Expr:
    table, _, name = column.name.rpartition(".")
    return exp.column(name, table=table or None, quoted=True)


def _number(value: int) -> exp.Expr:
    return exp.Literal.number(value)


def _literal(column: Column, item: Const) -> exp.Expr:
    value = stored(column, item)
    assert value is not None  # fits() has seen to it
    return _value(value)


def _value(value: Stored) -> exp.Expr:
    """A stored value as a literal."""
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, int):
        return _number(value)
    if isinstance(value, Decimal):
        return exp.Literal.number(f"{value:f}")
    if isinstance(value, float):
        return exp.cast(exp.Literal.string(repr(value)), "DOUBLE")
    if isinstance(value, date):
        return exp.cast(exp.Literal.string(value.isoformat()), "DATE")
    return exp.Literal.string(value)


def parameters(expressions: Iterable[Expression], as_of: date) -> dict[str, date]:
    """What to bind to a statement that holds these criteria: nothing if none asks for the day."""
    values = (value for one in expressions for leaf in leaves(one.condition) for value in _of(leaf))
    return {"as_of": as_of} if any(_asks_day(value) for value in values) else {}


def _of(leaf: Leaf) -> tuple[Value, ...]:
    if isinstance(leaf, Compare):
        return leaf.left, leaf.right
    return (leaf.value, leaf.low, leaf.high) if isinstance(leaf, Between) else ()


def _asks_day(value: Value) -> bool:
    if isinstance(value, Arith):
        return _asks_day(value.left) or _asks_day(value.right)
    return isinstance(value, AsOf)
