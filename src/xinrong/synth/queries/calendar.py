"""The days of the generated time: working days of 2024 and 2025 in China, and how busy each is.

Holidays and the weekends worked in exchange are those of the General Office of the State Council
(国办发明电〔2023〕7号 for 2024, 〔2024〕12号 for 2025). How busy a month is, is a modelling choice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from xinrong.synth.streams import Bools, Floats, Ints

#: The lead-in gives every client a history; snooping begins with the year itself.
FIRST, YEAR, LAST = date(2024, 10, 8), date(2025, 1, 1), date(2025, 12, 31)

#: Holidays as first and last day.
HOLIDAYS = (
    (date(2025, 1, 1), date(2025, 1, 1)),
    (date(2025, 1, 28), date(2025, 2, 4)),
    (date(2025, 4, 4), date(2025, 4, 6)),
    (date(2025, 5, 1), date(2025, 5, 5)),
    (date(2025, 5, 31), date(2025, 6, 2)),
    (date(2025, 10, 1), date(2025, 10, 8)),
)
#: Saturdays and Sundays on which people work in exchange.
WORKED = (
    date(2024, 10, 12),
    date(2025, 1, 26),
    date(2025, 2, 8),
    date(2025, 4, 27),
    date(2025, 9, 28),
    date(2025, 10, 11),
)
#: Queries by month in percent: a low at Spring Festival, peaks at the quarters' ends.
SEASON = (95, 62, 122, 98, 93, 116, 94, 92, 118, 84, 104, 124)


@dataclass(frozen=True)
class Days:
    """The days from FIRST to LAST, counted from nought."""

    count: int
    year_from: int  # the first day of the year itself
    work: Bools
    busy: Floats  # 1 on an average working day
    month: Ints  # 0 to 11
    left_in_month: Ints  # working days until the month ends, this one included
    saturday: Bools

    def day(self, number: int) -> date:
        return FIRST + timedelta(days=int(number))


def days_of_year() -> Days:
    """The calendar of the generated time."""
    dates = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    work = np.array([works(one) for one in dates])
    left = np.zeros(len(dates), dtype=np.int64)
    for n in range(len(dates) - 1, -1, -1):
        same = n + 1 < len(dates) and dates[n + 1].month == dates[n].month
        left[n] = (left[n + 1] if same else 0) + work[n]
    month = np.array([one.month - 1 for one in dates])
    weekday = np.array([one.weekday() for one in dates])
    by_weekday = np.array([1.1, 1.06, 1.02, 0.98, 0.88, 0.7, 0.7])
    busy = np.array(SEASON)[month] / 100 * by_weekday[weekday]
    return Days(len(dates), (YEAR - FIRST).days, work, busy, month, left, (weekday == 5) & ~work)


def works(one: date) -> bool:
    """Whether offices are open."""
    if any(first <= one <= last for first, last in HOLIDAYS):
        return False
    return one.weekday() < 5 or one in WORKED
