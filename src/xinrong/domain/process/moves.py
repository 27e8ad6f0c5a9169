"""A move of a process, the log row that it leaves, and how it is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xinrong.domain.errors import XinrongError
from xinrong.domain.process.clocks import Length

#: The state of what does not exist yet.
NEW = ""
#: The role in which the platform itself moves something: a clock that ran out, a join.
PLATFORM = "platform"

#: Asked when a move is made: empty when it may be, else why not.
Guard = Callable[[], str]


class MoveRefused(XinrongError):
    """The process does not allow this now.

    Codes: move_unknown (no such event in this state), move_role (not for this role), move_guard,
    move_stale (somebody else moved it first), move_early (its clock has not run out), move_overdue
    (a clock has run out, and what that makes happen comes first), move_late (the time in which it
    could be made is over), clock_back (the clock says less than at the last move).
    """

    code = "move_refused"


@dataclass(frozen=True)
class Move:
    """In state `source`, `event` by one of `roles` leads to `target`, if every guard holds.

    `effects` are the names of the events that it puts into the outbox, in this order. `within`
    is the time after the source was entered in which it may be made; None: as long as it stands.
    A move whose target is its source keeps the clocks of that state running.
    """

    event: str
    source: str
    target: str
    roles: frozenset[str]
    guards: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    within: Length | None = None


@dataclass(frozen=True)
class Step:
    """A move that was made: what the log row keeps, and the effects to put into the outbox."""

    event: str
    source: str
    target: str
    role: str
    effects: tuple[str, ...] = ()
