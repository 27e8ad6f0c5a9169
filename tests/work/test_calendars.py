"""The clocks of cases are counted by the region's days, anew when a schedule is loaded."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner

from tests.work.support import NOW, ask
from xinrong.catalogue import calendars
from xinrong.cli.processes import command
from xinrong.domain.calendars import CHINA_CALENDAR, ScheduleWrong
from xinrong.domain.calendars.calendar import LAST_KNOWN_YEAR
from xinrong.pages.inbox.words import left
from xinrong.work import clocks
from xinrong.work.models import CaseAlarm
from xinrong.work.services import calendar_here, case_for, move, recount, tick
from xinrong.work.tasks import recount_clocks

DAY = timedelta(days=1)
NEXT = LAST_KNOWN_YEAR + 1
#: 3 January of the first year that nobody knows, in China.
FAR = datetime(NEXT, 1, 3, 2, tzinfo=UTC)
#: All working days of the first three weeks are off.
LONG = f"""
years:
- year: {NEXT}
  rest: {{{", ".join(f"{NEXT}-01-{day:02}: rest" for day in range(1, 22))}}}
  source: invented for this test
"""
PLACE = "place: {rest: {2026-11-25: a day of the place}, source: invented for this test}"


@pytest.fixture
def file(tmp_path, settings, monkeypatch):
    """The region's calendar.yaml, which is not there yet."""
    monkeypatch.setattr(calendars, "regions_root", lambda: tmp_path)
    monkeypatch.setattr(clocks, "_counted_by", [])
    (tmp_path / settings.REGION).mkdir()
    return tmp_path / settings.REGION / calendars.FILE


def test_days_of_the_place_lengthen_the_clocks_of_its_cases(cast, file):
    before = ask(cast).due_at
    file.write_text(PLACE, encoding="utf-8")
    assert ask(cast).due_at == before + DAY
    assert left(before, NOW).words != left(before, NOW, CHINA_CALENDAR).words


def test_the_file_is_read_again_when_it_changes_and_not_otherwise(file):
    assert calendar_here() is CHINA_CALENDAR
    file.write_text(PLACE, encoding="utf-8")
    loaded = calendar_here()
    assert not loaded.is_working(date(2026, 11, 25))
    assert calendar_here() is loaded
    file.write_text(PLACE.replace("11-25", "11-26"), encoding="utf-8")
    os.utime(file, ns=(1, 1))
    assert calendar_here().is_working(date(2026, 11, 25))


def test_the_worker_counts_provisional_clocks_again_once_the_schedule_is_loaded(cast, file):
    case = ask(cast, FAR)
    assert CaseAlarm.objects.filter(provisional=True, deadline="answer").exists()
    assert recount_clocks.func() == 1
    before = case.due_at
    file.write_text(LONG, encoding="utf-8")
    assert recount_clocks.func() == 1
    case.refresh_from_db()
    assert case.due_at > before
    assert not CaseAlarm.objects.filter(provisional=True).exists()
    (clock,) = {one.due.at for one in case_for(case.number, cast.clerk).running[:1]}
    assert clock == case.due_at


def test_the_worker_counts_once_by_one_calendar(cast, file, monkeypatch):
    ask(cast, FAR)
    assert recount_clocks.func() == 1
    assert recount_clocks.func() == 0


def test_a_clock_that_rings_by_the_old_schedule_waits_for_the_new_end(cast, file):
    case = ask(cast, FAR)
    old = case.due_at
    file.write_text(LONG, encoding="utf-8")
    tick(old)
    case.refresh_from_db()
    assert case.state == "asked"
    assert case.due_at > old
    assert not CaseAlarm.objects.exclude(problem="").exists()
    tick(case.due_at)
    case.refresh_from_db()
    assert case.state == "lapsed"


def test_a_move_after_the_old_end_is_in_time_by_the_new_one(cast, file):
    case = ask(cast, FAR)
    file.write_text(LONG, encoding="utf-8")
    recount()
    moved = move(case.number, "answer", cast.clerk, version=1, now=case.due_at + DAY, text="yes")
    assert moved.state == "answered"


def test_a_calendar_that_is_wrong_stops_no_clock_and_is_said(cast, file, caplog):
    due = ask(cast).due_at
    file.write_text("years: 3", encoding="utf-8")
    assert ask(cast).due_at == due
    assert "counted by the nation's days meanwhile" in caplog.text


def test_the_command_says_what_it_counted(cast, file):
    ask(cast, FAR)
    file.write_text(LONG, encoding="utf-8")
    said = CliRunner().invoke(command, ["recount"], catch_exceptions=False).output
    assert f"working days are known up to {NEXT}" in said
    assert "1 cases with a provisional clock were counted again" in said


def test_the_command_refuses_a_calendar_that_is_wrong(file):
    file.write_text("years: 3", encoding="utf-8")
    with pytest.raises(ScheduleWrong, match=r"calendar\.yaml"):
        CliRunner().invoke(command, ["recount"], catch_exceptions=False)
