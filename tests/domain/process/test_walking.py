"""The walker finds what it is there to find, in processes that are broken on purpose."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from tests.domain.process.made import BANK, CLOCK, FIRM, LOAN, OFFER, deadline
from tests.processes import walks
from xinrong.domain.process import NEW, PLATFORM, Advance, Due, Move, Position, Process, Running
from xinrong.domain.process.walking import WalkFailed, prove, walk

test_a_process_with_everything_keeps_its_promises = walks(LOAN)
test_participants_keep_theirs = walks(OFFER)


def test_every_state_is_visited() -> None:
    seen = {move[2] for seed in range(20) for move in walk(LOAN, Random(seed), 40).log}
    assert seen >= {"checking", "at_banks", "withdrawn"}
    assert prove(LOAN, Random(3)) > len(LOAN.states)


def test_the_walk_of_a_seed_is_always_the_same() -> None:
    assert walk(LOAN, Random(7), 30).log == walk(LOAN, Random(7), 30).log


def test_guards_that_are_given_are_asked() -> None:
    walked = walk(LOAN, Random(1), 30, {"complete": lambda: "never"})
    assert not [move for move in walked.log if move[0] == "pass_on"]


class Forgetful(Process):
    """Loses every second move."""

    def advance(self, position: Position, event: str, role: str, **more: Any) -> Advance:
        done = super().advance(position, event, role, **more)
        return Advance(done.step, position) if position.version == 1 else done


class Lenient(Process):
    """Lets everybody do everything."""

    def _check_role(self, *_: Any) -> None:
        return


class Hasty(Process):
    """Does not mind the time."""

    def _check_time(self, *_: Any) -> None:
        return


class Careless(Process):
    """Does not mind what others did meanwhile."""

    def advance(self, position: Position, event: str, role: str, **more: Any) -> Advance:
        return super().advance(position, event, role, **(more | {"expected": None}))


class Timeless(Process):
    """Forgets its clocks."""

    def running(self, *_: Any) -> tuple[Running, ...]:
        return ()


class Backwards(Process):
    """Ends its clocks before they start."""

    def running(self, *given: Any) -> tuple[Running, ...]:
        def ended(one: Running) -> Running:
            ends = Due(one.started - timedelta(days=1))
            return Running(one.deadline, one.visit, one.started, ends, one.alarms)

        return tuple(ended(one) for one in super().running(*given))


class Blind(Process):
    """Does not see that a clock has ended."""

    def overdue(self, *_: Any) -> str:
        return ""


class Late(Process):
    """Lets people act after the end of a clock."""

    def _check_time(self, position: Position, move: Move, role: str, *more: Any) -> None:
        if role == PLATFORM:
            super()._check_time(position, move, role, *more)


MOVES = (
    Move("ask", NEW, "asked", FIRM),
    Move("look", "asked", "looked_at", BANK),
    Move("answer", "looked_at", "answered", BANK),
    Move("lapse", "asked", "lapsed", CLOCK),
)


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (Forgetful, "the log does not lead"),
        (Lenient, "should be refused as move_role"),
        (Hasty, "should be refused as move_early"),
        (Careless, "should be refused as move_stale"),
        (Timeless, "a clock has no due time"),
        (Backwards, "ends before it starts"),
        (Blind, "a clock that ended is not seen"),
        (Late, "should be refused as move_overdue"),
    ],
)
def test_a_process_that_breaks_its_promise_is_found(broken: type[Process], says: str) -> None:
    made = broken("odd", MOVES, deadlines=(deadline(),))

    def walked() -> list[int]:
        return [prove(made, Random(seed)) for seed in range(30)]

    with pytest.raises(WalkFailed, match=says):
        walked()


def test_a_failed_walk_says_when_and_how_the_case_came_there() -> None:
    with pytest.raises(WalkFailed, match=r"odd: .*\(at \d{4}-.*after: new -ask-> asked"):
        prove(Forgetful("odd", MOVES), Random(1))


def test_the_walker_begins_at_a_moment_of_its_own() -> None:
    assert walk(LOAN, Random(1), 0).now >= datetime.fromisoformat("2026-11-20T07:00:00+00:00")
