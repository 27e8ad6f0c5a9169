"""A process: states and the moves between them as a table, with its clocks and its words.

The table says who may do what when; it does nothing itself. Whoever owns the process asks
`advance` what an event comes to, writes the new position, one log row and the effects in one
transaction, and then acts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from xinrong.domain.calendars import CHINA_CALENDAR, Calendar
from xinrong.domain.process.checks import check
from xinrong.domain.process.clocks import Deadline, Due, Running, due, run
from xinrong.domain.process.moves import NEW, PLATFORM, Guard, Move, MoveRefused, Step
from xinrong.domain.process.parallel import Parallel
from xinrong.domain.process.position import Advance, Position
from xinrong.domain.process.variants import Reopening, Withdrawal
from xinrong.domain.text import Text


@dataclass(frozen=True)
class Process:
    """A named table of moves. Raises ValueError for a table that contradicts itself.

    `moves` is the table as written; `table` adds those of `withdrawals` and `reopenings`.
    `final` are the declared ends; without them every state that nothing leads out of is one.
    `guards` says each guard's condition in words, `moments` each moment, beside its own events,
    from which one of the clocks starts; `states`' and the others' words are for pages.
    """

    name: str
    moves: tuple[Move, ...]
    final: frozenset[str] | None = None
    title: Text | None = None
    description: Text | None = None
    deadlines: tuple[Deadline, ...] = ()
    parallels: tuple[Parallel, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    reopenings: tuple[Reopening, ...] = ()
    guards: Mapping[str, Text] | None = field(default=None, hash=False)
    moments: Mapping[str, Text] = field(default_factory=dict, hash=False)
    state_words: Mapping[str, Text] = field(default_factory=dict, hash=False)
    event_words: Mapping[str, Text] = field(default_factory=dict, hash=False)
    role_words: Mapping[str, Text] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        check(self)

    @cached_property
    def table(self) -> tuple[Move, ...]:
        """Every move, those of withdrawals and reopenings included."""
        more = (move for one in self.withdrawals for move in one.moves(self))
        again = (move for one in self.reopenings for move in one.moves())
        return (*self.moves, *more, *again)

    @cached_property
    def states(self) -> tuple[str, ...]:
        """Every state, in the order in which the table names them."""
        named = (state for move in self.table for state in (move.source, move.target))
        return tuple(dict.fromkeys(state for state in named if state != NEW))

    @cached_property
    def ends(self) -> frozenset[str]:
        """The states in which a case is over, unless it is reopened."""
        if self.final is not None:
            return self.final
        left = {move.source for move in self.moves}
        left |= {state for one in self.withdrawals for state in one.sources or ()}
        return frozenset(self.states) - left

    @cached_property
    def events(self) -> tuple[str, ...]:
        """Every event, in the order in which the table names them."""
        return tuple(dict.fromkeys(move.event for move in self.table))

    @cached_property
    def roles(self) -> frozenset[str]:
        """Every role that can make a move, the platform included where it does."""
        return frozenset(role for move in self.table for role in move.roles)

    @cached_property
    def kept(self) -> frozenset[str]:
        """The events whose last time a position keeps, since a clock starts from them."""
        return frozenset(one.starts for one in self.deadlines) & frozenset(self.events)

    @cached_property
    def _by_pair(self) -> dict[tuple[str, str], Move]:
        return {(move.source, move.event): move for move in self.table}

    def reachable(self) -> set[str]:
        """The states to which some sequence of moves leads, NEW among them."""
        found = {NEW}
        while True:
            more = {move.target for move in self.table if move.source in found} - found
            if not more:
                return found
            found |= more

    def open_to(self, state: str, role: str) -> tuple[Move, ...]:
        """What this role could do in this state; guards are asked when it does."""
        return tuple(m for m in self.table if m.source == state and role in m.roles)

    def actors(self, state: str) -> frozenset[str]:
        """The roles, the platform not among them, that can do something in this state."""
        found = (role for move in self.table if move.source == state for role in move.roles)
        return frozenset(found) - {PLATFORM}

    def turns(self, state: str) -> frozenset[str]:
        """The roles, the platform not among them, that are waited for in this state.

        Not those who could only withdraw or reopen it, or add something that leaves it there.
        """
        onward = (one for one in self.moves if one.source == state != one.target)
        return frozenset(role for move in onward for role in move.roles) - {PLATFORM}

    def deadlines_in(self, state: str) -> tuple[Deadline, ...]:
        """The clocks that run in this state."""
        return tuple(one for one in self.deadlines if one.state == state)

    def parallel_in(self, state: str) -> Parallel | None:
        """What the participants run in this state, if it is one with participants."""
        return next((one for one in self.parallels if one.state == state), None)

    def move(self, state: str, event: str) -> Move:
        """The row of the table. Raises MoveRefused (move_unknown) where there is none."""
        found = self._by_pair.get((state, event))
        if found is None:
            raise MoveRefused(
                f"{self.name}: there is no {event!r} in the state {state or 'new'!r}",
                remedy="Load it again: somebody else may have moved it meanwhile.",
                code="move_unknown",
            )
        return found

    def step(
        self, state: str, event: str, role: str, guards: Mapping[str, Guard] | None = None
    ) -> Step:
        """What the event comes to, by table, role and guards alone; `advance` minds the time too.

        Raises MoveRefused; KeyError for a guard nobody handed in.
        """
        move = self.move(state, event)
        self._check_role(move, role)
        for name in move.guards:
            why = (guards or {})[name]()
            if why:
                raise MoveRefused(why, code="move_guard")
        return Step(event, move.source, move.target, role, move.effects)

    def advance(
        self,
        position: Position,
        event: str,
        role: str,
        *,
        now: datetime,
        expected: int | None = None,
        guards: Mapping[str, Guard] | None = None,
        calendar: Calendar = CHINA_CALENDAR,
    ) -> Advance:
        """What the event comes to for a case at a moment.

        `expected` is the version that whoever acts had before their eyes. Beyond `step` it refuses
        what somebody else moved meanwhile, a clock that was moved back, a platform's event before
        its clock has run out, a move after its time, and anybody's move once a clock has run out:
        what that makes happen comes first (`overdue`).
        """
        position.check_version(expected)
        move = self.move(position.state, event)
        self._check_role(move, role)
        position.check_clock(now)
        self._check_time(position, move, role, now, calendar)
        step = self.step(position.state, event, role, guards)
        return Advance(step, position.after(step, now, self.kept))

    def running(
        self, position: Position, calendar: Calendar = CHINA_CALENDAR
    ) -> tuple[Running, ...]:
        """The clocks that run where a case stands, the first to end first."""
        if position.entered is None:
            return ()
        found = [
            run(one, position.visit, position.entered, position.moments, calendar)
            for one in self.deadlines_in(position.state)
        ]
        return tuple(sorted(found, key=lambda one: (one.due.at, one.deadline.name)))

    def overdue(
        self, position: Position, now: datetime, calendar: Calendar = CHINA_CALENDAR
    ) -> str:
        """The event that a clock has made due, "" if none: it comes before anybody's own move.

        Whoever moves a case asks this first and makes that move as the platform; without it
        `advance` refuses them until the worker has looked. So nobody slips in after the end.
        """
        entered, moments = position.entered, position.moments
        if entered is None:
            return ""
        ended = [
            (one.due(entered, moments, calendar).at, one.name, one.event)
            for one in self.deadlines_in(position.state)
        ]
        first = min(ended, default=None)
        return first[2] if first is not None and first[0] <= now else ""

    def open_until(
        self, position: Position, move: Move, calendar: Calendar = CHINA_CALENDAR
    ) -> Due | None:
        """The end of the time in which a move can be made; None where it has none."""
        if move.within is None or position.entered is None:
            return None
        return due(move.within, position.entered, calendar)

    def _check_role(self, move: Move, role: str) -> None:
        if role not in move.roles:
            raise MoveRefused(
                f"{self.name}: the role {role} cannot {move.event!r} this", code="move_role"
            )

    def _check_time(
        self, position: Position, move: Move, role: str, now: datetime, calendar: Calendar
    ) -> None:
        """Raises MoveRefused for a platform's event before its clock's end, a move after its."""
        if role == PLATFORM:
            self._check_early(position, move, now, calendar)
        elif self.overdue(position, now, calendar):
            raise MoveRefused(
                f"{self.name}: the time in which {move.event!r} could be made has run out",
                remedy="Load it again in a few minutes: the platform is moving it on.",
                code="move_overdue",
            )
        until = self.open_until(position, move, calendar)
        if until is not None and now >= until.at:
            raise MoveRefused(
                f"{self.name}: {move.event!r} could be made until {until.last_day}",
                remedy="Begin a new case.",
                code="move_late",
            )

    def _check_early(
        self, position: Position, move: Move, now: datetime, calendar: Calendar
    ) -> None:
        entered, moments = position.entered, position.moments
        ends = [
            one.due(entered, moments, calendar).at
            for one in self.deadlines_in(position.state)
            if one.event == move.event and entered is not None
        ]
        if ends and now < min(ends):
            raise MoveRefused(
                f"{self.name}: {move.event!r} is not due before {min(ends):%Y-%m-%d %H:%M}",
                code="move_early",
            )

    def diagram(self, language: str = "") -> str:
        """The table as a Mermaid state diagram, for the documentation."""
        from xinrong.domain.process.drawing import mermaid

        return mermaid(self, language)
