"""The simulator: offices that work as offices do, and figures that can be bad."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from tests.domain.process.made import BANK, CLOCK, FIRM, LOAN, OFFER, deadline
from xinrong.domain.calendars import CHINA_CALENDAR
from xinrong.domain.clock import CHINA
from xinrong.domain.process import NEW, Join, Move, Parallel, Process, Running, hours
from xinrong.domain.process.simulating import Assumptions, Crew, Simulated, simulate
from xinrong.domain.process.simulating.offices import Office

YEAR = Assumptions(date(2026, 1, 1))
ASKED = (
    Move("ask", NEW, "asked", FIRM),
    Move("answer", "asked", "answered", BANK),
    Move("lapse", "asked", "lapsed", CLOCK),
)
ASKING = Process("asking", ASKED, deadlines=(deadline(),))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def office(people: int = 1, wanted: Any = lambda _: True) -> Office:
    return Office(Crew(people, opens=time(9), closes=time(17)), CHINA_CALENDAR, wanted)


def mute(process: Process, **more: Any) -> Simulated:
    """200 cases in which nobody does anything after the beginning."""
    roles = process.roles.union(*(one.table.roles for one in process.parallels))
    crews = {role: Crew(mute=1) for role in roles}
    return simulate(process, 200, replace(YEAR, withdraws=0, crews=crews, **more))


@pytest.mark.parametrize(
    ("begun", "minutes", "done"),
    [
        ("2026-11-20T10:00", 30, "2026-11-20T10:30"),
        ("2026-11-20T08:00", 30, "2026-11-20T09:30"),
        ("2026-11-20T16:50", 30, "2026-11-23T09:20"),  # over the weekend
        ("2026-11-20T18:00", 30, "2026-11-23T09:30"),
        ("2026-09-30T16:00", 90, "2026-10-08T09:30"),  # over National Day
        ("2026-09-19T10:00", 30, "2026-09-20T09:30"),  # from a Saturday to a worked Sunday
        ("2026-11-18T10:00", 960, "2026-11-20T10:00"),  # two days' work
    ],
)
def test_work_is_done_in_the_hours_of_an_office(begun: str, minutes: int, done: str) -> None:
    assert office().done_at(at(begun), minutes) == at(done)


def test_those_who_work_any_day_do_not_wait_for_monday() -> None:
    everyday = Office(Crew(any_day=True), CHINA_CALENDAR, lambda _: True)
    assert everyday.done_at(at("2026-11-21T10:00"), 30) == at("2026-11-21T10:30")


def test_first_come_is_first_served_and_the_rest_wait() -> None:
    one = office()
    assert one.take("first", 60, at("2026-11-20T10:00")) == [(at("2026-11-20T11:00"), "first")]
    assert one.take("second", 30, at("2026-11-20T10:10")) == []
    assert one.take("third", 30, at("2026-11-20T10:20")) == []
    assert one.free(at("2026-11-20T11:00")) == [(at("2026-11-20T11:30"), "second")]


def test_work_that_is_no_longer_wanted_takes_nobodys_time() -> None:
    one = office(wanted=lambda work: work != "second")
    one.take("first", 60, at("2026-11-20T10:00"))
    one.take("second", 30, at("2026-11-20T10:10"))
    one.take("third", 30, at("2026-11-20T10:20"))
    assert one.free(at("2026-11-20T11:00")) == [(at("2026-11-20T11:30"), "third")]


@pytest.mark.parametrize(
    "wrong", [{"people": -1}, {"minutes": 0}, {"mute": 1.5}, {"closes": time(8)}], ids=str
)
def test_a_crew_that_cannot_work_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a crew"):
        Crew(**wrong)


def test_no_case_is_no_simulation() -> None:
    with pytest.raises(ValueError, match="at least one case"):
        simulate(ASKING, 0, YEAR)


def test_a_seed_gives_the_same_result_and_another_seed_another() -> None:
    once = simulate(LOAN, 60, YEAR, 5)
    assert simulate(LOAN, 60, YEAR, 5) == once
    assert simulate(LOAN, 60, YEAR, 6) != once


def test_every_case_ends_and_no_deadline_passes_in_silence() -> None:
    found = simulate(LOAN, 400, YEAR, 1)
    assert (found.ended, found.stuck) == (400, 0)
    assert sum(found.ends.values()) == 400
    assert set(found.ends) <= LOAN.ends
    assert found.missed_deadlines > 0
    assert found.missed_deadlines_without_escalation == 0
    assert found.reminders > 0 < found.escalations
    assert {wait.state for wait in found.waits} == {
        "checking", "overdue", "at_banks", "choosing", "asked",
    }  # fmt: skip


def test_where_nobody_acts_the_clocks_end_every_case() -> None:
    found = mute(LOAN)
    assert found.ends == {"refused": 200}
    (checking,) = [wait for wait in found.waits if wait.state == "checking"]
    assert checking.by_clock == 1
    # Each was checked late; the second clock starts at applying, so both ended in every case.
    assert found.missed_deadlines >= 400
    assert found.missed_deadlines_without_escalation == 0


def test_where_nobody_acts_and_no_clock_runs_cases_are_stuck() -> None:
    found = mute(Process("asking", ASKED))
    assert (found.ended, found.stuck) == (0, 200)
    assert found.waits[0].open == 200


def test_the_platform_is_as_late_as_its_worker_was_down() -> None:
    prompt = mute(ASKING, outages=0, sweep=timedelta(minutes=5))
    down = mute(ASKING, outages=20, outage=timedelta(days=2))
    assert prompt.latest_h < 0.1
    assert down.latest_h > 12
    assert down.missed_deadlines_without_escalation == 0


def test_nobody_slips_in_between_the_end_of_a_clock_and_the_next_look() -> None:
    slow = replace(YEAR, sweep=timedelta(days=3), crews={"bank": Crew(people=1, minutes=60)})
    found = simulate(ASKING, 3000, slow, 1)
    assert found.missed_deadlines > 100
    assert found.missed_deadlines_without_escalation == 0


class Deaf(Process):
    """Has clocks in its table and runs none of them."""

    def running(self, *_: Any) -> tuple[Running, ...]:
        return ()

    def overdue(self, *_: Any) -> str:
        return ""


def test_deadlines_that_pass_in_silence_are_counted() -> None:
    few = replace(YEAR, crews={"bank": Crew(people=1, minutes=60)})
    found = simulate(Deaf("asking", ASKED, deadlines=(deadline(),)), 3000, few, 1)
    assert found.missed_deadlines_without_escalation > 100


def test_the_clock_of_a_case_comes_before_those_of_its_participants() -> None:
    moves = (
        Move("ask", NEW, "asked", FIRM),
        Move("met", "asked", "yes", CLOCK),
        Move("unmet", "asked", "no", CLOCK),
        Move("late", "asked", "overdue", CLOCK),
    )
    table = replace(OFFER, deadlines=(deadline(length=hours(48)),))
    parallel = Parallel("asked", table, Join.ANY, frozenset({"offered"}), "met", "unmet", "close")
    both = Process("both", moves, parallels=(parallel,),
                   deadlines=(deadline(length=hours(48), event="late"),))  # fmt: skip
    found = mute(both)
    assert found.ends == {"overdue": 200}
    assert found.missed_deadlines_without_escalation == 0


def test_more_people_let_nobody_wait_longer() -> None:
    def median(people: int) -> float:
        crews = {"bank": Crew(people, minutes=90, mute=0)}
        found = simulate(ASKING, 1500, replace(YEAR, crews=crews), 1)
        return found.waits[0].median_h

    assert median(4) < median(1)


def test_the_result_is_plain_data() -> None:
    data = simulate(ASKING, 5, YEAR).as_json()
    assert data["cases"] == 5
    assert data["waits"][0]["state"] == "asked"
