"""Whether conditions can be met at once, by what values each column could still have.

Exact for conditions that compare one value with what is written; of two values that are compared
with each other only the order is followed. So "impossible" is certain, "possible" is not.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from xinrong.domain.criteria.columns import Column, Type
from xinrong.domain.criteria.tree import (
    FLIPPED,
    AllOf,
    Between,
    Compare,
    Const,
    Flag,
    In,
    Known,
    Operator,
    Plan,
    Ref,
    Value,
    Wanted,
    columns_of,
)

#: How many situations are followed at once, and how many steps are made in all.
MAX_SITUATIONS = 128
MAX_STEPS = 10_000
#: The orders of two values that an operator admits: less, equal, greater.
_ORDERS: dict[Operator, frozenset[int]] = {
    "=": frozenset({0}), "<>": frozenset({-1, 1}), "<": frozenset({-1}),
    "<=": frozenset({-1, 0}), ">": frozenset({1}), ">=": frozenset({0, 1}),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Range:
    """The values that something could still have.

    Between `low` and `high` (each included unless `above` or `below`), not in `holes`, and in
    `only` where that is given. `whole`: of whole numbers.
    """

    low: Any = None
    high: Any = None
    above: bool = False
    below: bool = False
    holes: frozenset[Any] = frozenset()
    only: frozenset[Any] | None = None
    whole: bool = False

    @property
    def possible(self) -> bool:
        """Is there such a value?"""
        if self.only is not None:
            return any(self._holds(value) for value in self.only)
        if self.low is None or self.high is None:
            return True
        if self.low > self.high:
            return False
        if self.low == self.high:
            return self._holds(self.low)
        if not self.whole or self.high - self.low + 1 > len(self.holes):
            return True
        return any(value not in self.holes for value in range(self.low, self.high + 1))

    def _holds(self, value: Any) -> bool:
        if value in self.holes:
            return False
        if self.low is not None and (value < self.low or (self.above and value == self.low)):
            return False
        return self.high is None or not (
            value > self.high or (self.below and value == self.high)
        )  # fmt: skip

    def narrowed(self, op: Operator, value: Any) -> Range:
        """With one more comparison."""
        if self.whole:
            return self._narrowed_whole(op, value)
        if op == "=":
            return self.among(frozenset({value}))
        if op == "<>":
            return replace(self, holes=self.holes | {value})
        if op in (">", ">="):
            return self._from(value, above=op == ">")
        return self._to(value, below=op == "<")

    def _narrowed_whole(self, op: Operator, value: Fraction) -> Range:
        """Between whole numbers, > 2.5 is >= 3, and = 2.5 is never."""
        if op in ("=", "<>"):
            exact = value.denominator == 1
            if op == "=":
                return self.among(frozenset({int(value)}) if exact else frozenset())
            return replace(self, holes=self.holes | {int(value)}) if exact else self
        if op in (">", ">="):
            return self._from(math.floor(value) + 1 if op == ">" else math.ceil(value), above=False)
        return self._to(math.ceil(value) - 1 if op == "<" else math.floor(value), below=False)

    def _from(self, low: Any, *, above: bool) -> Range:
        if self.low is not None and (self.low, self.above) >= (low, above):
            return self
        return replace(self, low=low, above=above)

    def _to(self, high: Any, *, below: bool) -> Range:
        if self.high is not None and (self.high, not self.below) <= (high, not below):
            return self
        return replace(self, high=high, below=below)

    def among(self, values: frozenset[Any]) -> Range:
        """One of these only."""
        return replace(self, only=values if self.only is None else self.only & values)

    def without(self, values: frozenset[Any]) -> Range:
        """None of these."""
        return replace(self, holes=self.holes | values)


@dataclass(frozen=True)
class Situation:
    """What has to be so for some conditions to be met at once."""

    known: Mapping[Column, bool] = field(default_factory=lambda: MappingProxyType({}))
    ranges: Mapping[Value, Range] = field(default_factory=lambda: MappingProxyType({}))
    orders: Mapping[tuple[Value, Value], frozenset[int]] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def plus(self, wanted: Wanted) -> Situation | None:
        """With one more condition; None where it cannot be met as well."""
        leaf = wanted.leaf
        is_known = not isinstance(leaf, Known) or wanted.holds
        known = dict(self.known)
        for column in columns_of(leaf):
            if known.setdefault(column, is_known) is not is_known:
                return None
        found = replace(self, known=known)
        if isinstance(leaf, Compare):
            return found.compared(leaf)
        if isinstance(leaf, In):
            of = Ref(leaf.column)
            values = frozenset(_number(of, item) for item in leaf.items)
            now = found.range_of(of)
            return found.ranging(of, now.among(values) if wanted.holds else now.without(values))
        if isinstance(leaf, Flag):
            of = Ref(leaf.column)
            return found.ranging(of, found.range_of(of).narrowed("=", wanted.holds))
        return found

    def compared(self, leaf: Compare) -> Situation | None:
        """With one more comparison."""
        if isinstance(leaf.right, Const):
            now = self.range_of(leaf.left)
            return self.ranging(leaf.left, now.narrowed(leaf.op, _number(leaf.left, leaf.right)))
        pair: tuple[Value, Value] = (leaf.left, leaf.right)
        op = leaf.op
        if (leaf.right, leaf.left) in self.orders:
            pair, op = (leaf.right, leaf.left), FLIPPED[op]
        orders = self.orders.get(pair, frozenset({-1, 0, 1})) & _ORDERS[op]
        return replace(self, orders={**self.orders, pair: orders}) if orders else None

    def range_of(self, value: Value) -> Range:
        """What a value could still be."""
        return self.ranges.get(value) or _whole_range(value)

    def ranging(self, value: Value, now: Range) -> Situation | None:
        """With a value in a range; None for a range of nothing."""
        return replace(self, ranges={**self.ranges, value: now}) if now.possible else None


def _whole_range(value: Value) -> Range:
    """Every value that there can be."""
    if not isinstance(value, Ref):
        return Range()
    column = value.column
    if column.numeric:
        low = None if column.least is None else Fraction(column.least, 10 ** _places(value))
        return Range(low=low) if column.inexact else Range(low=column.least, whole=True)
    if column.type == Type.DATE:
        return Range(whole=True)
    if column.type == Type.BOOLEAN:
        return Range(only=frozenset({True, False}))
    return Range(only=frozenset(column.values)) if column.values else Range()


def _number(value: Value, item: Const) -> Any:
    """What is written, as a range counts: a column in stored units, a date as a day number."""
    written = item.value
    if isinstance(written, date):
        return Fraction(written.toordinal())
    if not isinstance(written, Decimal):
        return written
    if isinstance(value, Ref) and value.column.inexact:
        return Fraction(float(written))
    return Fraction(written) * 10 ** _places(value)


def _places(value: Value) -> int:
    """How many places a value is counted by: doubles and what is reckoned by none."""
    if not isinstance(value, Ref) or value.column.inexact:
        return 0
    return value.column.scale


class TooBranched(ArithmeticError):
    """There are more ways to meet a criterion than are followed."""


class Follower:
    """Follows the ways to meet a plan, within a number of steps."""

    def __init__(self, steps: int = MAX_STEPS) -> None:
        self.steps = steps
        self.cut = False

    def can_be(self, plan: Plan) -> bool:
        """Whether a plan can be met. Raises TooBranched where that was not found out."""
        self.cut = False
        if self._ways(plan, [Situation()]):
            return True
        if self.cut:
            raise TooBranched
        return False

    def _ways(self, plan: Plan, situations: list[Situation]) -> list[Situation]:
        if isinstance(plan, Wanted):
            return self._met(plan, situations)
        if isinstance(plan, AllOf):
            for part in _simple_first(plan.parts):
                situations = self._ways(part, situations)
            return situations
        found: list[Situation] = []
        for part in plan.parts:
            found.extend(self._ways(part, situations))
            if len(found) > MAX_SITUATIONS:
                self.cut = True
                return found[:MAX_SITUATIONS]
        return found

    def _met(self, wanted: Wanted, situations: list[Situation]) -> list[Situation]:
        found: list[Situation] = []
        for situation in situations:
            for way in _ways_of(wanted):
                self.steps -= 1
                if self.steps < 0:
                    raise TooBranched
                now: Situation | None = situation
                for one in way:
                    now = now.plus(one) if now is not None else None
                if now is not None:
                    found.append(now)
        return found


def _simple_first(parts: Iterable[Plan]) -> list[Plan]:
    """Conditions before branches: they rule out most."""
    return sorted(parts, key=lambda part: not isinstance(part, Wanted))


def _ways_of(wanted: Wanted) -> tuple[tuple[Wanted, ...], ...]:
    """A condition as comparisons: outside two bounds is below the one or above the other."""
    leaf = wanted.leaf
    if not isinstance(leaf, Between):
        return ((wanted,),)
    if wanted.holds:
        both = (Compare(">=", leaf.value, leaf.low), Compare("<=", leaf.value, leaf.high))
        return (tuple(Wanted(one, holds=True) for one in both),)
    sides = (Compare("<", leaf.value, leaf.low), Compare(">", leaf.value, leaf.high))
    return tuple((Wanted(one, holds=True),) for one in sides)
