"""The statutory holidays of a year and the days off that follow from them, computed.

By the State Council's regulation on holidays (全国年节及纪念日放假办法, order 795, in force since
2025-01-01), art. 2: New Year 1 day, Spring Festival 4 (the eve and the first three), Qingming 1,
Labour Day 2, Dragon Boat 1, Mid-Autumn 1, National Day 3; art. 6: one that falls on a Saturday or
Sunday is made up on a working day. What the yearly schedule adds, the working Saturdays and Sundays
that lengthen a holiday, cannot be computed: it moves days off, and changes their number in no year.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from xinrong.domain.calendars.lunar import lunar_day, solar_term

#: Beyond this year the farming calendar is not computed: its festivals are left out.
LAST_LUNAR_YEAR = 2100


@lru_cache(maxsize=256)
def statutory_holidays(year: int) -> dict[date, str]:
    """The statutory holidays of a year, with their Chinese names: two when they share a day."""
    found: dict[date, str] = {}
    for day, name in sorted(_holidays(year)):
        found[day] = f"{found[day]}、{name}" if day in found else name
    return found


@lru_cache(maxsize=256)
def days_off(year: int) -> frozenset[date]:
    """The holidays of a year and the days, no weekend's, on which they are made up.

    The second of two that share a day is made up as well, as the schedules of 2009 and 2020 did.
    """
    off = set(statutory_holidays(year))
    seen: set[date] = set()
    for day, _ in sorted(_holidays(year)):
        if day.weekday() >= 5 or day in seen:
            instead = day
            while instead in off or instead.weekday() >= 5:
                instead += timedelta(days=1)
            off.add(instead)
        seen.add(day)
    return frozenset(off)


def _holidays(year: int) -> Iterator[tuple[date, str]]:
    yield date(year, 1, 1), "元旦"
    if year <= LAST_LUNAR_YEAR:
        spring = lunar_day(year, 1, 1)
        for number, name in enumerate(("除夕", "春节初一", "春节初二", "春节初三"), start=-1):
            yield spring + timedelta(days=number), name
        yield solar_term(year, 15), "清明节"
        yield lunar_day(year, 5, 5), "端午节"
        yield lunar_day(year, 8, 15), "中秋节"
    for day in (1, 2):
        yield date(year, 5, day), "劳动节"
    for day in (1, 2, 3):
        yield date(year, 10, day), "国庆节"
