from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases.reading import labelled
from xinrong.domain.calendars import CHINA_CALENDAR, statutory_holidays
from xinrong.domain.calendars.calendar import FIRST_KNOWN_YEAR, LAST_KNOWN_YEAR
from xinrong.domain.calendars.lunar import lunar_day, solar_term
from xinrong.domain.calendars.statutory import days_off

DAY = timedelta(days=1)
DAYS = st.dates(date(2003, 1, 1), date(2060, 12, 31))
COUNTS = st.integers(0, 60)


@pytest.mark.parametrize(
    ("day", "working", "why"), labelled("calendars/days", "day", "working", "why")
)
def test_a_day_is_worked_as_published_or_computed(day: str, working: str, why: str) -> None:
    assert CHINA_CALENDAR.is_working(date.fromisoformat(day)) is (working == "yes")
    assert CHINA_CALENDAR.is_settled(date.fromisoformat(day)) is ("computed" not in why)


@pytest.mark.parametrize(
    ("start", "count", "day", "provisional"),
    labelled("calendars/working_days_after", "start", "count", "day", "provisional"),
)
def test_working_days_are_counted(start: str, count: str, day: str, provisional: str) -> None:
    counted = CHINA_CALENDAR.after(date.fromisoformat(start), int(count))
    assert counted.day.isoformat() == day
    assert counted.provisional is (provisional == "yes")


@pytest.mark.parametrize(
    ("year", "month", "day", "expected"),
    labelled("calendars/festivals", "year", "month", "day", "expected"),
)
def test_festivals_of_the_farming_calendar(year: str, month: str, day: str, expected: str) -> None:
    assert lunar_day(int(year), int(month), int(day)).isoformat() == expected


def test_qingming_is_when_the_schedules_of_all_known_years_have_it() -> None:
    for year in range(2008, LAST_KNOWN_YEAR + 1):
        day = solar_term(year, 15)
        assert chinese_calendar.get_holiday_detail(day) == (True, "Tomb-sweeping Day"), day


def test_the_computed_festivals_are_off_in_every_published_year() -> None:
    for year in range(2008, LAST_KNOWN_YEAR + 1):  # since then all three are holidays
        for festival in (lunar_day(year, 1, 1), lunar_day(year, 5, 5), lunar_day(year, 8, 15)):
            assert not CHINA_CALENDAR.is_working(festival), festival


def test_the_computed_year_has_as_many_working_days_as_the_published_one() -> None:
    for year in (2025, 2026):  # since then the present regulation holds
        days = [date(year, 1, 1) + DAY * n for n in range(365)]
        computed = [day for day in days if day.weekday() < 5 and day not in days_off(year)]
        assert len(computed) == CHINA_CALENDAR.working_days(days[0], days[-1])


def test_a_year_has_thirteen_statutory_holidays() -> None:
    for year in range(2027, 2101):
        names = [name for day in statutory_holidays(year).values() for name in day.split("、")]
        assert len(names) == 13
        off = {day for day in days_off(year) if day.weekday() < 5}
        assert len(off) == 13  # what falls on a weekend is made up, none twice


def test_beyond_the_farming_calendar_there_are_weekends_and_fixed_days() -> None:
    assert set(statutory_holidays(2101).values()) == {"元旦", "劳动节", "国庆节"}
    assert CHINA_CALENDAR.after(date(2150, 4, 30), 1).provisional


@given(DAYS, COUNTS, COUNTS)
def test_counting_goes_on_where_it_stopped(day: date, one: int, two: int) -> None:
    halfway = CHINA_CALENDAR.after(day, one)
    assert CHINA_CALENDAR.after(halfway.day, two).day == CHINA_CALENDAR.after(day, one + two).day


@given(DAYS, st.integers(1, 60))
def test_counting_arrives_on_a_working_day_with_as_many_between(day: date, count: int) -> None:
    arrived = CHINA_CALENDAR.after(day, count).day
    assert CHINA_CALENDAR.is_working(arrived)
    assert CHINA_CALENDAR.working_days(day + DAY, arrived) == count
    back = CHINA_CALENDAR.before(arrived, count).day
    assert back <= day
    assert not any(CHINA_CALENDAR.is_working(back + DAY * n) for n in range(1, (day - back).days))


@given(DAYS)
def test_a_working_day_stays_and_another_waits_for_the_next(day: date) -> None:
    found = CHINA_CALENDAR.on_or_after(day)
    if CHINA_CALENDAR.is_working(day):
        assert found.day == day
    else:
        assert found.day == CHINA_CALENDAR.after(day, 1).day


@given(DAYS, COUNTS)
def test_only_what_lies_in_known_years_is_final(day: date, count: int) -> None:
    counted = CHINA_CALENDAR.after(day, count)
    if counted.day > date(LAST_KNOWN_YEAR, 12, 24) and count:
        assert counted.provisional
    if day.year >= FIRST_KNOWN_YEAR and counted.day <= date(LAST_KNOWN_YEAR, 12, 24):
        assert not counted.provisional


def test_nothing_is_counted_backwards_by_accident() -> None:
    with pytest.raises(ValueError, match="from 0"):
        CHINA_CALENDAR.after(date(2026, 1, 1), -1)
