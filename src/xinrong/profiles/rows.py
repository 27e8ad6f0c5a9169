"""One enterprise's profile: values with their reasons, and how they are written as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from xinrong.profiles.compiling import Compiled
from xinrong.profiles.enums import SQL_TYPES, Reason, Unit

Value = int | float | str | bool | Decimal | date | None


@dataclass(frozen=True)
class ProfileRow:
    """All indicators of one enterprise, as of a seq, on a day. Money is yuan.

    `reasons` has a letter for each category, in the order of `Compiled.categories`: it says why a
    value of that category that is None is not there.
    """

    enterprise: int
    seq: int
    as_of: date
    values: Mapping[str, Value]
    reasons: str

    def reason(self, category: str, compiled: Compiled) -> Reason:
        """Why a value of a category that is None is not there."""
        return Reason(self.reasons[compiled.categories.index(category)])


def to_json(values: Mapping[str, Value]) -> dict[str, Any]:
    """The values that there are, as JSON keeps them without loss."""
    return {
        name: str(value) if isinstance(value, Decimal | date) else value
        for name, value in values.items()
        if value is not None
    }


def from_json(kept: Mapping[str, Any], units: Mapping[str, Unit]) -> dict[str, Value]:
    """The values back, None where there is none."""
    return {name: _read(kept.get(name), unit) for name, unit in units.items()}


def _read(value: Any, unit: Unit) -> Value:
    if value is None:
        return None
    kind = SQL_TYPES[unit]
    if kind.startswith("DECIMAL"):
        return Decimal(value)
    if kind == "DATE":
        return date.fromisoformat(value)
    found: Value = float(value) if kind == "DOUBLE" else value
    return found
