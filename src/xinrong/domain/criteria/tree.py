"""The tree of a criterion: values, conditions over them, and what connects these.

Positions are characters counted from 1; they do not make two nodes different.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from xinrong.domain.criteria.columns import SHARES, Column, Type

Operator = Literal["=", "<>", "<", "<=", ">", ">="]
Operation = Literal["+", "-", "*", "safe_div"]

#: What an operator becomes when its sides change places.
FLIPPED: dict[Operator, Operator] = {
    "=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<=",
}  # fmt: skip
#: What an operator becomes under NOT; NULL stays NULL.
OPPOSITE: dict[Operator, Operator] = {
    "=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value is: two values can be compared when they are of one kind.

    A bare number (NUMBER without a unit) takes on the kind of the other side.
    """

    type: Type
    unit: str = ""

    @property
    def bare(self) -> bool:
        """A number without a unit."""
        return self.type == Type.NUMBER and not self.unit


@dataclass(frozen=True, slots=True)
class Ref:
    """The value of a column."""

    column: Column
    at: int = field(default=0, compare=False)

    @property
    def kind(self) -> Kind:
        """The column's type and unit."""
        return Kind(self.column.type, self.column.unit)


@dataclass(frozen=True, slots=True)
class Const:
    """A value written in the text: a number, a text, a date, TRUE or FALSE."""

    value: Decimal | str | date | bool
    at: int = field(default=0, compare=False)

    @property
    def kind(self) -> Kind:
        """The type alone: a literal has no unit."""
        if isinstance(self.value, bool):
            return Kind(Type.BOOLEAN)
        if isinstance(self.value, Decimal):
            return Kind(Type.NUMBER)
        return Kind(Type.DATE if isinstance(self.value, date) else Type.TEXT)


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day on which is asked: `:as_of`."""

    at: int = field(default=0, compare=False)

    @property
    def kind(self) -> Kind:
        """A date."""
        return Kind(Type.DATE)


@dataclass(frozen=True, slots=True)
class Arith:
    """Two values reckoned together. Never overflows: what could is refused when it is written."""

    op: Operation
    left: Value
    right: Value
    kind: Kind
    depth: int = field(compare=False)
    at: int = field(default=0, compare=False)


Value = Ref | Const | AsOf | Arith


@dataclass(frozen=True, slots=True)
class Compare:
    """left op right."""

    op: Operator
    left: Value
    right: Value
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Between:
    """low <= value AND value <= high."""

    value: Value
    low: Value
    high: Value
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class In:
    """The column has one of the values written."""

    column: Column
    items: tuple[Const, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Known:
    """The column has a value: the one question about a column that is always answered."""

    column: Column
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Flag:
    """A boolean column by itself."""

    column: Column
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """Yes becomes no, no becomes yes, unknown stays."""

    part: Condition
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """No if any part is no, else unknown if any is, else yes."""

    parts: tuple[Condition, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """Yes if any part is yes, else unknown if any is, else no."""

    parts: tuple[Condition, ...]
    at: int = field(default=0, compare=False)


Leaf = Compare | Between | In | Known | Flag
Condition = Leaf | Not | And | Or


@dataclass(frozen=True, slots=True)
class Expression:
    """A criterion that was read: its text, its tree, and the columns it asks about."""

    text: str
    condition: Condition
    columns: tuple[Column, ...]

    @property
    def level(self) -> int:
        """The highest level among its columns: an answer is as secret as what it is made of."""
        return max((column.level for column in self.columns), default=1)

    @property
    def share(self) -> str:
        """The strictest share class among its columns."""
        return max((column.share for column in self.columns), key=SHARES.index, default=SHARES[0])


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Every condition of the tree in the order of the text."""
    if isinstance(condition, Not):
        yield from leaves(condition.part)
    elif isinstance(condition, And | Or):
        for part in condition.parts:
            yield from leaves(part)
    else:
        yield condition


def columns_of(node: Leaf | Value) -> tuple[Column, ...]:
    """The columns that one condition or value reads, each once, in order."""
    return tuple(dict.fromkeys(_columns(node)))


def _columns(node: Leaf | Value) -> Iterator[Column]:
    match node:
        case Ref(column=column) | Known(column=column) | Flag(column=column) | In(column=column):
            yield column
        case Arith(left=left, right=right) | Compare(left=left, right=right):
            yield from _columns(left)
            yield from _columns(right)
        case Between(value=value, low=low, high=high):
            for part in (value, low, high):
                yield from _columns(part)
        case Const() | AsOf():
            return


@dataclass(frozen=True, slots=True)
class Wanted:
    """A condition and whether it is to hold (True) or to fail (False)."""

    leaf: Leaf
    holds: bool


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part is needed."""

    parts: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part is enough."""

    parts: tuple[Plan, ...]


Plan = Wanted | AllOf | AnyOf


def plan(condition: Condition, *, holds: bool = True) -> Plan:
    """The same criterion without NOT above a condition, by the laws of De Morgan.

    They hold in three values as in two. With `holds=False`: the opposite of the criterion.
    """
    if isinstance(condition, Not):
        return plan(condition.part, holds=not holds)
    if isinstance(condition, And | Or):
        parts = tuple(plan(part, holds=holds) for part in condition.parts)
        return AllOf(parts) if isinstance(condition, And) is holds else AnyOf(parts)
    if isinstance(condition, Compare) and not holds:
        opposite = OPPOSITE[condition.op]
        return Wanted(Compare(opposite, condition.left, condition.right, condition.at), holds=True)
    return Wanted(condition, holds)
