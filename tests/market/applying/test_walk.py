"""Random walks of the process, and what its clocks have to say."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinrong.domain.process import PLATFORM, lacking
from xinrong.domain.process.walking import prove, walk
from xinrong.market.applying.reasons import REASONS
from xinrong.market.applying.table import APPLICATION, DISBURSED, OVERDUE, REPAYING


def test_the_table_is_whole_and_its_words_are_there() -> None:
    assert lacking(APPLICATION) == ()
    assert prove(APPLICATION, Random(8)) > 100


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 40))
def test_however_it_is_walked_it_keeps_what_every_process_owes(seed: int, steps: int) -> None:
    walk(APPLICATION, Random(seed), steps)


def test_nobody_waits_without_a_clock() -> None:
    running = {DISBURSED, REPAYING}  # a loan runs by its own schedule
    for state in set(APPLICATION.states) - APPLICATION.ends - running:
        assert APPLICATION.deadlines_in(state), state


@pytest.mark.parametrize("state", sorted(OVERDUE))
def test_what_is_late_is_with_a_supervisor_and_climbs(state: str) -> None:
    assert "supervisor" in APPLICATION.turns(state)
    [clock] = APPLICATION.deadlines_in(state)
    assert [rung.role for rung in clock.escalations] or state == "appeal_late"


def test_no_move_of_a_bank_follows_a_choice_without_the_enterprise() -> None:
    chosen = [move for move in APPLICATION.table if move.target == "chosen"]
    assert [sorted(move.roles) for move in chosen] == [["representative"]]
    assert all(
        move.source in ("chosen", "unsigned")
        for move in APPLICATION.table
        if move.target == "contracted"
    )
    assert PLATFORM in APPLICATION.roles


def test_every_reason_has_a_remedy_in_both_languages() -> None:
    for name, one in REASONS.items():
        for words in (one.words, one.remedy):
            assert words.zh.strip(), name
            assert words.en.strip(), name
