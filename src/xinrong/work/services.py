"""Verbs of work: the outbox, cases and their clocks.

`handle` makes a process known whose cases are kept here; `open_case` begins one and `move` moves
it; `tick` fires what its clocks are for.
"""

from __future__ import annotations

from xinrong.work.calendars import calendar_here
from xinrong.work.clocks import recount, ring_case, tick
from xinrong.work.enums import EventKind
from xinrong.work.errors import CaseRefused
from xinrong.work.forgetting import forget_words, words_held
from xinrong.work.handing import colleagues, give_back, hand_over, take
from xinrong.work.handling import Handling, handle, handled, handling_of
from xinrong.work.lists import (
    Doable,
    Seen,
    case_for,
    cases_of,
    fired_of,
    log_of,
    running_of,
    seen,
    sides_of,
    still_open,
    waiting_for,
)
from xinrong.work.models import Case, CaseAlarm, CaseMove, CasePaper, CaseSide, Delivery
from xinrong.work.moving import LONGEST_TEXT, move, move_as_platform, open_case
from xinrong.work.outbox import (
    CASE_KEYS,
    Event,
    dead_letters,
    deliver,
    emit,
    receives,
    resend,
)
from xinrong.work.papers import give_paper, papers_of, read_paper
from xinrong.work.perms import SUPERVISES, can_move, has_inbox, side_of
from xinrong.work.threads import several

__all__ = [
    "CASE_KEYS",
    "LONGEST_TEXT",
    "SUPERVISES",
    "Case",
    "CaseAlarm",
    "CaseMove",
    "CasePaper",
    "CaseRefused",
    "CaseSide",
    "Delivery",
    "Doable",
    "Event",
    "EventKind",
    "Handling",
    "Seen",
    "calendar_here",
    "can_move",
    "case_for",
    "cases_of",
    "colleagues",
    "dead_letters",
    "deliver",
    "emit",
    "fired_of",
    "forget_words",
    "give_back",
    "give_paper",
    "hand_over",
    "handle",
    "handled",
    "handling_of",
    "has_inbox",
    "log_of",
    "move",
    "move_as_platform",
    "open_case",
    "papers_of",
    "read_paper",
    "receives",
    "recount",
    "resend",
    "ring_case",
    "running_of",
    "seen",
    "several",
    "side_of",
    "sides_of",
    "still_open",
    "take",
    "tick",
    "waiting_for",
    "words_held",
]
