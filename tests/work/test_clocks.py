"""Clocks remind, escalate and end cases, each moment once, whatever the clock says later."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.work.support import NOW, QUESTION, ask, kinds
from xinrong.domain.calendars import CHINA_CALENDAR, Schedule
from xinrong.domain.calendars.calendar import LAST_KNOWN_YEAR
from xinrong.domain.process import MoveRefused
from xinrong.work.models import Case, CaseAlarm, CaseMove, CaseSide, OutboxEvent
from xinrong.work.services import case_for, move, recount, tick, waiting_for

DAY = timedelta(days=1)
#: Five working days after a Monday: the next Monday is the last day.
END = datetime(2026, 11, 30, 16, tzinfo=UTC)


def test_the_row_says_when_it_ends_and_on_which_article(cast):
    case = ask(cast)
    assert case.due_at == END
    assert set(CaseAlarm.objects.values_list("source", flat=True)) == {"a law article 3", "a law"}


def test_nothing_rings_before_its_time(cast):
    ask(cast)
    assert tick(NOW) == 0
    assert kinds() == ["case_opened"]


def test_it_reminds_then_escalates_then_ends_each_once(cast):
    case = ask(cast)
    happened = []
    for number in range(20):
        for _ in range(2):  # a second worker looks as well
            tick(NOW + number * DAY)
        happened.append(kinds()[1:])
    assert happened[-1] == [*happened[4], "case_ended"]
    assert happened[3] == []
    assert sorted(happened[4]) == ["deadline_near", "escalated"]
    assert happened[7] == happened[4]
    case.refresh_from_db()
    assert case.state == "lapsed"
    (row,) = CaseMove.objects.filter(event="lapse")
    assert (row.role, row.person_id) == ("platform", None)


def test_the_role_above_finds_an_escalated_case_in_its_inbox(cast):
    case = ask(cast)
    tick(NOW + 4 * DAY)
    assert [side.case_id for side in waiting_for(cast.operator)] == [case.pk]
    move(case.number, "answer", cast.clerk, version=1, now=NOW + 4 * DAY, text="yes")
    assert not waiting_for(cast.operator).exists()


def test_an_escalation_finds_a_role_that_took_no_part(cast):
    case = ask(cast)
    CaseSide.objects.filter(role="operator").delete()
    tick(NOW + 4 * DAY)
    assert [side.case_id for side in waiting_for(cast.operator)] == [case.pk]
    assert OutboxEvent.objects.filter(kind="escalated").exists()


def test_all_that_is_late_happens_at_once_after_an_outage(cast):
    ask(cast)
    assert tick(NOW + 90 * DAY) >= 1
    assert Case.objects.get().state == "lapsed"
    assert tick(NOW + 91 * DAY) == 0


def test_a_clock_moved_back_repeats_nothing(cast):
    case = ask(cast)
    tick(NOW + 4 * DAY)
    before = kinds()
    for back in (NOW - 9 * DAY, NOW, NOW + 4 * DAY):
        tick(back)
    assert kinds() == before
    CaseAlarm.objects.filter(kind="end").update(at=NOW - 30 * DAY)
    assert tick(NOW - 20 * DAY) == 0, "the end waits until the clock is right again"
    case.refresh_from_db()
    assert case.state == "asked"


def test_a_move_stops_the_clocks_of_the_state_that_was_left(cast):
    case = ask(cast)
    move(case.number, "vote", cast.clerk, version=1, now=NOW)
    assert set(CaseAlarm.objects.values_list("deadline", flat=True)) == {"vote"}
    tick(NOW + DAY)
    assert Case.objects.get().state == "voting"


def test_a_move_that_stays_keeps_the_clocks_running(cast):
    case = ask(cast)
    tick(NOW + 4 * DAY)
    move(case.number, "note", cast.clerk, version=1, now=NOW + 4 * DAY)
    tick(NOW + 5 * DAY)
    assert kinds().count("escalated") == 1
    assert Case.objects.get().due_at == END


def test_a_clock_starts_again_at_the_event_that_it_starts_from(cast):
    case = ask(cast)
    later = NOW + 2 * DAY
    move(case.number, "note", cast.clerk, version=1, now=later)
    quiet = CaseAlarm.objects.get(deadline="quiet", kind="end")
    assert quiet.at == later + timedelta(hours=1000)


def test_whoever_does_not_vote_in_time_has_declined(cast):
    case = ask(cast)
    move(case.number, "vote", cast.clerk, version=1, now=NOW)
    move(case.number, "agree", cast.other, version=1, now=NOW)
    assert case_for(case.number, cast.third).running[0].deadline.name == "vote"
    tick(NOW + 10 * DAY)
    assert Case.objects.get().state == "lapsed"
    assert CaseMove.objects.filter(event="sleep").count() == 2


def test_an_end_that_is_refused_comes_before_the_operator_and_is_not_tried_for_ever(cast):
    ask(cast)
    CaseAlarm.objects.filter(kind="end", deadline="answer").update(deadline="gone")
    CaseAlarm.objects.filter(deadline="quiet").delete()
    with_log = tick(NOW + 20 * DAY)
    assert with_log
    assert CaseAlarm.objects.exclude(problem="").get().problem.startswith("move_unknown")
    assert waiting_for(cast.operator).exists()
    assert tick(NOW + 21 * DAY) == 0


def test_one_that_breaks_does_not_hold_up_the_others(cast, monkeypatch):
    from django.db import OperationalError

    from xinrong.work import clocks

    first, second = ask(cast), ask(cast)
    real = clocks.lock

    def breaks(number=None, *, case=None):
        if case == first.pk:
            raise OperationalError("deadlock detected")
        return real(number, case=case)

    monkeypatch.setattr(clocks, "lock", breaks)
    tick(NOW + 30 * DAY)
    assert Case.objects.get(pk=second.pk).state == "lapsed"
    assert Case.objects.get(pk=first.pk).state == "asked"
    monkeypatch.setattr(clocks, "lock", real)
    tick(NOW + 30 * DAY)
    assert Case.objects.get(pk=first.pk).state == "lapsed"


def test_no_deadline_is_missed_without_somebody_being_told(cast):
    cases = [ask(cast, NOW + number * DAY) for number in range(5)]
    for number in range(40):
        tick(NOW + number * DAY)
    for case in cases:
        told = OutboxEvent.objects.filter(about__case=case.pk).values_list("kind", flat=True)
        assert {"escalated", "case_ended"} <= set(told)


def far(year):
    return datetime(year, 1, 4, 2, tzinfo=UTC)


def test_a_clock_over_unknown_working_days_is_provisional_and_counted_again(cast):
    year = 2029
    case = ask(cast, far(year))
    assert CaseAlarm.objects.filter(deadline="answer", provisional=True).exists()
    before = case.due_at
    off = {date(year, 1, day): "a holiday" for day in (1, 8, 9)}
    known = CHINA_CALENDAR.with_days([Schedule(year=year, rest=off, source="a notice")])
    assert recount(calendar=known) == 1
    case.refresh_from_db()
    assert case.due_at > before
    assert not CaseAlarm.objects.filter(deadline="answer", provisional=True).exists()
    assert recount(calendar=known) == 0


def test_a_deadline_on_the_last_known_working_day_is_kept_and_counted_again(cast):
    last, asked = date(LAST_KNOWN_YEAR, 12, 31), datetime(LAST_KNOWN_YEAR, 12, 24, 2, tzinfo=UTC)
    end = datetime(LAST_KNOWN_YEAR, 12, 31, 16, tzinfo=UTC)
    moved = ask(cast, asked)
    assert moved.due_at == end
    assert CaseAlarm.objects.filter(deadline="answer", provisional=True).exists()
    rest = {last: "元旦", date(LAST_KNOWN_YEAR + 1, 1, 1): "元旦"}
    known = CHINA_CALENDAR.with_days(
        [Schedule(year=LAST_KNOWN_YEAR + 1, rest=rest, source="a notice")]
    )
    assert recount(calendar=known) == 1
    kept = ask(cast, asked)  # of which no schedule ever comes
    tick(end - timedelta(seconds=1))
    assert set(Case.objects.values_list("state", flat=True)) == {"asked"}
    tick(end)
    kept.refresh_from_db()
    moved.refresh_from_db()
    assert (kept.state, moved.state) == ("lapsed", "asked")
    first = known.after(last, 1).day  # of the new year
    assert moved.due_at == datetime(first.year, first.month, first.day, 16, tzinfo=UTC)
    tick(moved.due_at)
    moved.refresh_from_db()
    assert moved.state == "lapsed"


def test_the_table_of_these_tests_is_whole():
    assert QUESTION.ends == {"answered", "lapsed", "withdrawn"}
    with pytest.raises(MoveRefused):
        QUESTION.move("answered", "ask")
