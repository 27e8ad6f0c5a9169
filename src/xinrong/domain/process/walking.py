"""The random walker: a ready-made test for every process.

`walk` plays one case for a number of steps, by random events, roles and moments, at times with the
clock moved back, and at each step holds the process to what every process owes: the case stands
where its log leads, each clock has a due time and rings once, and what may not be done is refused
for its own reason. Then it leads the case to an end. `prove` does so from every state, and for the
tables of participants. Both raise WalkFailed with the log of the case.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random

from xinrong.domain.calendars import CHINA_CALENDAR, Calendar
from xinrong.domain.clock import CHINA
from xinrong.domain.process.clocks import AlarmKind, Running
from xinrong.domain.process.moves import NEW, PLATFORM, Guard, Move, MoveRefused
from xinrong.domain.process.position import SKEW, Position
from xinrong.domain.process.table import Process

#: A role that no process knows.
STRANGER = "nobody's role"
BEGAN = datetime(2026, 11, 20, 15, tzinfo=CHINA)


class WalkFailed(AssertionError):
    """A process did not do what every process owes; says what, and how the case came there."""


@dataclass
class Walk:
    """One case on its way: where it stands, its log, and the alarms that its clocks rang."""

    process: Process
    random: Random
    given: Mapping[str, Guard] = field(default_factory=dict)
    calendar: Calendar = CHINA_CALENDAR
    now: datetime = BEGAN
    position: Position = field(default_factory=Position)
    log: list[tuple[str, str, str, str]] = field(default_factory=list)  # event, from, to, role
    rung: list[str] = field(default_factory=list)
    guards: Mapping[str, Guard] = field(default_factory=dict)

    def step(self) -> bool:
        """Make one random move and check everything; False when nothing can be done any more."""
        self._draw_guards()
        self._check_place()
        running = self.process.running(self.position, self.calendar)
        self._pass_time(running)
        self._ring(running)
        moves = [move for move in self.process.table if move.source == self.position.state]
        self._check_refusals(moves, running)
        possible = [(move, role) for move in moves for role in self._roles_now(move, running)]
        if not possible:
            return False
        self._make(*self.random.choice(possible))
        return True

    def lead(self, states: Collection[str]) -> None:
        """Lead the case by the shortest way to one of `states`, with every guard that can hold."""
        self._draw_guards(hold=True)
        while self.position.state not in states:
            move = self._towards(states)
            self._owe(move is not None, f"no way leads to {', '.join(sorted(states))}")
            assert move is not None
            if self.position.moved is not None:
                self.now = max(self.now, self.position.moved)
            running = self.process.running(self.position, self.calendar)
            if not self._roles_now(move, running):  # the platform alone makes it, at a clock's end
                self.now = max(self.now, min(one.due.at for one in running))
            event = self.process.overdue(self.position, self.now, self.calendar)
            if event:
                move = self.process.move(self.position.state, event)
            running = self.process.running(self.position, self.calendar)
            self._make(move, min(self._roles_now(move, running)))
            self._check_place()

    def _towards(self, states: Collection[str]) -> Move | None:
        """The first move of a shortest way; the time of a move that has one must not be over."""
        ways: list[tuple[str, Move | None]] = [(self.position.state, None)]
        seen = {self.position.state}
        for state, first in ways:
            if state in states:
                return first
            for move in self.process.table:
                if move.source != state or move.target in seen:
                    continue
                if any(self.guards[name]() for name in move.guards):
                    continue
                if first is None and self._over(move):
                    continue
                seen.add(move.target)
                ways.append((move.target, first or move))
        return None

    def _draw_guards(self, *, hold: bool = False) -> None:
        """For one step, each guard that was not given holds, or does not, at random."""
        drawn = {
            name: "" if hold or self.random.random() < 0.7 else "it does not hold"
            for move in self.process.table
            for name in move.guards
        }
        self.guards = {name: partial(str, why) for name, why in drawn.items()} | dict(self.given)

    def _check_place(self) -> None:
        state = self.position.state
        self._owe(state in self.process.reachable(), f"{state!r} is not reachable by the table")
        replayed = NEW
        for event, source, target, _ in self.log:
            self._owe(source == replayed, f"a move was lost before {event!r}")
            replayed = target
        self._owe(replayed == state, "the log does not lead to where the case stands")
        self._owe(self.position.version == len(self.log), "a move was not counted")
        running = self.process.running(self.position, self.calendar)
        waiting = {one.name for one in self.process.deadlines_in(state)}
        self._owe({one.deadline.name for one in running} == waiting, "a clock has no due time")
        for one in running:
            self._owe(one.due.at > one.started, f"{one.deadline.name} ends before it starts")
            self._owe(one.alarms[-1].kind is AlarmKind.END, f"{one.deadline.name} does nothing")

    def _pass_time(self, running: tuple[Running, ...]) -> None:
        """Let a moment pass: none, some, exactly to the end of a clock, or back a little."""
        way = self.random.randrange(4)
        if way == 0 and running:
            self.now = max(self.now, self.random.choice(running).due.at)
        elif way == 1:
            self.now -= SKEW * self.random.random()
        else:
            self.now += timedelta(minutes=self.random.expovariate(1 / (3 * 24 * 60)))
        if self.position.moved is not None:
            self.now = max(self.now, self.position.moved - SKEW)

    def _ring(self, running: tuple[Running, ...]) -> None:
        first = [one.deadline.event for one in running if one.due.at <= self.now]
        due = self.process.overdue(self.position, self.now, self.calendar)
        self._owe(due == (first[0] if first else ""), "a clock that ended is not seen, or another")
        for one in running:
            for alarm in one.ringing(self.now, self.rung):
                self._owe(alarm.key not in self.rung, f"{alarm.key} rang twice")
                self.rung.append(alarm.key)
            back = one.ringing(self.now - timedelta(days=9), self.rung)
            self._owe(not back, "an alarm rang again when the clock was moved back")

    def _check_refusals(self, moves: list[Move], running: tuple[Running, ...]) -> None:
        """What may not be done now is refused, each for its own reason."""
        by_event = {move.event: move for move in moves}
        for event in self.process.events:
            move = by_event.get(event)
            if move is None:
                self._refused(event, PLATFORM, "move_unknown")
                continue
            for role in (STRANGER, *sorted(self.process.roles - move.roles)):
                self._refused(event, role, "move_role")
            role = min(move.roles)
            self._refused(event, role, "move_stale", expected=self.position.version + 1)
            if self.position.moved is not None:
                before = self.position.moved - SKEW - timedelta(seconds=1)
                self._refused(event, role, "clock_back", now=before)
            if PLATFORM in move.roles and self._too_early(move, running):
                self._refused(event, PLATFORM, "move_early")
            if self._overdue(running):
                for role in sorted(move.roles - {PLATFORM}):
                    self._refused(event, role, "move_overdue")

    def _refused(
        self, event: str, role: str, code: str,
        *, now: datetime | None = None, expected: int | None = None,
    ) -> None:  # fmt: skip
        try:
            self.process.advance(
                self.position, event, role,
                now=now or self.now, expected=expected, guards=self.guards, calendar=self.calendar,
            )  # fmt: skip
        except MoveRefused as error:
            self._owe(error.code == code, f"{event!r} was refused as {error.code}")
        else:
            self._owe(False, f"{event!r} by {role} should be refused as {code}")

    def _too_early(self, move: Move, running: tuple[Running, ...]) -> bool:
        ends = [one.due.at for one in running if one.deadline.event == move.event]
        return bool(ends) and self.now < min(ends)

    def _overdue(self, running: tuple[Running, ...]) -> bool:
        return any(one.due.at <= self.now for one in running)

    def _roles_now(self, move: Move, running: tuple[Running, ...]) -> list[str]:
        """The roles that can make a move at this moment, in order."""
        if self._over(move) or any(self.guards[name]() for name in move.guards):
            return []
        return [
            role
            for role in sorted(move.roles)
            if not (self._too_early(move, running) if role == PLATFORM else self._overdue(running))
        ]

    def _over(self, move: Move) -> bool:
        until = self.process.open_until(self.position, move, self.calendar)
        return until is not None and self.now >= until.at

    def _make(self, move: Move, role: str) -> None:
        done = self.process.advance(
            self.position, move.event, role,
            now=self.now, expected=self.position.version, guards=self.guards,
            calendar=self.calendar,
        )  # fmt: skip
        step = done.step
        self._owe(
            (step.event, step.source, step.target, step.effects)
            == (move.event, self.position.state, move.target, move.effects),
            f"{move.event!r} did not do what its row says",
        )
        self.log.append((step.event, step.source, step.target, role))
        self.position = done.position

    def _owe(self, kept: bool, broken: str) -> None:  # noqa: FBT001 - reads as assert does
        if not kept:
            way = " ".join(f"{source or 'new'} -{event}-> {target}" for event, source, target, _
                           in self.log)  # fmt: skip
            raise WalkFailed(f"{self.process.name}: {broken} (at {self.now}, after: {way})")


def walk(
    process: Process,
    random: Random,
    steps: int,
    guards: Mapping[str, Guard] | None = None,
    calendar: Calendar = CHINA_CALENDAR,
) -> Walk:
    """Walk one case at random, then lead it to an end. Raises WalkFailed.

    Guards that are not given hold or fail at random, and hold on the way to the end.
    """
    walked = Walk(process, random, guards or {}, calendar)
    for _ in range(steps):
        if not walked.step():
            break
    walked.lead(process.ends)
    return walked


def prove(
    process: Process,
    random: Random,
    steps: int = 12,
    guards: Mapping[str, Guard] | None = None,
    calendar: Calendar = CHINA_CALENDAR,
) -> int:
    """Lead a case to each state, walk on from there at random, lead it to an end.

    The same for the tables of its participants. The number of moves made. Raises WalkFailed.
    """
    moves = 0
    for state in process.states:
        walked = Walk(process, random, guards or {}, calendar)
        walked.lead({state})
        for _ in range(steps):
            if not walked.step():
                break
        walked.lead(process.ends)
        moves += len(walked.log)
    for parallel in process.parallels:
        moves += prove(parallel.table, random, steps, guards, calendar)
    return moves
