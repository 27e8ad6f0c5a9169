from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinrong.domain.process import NEW, PLATFORM, Move, MoveRefused, Process

BANK, FIRM = frozenset({"bank"}), frozenset({"firm"})
LOAN = Process(
    "loan",
    (
        Move("ask", NEW, "asked", FIRM),
        Move("grant", "asked", "granted", BANK, ("affordable",)),
        Move("refuse", "asked", "refused", BANK),
        Move("ask_again", "refused", "asked", FIRM),
        Move("lapse", "asked", "lapsed", frozenset({PLATFORM})),
    ),
)
YES = {"affordable": lambda: ""}


@given(st.lists(st.tuples(st.sampled_from(["ask", "grant", "refuse", "ask_again", "lapse", "x"]),
                          st.sampled_from(["bank", "firm", PLATFORM])), max_size=12))  # fmt: skip
def test_a_random_walk_stays_within_the_table(events: list[tuple[str, str]]) -> None:
    state = NEW
    for event, role in events:
        offered = {move.event: move.target for move in LOAN.open_to(state, role)}
        if event in offered:
            step = LOAN.step(state, event, role, YES)
            assert (step.source, step.target, step.role) == (state, offered[event], role)
            state = step.target
        else:
            with pytest.raises(MoveRefused):
                LOAN.step(state, event, role, YES)
        assert state in LOAN.reachable()


def test_states_and_ends_are_read_from_the_table() -> None:
    assert LOAN.states == ("asked", "granted", "refused", "lapsed")
    assert LOAN.ends == {"granted", "lapsed"}


def test_a_guard_that_does_not_hold_says_why() -> None:
    with pytest.raises(MoveRefused, match="too much") as refused:
        LOAN.step("asked", "grant", "bank", {"affordable": lambda: "too much"})
    assert refused.value.code == "move_guard"


def test_a_guard_that_nobody_handed_in_is_a_fault_not_a_yes() -> None:
    with pytest.raises(KeyError):
        LOAN.step("asked", "grant", "bank")


def test_the_diagram_shows_every_move_with_its_guards() -> None:
    drawn = LOAN.diagram().splitlines()
    assert drawn[0] == "stateDiagram-v2"
    assert "    [*] --> asked: ask (firm)" in drawn
    assert "    asked --> granted: grant (bank) [affordable]" in drawn
    assert "    granted --> [*]" in drawn


@pytest.mark.parametrize(
    "moves",
    [
        (Move("a", NEW, "x", FIRM), Move("a", NEW, "y", FIRM)),
        (Move("a", NEW, "x", FIRM), Move("b", "island", "x", FIRM)),
    ],
    ids=["one event, two states", "a state that nothing leads to"],
)
def test_a_table_that_contradicts_itself_is_refused(moves: tuple[Move, ...]) -> None:
    with pytest.raises(ValueError, match="odd"):
        Process("odd", moves)
