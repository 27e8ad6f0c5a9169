"""A count is 0 only where nothing means none; elsewhere it is missing, with its reason."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.profiles import city
from xinrong.profiles.compiling import compiled
from xinrong.profiles.enums import Reason
from xinrong.profiles.rows import ProfileRow
from xinrong.profiles.single import profile_now
from xinrong.store.services import retract_batch, snapshot

pytestmark = pytest.mark.django_db

REGISTERED = {"event_date": date(2015, 1, 1), "code": "C33", "t4": "company", "status": "active"}


@pytest.fixture
def empty(db: None, taizhou: None, store_root: Any) -> None:
    city.make_enterprises([1, 2])
    city.put(city.rows_of("registration", {"subject": 1, **REGISTERED}))


def profile(enterprise: int = 1, as_of: date = city.UNTIL) -> ProfileRow:
    with snapshot() as snap:
        return profile_now(snap, enterprise, as_of)


def reason(row: ProfileRow, category: str) -> Reason:
    return row.reason(category, compiled("taizhou"))


def arrears(**more: Any) -> Any:
    return city.rows_of("tax_arrears", {"event_date": city.UNTIL - timedelta(days=30),
                                        "polarity": -1, "amount": 500, "subject": 2, **more})  # fmt: skip


def test_without_a_feed_nothing_is_known(empty: None) -> None:
    row = profile()
    assert row.values["arr_count_24m"] is None
    assert reason(row, "tax_arrears") is Reason.NO_FEED


def test_a_fresh_list_says_that_there_is_nothing(empty: None) -> None:
    city.put(arrears())
    row = profile()
    assert (row.values["arr_count_24m"], row.values["arr_open_now"]) == (0, 0)


def test_a_stale_list_says_nothing(empty: None) -> None:
    city.put(arrears())
    row = profile(as_of=city.UNTIL + timedelta(days=400))
    assert row.values["arr_open_count_now"] is None
    assert reason(row, "tax_arrears") is Reason.STALE


def test_what_is_on_record_is_counted_although_the_list_is_stale(empty: None) -> None:
    city.put(arrears(subject=1))
    assert profile(as_of=city.UNTIL + timedelta(days=400)).values["arr_open_count_now"] == 1


def test_a_list_says_nothing_of_whom_the_register_does_not_know(empty: None) -> None:
    city.put(arrears(subject=1))
    row = profile(2)
    assert row.values["arr_count_24m"] is None
    assert reason(row, "tax_arrears") is Reason.OUTSIDE


def test_a_list_says_nothing_of_a_day_before_the_enterprise_was_registered(empty: None) -> None:
    city.put(arrears(subject=2))
    assert profile(1, date(2014, 12, 31)).values["arr_open_count_now"] is None


def test_where_a_record_has_no_date_a_zero_is_withheld(empty: None) -> None:
    city.put(arrears(subject=1, event_date=None))
    row = profile()
    assert row.values["arr_count_24m"] is None
    assert reason(row, "tax_arrears") is Reason.WITHHELD


def test_a_window_before_the_source_s_memory_says_nothing(empty: None) -> None:
    city.put(arrears())
    early = date(2025, 9, 1)  # 24 months before it nothing was kept
    row = profile(as_of=early)
    assert row.values["arr_count_24m"] is None
    assert row.values["arr_open_count_now"] == 0


def test_where_absence_means_nothing_no_record_is_no_zero(empty: None) -> None:
    city.put(city.rows_of("administrative_penalty", {
        "subject": 2, "event_date": city.UNTIL, "polarity": -1, "t1": "fine", "t3": "x"}))  # fmt: skip
    row = profile()
    assert row.values["pen_count_12m"] is None
    assert reason(row, "administrative_penalty") in (Reason.UNKNOWN, Reason.STALE)


def test_the_bills_of_a_window_say_that_none_was_late(empty: None) -> None:
    bill = {"subject": 1, "event_date": city.UNTIL - timedelta(days=9), "amount": 700,
            "end_date": city.UNTIL, "status": "paid", "code": "E1", "t1": "2026-09"}  # fmt: skip
    city.put(city.rows_of("electricity_bill", bill))
    values = profile().values
    assert (values["pow_late_12m"], values["pow_unpaid_now"], values["pow_late_share_12m"]) == (
        0,
        0,
        0.0,
    )
    assert profile(2).values["pow_late_12m"] is None


def test_no_feed_counts_that_was_retracted(empty: None) -> None:
    done = city.put(arrears(subject=1))
    retract_batch(done.batch, "mistake", city.NOW)
    assert reason(profile(), "tax_arrears") is Reason.NO_FEED


def test_a_negative_record_past_its_display_period_is_not_used(empty: None) -> None:
    city.put(arrears(subject=1, event_date=date(2019, 5, 5)))
    assert profile(as_of=date(2024, 5, 5)).values["arr_open_count_now"] == 1
    assert profile(as_of=date(2024, 5, 6)).values["arr_open_count_now"] == 0


def test_a_feed_that_came_after_the_day_asked_for_is_fresh(empty: None) -> None:
    city.put(arrears(), at=datetime.fromisoformat("2026-11-20T00:00:00+00:00"))
    assert profile(as_of=date(2026, 10, 1)).values["arr_open_count_now"] == 0
