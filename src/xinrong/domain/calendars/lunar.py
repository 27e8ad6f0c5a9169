"""Days of the farming calendar, computed from the sun and the moon.

The rules are those of GB/T 33661-2017, in the time of China (UTC+8): a month begins on the day of
the new moon, the month of the winter solstice is the eleventh, and where thirteen months lie
between two elevenths the first of them without a middle term (中气) is the leap month. The series
are Meeus, Astronomical Algorithms, chapters 25 and 49, shortened: new moons come within three
minutes and the sun's place within 0.01°, which decides every day that matters of 2004 to 2100
except where a new moon falls within minutes of midnight (such as September 2057).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from math import floor, radians, sin

#: Julian day of the midnight in China at which 2000-01-01 began.
_EPOCH = date(2000, 1, 1)
_EPOCH_JD = 2451544.5
_CHINA = 8 / 24

#: Coefficient in days, power of E, multiples of M, M', F: the terms of a new moon over 3 seconds.
_NEW_MOON = (
    (-0.40720, 0, 0, 1, 0),
    (0.17241, 1, 1, 0, 0),
    (0.01608, 0, 0, 2, 0),
    (0.01039, 0, 0, 0, 2),
    (0.00739, 1, -1, 1, 0),
    (-0.00514, 1, 1, 1, 0),
    (0.00208, 2, 2, 0, 0),
    (-0.00111, 0, 0, 1, -2),
    (-0.00057, 0, 0, 1, 2),
    (0.00056, 1, 1, 2, 0),
    (-0.00042, 0, 0, 3, 0),
    (0.00042, 1, 1, 0, 2),
    (0.00038, 1, 1, 0, -2),
    (-0.00024, 1, -1, 2, 0),
    (-0.00007, 0, 2, 1, 0),
    (0.00004, 0, 0, 2, -2),
    (0.00004, 0, 3, 0, 0),
)


def lunar_day(year: int, month: int, day: int) -> date:
    """The day of a month, 1 to 12 and no leap month, of the farming year that begins in `year`."""
    return _months(year)[month] + timedelta(days=day - 1)


def solar_term(year: int, longitude: int) -> date:
    """The day of `year` on which the sun reaches a longitude: 15 is 清明, 270 冬至."""
    # The sun goes round in a year and stands at 280° when it begins.
    guess = _julian(date(year, 1, 1)) + ((longitude - 280) % 360) * 365.2422 / 360
    for _ in range(4):
        away = (longitude - _sun(guess) + 180) % 360 - 180
        guess += away * 365.2422 / 360
    return _day(guess - _ahead(year))


@lru_cache(maxsize=256)
def _months(year: int) -> dict[int, date]:
    """The first days of the months 1 to 12 of the farming year that begins in a year."""
    before = _from_eleventh(year - 1)
    after = _from_eleventh(year)
    return {n: d for n, d in before.items() if n <= 10} | {n: after[n] for n in (11, 12)}


@lru_cache(maxsize=256)
def _from_eleventh(year: int) -> dict[int, date]:
    """The first days of month 11 and 12 of a year and 1 to 10 of the next, no leap month."""
    first = _new_moon_until(solar_term(year, 270))
    last = _new_moon_until(solar_term(year + 1, 270))
    starts = [first]
    while starts[-1] < last:
        starts.append(_new_moon_until(starts[-1] + timedelta(days=31)))
    leap = len(starts) == 14
    numbers: dict[int, date] = {}
    number = 11
    for begins, ends in pairwise(starts):
        if leap and not _has_middle_term(begins, ends):
            leap = False
            continue
        numbers[number] = begins
        number = number % 12 + 1
    return numbers


def _has_middle_term(begins: date, ends: date) -> bool:
    """Whether the sun crosses a multiple of 30° from the first day to before the next month's."""
    ahead = _ahead(begins.year)
    at = [floor(_sun(_julian(day) - _CHINA + ahead) / 30) for day in (begins, ends)]
    return at[0] != at[1]


def _new_moon_until(day: date) -> date:
    """The day of the last new moon on or before a day."""
    number = floor((day - _EPOCH).days / 29.530588861) + 1
    while (found := _new_moon(number)) > day:
        number -= 1
    return found


@lru_cache(maxsize=4096)
def _new_moon(number: int) -> date:
    """The day of a new moon, counted from the one of January 2000."""
    t = number / 1236.85
    moment = 2451550.09766 + 29.530588861 * number + 0.00015437 * t * t
    e = 1 - 0.002516 * t - 0.0000074 * t * t
    m = radians(2.5534 + 29.10535670 * number - 0.0000014 * t * t)
    moon = radians(201.5643 + 385.81693528 * number + 0.0107582 * t * t)
    f = radians(160.7108 + 390.67050284 * number - 0.0016118 * t * t)
    node = radians(124.7746 - 1.56375588 * number + 0.0020672 * t * t)
    moment -= 0.00017 * sin(node)
    for size, power, of_m, of_moon, of_f in _NEW_MOON:
        moment += size * e**power * sin(of_m * m + of_moon * moon + of_f * f)
    return _day(moment - _ahead(2000 + floor(number / 12.3685)))


def _sun(moment: float) -> float:
    """The sun's apparent longitude in degrees, 0 to 360."""
    t = (moment - 2451545) / 36525
    m = radians(357.52911 + 35999.05029 * t - 0.0001537 * t * t)
    centre = (
        (1.914602 - 0.004817 * t) * sin(m)
        + (0.019993 - 0.000101 * t) * sin(2 * m)
        + 0.000289 * sin(3 * m)
    )
    node = radians(125.04 - 1934.136 * t)
    mean = 280.46646 + 36000.76983 * t + 0.0003032 * t * t
    return (mean + centre - 0.00569 - 0.00478 * sin(node)) % 360


def _ahead(year: int) -> float:
    """How far the time of the series is ahead of the clock's, in days: about 70 s in our time."""
    return (62.92 + 0.32217 * (year - 2000) + 0.005589 * (year - 2000) ** 2) / 86400


def _julian(day: date) -> float:
    """The Julian day at which a day begins in universal time."""
    return _EPOCH_JD + (day - _EPOCH).days


def _day(moment: float) -> date:
    """The day in China at a Julian day."""
    return _EPOCH + timedelta(days=floor(moment + _CHINA - _EPOCH_JD))
