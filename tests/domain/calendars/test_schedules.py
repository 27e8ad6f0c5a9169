"""A schedule that is published later, and the days of a place."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from xinrong.domain.calendars import CHINA_CALENDAR, ScheduleWrong, read_schedules
from xinrong.domain.calendars.calendar import LAST_KNOWN_YEAR

NEXT = LAST_KNOWN_YEAR + 1


def schedule(**changes: Any) -> dict[str, Any]:
    """An invented schedule: New Year reaches back, the Sunday before is worked."""
    days = {
        "year": NEXT,
        "rest": {f"{LAST_KNOWN_YEAR}-12-31": "元旦", f"{NEXT}-01-01": "元旦"},
        "work": {f"{LAST_KNOWN_YEAR}-12-27": "元旦调休"},
        "source": "invented for this test",
    }
    return days | changes


def loaded(*years: dict[str, Any], place: dict[str, Any] | None = None) -> Any:
    return CHINA_CALENDAR.with_days(*read_schedules({"years": list(years), "place": place}))


def test_a_clock_is_counted_again_when_the_schedule_is_loaded() -> None:
    start = date(LAST_KNOWN_YEAR, 12, 25)
    before, after = CHINA_CALENDAR.after(start, 4), loaded(schedule()).after(start, 4)
    assert before.provisional
    assert not after.provisional
    assert before.day == date(LAST_KNOWN_YEAR, 12, 31)
    assert after.day == date(LAST_KNOWN_YEAR, 12, 30)  # the 27th is worked


def test_the_last_week_stays_provisional_until_the_next_years_schedule() -> None:
    assert loaded(schedule()).is_settled(date(NEXT, 12, 24))
    assert not loaded(schedule()).is_settled(date(NEXT, 12, 25))


def test_in_a_loaded_year_only_its_own_days_are_off() -> None:
    calendar = loaded(schedule())
    assert calendar.is_working(date(NEXT, 2, 5))  # the computed eve of the Spring Festival
    assert not calendar.is_working(date(NEXT, 2, 6))  # a Saturday


def test_a_place_has_its_own_days_off() -> None:
    place = {"rest": {"2026-04-20": "三月三"}, "source": "广西壮族自治区少数民族习惯节日放假办法"}
    calendar = loaded(place=place)
    assert CHINA_CALENDAR.after(date(2026, 4, 17), 1).day == date(2026, 4, 20)
    assert calendar.after(date(2026, 4, 17), 1).day == date(2026, 4, 21)


def test_the_days_of_a_place_stand_beside_a_loaded_schedule() -> None:
    day = f"{NEXT}-04-12"
    place = {"rest": {day: "三月三"}, "source": "x"}
    assert not loaded(schedule(), place=place).is_working(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"years": [schedule(rest={})]}, "is not whole"),
        ({"years": [schedule(work={f"{NEXT}-01-01": "x"})]}, "under rest and under work"),
        ({"years": [schedule(work={"2020-05-05": "x"})]}, "lies outside"),
        ({"years": [schedule(rest={f"{NEXT}-02-30": "x"})]}, "years.0.rest"),
        ({"years": [schedule(source="")]}, "years.0.source"),
        ({"holidays": []}, "holidays"),
        (["2027-01-01"], "place"),
    ],
    ids=str,
)
def test_what_is_no_schedule_is_refused_with_its_place(data: Any, says: str) -> None:
    with pytest.raises(ScheduleWrong, match=says):
        read_schedules(data, "calendar.yaml")
