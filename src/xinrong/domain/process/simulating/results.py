"""What a simulation found: where cases wait, for whom, how long, and how that ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from statistics import median
from typing import Any

from xinrong.domain.calendars import Calendar
from xinrong.domain.process.moves import PLATFORM
from xinrong.domain.process.table import Process

HOUR = 3600.0


@dataclass
class Stay:
    """One stay of a case, or of a participant, in a state: what the log would show."""

    process: Process
    state: str
    entered: datetime
    moments: dict[str, datetime] = field(default_factory=dict)
    left: datetime | None = None
    event: str = ""
    role: str = ""
    reminders: int = 0
    escalations: int = 0

    @property
    def ended_by_clock(self) -> bool:
        """Whether the platform ended it with the event of one of its clocks."""
        clocks = {one.event for one in self.process.deadlines_in(self.state)}
        return self.role == PLATFORM and self.event in clocks

    def missed(self, calendar: Calendar, now: datetime) -> Iterator[datetime]:
        """The ends of its clocks that passed while it lasted, reckoned from the log alone."""
        for one in self.process.deadlines_in(self.state):
            ends = one.due(self.entered, self.moments, calendar).at
            ends = max(ends, self.entered)  # a clock that began before may have run out already
            if ends <= (self.left or now):
                yield ends


@dataclass(frozen=True)
class Wait:
    """One line: a state, whom it waits for, and how long, in hours by the calendar."""

    process: str
    state: str
    waits_for: tuple[str, ...]
    stays: int
    median_h: float
    p95_h: float
    by_clock: float  # the share of stays that a clock ended
    reminders: int
    escalations: int
    open: int  # stays that had not ended when the simulation did


@dataclass(frozen=True)
class Simulated:
    """The whole of a simulation.

    `missed_deadlines`: clocks whose end passed; without escalation: of those, where the platform
    neither moved the case at the end nor had told a role above. `stuck`: cases that nobody moves
    any more. `latest_h`: the longest that the platform was late with the end of a clock.
    """

    process: str
    cases: int
    ended: int
    stuck: int
    moves: int
    median_days: float
    p95_days: float
    missed_deadlines: int
    missed_deadlines_without_escalation: int
    reminders: int
    escalations: int
    latest_h: float
    ends: dict[str, int]
    waits: tuple[Wait, ...]

    def as_json(self) -> dict[str, Any]:
        """Everything as plain data."""
        return asdict(self)


def waits_of(stays: Iterable[Stay]) -> tuple[Wait, ...]:
    """The lines of a table, longest total wait first."""
    groups: dict[tuple[str, str], list[Stay]] = {}
    for stay in stays:
        groups.setdefault((stay.process.name, stay.state), []).append(stay)
    lines = [(_total(group), _line(group)) for group in groups.values()]
    return tuple(line for _, line in sorted(lines, key=lambda pair: -pair[0]))


def _total(group: list[Stay]) -> float:
    return sum(_hours(stay) for stay in group if stay.left is not None)


def _hours(stay: Stay) -> float:
    assert stay.left is not None
    return (stay.left - stay.entered).total_seconds() / HOUR


def _line(group: list[Stay]) -> Wait:
    first = group[0]
    over = sorted(_hours(stay) for stay in group if stay.left is not None)
    for_whom = first.process.turns(first.state)
    parallel = first.process.parallel_in(first.state)
    if parallel is not None:
        for_whom |= parallel.table.roles - {PLATFORM}
    return Wait(
        process=first.process.name,
        state=first.state,
        waits_for=tuple(sorted(for_whom)),
        stays=len(group),
        median_h=round(median(over), 2) if over else 0.0,
        p95_h=round(percentile(over, 0.95), 2),
        by_clock=round(sum(stay.ended_by_clock for stay in group) / len(group), 4),
        reminders=sum(stay.reminders for stay in group),
        escalations=sum(stay.escalations for stay in group),
        open=len(group) - len(over),
    )


def percentile(ordered: list[float], part: float) -> float:
    """The value below which a part of them lies, by the nearest rank; 0 where there is none."""
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


def missed_of(stays: Iterable[Stay], calendar: Calendar, now: datetime) -> tuple[int, int, float]:
    """Clocks that ended while nobody acted; of those, unescalated; hours of the latest end."""
    missed = silent = 0
    latest = 0.0
    for stay in stays:
        for ends in stay.missed(calendar, now):
            missed += 1
            if stay.ended_by_clock and stay.left is not None:
                latest = max(latest, (stay.left - ends).total_seconds() / HOUR)
            silent += stay.role != PLATFORM and not stay.escalations
    return missed, silent, round(latest, 2)
