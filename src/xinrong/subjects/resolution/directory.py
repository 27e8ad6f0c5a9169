"""What resolution has to know of enterprises besides their names."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from xinrong.domain.names import fold
from xinrong.subjects.resolution.choosing import Option
from xinrong.subjects.resolution.features import seat_of, significant
from xinrong.subjects.resolution.verdicts import Verdict

#: (enterprise, folded name) → whether it had that name on the day asked for.
type Held = Mapping[tuple[int, str], bool]


class Directory(Protocol):
    """Codes, name periods, and who answers for an enterprise today."""

    def codes(self, enterprises: Collection[int]) -> Mapping[int, str]:
        """The codes of enterprises."""
        ...

    def held(self, enterprises: Collection[int], on: date | None) -> Held:
        """Which names they had on a day (today when None); names without a period are missing."""
        ...

    def answering(self, enterprises: Collection[int]) -> Mapping[int, int]:
        """Who answers for those that are part of another enterprise; the others are missing."""
        ...


@dataclass(frozen=True)
class Plain:
    """A directory of plain codes, for names without a database."""

    known: Mapping[int, str] = field(default_factory=dict)

    def codes(self, enterprises: Collection[int]) -> Mapping[int, str]:
        return {one: self.known[one] for one in enterprises if one in self.known}

    def held(self, enterprises: Collection[int], on: date | None) -> Held:
        return {}

    def answering(self, enterprises: Collection[int]) -> Mapping[int, int]:
        return {}


@dataclass(frozen=True)
class Known:
    """What a directory said of the enterprises that matter."""

    codes: Mapping[int, str]
    held: Held
    answering: Mapping[int, int]

    def option(self, enterprise: int, name: str, verdict: Verdict, bits: float) -> Option:
        """A name that may be meant, of whoever answers for its enterprise today."""
        held = self.held.get((enterprise, fold(name))) if self.held else None
        seat = significant(seat_of(self.codes.get(enterprise, "")))
        now = self.answering.get(enterprise, enterprise)
        return Option(now, name, verdict, bits, held, seat)
