"""The life of a message as a table: the worker moves it, an operator sends dead letters again."""

from __future__ import annotations

from xinrong.domain.process import NEW, PLATFORM, Move, Process
from xinrong.notices.enums import MessageState

QUEUED, SENT, FAILED = MessageState.QUEUED, MessageState.SENT, MessageState.FAILED
DEAD, DROPPED = MessageState.DEAD, MessageState.DROPPED
WORKER = frozenset({PLATFORM})

MESSAGE_PROCESS = Process(
    "message",
    (
        Move("queue", NEW, QUEUED, WORKER),
        Move("send", QUEUED, SENT, WORKER),
        Move("fail", QUEUED, FAILED, WORKER),
        Move("give_up", QUEUED, DEAD, WORKER),
        Move("drop", QUEUED, DROPPED, WORKER),
        Move("send", FAILED, SENT, WORKER),
        Move("give_up", FAILED, DEAD, WORKER),
        Move("drop", FAILED, DROPPED, WORKER),
        Move("resend", DEAD, QUEUED, frozenset({"operator"})),
    ),
)
