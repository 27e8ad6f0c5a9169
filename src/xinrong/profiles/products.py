"""The product of kind `indicator`: what an enterprise's profile shows to this viewer.

An indicator is shown whole or not at all: it sums up records, so one that a permit reaches in part
(those of a consent's period, those that the viewer's department sent) must lie in it entirely.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings

from xinrong.domain.text import Text
from xinrong.profiles.columns import Column, columns
from xinrong.profiles.enums import Reason, Unit
from xinrong.profiles.reading import profile_of
from xinrong.profiles.rows import Value
from xinrong.profiles.single import ALL as ALL_NAMES
from xinrong.profiles.single import statements_of
from xinrong.profiles.windows import ALL, start_of_window, window_key
from xinrong.store.services import Snapshot
from xinrong.trust.gate import Permit, Permits
from xinrong.trust.types import Piece


@dataclass(frozen=True)
class IndicatorValue:
    """One indicator of an enterprise; `reason` says why there is no value."""

    name: str
    title: Text
    family: str
    category: str
    unit: Unit
    value: Value
    reason: Reason | None
    first: date | None  # of the window; None when it has no beginning
    last: date


@dataclass(frozen=True)
class IndicatorFile:
    """The indicators of one enterprise that a viewer may see; the others are counted."""

    enterprise: int
    as_of: date
    shown: tuple[IndicatorValue, ...]
    withheld: int

    def drawn_from(self) -> set[tuple[int, str]]:
        return {(self.enterprise, one.category) for one in self.shown}

    def shown_fields(self) -> set[tuple[int, str, str]]:
        known = columns()
        return {
            (self.enterprise, category, field)
            for one in self.shown
            for category, field in known[one.name].fields
            if field
        }

    def pieces(self) -> Iterable[Piece]:
        known = columns()
        for one in self.shown:
            fields = frozenset(field for _category, field in known[one.name].fields if field)
            yield Piece(self.enterprise, one.category, "", one.first, one.last, fields)

    def payload(self) -> Any:
        return {
            "enterprise": self.enterprise,
            "as_of": self.as_of.isoformat(),
            "withheld": self.withheld,
            "indicators": [
                {
                    "name": one.name,
                    "unit": str(one.unit),
                    "value": str(one.value)
                    if isinstance(one.value, Decimal | date | float)
                    else one.value,
                    "reason": one.reason.name.lower() if one.reason else None,
                }
                for one in self.shown
            ],
        }


@dataclass(frozen=True)
class Indicators:
    """Every indicator of one enterprise on a day, or those of them that are named."""

    name: ClassVar[str] = "indicators"

    as_of: date
    only: frozenset[str] = ALL_NAMES

    @property
    def kind(self) -> str:
        return "indicator"

    @property
    def parameters(self) -> dict[str, str | int]:
        """On which day windows end."""
        return {"product": self.name, "as_of": self.as_of.isoformat()}

    def read(self, snapshot: Snapshot, about: tuple[int, ...], permits: Permits) -> IndicatorFile:
        """The values whose inputs the permits reach, as of the snapshot."""
        (enterprise,) = about
        row = profile_of(enterprise, snapshot, self.as_of, self.only)
        made = statements_of(settings.REGION, self.only)
        asked = [one for name, one in columns().items() if not self.only or name in self.only]
        shown = []
        for one in asked:
            name = one.name
            first = first_day(one, self.as_of)
            permit = permits.permit(enterprise, one.category)
            if one.level > level_over(permit, first, self.as_of):
                continue
            value = row.values[name]
            shown.append(
                IndicatorValue(
                    name=name,
                    title=one.title,
                    family=one.family,
                    category=one.category,
                    unit=one.unit,
                    value=value,
                    reason=row.reason(one.category, made) if value is None else None,
                    first=first,
                    last=self.as_of,
                )
            )
        return IndicatorFile(enterprise, self.as_of, tuple(shown), len(asked) - len(shown))


def first_day(one: Column, as_of: date) -> date | None:
    """The first day of an indicator's window."""
    key = window_key(one.window)
    return None if key == ALL else start_of_window(key, as_of) + timedelta(days=1)


def level_over(permit: Permit, first: date | None, last: date) -> int:
    """The level up to which a permit reaches what sums up records of a range of days; 0: none."""
    if not permit.allowed:
        return 0
    if permit.department:
        return permit.outside_level
    if not permit.dated:
        return permit.max_level
    begins = permit.data_from is None or (first is not None and first >= permit.data_from)
    ends = permit.data_to is None or last <= permit.data_to
    return permit.max_level if begins and ends else permit.outside_level
