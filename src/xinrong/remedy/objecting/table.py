"""The process of an objection: who may do what, and by when.

The record is marked as soon as the enterprise objects. The operator looks for the platform's own
mistake; within its clock, or by itself at its end, the objection goes to the source and the record
is shown to nobody until it has answered. What nobody can show to be right is shown no longer.
"""

from __future__ import annotations

from collections.abc import Sequence

from xinrong.domain.process import (
    NEW,
    Deadline,
    Move,
    Process,
    Reopening,
    Withdrawal,
    days,
)
from xinrong.domain.text import Text
from xinrong.remedy import answering
from xinrong.remedy.answering import CLOCK, DEPARTMENT, ENTERPRISE, OPERATOR
from xinrong.remedy.law import Rule
from xinrong.remedy.objecting.law import Clocks, clocks_of
from xinrong.remedy.objecting.table_words import DESCRIPTION, ENDS, EVENTS, ROLES, STATES, TITLE

MARKED, ASKED, EXTENDED, MORE = "marked", "with_source", "extended", "more_wanted"
OURS, OVERDUE, CONFIRMED, LATE = "ours", "overdue", "confirmed", "fix_late"
CORRECTED, UPHELD, WITHHELD = "corrected", "upheld", "withheld"
DROPPED, WITHDRAWN = "dropped", "withdrawn"
#: The events by which the outbox hears what becomes of the record.
SUSPEND, RELEASE, MARK = "objection_suspend", "objection_release", "objection_mark"
WITHHOLD = "objection_withhold"
#: Open states in which the record is shown to nobody.
SUSPENDED = frozenset({ASKED, EXTENDED, MORE, OURS, OVERDUE, CONFIRMED, LATE})
#: How long a source may come back with what it could not show before; a rule of this platform.
TAKE_UP = days(365)

_CHANGED = ("record_changed",)
_ANSWERS = (
    ("confirm", CONFIRMED, (), ()),
    ("uphold", UPHELD, (), (RELEASE,)),
    ("cannot_verify", WITHHELD, (), (WITHHOLD,)),
    ("sent_right", OURS, (), ()),
)


def _moves(*, extends: bool) -> tuple[Move, ...]:
    with_source = (ASKED, EXTENDED) if extends else (ASKED,)
    moves = [
        Move("object", NEW, MARKED, ENTERPRISE),
        Move("forward", MARKED, ASKED, OPERATOR | CLOCK, (), (SUSPEND,)),
        Move("own_mistake", MARKED, OURS, OPERATOR, (), (SUSPEND,)),
        *(
            Move(event, state, target, DEPARTMENT, guards, effects)
            for state in with_source
            for event, target, guards, effects in _ANSWERS
        ),
        Move("ask_more", ASKED, MORE, DEPARTMENT, ("asked_more_once",)),
        *(Move("overrun", state, OVERDUE, CLOCK) for state in (*with_source, OURS)),
        *(
            Move(event, OVERDUE, target, DEPARTMENT | OPERATOR, guards, effects)
            for event, target, guards, effects in _ANSWERS
        ),
        Move("withhold", OVERDUE, WITHHELD, OPERATOR | CLOCK, (), (WITHHOLD,)),
        Move("supply", MORE, ASKED, ENTERPRISE),
        Move("drop", MORE, DROPPED, CLOCK, (), (RELEASE,)),
        Move("mend", OURS, CORRECTED, OPERATOR | CLOCK, _CHANGED, (RELEASE,)),
        Move("not_ours", OURS, ASKED, OPERATOR),
        Move("carry", CONFIRMED, CORRECTED, DEPARTMENT | CLOCK, _CHANGED, (RELEASE,)),
        Move("overrun", CONFIRMED, LATE, CLOCK),
        Move("carry", LATE, CORRECTED, DEPARTMENT | OPERATOR | CLOCK, _CHANGED, (RELEASE,)),
        Move("withhold", LATE, WITHHELD, OPERATOR | CLOCK, (), (WITHHOLD,)),
        *(
            Move("gone", state, CORRECTED, CLOCK, _CHANGED, (RELEASE,))
            for state in (MARKED, *with_source, MORE, OURS, OVERDUE)
        ),
    ]
    if extends:
        moves.append(Move("extend", ASKED, EXTENDED, DEPARTMENT))
    return tuple(moves)


def objection_process(jurisdictions: Sequence[str]) -> Process:
    """The process with the clocks that bind in a place."""
    clocks = clocks_of(jurisdictions)
    extends = clocks.extended is not None
    # What is known to be wrong is not shown again because nobody complains any more.
    given_up = {MARKED, ASKED, MORE, OVERDUE} | ({EXTENDED} if extends else set())
    moves = _moves(extends=extends)
    events = {move.event for move in moves} | {"withdraw", "take_up"}
    states = {move.target for move in moves} | {WITHDRAWN}
    return Process(
        "objection",
        moves,
        final=frozenset({CORRECTED, UPHELD, WITHHELD, DROPPED, WITHDRAWN}),
        title=TITLE,
        description=DESCRIPTION,
        deadlines=_deadlines(clocks),
        withdrawals=(Withdrawal(ENTERPRISE, frozenset(given_up), effects=(RELEASE,)),),
        reopenings=(
            Reopening(
                frozenset({UPHELD, DROPPED}), MARKED, ENTERPRISE, clocks.reopen.length,
                clocks.reopen.source, event="object", effects=(MARK,),
            ),
            Reopening(
                frozenset({WITHHELD}), OVERDUE, DEPARTMENT | OPERATOR, TAKE_UP,
                clocks.reopen.source, event="take_up",
            ),
        ),
        guards={
            **answering.MORE_ONCE,
            "record_changed": Text(
                zh="该记录已有新版本或者已被撤回",
                en="the record has a new version, or was taken back",
            ),
        },
        state_words={name: words for name, words in STATES.items() if name in states},
        event_words={name: words for name, words in EVENTS.items() if name in events},
        role_words=ROLES,
    )  # fmt: skip


def _deadlines(clocks: Clocks) -> tuple[Deadline, ...]:
    """Each clock, its event and what happens at its end. The answer's runs from the objection."""
    found = [
        _clock("own_check", MARKED, "forward", clocks.forward),
        _clock("source", ASKED, "overrun", clocks.source),
        _clock("answer", ASKED, "overrun", clocks.answer, starts="object"),
        _clock("supply", MORE, "drop", clocks.supply),
        _clock("own_mistake", OURS, "overrun", clocks.own),
        _clock("fix", CONFIRMED, "overrun", clocks.fix),
        _clock("last", OVERDUE, "withhold", clocks.overdue),
        _clock("last_fix", LATE, "withhold", clocks.overdue),
    ]
    if clocks.extended is not None:
        found.append(
            _clock("answer_extended", EXTENDED, "overrun", clocks.extended, starts="object")
        )
    return tuple(found)


def _clock(name: str, state: str, event: str, rule: Rule, *, starts: str = "") -> Deadline:
    return answering.clock(name, state, event, rule, ENDS[name], starts=starts)
