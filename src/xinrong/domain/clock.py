"""What time it is: asked of a clock that is handed in, so that tests and replays decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Anything that knows the present moment, with its time zone."""

    def now(self) -> datetime:
        """The present moment, aware of its time zone."""
        ...


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class FixedClock:
    """A clock that stands still until somebody sets `moment`. Raises ValueError without a zone."""

    moment: datetime

    def __post_init__(self) -> None:
        if self.moment.tzinfo is None:
            raise ValueError("a moment without a time zone names no moment")

    def now(self) -> datetime:
        return self.moment


def day_in_china(now: datetime) -> date:
    """The calendar day in China at that moment. Raises ValueError without a time zone."""
    if now.tzinfo is None:
        raise ValueError("a moment without a time zone names no day")
    return now.astimezone(CHINA).date()


def midnight(day: date) -> datetime:
    """The moment at which a day begins in China."""
    return datetime.combine(day, time(), CHINA)


def midnight_after(day: date) -> datetime:
    """The moment at which a day ends in China: the first that is too late for it."""
    return midnight(day + timedelta(days=1))
