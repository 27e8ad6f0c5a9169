"""Random walks of the process of a service request, and what its clocks have to say."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from xinrong.domain.process import lacking
from xinrong.domain.process.walking import prove, walk
from xinrong.market.centre.table import ENDS, SERVICE_REQUEST, SILENT


def test_the_table_is_whole_and_its_words_are_there() -> None:
    assert lacking(SERVICE_REQUEST) == ()
    assert prove(SERVICE_REQUEST, Random(8)) > 50


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 40))
def test_however_it_is_walked_it_keeps_what_every_process_owes(seed: int, steps: int) -> None:
    walk(SERVICE_REQUEST, Random(seed), steps)


def test_nobody_waits_without_a_clock_and_the_enterprise_may_always_withdraw() -> None:
    for state in set(SERVICE_REQUEST.states) - ENDS:
        assert SERVICE_REQUEST.deadlines_in(state), state
        events = {move.event for move in SERVICE_REQUEST.open_to(state, "representative")}
        assert "withdraw" in events, state


def test_only_the_enterprise_says_that_it_was_served() -> None:
    served = [move for move in SERVICE_REQUEST.table if move.target == "served"]
    assert {role for move in served for role in move.roles} == {"representative"}


def test_every_clock_says_that_it_is_an_agreement() -> None:
    assert all(clock.source.agreed for clock in SERVICE_REQUEST.deadlines)


def test_silence_comes_before_the_operator() -> None:
    assert "operator" in SERVICE_REQUEST.turns(SILENT)
    assert "operator" in SERVICE_REQUEST.turns("late")
