"""Lengths of time as laws give them, and the day on which they end.

Years, months and days are counted as the Civil Code counts them (arts. 200 to 202), as
`domain.display` does; working days by the calendar. The day of the start is not counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xinrong.domain.calendars import Calendar, Counted
from xinrong.domain.display import shown_until


@dataclass(frozen=True)
class Period:
    """A length: years, months and days, or working days. All nought: at once, on the day itself.

    Raises ValueError for a negative length, and for working days mixed with others, which no law
    does and no two people would count alike.
    """

    years: int = 0
    months: int = 0
    days: int = 0
    working_days: int = 0

    def __post_init__(self) -> None:
        parts = (self.years, self.months, self.days, self.working_days)
        if min(parts) < 0:
            raise ValueError("a period cannot be negative")
        if self.working_days and any(parts[:3]):
            raise ValueError("a period counts working days, or years, months and days: not both")

    def __str__(self) -> str:
        named = (
            (self.years, "year"),
            (self.months, "month"),
            (self.days, "day"),
            (self.working_days, "working day"),
        )
        told = [f"{count} {name}{'s' * (count != 1)}" for count, name in named if count]
        return " ".join(told) or "at once"


def end_of(start: date, period: Period, calendar: Calendar) -> Counted:
    """The last day of a period; `provisional` when it was counted over days not yet known."""
    if period.working_days:
        return calendar.after(start, period.working_days)
    return Counted(shown_until(start, period.years, period.months, period.days), provisional=False)
