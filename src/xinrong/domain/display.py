"""How long a negative record may be shown.

Periods are counted as the Civil Code counts them (arts. 200 to 202): the day of the start is not
counted; a period of years or months ends on the same day of its last month, or on that month's
last day when there is no such day. Article 203, which moves an end on a holiday to the next
working day, lengthens time limits for acting; it is not used here, since the shorter display wins.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum


class DisplayState(StrEnum):
    """May a record be shown today."""

    SHOWN = "shown"
    EXPIRED = "expired"  # its display period is over
    UNDATED = "undated"  # its clock cannot start: withheld until its source gives the date


def shown_until(start: date, years: int = 0, months: int = 0, days: int = 0) -> date:
    """The last day on which a record may be shown; `date.max` when that lies beyond the calendar.

    Years and months first, then days: 2024-02-29 and one year end on 2025-02-28, 2024-01-31 and
    one month on 2024-02-29. Raises ValueError for a negative period.
    """
    if years < 0 or months < 0 or days < 0:
        raise ValueError("a display period cannot be negative")
    count = start.year * 12 + start.month - 1 + years * 12 + months
    year, month = count // 12, count % 12 + 1
    if year > date.max.year:
        return date.max
    end = date(year, month, min(start.day, monthrange(year, month)[1]))
    return end + timedelta(days=days) if days <= (date.max - end).days else date.max


def display_state(
    *,
    negative: bool,
    start: date | None,
    period: tuple[int, int, int] | None,
    today: date,
    until: date | None = None,
) -> DisplayState:
    """Whether a record is shown today; `period` is (years, months, days), None without a limit.

    Only negative records expire. One whose period cannot start, for want of a date, is undated.
    `until` is the last day of display that the record names itself: it shortens, never lengthens.
    """
    if not negative or period is None:
        return DisplayState.SHOWN
    if start is None:
        return DisplayState.UNDATED
    years, months, days = period
    over = today > min(shown_until(start, years, months, days), until or date.max)
    return DisplayState.EXPIRED if over else DisplayState.SHOWN
