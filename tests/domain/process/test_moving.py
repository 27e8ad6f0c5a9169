"""Moving a case: versions, clocks, participants, withdrawal, reopening."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.process.made import LOAN, OFFER, deadline
from xinrong.domain.clock import CHINA
from xinrong.domain.process import (
    NEW,
    PLATFORM,
    SKEW,
    Guard,
    Join,
    MoveRefused,
    Parallel,
    Position,
    Process,
)

FRIDAY = datetime(2026, 11, 20, 15, tzinfo=CHINA)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
YES: dict[str, Guard] = {"complete": lambda: ""}


def go(position: Position, event: str, role: str, now: datetime, **more: int) -> Position:
    return LOAN.advance(position, event, role, now=now, guards=YES, **more).position


def applied() -> Position:
    return go(Position(), "apply", "firm", FRIDAY)


def refused(position: Position, event: str, role: str, now: datetime, **more: int) -> str:
    with pytest.raises(MoveRefused) as stopped:
        go(position, event, role, now, **more)
    return stopped.value.code


def test_a_move_counts_and_enters() -> None:
    moved = go(applied(), "pass_on", "clerk", FRIDAY + HOUR)
    assert (moved.state, moved.version, moved.visit) == ("at_banks", 2, 2)
    assert moved.entered == moved.moved == FRIDAY + HOUR


def test_a_move_carries_its_effects_in_their_order() -> None:
    position = Position("choosing", 3, 3, FRIDAY, FRIDAY)
    done = LOAN.advance(position, "choose", "firm", now=FRIDAY)
    assert done.step.effects == ("loan_chosen", "banks_told")


def test_of_two_moves_at_once_one_is_refused() -> None:
    seen = applied()
    after = go(seen, "note", "clerk", FRIDAY, expected=seen.version)
    assert refused(after, "send_back", "clerk", FRIDAY, expected=seen.version) == "move_stale"
    assert go(after, "send_back", "clerk", FRIDAY, expected=after.version).state == "refused"


def test_a_move_by_the_wrong_role_is_refused() -> None:
    assert refused(applied(), "pass_on", "firm", FRIDAY) == "move_role"
    assert refused(applied(), "escalate", "clerk", FRIDAY + 30 * DAY) == "move_role"


def test_a_move_of_another_state_is_refused() -> None:
    assert refused(applied(), "choose", "firm", FRIDAY) == "move_unknown"
    assert refused(go(applied(), "withdraw", "firm", FRIDAY), "withdraw", "firm", FRIDAY) == (
        "move_unknown"
    )


def test_a_clock_moved_back_is_refused_beyond_what_servers_differ_by() -> None:
    assert refused(applied(), "note", "clerk", FRIDAY - SKEW - timedelta(seconds=1)) == "clock_back"
    after = go(applied(), "note", "clerk", FRIDAY - SKEW)
    assert after.moved == FRIDAY  # time does not run backwards in the log


def test_the_platform_does_not_move_before_the_clock_ends() -> None:
    position = applied()
    (clock,) = LOAN.running(position)
    assert refused(position, "escalate", PLATFORM, clock.due.at - timedelta(seconds=1)) == (
        "move_early"
    )
    after = go(position, "escalate", PLATFORM, clock.due.at)
    assert after.state == "overdue"


def test_what_a_clock_did_stays_done_when_time_goes_back() -> None:
    position = applied()
    (clock,) = LOAN.running(position)
    fired = go(position, "escalate", PLATFORM, clock.due.at)
    earlier = clock.due.at - SKEW
    assert refused(fired, "escalate", PLATFORM, earlier) == "move_unknown"
    assert refused(fired, "escalate", PLATFORM, earlier, expected=position.version) == "move_stale"


def test_nobody_slips_in_between_the_end_of_a_clock_and_the_platforms_move() -> None:
    position = applied()
    (clock,) = LOAN.running(position)
    last = clock.due.at - timedelta(seconds=1)
    assert LOAN.overdue(position, last) == ""
    assert go(position, "pass_on", "clerk", last).state == "at_banks"
    assert LOAN.overdue(position, clock.due.at) == "escalate"
    assert refused(position, "pass_on", "clerk", clock.due.at) == "move_overdue"
    moved_on = go(position, "escalate", PLATFORM, clock.due.at)
    assert go(moved_on, "pass_on", "clerk", clock.due.at).state == "at_banks"


def test_a_move_that_stays_keeps_the_clock_running() -> None:
    position = applied()
    noted = go(position, "note", "clerk", FRIDAY + DAY)
    assert LOAN.running(noted) == LOAN.running(position)
    assert noted.version == position.version + 1


def test_a_clock_can_start_at_an_event_before() -> None:
    position = applied()
    (check,) = LOAN.running(position)
    overdue = go(position, "escalate", PLATFORM, check.due.at + 3 * DAY)
    (last,) = LOAN.running(overdue)
    assert last.started == FRIDAY
    assert last.due.last_day.isoformat() == "2026-11-30"  # ten days after applying


def test_a_clock_whose_moment_is_not_known_starts_when_the_state_is_entered() -> None:
    (clock,) = LOAN.running(Position("overdue", 5, 5, FRIDAY, FRIDAY))
    assert clock.started == FRIDAY
    (known,) = LOAN.running(Position("overdue", 5, 5, FRIDAY, FRIDAY, {"apply": FRIDAY - DAY}))
    assert known.started == FRIDAY - DAY


def test_nothing_runs_before_the_beginning_or_in_an_end() -> None:
    assert LOAN.running(Position()) == ()
    assert LOAN.running(Position("chosen", 4, 4, FRIDAY, FRIDAY)) == ()


def test_several_clocks_are_given_the_first_to_end_first() -> None:
    slow, fast = deadline("slow"), deadline("fast", event="warn", starts="begun")
    moves = OFFER.moves[:-1] + tuple(
        type(move)("warn", "asked", "silent", move.roles) for move in OFFER.moves[-1:]
    )
    process = Process("both", moves, deadlines=(slow, fast), moments={"begun": slow.otherwise})
    running = process.running(Position("asked", 1, 1, FRIDAY, FRIDAY, {"begun": FRIDAY - 3 * DAY}))
    assert [one.deadline.name for one in running] == ["fast", "slow"]


def test_withdrawing_is_open_in_every_state_that_is_no_end() -> None:
    sources = {move.source for move in LOAN.table if move.event == "withdraw"}
    assert sources == set(LOAN.states) - LOAN.ends


def test_a_case_is_reopened_while_its_clock_runs_and_never_after() -> None:
    over = go(applied(), "send_back", "clerk", FRIDAY)
    (again,) = LOAN.open_to("refused", "firm")
    until = LOAN.open_until(over, again)
    assert until is not None
    assert until.last_day.isoformat() == "2026-11-27"
    reopened = go(over, "reopen", "firm", until.at - timedelta(seconds=1))
    assert (reopened.state, reopened.visit) == ("checking", 3)
    assert refused(over, "reopen", "firm", until.at) == "move_late"
    assert refused(over, "reopen", "clerk", FRIDAY) == "move_role"
    assert "refused" in LOAN.ends


def test_a_move_without_a_time_of_its_own_is_open_as_long_as_its_state() -> None:
    position = applied()
    assert LOAN.open_until(position, LOAN.move("checking", "note")) is None


def joined(join: Join, *states: str, quorum: int = 0, otherwise: str = "no") -> str:
    counts = OFFER.ends if join is Join.ALL and not otherwise else frozenset({"offered"})
    return Parallel("x", OFFER, join, counts, "yes", otherwise, quorum=quorum).outcome(states)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (joined(Join.ANY, "asked", "offered"), "yes"),
        (joined(Join.ANY, "asked", "declined"), ""),
        (joined(Join.ANY, "silent", "declined"), "no"),
        (joined(Join.ALL, "offered", "offered"), "yes"),
        (joined(Join.ALL, "offered", "asked"), ""),
        (joined(Join.ALL, "asked", "declined"), "no"),
        (joined(Join.ALL, "silent", "declined", otherwise=""), "yes"),
        (joined(Join.QUORUM, "offered", "asked", "offered", quorum=2), "yes"),
        (joined(Join.QUORUM, "offered", "asked", "declined", quorum=2), ""),
        (joined(Join.QUORUM, "offered", "silent", "declined", quorum=2), "no"),
        (joined(Join.QUORUM, "asked", quorum=2), "no"),
        (joined(Join.ALL), "no"),
        (joined(Join.ALL, otherwise=""), "yes"),
    ],
)
def test_participants_are_joined_by_all_any_or_a_quorum(said: str, expected: str) -> None:
    assert said == expected


def test_those_who_have_not_ended_are_closed_when_the_case_goes_on() -> None:
    parallel = LOAN.parallel_in("at_banks")
    assert parallel is not None
    assert parallel.unended(("offered", "asked", "silent", "asked")) == (1, 3)
    for state in set(OFFER.states) - OFFER.ends:
        assert OFFER.step(state, parallel.close, PLATFORM).target == "closed"


def test_a_clock_never_waits_in_the_state_of_what_does_not_exist_yet() -> None:
    assert NEW not in LOAN.states


@given(
    st.sampled_from(Join),
    st.lists(st.sampled_from(sorted(OFFER.ends)), min_size=1, max_size=6),
    st.integers(1, 6),
    st.randoms(use_true_random=False),
)
def test_a_join_comes_once_and_stays_whatever_the_rest_do(
    join: Join, ends: list[str], quorum: int, random: Random
) -> None:
    number = quorum if join is Join.QUORUM else 0
    parallel = Parallel("x", OFFER, join, frozenset({"offered"}), "yes", "no", quorum=number)
    states = ["asked"] * len(ends)
    said = []
    for place in random.sample(range(len(ends)), len(ends)):
        states[place] = ends[place]
        said.append(parallel.outcome(states))
    assert said[-1] in {"yes", "no"}
    assert set(said) <= {"", said[-1]}
    offered = ends.count("offered")
    needed = {Join.ALL: len(ends), Join.ANY: 1, Join.QUORUM: quorum}[join]
    assert (said[-1] == "yes") is (offered >= needed)
