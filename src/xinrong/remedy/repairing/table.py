"""The process of a repair, and that of a doubt about one: who may do what, and by when."""

from __future__ import annotations

from collections.abc import Collection

from xinrong.domain.process import (
    NEW,
    Deadline,
    Escalation,
    Move,
    Process,
    Reopening,
    Withdrawal,
    working_days,
)
from xinrong.domain.text import Text
from xinrong.remedy.answering import CLOCK, DEPARTMENT, ENTERPRISE, OPERATOR, clock
from xinrong.remedy.repairing import table_words as words
from xinrong.remedy.repairing.law import clocks_of

TO_SIGN, ASKED, MORE, OVERDUE = "to_sign", "asked", "more_wanted", "overdue"
REPAIRED, REFUSED, DROPPED = "repaired", "refused", "dropped"
WITHDRAWN, UNRESOLVED = "withdrawn", "unresolved"
#: The event by which the outbox hears of the decision.
ACCEPTED_EVENT = "repair_accepted"

MOVES = (
    Move("ask", NEW, ASKED, ENTERPRISE),
    Move("draft", NEW, TO_SIGN, ENTERPRISE),
    Move("sign", TO_SIGN, ASKED, ENTERPRISE, ("pledge_signed",)),
    Move("drop", TO_SIGN, DROPPED, CLOCK),
    *(
        Move(event, source, target, DEPARTMENT, guards, effects)
        for source in (ASKED, OVERDUE)
        for event, target, guards, effects in (
            ("accept", REPAIRED, ("both_documents",), (ACCEPTED_EVENT,)),
            ("refuse", REFUSED, (), ()),
            ("ask_more", MORE, ("asked_more_once",), ()),
        )
    ),
    Move("overrun", ASKED, OVERDUE, CLOCK),
    Move("give_up", OVERDUE, UNRESOLVED, OPERATOR | CLOCK),
    Move("supply", MORE, ASKED, ENTERPRISE),
    Move("drop", MORE, DROPPED, CLOCK),
)

HEARD, ANSWERED = "heard", "answered"
CONFIRMED, CLEARED = "confirmed", "cleared"
#: The event by which the outbox hears that a repair is revoked.
REVOKED_EVENT = "repair_revoked"

DOUBT_MOVES = (
    Move("doubt", NEW, HEARD, DEPARTMENT),
    Move("answer", HEARD, ANSWERED, ENTERPRISE),
    Move("silent", HEARD, ANSWERED, CLOCK),
    Move("clear", HEARD, CLEARED, DEPARTMENT),
    Move("clear", ANSWERED, CLEARED, DEPARTMENT),
    Move("confirm", ANSWERED, CONFIRMED, DEPARTMENT, (), (REVOKED_EVENT,)),
    Move("lapse", ANSWERED, CLEARED, CLOCK),
)


def repair_process(jurisdictions: Collection[str]) -> Process:
    """The process of a repair with the clocks that bind in a place."""
    clocks = clocks_of(tuple(jurisdictions))
    return Process(
        "repair",
        MOVES,
        final=frozenset({REPAIRED, REFUSED, DROPPED, WITHDRAWN, UNRESOLVED}),
        title=Text(zh="信用修复", en="Credit repair"),
        description=words.REPAIR,
        deadlines=(
            clock("sign", TO_SIGN, "drop", clocks.supply, words.UNSIGNED),
            clock("answer", ASKED, "overrun", clocks.answer, words.UNANSWERED),
            clock("supply", MORE, "drop", clocks.supply, words.UNSUPPLIED),
            clock("last", OVERDUE, "give_up", clocks.overdue, words.UNRESOLVED),
        ),
        withdrawals=(Withdrawal(ENTERPRISE, frozenset({TO_SIGN, ASKED, MORE, OVERDUE})),),
        reopenings=(
            Reopening(
                frozenset({REFUSED, UNRESOLVED}), ASKED, ENTERPRISE, clocks.reopen.length,
                clocks.reopen.source, guards=("none_other",),
            ),
        ),
        guards=words.GUARDS,
        state_words=words.STATES,
        event_words=words.EVENTS,
        role_words=words.ROLES,
    )  # fmt: skip


def doubt_process(jurisdictions: Collection[str]) -> Process:
    """The process of a doubt: the enterprise is heard before a repair is revoked."""
    clocks = clocks_of(tuple(jurisdictions))
    return Process(
        "repair_doubt",
        DOUBT_MOVES,
        final=frozenset({CONFIRMED, CLEARED}),
        title=Text(zh="信用修复撤销", en="Revoking a repair"),
        description=words.DOUBT,
        deadlines=(
            Deadline(
                "hearing", HEARD, clocks.hearing.length, "silent", clocks.hearing.source,
                words.UNHEARD, reminders=(working_days(1),),
            ),
            Deadline(
                "confirm", ANSWERED, clocks.answer.length, "lapse", clocks.answer.source,
                words.UNCONFIRMED, reminders=(working_days(1),),
                escalations=(Escalation(working_days(1), "operator"),),
            ),
        ),
        state_words=words.DOUBT_STATES,
        event_words=words.DOUBT_EVENTS,
        role_words=words.ROLES,
    )  # fmt: skip
