"""Tables that cannot be right are refused when they are written, with what to mend."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.domain.process.made import AGREED, BANK, CLOCK, FIRM, LOAN, NOTHING, OFFER, deadline
from xinrong.domain.process import (
    NEW,
    Escalation,
    Join,
    Move,
    Parallel,
    Process,
    Reopening,
    Source,
    Withdrawal,
    days,
    lacking,
    register,
    registered,
    registry,
    working_days,
)
from xinrong.domain.text import Text

ASK = Move("ask", NEW, "asked", FIRM)
ANSWER = Move("answer", "asked", "answered", BANK)
LAPSE = Move("lapse", "asked", "lapsed", CLOCK)
ENDS = frozenset({"answered", "lapsed"})
SIMPLE = (ASK, ANSWER, LAPSE)


def made(*moves: Move, **more: Any) -> Process:
    return Process("odd", moves or SIMPLE, **more)


def join(**changes: Any) -> dict[str, Any]:
    """Banks that answer side by side, with one thing changed."""
    fields = {
        "state": "asked", "table": OFFER, "join": Join.ANY, "counts": frozenset({"offered"}),
        "event": "met", "otherwise": "unmet", "close": "close", "quorum": 0,
    }  # fmt: skip
    moves = (
        ASK, Move("met", "asked", "yes", CLOCK), Move("unmet", "asked", "no", CLOCK),
        Move("give_up", "asked", "no", FIRM),
    )  # fmt: skip
    return {"moves": moves, "parallels": (Parallel(**(fields | changes)),)}


#: What is wrong with a table, and words of the fault and its remedy.
FAULTS = {
    "a role that is no set": (
        {"moves": (ASK, Move("answer", "asked", "answered", "bank"))},
        "the roles of 'answer' are 'bank': write a set of them",
    ),
    "a name for people": (
        {"moves": (ASK, Move("answer it", "asked", "answered", BANK))},
        "the name 'answer it' of a state or event must be lower-case",
    ),
    "a way back to the beginning": (
        {"moves": (ASK, Move("answer", "asked", NEW, BANK))},
        "the name '' of a state",
    ),
    "a length that is a number": (
        {"deadlines": (deadline(length=5),)},
        r"the clock 'answer': 5 should be like working_days\(5\)",
    ),
    "words that are a text": (
        {"deadlines": (deadline(otherwise="it lapses"),)},
        "'it lapses' should be like Text",
    ),
    "an unreachable state": (
        {"moves": (*SIMPLE, Move("mend", "island", "answered", BANK))},
        "nothing leads to island: add a move there",
    ),
    "nothing begins": (
        {"moves": (Move("answer", "asked", "answered", BANK),)},
        "nothing begins it: add a move whose source is NEW",
    ),
    "a dead end": (
        {"final": frozenset({"answered"})},
        "'lapsed' is a dead end: .* add a move, or declare it in final=",
    ),
    "an end that goes on": (
        {"final": ENDS | {"asked"}},
        "'asked' is declared an end, but 'answer' leads out of it",
    ),
    "an end that is no state": (
        {"final": ENDS | {"anwsered"}},
        "the end 'anwsered' is no state of the table: mend its name",
    ),
    "a round without a way out": (
        {"moves": (*SIMPLE, Move("park", "asked", "one", FIRM), Move("on", "one", "two", FIRM),
                   Move("back", "two", "one", FIRM))},
        "a case in one, two can never end",
    ),
    "two targets for one event": (
        {"moves": (*SIMPLE, Move("answer", "asked", "lapsed", BANK))},
        "'answer' in 'asked' leads to answered and to lapsed: give one of them another name",
    ),
    "a move without a role": (
        {"moves": (ASK, Move("answer", "asked", "answered", frozenset()))},
        "nobody can 'answer' in 'asked': name a role, or PLATFORM",
    ),
    "a guard that nobody defines": (
        {"moves": (ASK, replace(ANSWER, guards=("in_tmie",))), "guards": {}},
        "nobody defines the guard 'in_tmie' of 'answer': add it to guards=",
    ),
    "a guard that no move asks": (
        {"guards": {"in_time": NOTHING}},
        "no move asks the guard 'in_time'",
    ),
    "a clock whose event is not in its state": (
        {"deadlines": (deadline(event="lapses"),)},
        "the clock 'answer': there is no event 'lapses' in 'asked'",
    ),
    "a clock whose event is not the platform's": (
        {"deadlines": (deadline(event="answer"),)},
        "'answer' in 'asked' is not the platform's: add PLATFORM to its roles",
    ),
    "a clock in a state that is none": (
        {"deadlines": (deadline(state="askd"),)},
        "there is no state 'askd'",
    ),
    "a clock in an end": (
        {"deadlines": (deadline(state="answered"),)},
        "'answered' is an end, in which nothing is waited for",
    ),
    "a clock whose event leads nowhere": (
        {"moves": (*SIMPLE, Move("nag", "asked", "asked", CLOCK)),
         "deadlines": (deadline(event="nag"),)},
        "'nag' leaves the case where it is, so it would never stop happening",
    ),
    "a clock whose end may be refused": (
        {"moves": (ASK, ANSWER, replace(LAPSE, guards=("quiet",))), "deadlines": (deadline(),),
         "guards": {"quiet": NOTHING}},
        "asks the guard 'quiet', and where that does not hold nothing would happen",
    ),
    "a clock that starts at nothing": (
        {"deadlines": (deadline(starts="delivery"),)},
        "it starts at 'delivery', which is no event of the process and no moment",
    ),
    "a clock that ends at nothing": (
        {"deadlines": (deadline(until="valid_until"),)},
        "it ends at 'valid_until', which is no moment of moments=",
    ),
    "a clock without a source": (
        {"deadlines": (deadline(source=Source(" ")),)},
        "it rests on nothing",
    ),
    "a clock that does not say what happens": (
        {"deadlines": (deadline(otherwise=Text(zh="失效", en="")),)},
        "write otherwise= in both languages",
    ),
    "two clocks of one name": (
        {"deadlines": (deadline(), deadline())},
        "two clocks are called 'answer'",
    ),
    "a reminder given twice": (
        {"deadlines": (deadline(reminders=(days(1), days(1))),)},
        "given twice",
    ),
    "a rung that tells nobody": (
        {"deadlines": (deadline(escalations=(Escalation(days(1), ""),)),)},
        "tells nobody: name the role",
    ),
    "a round of the platform without a clock": (
        {"moves": (*SIMPLE, Move("rest", "asked", "resting", CLOCK),
                   Move("wake", "resting", "asked", CLOCK))},
        "from 'asked' round to 'asked' without waiting: give one of the moves on the way a clock",
    ),
    "a round whose clock may have run out long ago": (
        {"moves": (*SIMPLE, Move("rest", "asked", "resting", CLOCK),
                   Move("wake", "resting", "asked", CLOCK)),
         "deadlines": (deadline(state="resting", event="wake", starts="ask"),)},
        "without waiting",
    ),
    "participants in a state that is none": (join(state="askd"), "there is no such state"),
    "a join that is not the platform's": (join(event="give_up"), "is not the platform's"),
    "participants that count in no end": (
        join(counts=frozenset({"asked"})),
        "counts= has asked, no end of offer",
    ),
    "a join that may never come": (join(otherwise=""), "the case waits for ever"),
    "a quorum of nobody": (join(join=Join.QUORUM), "quorum= is the number for Join.QUORUM"),
    "a quorum of those who need none": (join(quorum=2), "quorum= is the number"),
    "participants that cannot be closed": (
        join(close="shut"),
        "there is no event 'shut' in 'asked'",
    ),
    "two tables of participants in one state": (
        join() | {"parallels": join()["parallels"] * 2},
        "two tables of participants run in 'asked'",
    ),
    "participants that nobody sends in": (
        join(table=made(), counts=frozenset({"answered"}), close=""),
        "exactly one move from NEW, by PLATFORM",
    ),
    "withdrawing from a state that is none": (
        {"withdrawals": (Withdrawal(FIRM, frozenset({"askd"})),)},
        "'withdraw' starts from 'askd', no state of the table",
    ),
    "reopening what is not over": (
        {"reopenings": (Reopening(frozenset({"asked"}), "asked", FIRM, days(9), AGREED),)},
        "which is no end: only a case that is over can be reopened",
    ),
    "reopening to an end": (
        {"reopenings": (Reopening(frozenset({"answered"}), "lapsed", FIRM, days(9), AGREED),)},
        "in which no case goes on",
    ),
    "words for a state that is none": (
        {"state_words": {"askd": NOTHING}},
        "state_words= names 'askd', no state of the table",
    ),
    "words for an event that is none": (
        {"event_words": {"answr": NOTHING}},
        "event_words= names 'answr', no event of the table",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "says"), FAULTS.values(), ids=FAULTS)
def test_a_table_that_cannot_be_right_is_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=f"^odd: .*{says}"):
        Process("odd", **({"moves": SIMPLE} | changes))


def test_the_table_that_the_faults_were_made_from_is_right() -> None:
    assert made(final=ENDS, deadlines=(deadline(),)).ends == ENDS
    assert Process("odd", **join()).parallel_in("asked") is not None


def test_a_round_of_the_platform_with_a_clock_is_right() -> None:
    moves = (*SIMPLE, Move("rest", "asked", "resting", CLOCK),
             Move("wake", "resting", "asked", CLOCK))  # fmt: skip
    Process("odd", moves, deadlines=(deadline(state="resting", event="wake"),))


def test_the_name_of_a_process_is_one() -> None:
    with pytest.raises(ValueError, match="'Loan 2!' must be lower-case"):
        Process("Loan 2!", SIMPLE)


def test_an_effect_that_nobody_knows_yet_is_fine() -> None:
    process = made(ASK, replace(ANSWER, effects=("nobody_listens",)))
    assert process.step("asked", "answer", "bank").effects == ("nobody_listens",)


def test_a_clock_needs_a_length() -> None:
    with pytest.raises(ValueError, match="give 1 or more"):
        working_days(0)


def test_what_is_shown_to_people_needs_words_and_declared_ends() -> None:
    lacks = "; ".join(lacking(made(ASK, replace(ANSWER, guards=("in_time",)))))
    for word in ("title=", "final=", "guards=", "state asked, answered", "event ask", "role bank"):
        assert word in lacks
    with pytest.raises(ValueError, match="cannot be shown to people"):
        register(made())
    assert lacking(LOAN) == ()


def test_two_processes_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_PROCESSES", {})
    register(LOAN)
    register(LOAN)  # read twice is no fault
    assert LOAN in registered()
    with pytest.raises(ValueError, match="two processes are called loan"):
        register(replace(LOAN, title=Text(zh="别的", en="Another")))
