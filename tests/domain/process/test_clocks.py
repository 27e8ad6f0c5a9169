"""When a clock ends, whom it tells before, and that it does so once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases.reading import labelled
from tests.domain.process.made import deadline
from xinrong.domain.calendars import CHINA_CALENDAR, read_schedules
from xinrong.domain.clock import CHINA, day_in_china
from xinrong.domain.process import (
    AlarmKind,
    Escalation,
    Length,
    Unit,
    days,
    due,
    hours,
    working_days,
)
from xinrong.domain.process.clocks import run

CAL = CHINA_CALENDAR
MOMENTS = st.datetimes(datetime(2003, 1, 1), datetime(2045, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=CHINA)
)
LENGTHS = st.builds(Length, st.integers(1, 60), st.sampled_from(Unit))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("start", "length", "unit", "last_day", "provisional"),
    labelled("calendars/clocks", "start", "length", "unit", "last_day", "provisional"),
)
def test_a_clock_ends_with_its_last_day(
    start: str, length: str, unit: str, last_day: str, provisional: str
) -> None:
    ends = due(Length(int(length), Unit(unit)), at(start), CAL)
    assert ends.last_day == date.fromisoformat(last_day)
    assert ends.at == at(f"{last_day}T00:00") + timedelta(days=1)
    assert ends.provisional is (provisional == "yes")


def test_hours_run_on_by_night_and_over_holidays() -> None:
    assert due(hours(72), at("2026-09-30T17:30"), CAL).at == at("2026-10-03T17:30")


def test_an_end_that_is_not_moved_stands_on_a_holiday() -> None:
    assert due(days(7), at("2026-09-24T10:00"), CAL, moved_off_holidays=False).last_day == date(
        2026, 10, 1
    )


def test_a_moment_in_another_zone_is_a_day_in_china() -> None:
    late = datetime.fromisoformat("2026-11-19T17:00:00+00:00")  # the 20th in China
    assert due(working_days(1), late, CAL).last_day == date(2026, 11, 23)
    with pytest.raises(ValueError, match="time zone"):
        due(hours(1), datetime(2026, 11, 20), CAL)


def test_a_clock_over_an_unknown_year_is_counted_again_when_its_schedule_is_loaded() -> None:
    start = at("2026-12-30T10:00")
    rest = {f"2027-01-{day:02}": "元旦" for day in (1, 2, 3, 4)}
    known = CAL.with_days(*read_schedules({"years": [{"year": 2027, "rest": rest, "source": "x"}]}))
    assert due(working_days(2), start, CAL).provisional
    later = due(working_days(2), start, known)
    assert (later.last_day, later.provisional) == (date(2027, 1, 5), False)


@given(LENGTHS, MOMENTS)
def test_a_clock_always_ends_after_it_starts(length: Length, start: datetime) -> None:
    ends = due(length, start, CAL)
    assert ends.at > start
    if length.unit is not Unit.HOURS:
        assert CAL.is_working(ends.last_day)
        assert ends.last_day > day_in_china(start)


@given(st.integers(1, 59), st.sampled_from(Unit), MOMENTS, st.integers(0, 100_000))
def test_longer_or_later_never_ends_sooner(
    count: int, unit: Unit, start: datetime, minutes: int
) -> None:
    ends = due(Length(count, unit), start, CAL).at
    assert due(Length(count + 1, unit), start, CAL).at >= ends
    assert due(Length(count, unit), start + timedelta(minutes=minutes), CAL).at >= ends


LADDER = deadline(
    length=working_days(5),
    reminders=(working_days(2), working_days(1), hours(4), days(30)),
    escalations=(Escalation(working_days(3), "chief"), Escalation(working_days(9), "operator")),
)
START = at("2026-11-20T15:00")


def test_reminders_come_before_the_end_and_rungs_after_the_start() -> None:
    told = [(one.kind, one.role, one.at) for one in run(LADDER, 1, START, {}, CAL).alarms]
    end = at("2026-11-28T00:00")
    assert told == [
        (AlarmKind.REMINDER, "", at("2026-11-25T09:00")),
        (AlarmKind.ESCALATION, "chief", at("2026-11-26T09:00")),
        (AlarmKind.REMINDER, "", at("2026-11-26T09:00")),
        (AlarmKind.REMINDER, "", at("2026-11-27T20:00")),
        (AlarmKind.ESCALATION, "operator", end),  # its rung lies beyond the end
        (AlarmKind.END, "", end),
    ]  # a reminder thirty days before the end would come before the start: nobody is told


def test_a_clock_that_is_moved_back_or_jumps_rings_each_alarm_once() -> None:
    clock = run(LADDER, 1, START, {}, CAL)
    done: list[str] = []
    for now in ("2026-11-26T08:00", "2026-11-20T15:00", "2026-11-26T09:00", "2026-11-25T09:00",
                "2026-12-25T00:00", "2026-11-21T00:00", "2027-01-01T00:00"):  # fmt: skip
        done += [alarm.key for alarm in clock.ringing(at(now), done)]
    assert sorted(done) == sorted(alarm.key for alarm in clock.alarms)
    assert clock.ringing(at("2026-11-20T15:00"), ()) == ()


def test_the_clock_of_a_later_visit_is_another_clock() -> None:
    first = {alarm.key for alarm in run(LADDER, 1, START, {}, CAL).alarms}
    again = {alarm.key for alarm in run(LADDER, 4, START, {}, CAL).alarms}
    assert not first & again


def test_a_rung_waits_for_a_day_on_which_somebody_reads_it() -> None:
    slow = deadline(length=working_days(9), escalations=(Escalation(working_days(5), "chief"),))
    (rung, _) = run(slow, 1, START, {}, CAL).alarms
    assert rung.at == at("2026-11-30T09:00")  # five days are over on Friday night


def test_a_clock_that_started_long_ago_sends_no_reminders_of_the_past() -> None:
    made = deadline(length=days(20), starts="ask", reminders=(days(5), days(1)))
    entered = at("2026-12-09T10:00")
    clock = run(made, 3, entered, {"ask": START}, CAL)  # due on 10 December
    assert [alarm.at for alarm in clock.alarms] == [at("2026-12-11T00:00")]


def test_a_clock_ends_at_the_moment_that_the_case_names() -> None:
    made = deadline(length=days(30), until="valid_until", reminders=(days(1),))
    agreed = at("2026-12-06T00:00")
    clock = run(made, 1, START, {"valid_until": agreed}, CAL)
    assert clock.due.at == agreed
    assert clock.alarms[0].at == at("2026-12-04T09:00")
    assert run(made, 1, START, {}, CAL).due.last_day == date(2026, 12, 21)


@given(MOMENTS, st.lists(LENGTHS, max_size=4, unique=True), LENGTHS)
def test_alarms_lie_within_the_time_of_their_clock(
    start: datetime, told: list[Length], length: Length
) -> None:
    rungs = tuple(Escalation(one, "chief") for one in told)
    made = deadline(length=length, reminders=tuple(told), escalations=rungs)
    clock = run(made, 1, start, {}, CAL)
    assert clock.alarms[-1].kind is AlarmKind.END
    assert all(start < alarm.at <= clock.due.at for alarm in clock.alarms)
    assert sum(alarm.kind is AlarmKind.ESCALATION for alarm in clock.alarms) == len(told)
    assert len({alarm.key for alarm in clock.alarms}) == len(clock.alarms)


@pytest.mark.parametrize(
    ("length", "zh", "en"),
    [
        (hours(1), "1小时", "1 hour"),
        (days(20), "20日", "20 days"),
        (working_days(5), "5个工作日", "5 working days"),
    ],
)
def test_a_length_is_said_in_both_languages(length: Length, zh: str, en: str) -> None:
    assert (length.in_language("zh-hans"), length.in_language("en")) == (zh, en)
