"""Drafts of a count: conditions that enterprises meet, and who may ask about which columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from xinrong.catalogue.compile import view_sql
from xinrong.catalogue.contract import Contract, FieldType, RecordField, ShareClass
from xinrong.catalogue.law_terms import used_sql
from xinrong.catalogue.region import Region
from xinrong.domain.canonical import canonical_json
from xinrong.trust.errors import CountRefused
from xinrong.trust.lineage import STRICTNESS, strictest
from xinrong.trust.types import Purpose

OPERATORS = ("=", "<>", "<", "<=", ">", ">=")
#: So many conditions has a draft at most.
MOST_CONDITIONS = 12
#: Purpose -> the strictest share class and the highest level of columns learned in aggregate.
AGGREGATE: dict[Purpose, tuple[ShareClass, int]] = {
    Purpose.OVERSIGHT: (ShareClass.CONSENT, 4),
    Purpose.CREDIT: (ShareClass.CONSENT, 3),
    Purpose.GUARANTEE: (ShareClass.CONSENT, 3),
    Purpose.SUPERVISION: (ShareClass.OPEN, 2),
    Purpose.OPERATION: (ShareClass.OPEN, 1),
    Purpose.PUBLIC: (ShareClass.OPEN, 1),
}
Value = str | int | Decimal | bool | date


@dataclass(frozen=True)
class Condition:
    """That an enterprise has a record of a category whose field compares so with a value.

    Money is in yuan. Without a field: that it has a record of the category at all.
    """

    category: str
    field: str = ""
    operator: str = "="
    value: Value = ""

    def spelled(self) -> list[str]:
        """JSON-ready, one spelling for one condition."""
        if not self.field:
            return [self.category]
        plain = isinstance(self.value, Decimal)
        value = format(self.value.normalize(), "f") if plain else str(self.value)  # type: ignore[union-attr] # a decimal
        return [self.category, self.field, self.operator, value]


@dataclass(frozen=True)
class Draft:
    """Enterprises that meet all of some conditions, in no order."""

    conditions: frozenset[Condition]

    def spelled(self) -> list[list[str]]:
        """JSON-ready, one spelling for one draft."""
        return sorted(one.spelled() for one in self.conditions)

    @property
    def key(self) -> bytes:
        """What tells one draft from another."""
        return canonical_json(self.spelled())

    def sql_of(self, contracts: Mapping[str, Contract]) -> list[tuple[str, str]]:
        """A category and a query per condition: the subjects that meet it. Raises CountRefused."""
        if not 1 <= len(self.conditions) <= MOST_CONDITIONS:
            raise CountRefused(
                f"a draft has 1 to {MOST_CONDITIONS} conditions, not {len(self.conditions)}"
            )
        ordered = sorted(self.conditions, key=Condition.spelled)
        return [(one.category, condition_sql(one, contracts)) for one in ordered]


def condition_sql(one: Condition, contracts: Mapping[str, Contract]) -> str:
    """The subjects that meet a condition, over the view of its category. Raises CountRefused."""
    contract = contracts.get(one.category)
    if contract is None:
        raise CountRefused(f"there is no category {one.category!r}")
    if not one.field:
        return f'SELECT DISTINCT subject FROM "{one.category}"'  # noqa: S608 - of the catalogue
    field = next((each for each in contract.fields if each.name == one.field), None)
    if field is None or one.operator not in OPERATORS:
        raise CountRefused(
            f"{one.category}.{one.field} {one.operator} is no condition",
            remedy=f"Name a field of the category and one of {' '.join(OPERATORS)}.",
        )
    written = literal(field, one.value)
    return (
        f'SELECT DISTINCT subject FROM "{one.category}" '  # noqa: S608 - names of the catalogue
        f'WHERE "{one.field}" {one.operator} {written}'
    )


def literal(field: RecordField, value: Value) -> str:
    """A value as SQL of the field's type. Raises CountRefused."""
    try:
        if field.type in (FieldType.MONEY, FieldType.NUMBER, FieldType.INTEGER):
            return format(finite(str(value)), "f")
        if field.type == FieldType.DATE:
            day = value if isinstance(value, date) else date.fromisoformat(str(value))
            return f"DATE '{day.isoformat()}'"
        if field.type == FieldType.BOOLEAN:
            return "TRUE" if str(value).lower() == "true" else "FALSE"
    except (ArithmeticError, ValueError):
        raise CountRefused(f"{value!r} is no {field.type} for {field.name}") from None
    if field.type == FieldType.ENTERPRISE:
        raise CountRefused(
            f"{field.name} names an enterprise; counts are over many",
            remedy="Leave this condition out.",
        )
    return "'" + str(value).replace("'", "''") + "'"


def finite(text: str) -> Decimal:
    """A number, of four places at most. Raises ArithmeticError or ValueError."""
    number = Decimal(text).quantize(Decimal("0.0001"))
    if not number.is_finite():
        raise ValueError(text)
    return number


def check_learnable(draft: Draft, purpose: Purpose, contracts: Mapping[str, Contract]) -> None:
    """Whether a purpose may learn in aggregate of every column of a draft. Raises CountRefused."""
    reach = AGGREGATE.get(purpose)
    for _category, sql in draft.sql_of(contracts):
        found = strictest(sql, contracts)
        strict = STRICTNESS.index(found.share)
        if reach is None or strict > STRICTNESS.index(reach[0]) or found.level > reach[1]:
            names = ", ".join(f"{name}.{field}" for name, field in sorted(found.inputs) if field)
            raise CountRefused(
                f"{names or 'this category'} may not be counted for the purpose {purpose}",
                remedy="Leave this condition out.",
                code="count_column",
            )


def over_records(sql: str, category: str, region: Region, today: date) -> str:
    """The same query over `record`: the view of the category is written into it.

    What is negative and past its display period is not counted either.
    """
    view = view_sql(region.contracts[category], "used")
    used = f"SELECT * FROM record WHERE {used_sql(region, category, today)}"  # noqa: S608 - ours
    return f'WITH used AS ({used}), "{category}" AS ({view}) {sql}'


def near(one: list[Any], other: list[Any]) -> bool:
    """Whether two drafts, spelled, may tell of few enterprises by the difference of their figures.

    They differ by one condition: more, less, or one of them changed. Or they compare the same
    columns but for one, with whatever values: conditions that everybody meets could otherwise be
    varied by twos, until the mean of many figures is the count.
    """
    left, right = {tuple(each) for each in one}, {tuple(each) for each in other}
    if left == right:
        return False
    return _apart(left, right) <= 1 or _apart(_columns(left), _columns(right)) <= 1


def _apart(left: set[tuple[Any, ...]], right: set[tuple[Any, ...]]) -> int:
    return max(len(left - right), len(right - left))


def _columns(conditions: set[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    """What the conditions compare: category and field."""
    return {each[:2] for each in conditions}
