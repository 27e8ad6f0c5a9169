"""Scoring one enterprise: points for each characteristic, the sum, the grade, and its range.

What is not known gives the points that the card lays down for its reason, and widens the range:
its low end takes the fewest points that a known value would give, its high end the most. What is
known to be nothing leaves nothing open; of an enterprise that the register does not know, so that
it lies outside every population, everything stays open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from math import isfinite, isnan

from xinrong.domain.scorecards.card import Card, Characteristic, Kind
from xinrong.domain.scorecards.scale import Grade, MasterScale

Value = int | float | str | bool | Decimal | date | None

#: Reasons for which a value is not there and could not be otherwise: nothing stays open.
SETTLED = frozenset({"nothing"})
NOT_KNOWN = "not_known"


class Place(StrEnum):
    """Where a value fell."""

    BAND = "band"
    VALUE = "value"
    SPECIAL = "special"
    MISSING = "missing"
    UNSEEN = "unseen"


@dataclass(frozen=True)
class Part:
    """What one characteristic gave. `band` counts from 0; `reason` says why a value is missing."""

    column: str
    value: Value
    points: int
    place: Place
    low: int
    high: int
    band: int = -1
    reason: str = ""


@dataclass(frozen=True)
class Scored:
    """The sum, its range, the parts, the grade and the grades at both ends of the range."""

    points: int
    low: int
    high: int
    parts: tuple[Part, ...]
    grade: Grade
    lowest: Grade
    highest: Grade

    @property
    def known(self) -> int:
        """How many characteristics rest on a value that is known."""
        return sum(part.place not in (Place.MISSING, Place.UNSEEN) for part in self.parts)

    @property
    def is_thin(self) -> bool:
        """Whether what is unknown could make it another grade."""
        return self.lowest != self.highest


def score(
    card: Card, scale: MasterScale, values: Mapping[str, Value], reasons: Mapping[str, str]
) -> Scored:
    """Score a profile: column -> value, and for those that are None the reason.

    A column that the profile does not have at all is missing for the reason `not_known`.
    """
    parts = tuple(
        _part(one, values.get(one.column), reasons.get(one.column) or NOT_KNOWN)
        for one in card.characteristics
    )
    points = card.base + sum(part.points for part in parts)
    low = card.base + sum(part.low for part in parts)
    high = card.base + sum(part.high for part in parts)
    grades = (scale.grade_of(points), scale.grade_of(low), scale.grade_of(high))
    return Scored(points, low, high, parts, *grades)


def _part(one: Characteristic, value: Value, reason: str) -> Part:
    if value is None:
        points = one.missing.get(reason, one.otherwise)
        low, high = (points, points) if reason in SETTLED else _open(one, points)
        return Part(one.column, None, points, Place.MISSING, low, high, reason=reason)
    if one.kind in (Kind.CODE, Kind.FLAG):
        found = one.values.get(_as_code(value))
        if found is None:
            return Part(one.column, value, one.unseen, Place.UNSEEN, *_open(one, one.unseen))
        return Part(one.column, value, found, Place.VALUE, found, found)
    return _number(one, value)


def _number(one: Characteristic, value: Value) -> Part:
    number = _as_number(one, value)
    if number is None:
        return Part(one.column, value, one.unseen, Place.UNSEEN, *_open(one, one.unseen))
    for special, points in one.special.items():
        if number == (float(special) if one.kind is Kind.RATIO else special):
            return Part(one.column, value, points, Place.SPECIAL, points, points)
    cuts = [float(cut) for cut in one.cuts] if one.kind is Kind.RATIO else one.cuts
    band = sum(number >= cut for cut in cuts)
    points = one.points[band]
    return Part(one.column, value, points, Place.BAND, points, points, band)


def _open(one: Characteristic, points: int) -> tuple[int, int]:
    """The range that an unknown value leaves: never narrower than the points it was given."""
    return min(one.worst, points), max(one.best, points)


def _as_code(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _as_number(one: Characteristic, value: Value) -> Decimal | float | None:
    """The value as a number of the column's kind; None for what is none."""
    if isinstance(value, bool | str | date):
        return None
    if one.kind is Kind.RATIO:
        number = float(value)  # type: ignore[arg-type]  # None was met before
        return None if isnan(number) else number
    if isinstance(value, float):
        return Decimal(value) if isfinite(value) else None
    exact = Decimal(value)  # type: ignore[arg-type]  # None was met before
    return exact if exact.is_finite() else None
