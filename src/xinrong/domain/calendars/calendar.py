"""Which days are worked, and counting them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from chinese_calendar.constants import holidays, workdays  # type: ignore[import-untyped]

from xinrong.domain.calendars.schedules import DaysOfPlace, Schedule
from xinrong.domain.calendars.statutory import days_off

FIRST_KNOWN_YEAR = min(holidays).year
LAST_KNOWN_YEAR = max(holidays).year
#: The New Year's holiday of the next year may move days back to here (29 December 2018 was worked).
_LAST_SETTLED = (12, 24)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Counted:
    """The day at which counting arrived; `provisional` if a day on the way was only computed."""

    day: date
    provisional: bool


@dataclass(frozen=True)
class Calendar:
    """Which days are worked. Days of `changed` are as they say: true is worked.

    `years` are those whose schedule was loaded beside what the platform brings along.
    """

    changed: Mapping[date, bool] = field(default_factory=dict, hash=False)
    years: frozenset[int] = frozenset()

    def with_days(
        self, schedules: Iterable[Schedule] = (), place: DaysOfPlace | None = None
    ) -> Calendar:
        """This calendar with schedules of years and with the days of a place.

        A place's days are off beside the nation's: they stand where both speak of one day.
        """
        changed = dict(self.changed)
        years = set(self.years)
        for schedule in schedules:
            years.add(schedule.year)
            changed |= _whole_year(schedule)
        if place is not None:
            changed |= dict.fromkeys(place.rest, False) | dict.fromkeys(place.work, True)
        return Calendar(changed, frozenset(years))

    def is_working(self, day: date) -> bool:
        """Whether people work on a day; computed where its schedule is not known."""
        stated = self.changed.get(day)
        return _works(day) if stated is None else stated

    def is_settled(self, day: date) -> bool:
        """Whether the schedule that decides about a day is known.

        The last week of a year is settled by the schedule of the next one.
        """
        if (day.month, day.day) > _LAST_SETTLED:
            return self._knows(day.year) and self._knows(day.year + 1)
        return self._knows(day.year)

    def after(self, day: date, count: int) -> Counted:
        """The `count`-th working day after a day, which itself is not counted (0: the day)."""
        return self._walk(day, count, DAY)

    def before(self, day: date, count: int) -> Counted:
        """The `count`-th working day before a day, which itself is not counted (0: the day)."""
        return self._walk(day, count, -DAY)

    def on_or_after(self, day: date) -> Counted:
        """The day itself if it is worked, else the first working day after it."""
        settled = self.is_settled(day)
        while not self.is_working(day):
            day += DAY
            settled = settled and self.is_settled(day)
        return Counted(day, not settled)

    def working_days(self, first: date, last: date) -> int:
        """How many working days there are from a day to a day, both included."""
        return sum(self.is_working(first + DAY * n) for n in range((last - first).days + 1))

    def _walk(self, day: date, count: int, step: timedelta) -> Counted:
        if count < 0:
            raise ValueError("working days are counted in whole numbers from 0")
        settled = True
        while count:
            day += step
            settled = settled and self.is_settled(day)
            count -= self.is_working(day)
        return Counted(day, not settled)

    def _knows(self, year: int) -> bool:
        return FIRST_KNOWN_YEAR <= year <= LAST_KNOWN_YEAR or year in self.years


@lru_cache(maxsize=8192)
def _works(day: date) -> bool:
    """Whether the nation works on a day: as published, else weekends and statutory holidays."""
    if day in workdays:
        return True
    if FIRST_KNOWN_YEAR <= day.year <= LAST_KNOWN_YEAR:
        return day.weekday() < 5 and day not in holidays
    return day.weekday() < 5 and day not in days_off(day.year)


def _whole_year(schedule: Schedule) -> dict[date, bool]:
    """Every day of a schedule's year, and those of the December before that it names."""
    first = date(schedule.year, 1, 1)
    length = (date(schedule.year + 1, 1, 1) - first).days
    days = {day: day.weekday() < 5 for day in (first + DAY * n for n in range(length))}
    return days | dict.fromkeys(schedule.rest, False) | dict.fromkeys(schedule.work, True)


#: The nation's calendar, as far as it is known.
CHINA_CALENDAR = Calendar()
