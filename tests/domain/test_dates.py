"""Dates: one day, or a reason why not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases.reading import labelled
from xinrong.domain.dates import read_date, words

DAYS = st.dates(date(1900, 1, 2), date(2200, 12, 31))
FORMATS: dict[str, Callable[[date], str]] = {
    "iso": lambda day: day.isoformat(),
    "strokes": lambda day: f"{day.year}/{day.month}/{day.day}",
    "points": lambda day: f"{day.year}.{day.month}.{day.day}",
    "eight digits": lambda day: f"{day:%Y%m%d}",
    "chinese": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "moment": lambda day: f"{day.isoformat()} 00:00:00",
    "iso moment": lambda day: f"{day.isoformat()}T23:59:59.123",
    "english": lambda day: f"{day.day}-{day:%b}-{day.year}",
    "chinese month": lambda day: f"{day.day:02d}-{day.month}月-{day.year}",
    "china's zone": lambda day: f"{day.isoformat()}T00:00:00+08:00",
    "fourteen digits": lambda day: f"{day:%Y%m%d}235959",
}


@pytest.mark.parametrize(
    ("text", "value", "problem"), labelled("dates", "text", "value", "problem")
)
def test_a_labelled_date_reads_as_its_label(text: str, value: str, problem: str) -> None:
    reading = read_date(text)
    found = reading.value.isoformat() if reading.value else ""
    assert (found, reading.problem) == (value, problem)


@pytest.mark.parametrize("name", FORMATS)
@given(day=DAYS)
def test_every_format_round_trips(name: str, day: date) -> None:
    assert read_date(FORMATS[name](day)).value == day


@given(st.integers(20_000, 80_000))
def test_a_serial_number_is_a_workbooks_day(serial: int) -> None:
    day = read_date(str(serial)).value
    assert day is not None
    assert (day - date(1899, 12, 30)).days == serial
    assert read_date(f"{serial}.0").value == day


@given(DAYS)
def test_day_first_is_read_only_when_it_is_known_or_the_only_way(day: date) -> None:
    text = f"{day.day}/{day.month}/{day.year}"
    assert read_date(text, "dmy").value == day
    assert read_date(f"{day.month}/{day.day}/{day.year}", "mdy").value == day
    reading = read_date(text)
    if day.day > 12 or day.day == day.month:
        assert reading.value == day
    else:
        assert reading.problem == "ambiguous"


def test_a_year_or_month_alone_is_kept_as_such() -> None:
    assert read_date("2021年").year_only
    month = read_date("2021-03")
    assert (month.year, month.month, month.year_only) == (2021, 3, False)


@pytest.mark.parametrize("text", ["长期", "永久", "长期有效", "9999-12-31"])
def test_no_end_is_an_answer(text: str) -> None:
    reading = read_date(text)
    assert reading.open_ended
    assert reading.value is None
    assert not reading.problem


@given(st.text(alphabet="0123456789-/.年月日: TZ+E一二十至期", max_size=24) | st.text(max_size=80))
def test_any_text_is_read_without_an_error(text: str) -> None:
    reading = read_date(text)
    if reading.problem:
        assert reading.value is None
        assert words(reading.problem).zh


@given(st.integers(-50, 3000), st.integers(-5, 40), st.integers(-5, 60))
def test_only_days_of_the_calendar_are_read(year: int, month: int, day: int) -> None:
    value = read_date(f"{year:04d}-{month:02d}-{day:02d}").value
    if value is not None:
        assert (value.year, value.month, value.day) == (year, month, day)
