"""Who works when in a simulation: the people of a role, their hours, their queue."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from xinrong.domain.calendars import Calendar
from xinrong.domain.clock import CHINA

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Crew:
    """The people of a role. Raises ValueError for hours or numbers that let nobody work.

    `people` of them share the cases of the role, first come first served; 0: each case has people
    of its own, who look at it when they come to it. `minutes` is the mean time that one piece of
    work takes (of own people: until they come to it, in their hours). They work on working days
    from `opens` to `closes`, China's time; `any_day`: on every day. Of the pieces of work a share
    `mute` is never done.
    """

    people: int = 0
    minutes: float = 30
    mute: float = 0.05
    opens: time = time(9)
    closes: time = time(17)
    any_day: bool = False

    def __post_init__(self) -> None:
        if self.people < 0 or self.minutes <= 0 or not 0 <= self.mute <= 1:
            raise ValueError("a crew has 0 or more people, some minutes a piece, 0 to 1 mute")
        if self.closes <= self.opens:
            raise ValueError("a crew closes after it opens, on the same day")

    @property
    def minutes_a_day(self) -> float:
        """Minutes that one of them works on a day."""
        return (self.closes.hour - self.opens.hour) * 60.0 + self.closes.minute - self.opens.minute


@dataclass
class Office:
    """A crew at work. Pieces of work are any objects; `still_wanted` says which are stale."""

    crew: Crew
    calendar: Calendar
    still_wanted: Callable[[object], bool]
    waiting: deque[tuple[object, float]] = field(default_factory=deque)
    busy: list[datetime] = field(default_factory=list)  # a heap: when each at work is done

    def take(self, work: object, minutes: float, now: datetime) -> list[tuple[datetime, object]]:
        """Take a piece in; which pieces are begun by that, and when each will be done."""
        if not self.crew.people:
            return [(self.done_at(now, minutes), work)]
        self.waiting.append((work, minutes))
        return self.free(now)

    def free(self, now: datetime) -> list[tuple[datetime, object]]:
        """Let everybody who is free at a moment begin the next piece that is still wanted."""
        while self.busy and self.busy[0] <= now:
            heapq.heappop(self.busy)
        begun = []
        while self.waiting and len(self.busy) < self.crew.people:
            work, minutes = self.waiting.popleft()
            if self.still_wanted(work):
                done = self.done_at(now, minutes)
                heapq.heappush(self.busy, done)
                begun.append((done, work))
        return begun

    def done_at(self, start: datetime, minutes: float) -> datetime:
        """When so many minutes of work that begin at a moment are done, in the crew's hours."""
        now, left = self.opened(start), timedelta(minutes=minutes)
        while True:
            closes = datetime.combine(now.date(), self.crew.closes, CHINA)
            if now + left <= closes:
                return now + left
            left -= closes - now
            now = self.opened(closes)

    def opened(self, moment: datetime) -> datetime:
        """The moment itself when the crew is at work, else when it next opens."""
        local = moment.astimezone(CHINA)
        day = local.date()
        if self._works(local) and local.time() < self.crew.closes:
            return max(local, datetime.combine(day, self.crew.opens, CHINA))
        while True:
            day += DAY
            opens = datetime.combine(day, self.crew.opens, CHINA)
            if self._works(opens):
                return opens

    def _works(self, moment: datetime) -> bool:
        return self.crew.any_day or self.calendar.is_working(moment.date())
