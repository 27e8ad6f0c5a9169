"""What day it is, and how long a record may be shown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinrong.domain.clock import FixedClock, SystemClock, day_in_china, midnight, midnight_after
from xinrong.domain.display import DisplayState, display_state, shown_until


def test_the_day_in_china_turns_at_16_00_utc() -> None:
    assert day_in_china(datetime(2026, 1, 1, 15, 59, tzinfo=UTC)) == date(2026, 1, 1)
    assert day_in_china(datetime(2026, 1, 1, 16, 0, tzinfo=UTC)) == date(2026, 1, 2)


def test_a_day_begins_in_china_at_16_00_utc_of_the_day_before() -> None:
    assert midnight(date(2026, 1, 2)) == datetime(2026, 1, 1, 16, 0, tzinfo=UTC)
    assert day_in_china(midnight(date(2026, 1, 2))) == date(2026, 1, 2)
    assert midnight_after(date(2026, 1, 1)) == midnight(date(2026, 1, 2)), (
        "it ends as the next begins"
    )


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 1, 1)
    with pytest.raises(ValueError, match="time zone"):
        day_in_china(naive)
    with pytest.raises(ValueError, match="time zone"):
        FixedClock(naive)


def test_clocks_know_their_zone() -> None:
    assert SystemClock().now().tzinfo is not None
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    assert FixedClock(moment).now() == moment


@pytest.mark.parametrize(
    ("start", "period", "until"),
    [
        (date(2021, 3, 4), (3, 0, 0), date(2024, 3, 4)),
        (date(2020, 2, 29), (1, 0, 0), date(2021, 2, 28)),
        (date(2020, 2, 29), (4, 0, 0), date(2024, 2, 29)),
        (date(2024, 1, 31), (0, 1, 0), date(2024, 2, 29)),
        (date(2023, 1, 31), (0, 1, 0), date(2023, 2, 28)),
        (date(2023, 11, 30), (0, 3, 0), date(2024, 2, 29)),
        (date(2023, 12, 31), (0, 0, 1), date(2024, 1, 1)),
        (date(2024, 1, 31), (0, 1, 1), date(2024, 3, 1)),
        (date(9990, 1, 1), (99, 0, 0), date.max),
    ],
)
def test_a_period_ends_on_the_same_day_or_the_months_last(
    start: date, period: tuple[int, int, int], until: date
) -> None:
    assert shown_until(start, *period) == until


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 30), st.integers(0, 40))
def test_a_longer_period_never_ends_earlier(start: date, years: int, months: int) -> None:
    assert shown_until(start, years, months) <= shown_until(start, years, months + 1)
    assert shown_until(start, years, months) <= shown_until(
        start + timedelta(days=1), years, months
    )


def test_a_negative_record_is_shown_on_its_last_day_and_not_after() -> None:
    known = {"negative": True, "start": date(2021, 3, 4), "period": (3, 0, 0)}
    assert display_state(**known, today=date(2024, 3, 4)) is DisplayState.SHOWN
    assert display_state(**known, today=date(2024, 3, 5)) is DisplayState.EXPIRED


def test_a_negative_record_whose_clock_cannot_start_is_undated() -> None:
    today = date(2024, 1, 1)
    undated = display_state(negative=True, start=None, period=(3, 0, 0), today=today)
    assert undated is DisplayState.UNDATED
    assert display_state(negative=True, start=None, period=None, today=today) is DisplayState.SHOWN


def test_a_record_that_is_not_negative_never_expires() -> None:
    state = display_state(
        negative=False, start=date(1990, 1, 1), period=(1, 0, 0), today=date(2024, 1, 1)
    )
    assert state is DisplayState.SHOWN
