"""A tree as text again: what `parse` reads back to the same tree.

`canonical` gives one spelling to criteria that say the same in another order or with repetitions:
NOT is carried down to the conditions, parts of AND and OR are sorted and each stands once.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from xinrong.domain.criteria.tree import (
    AllOf,
    And,
    Arith,
    AsOf,
    Between,
    Compare,
    Condition,
    Const,
    In,
    Known,
    Leaf,
    Not,
    Or,
    Plan,
    Ref,
    Value,
    Wanted,
    plan,
)

_BINDS = {"+": 1, "-": 1, "*": 2}


def to_text(node: Condition) -> str:
    """The text of a condition, on one line."""
    match node:
        case And(parts=parts):
            return " AND ".join(_part(one, (Or,)) for one in parts)
        case Or(parts=parts):
            return " OR ".join(_part(one, (And,)) for one in parts)
        case Not(part=part):
            return f"NOT {_part(part, (And, Or, Not))}"
        case _:
            return leaf_text(node)


def canonical(condition: Condition) -> str:
    """One spelling for everything that says the same in another order. Not meant to be read."""
    return _planned(plan(condition))


def leaf_text(leaf: Leaf) -> str:
    """The text of one condition."""
    match leaf:
        case Compare(op=op, left=left, right=right):
            return f"{value_text(left)} {op} {value_text(right)}"
        case Between(value=value, low=low, high=high):
            return f"{value_text(value)} BETWEEN {value_text(low)} AND {value_text(high)}"
        case In(column=column, items=items):
            return f"{column.name} IN ({', '.join(literal_text(one.value) for one in items)})"
        case Known(column=column):
            return f"known({column.name})"
        case _:
            return leaf.column.name


def value_text(value: Value) -> str:
    """The text of a value."""
    match value:
        case Ref(column=column):
            return column.name
        case AsOf():
            return ":as_of"
        case Const(value=literal):
            return literal_text(literal)
        case Arith(op="safe_div", left=left, right=right):
            return f"safe_div({value_text(left)}, {value_text(right)})"
        case Arith(op=op, left=left, right=right):
            return f"{_operand(left, op, right=False)} {op} {_operand(right, op, right=True)}"


def literal_text(literal: Decimal | str | date | bool) -> str:  # noqa: FBT001 - a literal
    """A literal as it is written, quotes doubled."""
    if isinstance(literal, bool):
        return str(literal).upper()
    if isinstance(literal, Decimal):
        return f"{literal:f}"
    if isinstance(literal, date):
        return f"DATE '{literal.isoformat()}'"
    return "'" + literal.replace("'", "''") + "'"


def _part(node: Condition, bracketed: tuple[type, ...]) -> str:
    text = to_text(node)
    return f"({text})" if isinstance(node, bracketed) else text


def _operand(value: Value, op: str, *, right: bool) -> str:
    """A side of a sum or product, in brackets where it could be read otherwise."""
    text = value_text(value)
    if not isinstance(value, Arith) or value.op == "safe_div":
        return text
    looser = _BINDS[value.op] < _BINDS[op] or (right and _BINDS[value.op] == _BINDS[op])
    return f"({text})" if looser else text


def _planned(part: Plan) -> str:
    if isinstance(part, Wanted):
        text = leaf_text(part.leaf)
        return text if part.holds else f"NOT ({text})"
    word = "AND" if isinstance(part, AllOf) else "OR"
    return f"{word}({'; '.join(sorted({_planned(one) for one in part.parts}))})"
