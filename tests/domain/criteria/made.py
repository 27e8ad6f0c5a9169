"""Criteria and rows made at random, of the kinds that the language allows, for property tests.

`Maker` draws from any `random.Random`: hypothesis's own (which shrinks) or a seeded one for large
numbers. Literals and values come from the same few numbers and their neighbours, so that bounds
are met exactly; a quarter of all values is not known.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.domain.criteria.sample import SCHEMA, TODAY
from xinrong.domain.criteria import Column, CriterionRefused, Expression, Type, parse

#: What a maker that does not look ahead runs into.
UNLUCKY = ("criterion_too_large", "criterion_divides_by_zero", "criterion_inexact")
OPERATORS = ("=", "<>", "!=", "<", "<=", ">", ">=")
NUMBERS = (0, 1, 2, 3, 10, 100, 365, 5_000, 500_000)
FRACTIONS = ("0.01", "0.1", "0.05", "0.35", "0.5", "1.5", "33.33", "0.0001", "0.000001", "2.50")
TEXTS = (
    "",
    "A",
    "a",
    "a ",
    "C13",
    "C1310",
    "O'Brien",
    "甲镇",
    "é",
    "～",
    "😀",
    "/",
    "%",
    "normal",
)
DAYS = (
    date.min, date(1970, 1, 1), date(1999, 12, 31), date(2024, 2, 29), TODAY - timedelta(365),
    TODAY - timedelta(1), TODAY, TODAY + timedelta(1), date.max,
)  # fmt: skip
BIGGEST = 2**63 - 1


class Maker:
    """Makes criteria and rows over the columns of the sample."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def pick[T](self, among: Sequence[T]) -> T:
        return among[self.random.randrange(len(among))]

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    # -- rows -------------------------------------------------------------------------------

    def row(self) -> dict[str, Any]:
        return {one.name: None if self.chance(25) else self.value(one) for one in SCHEMA.values()}

    def lawful_row(self) -> dict[str, Any]:
        """A row that a sound source could send: no count below 0, only lawful codes."""
        row = self.row()
        for one in SCHEMA.values():
            if row[one.name] is None:
                continue
            if one.values:
                row[one.name] = self.pick([*one.values])
            elif one.type == Type.COUNT:
                row[one.name] = abs(row[one.name])
        return row

    def value(self, column: Column) -> Any:
        """A stored value: special, a bound, or next to one."""
        if column.inexact:
            return self.double()
        if column.whole:
            if self.chance(10):
                return self.pick((BIGGEST, -BIGGEST, BIGGEST - 1))
            return self.near() * 10**column.scale + self.pick((-1, 0, 0, 1))
        if column.numeric:
            most = 10**18 - 1
            step = self.pick((-1, 0, 0, 1))
            unscaled = self.pick((most, -most)) if self.chance(10) else None
            if unscaled is None:
                unscaled = int(Decimal(self.number()) * 10**column.scale) + step
            return Decimal(unscaled).scaleb(-column.scale)
        if column.type == Type.DATE:
            return self.pick(DAYS)
        if column.type == Type.BOOLEAN:
            return self.chance(50)
        return self.pick(TEXTS)

    def double(self) -> float:
        """A double: as written, one of its neighbours, or far away."""
        written = float(self.number())
        far = self.pick((0.0, -0.0, 1 / 3, 0.1 + 0.2, 5e-324, 1.7e308, -1.7e308))
        return self.pick((written, written, math.nextafter(written, 9e9), far))

    def near(self) -> int:
        return self.pick(NUMBERS) * self.pick((-1, 1, 1))

    def number(self) -> str:
        """A number as it is written."""
        written = str(self.pick(NUMBERS)) if self.chance(60) else self.pick(FRACTIONS)
        return f"-{written}" if self.chance(15) else written

    # -- criteria ---------------------------------------------------------------------------

    def expression(self) -> Expression:
        """A criterion that can be read; one that needs more than 38 digits is made anew."""
        while True:
            text = self.criterion(3)
            try:
                return parse(text, SCHEMA)
            except CriterionRefused as error:
                if error.code not in UNLUCKY:
                    raise

    def criterion(self, depth: int) -> str:
        if depth == 0 or self.chance(25):
            return self.condition()
        joint = self.pick(("AND", "OR", "NOT", "AND", "OR", "()"))
        if joint == "NOT":
            return f"NOT ({self.criterion(depth - 1)})"
        if joint == "()":
            return f"({self.criterion(depth - 1)})"
        parts = [self.criterion(depth - 1) for _ in range(self.pick((2, 2, 3)))]
        return f"({f' {joint} '.join(parts)})"

    def condition(self) -> str:
        kind = self.pick(("number",) * 5 + ("date", "date", "text", "flag", "known"))
        if kind == "known":
            return f"{self.negation()}known({self.column(*Type)})"
        if kind == "flag":
            return self.flag()
        if kind == "text":
            return self.text()
        return self.compared(self.day if kind == "date" else self.amount(self.kind()))

    def kind(self) -> tuple[Type, str]:
        one = self.pick([column for column in SCHEMA.values() if column.numeric])
        return one.type, one.unit

    def negation(self) -> str:
        return self.pick(("", "", "NOT "))

    def flag(self) -> str:
        name = self.column(Type.BOOLEAN)
        if self.chance(50):
            return f"{self.negation()}{name}"
        return f"{name} {self.pick(('=', '<>'))} {self.pick(('TRUE', 'FALSE', 'listed'))}"

    def text(self) -> str:
        name = self.column(Type.TEXT, Type.CODE)
        if self.chance(40):
            items = ", ".join(self.quoted() for _ in range(self.pick((1, 2, 5))))
            return f"{name} {self.negation()}IN ({items})"
        if SCHEMA[name].type == Type.CODE and self.chance(50):
            if self.chance(50):
                return f"{name} {self.negation()}BETWEEN {self.quoted()} AND {self.quoted()}"
            return f"{name} {self.pick(OPERATORS)} {self.quoted()}"
        return f"{name} {self.pick(('=', '<>', '!='))} {self.quoted()}"

    def compared(self, value: Any) -> str:
        """One value and another, either way round, or between two."""
        left, right = value(with_column=True), value()
        shape = self.pick(("op", "op", "op", "turned", "between", "in", "double"))
        if shape == "double":
            return self.doubles()
        if shape == "between":
            return f"{left} {self.negation()}BETWEEN {right} AND {value()}"
        if shape == "in":
            count = SCHEMA[self.column(Type.COUNT)].name
            items = ", ".join(str(self.pick(NUMBERS)) for _ in range(self.pick((1, 3))))
            return f"{count} {self.negation()}IN ({items})"
        if shape == "turned":
            return f"{right} {self.pick(OPERATORS)} {left}"
        return f"{left} {self.pick(OPERATORS)} {right}"

    def doubles(self) -> str:
        """A double compared with what is written, or with another one."""
        if self.chance(30):
            return f"burden {self.negation()}BETWEEN {self.number()} AND {self.number()}"
        if self.chance(20):
            return f"burden {self.negation()}IN ({self.number()}, {self.number()})"
        return f"burden {self.pick(OPERATORS)} {self.pick((self.number(), 'spread'))}"

    def amount(self, kind: tuple[Type, str]) -> Any:
        """Makes values of one kind and unit."""
        same = [one.name for one in SCHEMA.values() if (one.type, one.unit) == kind]

        def value(depth: int = 2, *, with_column: bool = False) -> str:
            shape = self.pick(("column", "column", "literal", "+", "-", "*", "/", "minus"))
            if shape == "literal" and not with_column:
                return self.number()
            if depth == 0 or shape in ("column", "literal"):
                return self.pick(same)
            inner = value(depth - 1, with_column=True)
            if shape == "minus":
                return f"-{inner}" if not inner.startswith("-") else f"- {inner}"
            if shape == "*":
                return f"({inner}) * {self.number()}"
            if shape == "/":
                return self.divided(kind, inner, depth)
            return f"({inner} {shape} {value(depth - 1)})"

        return value

    def divided(self, kind: tuple[Type, str], inner: str, depth: int) -> str:
        if kind[0] == Type.RATIO and self.chance(80):
            money = [one.name for one in SCHEMA.values() if one.type == Type.MONEY]
            return f"safe_div({self.pick(money)}, {self.pick(money)})"
        by = self.pick((self.number(), "debt_ratio", "growth"))
        return f"safe_div({inner}, {by})"

    def day(self, *, with_column: bool = False) -> str:
        found = self.column(Type.DATE) if with_column or self.chance(30) else self.fixed_day()
        if self.chance(35):
            found = f"({found} {self.pick(('+', '-'))} {self.pick((1, 30, 365, 3650))})"
        return found

    def fixed_day(self) -> str:
        return ":as_of" if self.chance(40) else f"DATE '{self.pick(DAYS).isoformat()}'"

    def quoted(self) -> str:
        return "'" + self.pick(TEXTS).replace("'", "''") + "'"

    def column(self, *types: Type) -> str:
        return self.pick([one.name for one in SCHEMA.values() if one.type in types])
