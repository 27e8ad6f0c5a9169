"""What the law says of one kind of record, put so that many records are weighed at no cost.

`Law.ruling` weighs the rules of one matter. Of a category's records all have the same rules and
differ by their dates alone: `Terms` are these rules with the date from which each counts, and a
`Cut` is what they come to on one day: which dates are too long ago.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from xinrong.domain.calendars import Calendar
from xinrong.domain.display import DisplayState
from xinrong.domain.law.periods import Period, end_of
from xinrong.domain.law.rules import LawRule

#: A date of a record from which a period counts.
Slot = Literal["event_date", "end_date"]
SLOTS: tuple[Slot, ...] = ("event_date", "end_date")
NEVER = date.min


@dataclass(frozen=True)
class Limit:
    """One period to which records keep: from which date it counts, and who says so.

    `rule` is None where the contract of the category says it, on the source that it names.
    `lasting`: a record without the date has not ended, so that the period does not run yet; else
    it is undated.
    """

    slot: Slot
    period: Period
    rule: LawRule | None = None
    source: str = ""
    lasting: bool = False

    @property
    def name(self) -> str:
        """The rule, or nothing where it is the contract's."""
        return self.rule.id if self.rule else ""

    @property
    def words(self) -> str:
        """The document and its article, or the contract's source."""
        if self.rule is None:
            return self.source
        return f"{self.rule.document.title.zh}{self.rule.article}"


@dataclass(frozen=True)
class Until:
    """Until when one record keeps to its terms: `day` is the last one, by `limit`.

    Neither is there where nothing ends it, and where it is undated.
    """

    day: date | None = None
    limit: Limit | None = None
    undated: bool = False


@dataclass(frozen=True)
class Terms:
    """All limits of the records of one category, kind of owner and tier, as of one day's law.

    The shortest binds: `until` is the first end.
    """

    limits: tuple[Limit, ...]
    calendar: Calendar

    def until(self, event: date | None, end: date | None) -> Until:
        """The last day of a record with these dates, and the limit that says so."""
        for limit in self.limits:
            if not limit.lasting and _start(limit, event, end) is None:
                return Until(undated=True)
        return self._first(event, end)

    def first_over(self, event: date | None, end: date | None, today: date) -> Until | None:
        """The limit by which a record is over on a day, whatever dates it lacks; None: none."""
        first = self._first(event, end)
        return first if first.day is not None and today > first.day else None

    def _first(self, event: date | None, end: date | None) -> Until:
        """The first end of those periods that have begun."""
        found = Until()
        for limit in self.limits:
            start = _start(limit, event, end)
            if start is None:
                continue
            day = _last_day(start, limit.period, self.calendar)
            if found.day is None or day < found.day:
                found = Until(day, limit)
        return found

    def cut(self, today: date) -> Cut:
        """What they come to on a day."""
        return _cut(self.limits, self.calendar, today)


@lru_cache(maxsize=16_384)
def _last_day(start: date, period: Period, calendar: Calendar) -> date:
    """The last day of a period: files ask of the same few thousand days again and again."""
    return end_of(start, period, calendar).day


def _start(limit: Limit, event: date | None, end: date | None) -> date | None:
    return event if limit.slot == "event_date" else end


@dataclass(frozen=True)
class Cut:
    """The terms on one day. A record is over whose date is this one or an earlier one.

    `needed` are the dates without which a record is undated.
    """

    event_date: date = NEVER
    end_date: date = NEVER
    needed: frozenset[Slot] = frozenset()

    def state(self, event: date | None, end: date | None) -> DisplayState:
        """Whether a negative record with these dates may be shown."""
        if (event is not None and event <= self.event_date) or (
            end is not None and end <= self.end_date
        ):
            return DisplayState.EXPIRED
        if (event is None and "event_date" in self.needed) or (
            end is None and "end_date" in self.needed
        ):
            return DisplayState.UNDATED
        return DisplayState.SHOWN

    def strictest(self, other: Cut) -> Cut:
        """What keeps to both."""
        return Cut(
            max(self.event_date, other.event_date),
            max(self.end_date, other.end_date),
            self.needed | other.needed,
        )


def _cut(limits: Sequence[Limit], calendar: Calendar, today: date) -> Cut:
    latest = dict.fromkeys(SLOTS, NEVER)
    for limit in limits:
        over = last_over(limit.period, today, calendar)
        latest[limit.slot] = max(latest[limit.slot], over)
    needed = frozenset(limit.slot for limit in limits if not limit.lasting)
    return Cut(latest["event_date"], latest["end_date"], needed)


@lru_cache(maxsize=4_096)
def last_over(period: Period, today: date, calendar: Calendar) -> date:
    """The latest start of a period that is over on a day: what starts later still runs.

    A later start never ends sooner, so it is found by halving.
    """
    days = period.years * 366 + period.months * 31 + period.days + period.working_days * 3 + 60
    high = today.toordinal()  # what starts today cannot be over
    low = max(high - days, date.min.toordinal())
    if _end(low, period, calendar) >= today:
        return NEVER
    while high - low > 1:
        middle = (low + high) // 2
        if _end(middle, period, calendar) < today:
            low = middle
        else:
            high = middle
    return date.fromordinal(low)


def _end(ordinal: int, period: Period, calendar: Calendar) -> date:
    return end_of(date.fromordinal(ordinal), period, calendar).day
