"""Clocks of a process: how long, from when, on which basis, who is told, what happens at the end.

Days are counted as the Civil Code counts them (arts. 200 to 204): the day of the start is not
counted, the last day ends at midnight in China, and a last day on which nobody works moves to
the next working day. Hours run on, from the moment itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from xinrong.domain.calendars import Calendar
from xinrong.domain.clock import CHINA, day_in_china, midnight_after
from xinrong.domain.text import Text

#: When the reminders and the rungs of a clock that counts days are sent: as offices open.
MORNING = time(9)


class Unit(StrEnum):
    """What a clock counts."""

    HOURS = "hours"
    DAYS = "days"  # calendar days
    WORKING_DAYS = "working_days"


@dataclass(frozen=True)
class Length:
    """A positive number of hours, calendar days or working days. Raises ValueError for others."""

    count: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError(f"a clock of {self.count} {self.unit} does not run: give 1 or more")

    def in_language(self, language: str) -> str:
        """The length in words: 5个工作日, 5 working days."""
        if language.lower().startswith("en"):
            name = self.unit.replace("_", " ")
            return f"{self.count} {name[:-1] if self.count == 1 else name}"
        names = {Unit.HOURS: "小时", Unit.DAYS: "日", Unit.WORKING_DAYS: "个工作日"}
        return f"{self.count}{names[self.unit]}"


def hours(count: int) -> Length:
    """So many hours, by day and night."""
    return Length(count, Unit.HOURS)


def days(count: int) -> Length:
    """So many calendar days."""
    return Length(count, Unit.DAYS)


def working_days(count: int) -> Length:
    """So many working days."""
    return Length(count, Unit.WORKING_DAYS)


@dataclass(frozen=True)
class Source:
    """What a clock rests on: a document and its article, or an agreement between the parties."""

    document: str
    article: str = ""
    agreed: bool = False

    def __str__(self) -> str:
        return " ".join(part for part in (self.document, self.article) if part)


@dataclass(frozen=True)
class Escalation:
    """A rung of the ladder: so long after the clock started, this role is told as well.

    A rung that would come after the end of the clock comes at its end.
    """

    after: Length
    role: str


@dataclass(frozen=True)
class Deadline:
    """A clock that runs in `state` and at whose end the platform makes `event` happen.

    It starts when the state is entered, or at `starts`: an event of the process (the last time it
    happened) or a moment that the process names in `moments`; where that is not known, when the
    state is entered. It ends `length` later, or at the moment `until` of `moments` for a case that
    has one, such as the last day of an offer. `otherwise` tells those who could act what happens
    if nobody does. The roles of the state's own moves are reminded so long before the end.
    `moved_off_holidays` lets an end in calendar days on which nobody works wait for the next
    working day (Civil Code art. 203); without it the end stands.
    """

    name: str
    state: str
    length: Length
    event: str
    source: Source
    otherwise: Text
    starts: str = ""
    reminders: tuple[Length, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    moved_off_holidays: bool = True
    until: str = ""

    def start(self, entered: datetime, moments: Mapping[str, datetime]) -> datetime:
        """When it started for a case that entered the state at `entered`."""
        return moments.get(self.starts, entered)

    def due(self, entered: datetime, moments: Mapping[str, datetime], calendar: Calendar) -> Due:
        """When it ends for a case that entered the state at `entered`."""
        agreed = moments.get(self.until)
        if agreed is not None:
            return Due(agreed)
        start = self.start(entered, moments)
        return due(self.length, start, calendar, moved_off_holidays=self.moved_off_holidays)


@dataclass(frozen=True)
class Due:
    """The end of a clock: the first moment that is too late.

    `provisional`: it was counted over a year whose working days are not known yet, and is counted
    again when they are.
    """

    at: datetime
    provisional: bool = False

    @property
    def last_day(self) -> date:
        """The last day, in China, on which somebody can still act."""
        return day_in_china(self.at - timedelta(microseconds=1))


class AlarmKind(StrEnum):
    """What a clock does when a moment of it has come."""

    REMINDER = "reminder"  # those who can act are told
    ESCALATION = "escalation"  # a role above them is told
    END = "end"  # the platform makes the event happen


@dataclass(frozen=True)
class Alarm:
    """A moment of a running clock. `key` names it for good: kept once sent, it is not sent again.

    `role` is whom an escalation tells; "" for a reminder, which tells all who can act, and for the
    end.
    """

    key: str
    kind: AlarmKind
    at: datetime
    deadline: Deadline
    role: str = ""


@dataclass(frozen=True)
class Running:
    """A clock that runs in the state of a case: when it started, when it ends, its alarms by time.

    `visit` is the version at which the case entered the state: the same clock in a later visit
    is another one.
    """

    deadline: Deadline
    visit: int
    started: datetime
    due: Due
    alarms: tuple[Alarm, ...]

    def ringing(self, now: datetime, done: Collection[str]) -> tuple[Alarm, ...]:
        """The alarms whose moment has come, without those in `done` (their keys).

        A clock that is moved back rings nothing again, since what rang is in `done`.
        """
        return tuple(one for one in self.alarms if one.at <= now and one.key not in done)


def due(
    length: Length, start: datetime, calendar: Calendar, *, moved_off_holidays: bool = True
) -> Due:
    """When a clock that started at `start` ends. Raises ValueError for a time without a zone."""
    first = day_in_china(start)
    if length.unit is Unit.HOURS:
        return Due(start + timedelta(hours=length.count))
    if length.unit is Unit.WORKING_DAYS:
        counted = calendar.after(first, length.count)
        return Due(midnight_after(counted.day), counted.provisional)
    last = first + timedelta(days=length.count)
    if not moved_off_holidays:
        return Due(midnight_after(last))
    counted = calendar.on_or_after(last)
    return Due(midnight_after(counted.day), counted.provisional)


def run(
    deadline: Deadline,
    visit: int,
    entered: datetime,
    moments: Mapping[str, datetime],
    calendar: Calendar,
) -> Running:
    """The clock of a deadline in a state entered at a moment, with all that it does to its end."""
    started = deadline.start(entered, moments)
    ends = deadline.due(entered, moments, calendar)
    found = [
        Alarm(f"{visit}:{deadline.name}:end", AlarmKind.END, ends.at, deadline),
        *_reminders(deadline, visit, max(entered, started), ends, calendar),
        *_escalations(deadline, visit, started, ends, calendar),
    ]
    alarms = sorted(found, key=lambda one: (one.at, one.kind is AlarmKind.END, one.key))
    return Running(deadline, visit, started, ends, tuple(alarms))


def _reminders(
    deadline: Deadline, visit: int, begun: datetime, ends: Due, calendar: Calendar
) -> Iterator[Alarm]:
    """The reminders that fall into the time of the clock: one before it began reminds nobody."""
    for before in deadline.reminders:
        if before.unit is Unit.HOURS:
            at = ends.at - timedelta(hours=before.count)
        else:
            last = ends.last_day
            day = (
                last - timedelta(days=before.count)
                if before.unit is Unit.DAYS
                else calendar.before(last, before.count).day
            )
            at = datetime.combine(day, MORNING, CHINA)
        if at > begun:
            key = f"{visit}:{deadline.name}:reminder:{before.count}{before.unit}"
            yield Alarm(key, AlarmKind.REMINDER, at, deadline)


def _escalations(
    deadline: Deadline, visit: int, started: datetime, ends: Due, calendar: Calendar
) -> Iterator[Alarm]:
    """The rungs: in days, on the morning of the working day after their last."""
    for rung in deadline.escalations:
        if rung.after.unit is Unit.HOURS:
            at = started + timedelta(hours=rung.after.count)
        else:
            last = due(rung.after, started, calendar).last_day
            morning = calendar.on_or_after(last + timedelta(days=1)).day
            at = datetime.combine(morning, MORNING, CHINA)
        key = f"{visit}:{deadline.name}:escalation:{rung.role}:{rung.after.count}{rung.after.unit}"
        yield Alarm(key, AlarmKind.ESCALATION, min(at, ends.at), deadline, rung.role)
