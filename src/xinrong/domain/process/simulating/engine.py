"""Cases of a process through a year, as events on a heap: arrivals, work done, clocks, sweeps.

The platform looks at its clocks every few minutes, as its worker does, and before it makes a
person's move; now and then its worker is down for hours. Everything is drawn from one seed.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import count
from math import ceil
from random import Random

from xinrong.domain.calendars import CHINA_CALENDAR, Calendar
from xinrong.domain.clock import midnight
from xinrong.domain.process.clocks import Alarm, AlarmKind
from xinrong.domain.process.moves import NEW, PLATFORM, Move, MoveRefused
from xinrong.domain.process.position import Position
from xinrong.domain.process.simulating.offices import Crew, Office
from xinrong.domain.process.simulating.results import (
    Simulated,
    Stay,
    missed_of,
    percentile,
    waits_of,
)
from xinrong.domain.process.table import Process

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
#: How long after the last arrival cases may take to end before they count as stuck.
PATIENCE = timedelta(days=730)
#: Moves after which a case is left alone: a round without an end shows as stuck.
MOST_MOVES = 500
#: Cases of which the work is measured before crews are supposed.
PILOT = 200


@dataclass(frozen=True)
class Assumptions:
    """What a simulation supposes beside the table.

    `crews`: the people of each role; others get one by `crews_for`. `withdraws` and `reopens` are
    shares of stays, `guards` the share of tries in which a guard holds. `participants` is how many
    act side by side at most, at least one. The worker looks every `sweep`; `outages` times a year
    it is down for `outage`.
    """

    first_day: date
    days: int = 365
    crews: Mapping[str, Crew] = field(default_factory=dict)
    mute: float = 0.05
    withdraws: float = 0.02
    reopens: float = 0.05
    guards: float = 0.85
    participants: int = 4
    sweep: timedelta = 5 * MINUTE
    outages: int = 6
    outage: timedelta = 8 * HOUR


@dataclass(eq=False)
class _Token:
    """A case, or a participant of one, where it stands."""

    process: Process
    case: _Token | None = None
    position: Position = field(default_factory=Position)
    stay: Stay | None = None
    parts: list[_Token] = field(default_factory=list)
    began: datetime | None = None
    ended: datetime | None = None

    @property
    def over(self) -> bool:
        return self.position.state in self.process.ends


@dataclass(frozen=True)
class _Work:
    """Something a role has to do about a token, in this visit of its state."""

    token: _Token
    role: str
    visit: int
    event: str = ""  # a withdrawal or a reopening, decided beforehand


class Simulation:
    """One run, with a crew for every role. `run` makes it."""

    def __init__(
        self,
        process: Process,
        cases: int,
        assumed: Assumptions,
        seed: int,
        calendar: Calendar = CHINA_CALENDAR,
    ) -> None:
        self.process, self.assumed, self.calendar = process, assumed, calendar
        self.random = Random(seed)  # noqa: S311 - it has to be repeatable, not secret
        self.begins = midnight(assumed.first_day)
        self.now = self.begins
        self.cases = [_Token(process) for _ in range(cases)]
        self.stays: list[Stay] = []
        self.moves = 0
        self.work: dict[str, float] = {}  # minutes of work given out, by role
        self._numbers = count()
        self._heap: list[tuple[datetime, int, object]] = []
        self._offices: dict[str, Office] = {}
        self._optional = {one.event for one in process.withdrawals} | {
            one.event for one in process.reopenings
        }
        span = timedelta(days=assumed.days)
        self._outages = sorted(self.begins + self.random.random() * span
                               for _ in range(assumed.outages))  # fmt: skip

    def run(self) -> Simulated:
        """Let all cases arrive and run until nothing happens any more."""
        span = timedelta(days=self.assumed.days)
        for case in self.cases:
            self._at(self.begins + self.random.random() * span, case)
        until = self.begins + span + PATIENCE
        while self._heap and self._heap[0][0] <= until:
            self.now, _, what = heapq.heappop(self._heap)
            self._happen(what)
        return self._result()

    def _happen(self, what: object) -> None:
        if isinstance(what, _Token):
            self._begin(what)
        elif isinstance(what, _Work):
            if self._wanted(what):
                self._act(what)
            self._next_work(what.role)
        elif isinstance(what, tuple):
            self._ring(*what)

    def _at(self, moment: datetime, what: object) -> None:
        heapq.heappush(self._heap, (moment, next(self._numbers), what))

    def _begin(self, token: _Token) -> None:
        """A case arrives, or a participant is sent in."""
        token.began = self.now
        first = [move for move in token.process.table if move.source == NEW]
        move = self.random.choice(first)
        self._make(token, move.event, min(move.roles))

    def _make(self, token: _Token, event: str, role: str) -> bool:
        """Make a move through the table itself; False when it refuses."""
        held = {name: str for move in token.process.table for name in move.guards}
        try:
            done = token.process.advance(
                token.position, event, role,
                now=self.now, expected=token.position.version, guards=held, calendar=self.calendar,
            )  # fmt: skip
        except MoveRefused:
            return False
        self.moves += 1
        visit = token.position.visit
        token.position = done.position
        if token.position.visit != visit:
            self._entered(token, event, role)
        return True

    def _entered(self, token: _Token, event: str, role: str) -> None:
        if token.stay is not None:
            token.stay.left, token.stay.event, token.stay.role = self.now, event, role
        self._close_parts(token)
        token.ended = self.now if token.over else None
        token.stay = None
        if not token.over:
            token.stay = Stay(
                token.process, token.position.state, self.now, dict(token.position.moments)
            )
            self.stays.append(token.stay)
            self._set_clocks(token)
            self._send_parts(token)
        if token.position.version < MOST_MOVES:
            self._give_out_work(token)
        if token.case is not None:
            self._join(token.case)

    def _set_clocks(self, token: _Token) -> None:
        for clock in token.process.running(token.position, self.calendar):
            for alarm in clock.alarms:
                self._at(self._swept(alarm.at), (token, token.position.visit, alarm))

    def _swept(self, moment: datetime) -> datetime:
        """When the worker notices a moment: at its next look, after an outage."""
        moment = max(moment, self.now)
        looks = -((self.begins - moment) // self.assumed.sweep)
        moment = self.begins + looks * self.assumed.sweep
        for began in self._outages:
            if began <= moment < began + self.assumed.outage:
                moment = began + self.assumed.outage
        return moment

    def _ring(self, token: _Token, visit: int, alarm: Alarm) -> None:
        if token.position.visit != visit or token.over or token.stay is None:
            return
        if alarm.kind is AlarmKind.REMINDER:
            token.stay.reminders += 1
        elif alarm.kind is AlarmKind.ESCALATION:
            token.stay.escalations += 1
        else:
            self._settle(token)

    def _settle(self, token: _Token) -> None:
        """Let the platform do first what a clock has made due: nobody slips in after the end.

        The clocks of the case come before those of its participants.
        """
        for one in (token.case, token):
            while one is not None and not one.over:
                event = one.process.overdue(one.position, self.now, self.calendar)
                if not event or not self._make(one, event, PLATFORM):
                    break

    def _send_parts(self, token: _Token) -> None:
        parallel = token.process.parallel_in(token.position.state)
        if parallel is None:
            return
        for _ in range(self.random.randint(1, self.assumed.participants)):
            token.parts.append(_Token(parallel.table, token))
        for part in tuple(token.parts):
            self._begin(part)

    def _close_parts(self, token: _Token) -> None:
        parts, token.parts = token.parts, []
        if token.stay is None or not parts:
            return
        parallel = token.process.parallel_in(token.stay.state)
        for part in parts:
            part.case = None
            if parallel is not None and parallel.close and not part.over:
                self._make(part, parallel.close, PLATFORM)

    def _join(self, case: _Token) -> None:
        parallel = case.process.parallel_in(case.position.state)
        states = [part.position.state for part in case.parts]
        if parallel is None or NEW in states:
            return
        event = parallel.outcome(states)
        if event:
            self._make(case, event, PLATFORM)

    def _give_out_work(self, token: _Token) -> None:
        state, visit = token.position.state, token.position.visit
        for role in sorted(token.process.actors(state)):
            moves = token.process.open_to(state, role)
            for move in moves:
                share = self.assumed.reopens if token.over else self.assumed.withdraws
                if move.event in self._optional and self.random.random() < share:
                    later = self.random.expovariate(1 / 3) * DAY
                    self._at(self.now + later, _Work(token, role, visit, move.event))
            if any(move.event not in self._optional for move in moves):
                crew = self._office(role).crew
                if self.random.random() >= crew.mute:
                    self._queue(_Work(token, role, visit))

    def _queue(self, work: _Work) -> None:
        office = self._office(work.role)
        minutes = self.random.expovariate(1 / office.crew.minutes)
        self.work[work.role] = self.work.get(work.role, 0.0) + minutes
        for done, begun in office.take(work, minutes, self.now):
            self._at(done, begun)

    def _next_work(self, role: str) -> None:
        for done, begun in self._office(role).free(self.now):
            self._at(done, begun)

    def _wanted(self, work: object) -> bool:
        assert isinstance(work, _Work)
        return work.token.position.visit == work.visit

    def _act(self, work: _Work) -> None:
        token = work.token
        self._settle(token)
        if not self._wanted(work):
            return
        if work.event:
            self._make(token, work.event, work.role)
            return
        move = self._choice(token, work.role)
        if move is not None:
            self._make(token, move.event, work.role)
        if self._wanted(work) and token.position.version < MOST_MOVES:
            self._queue(work)  # a note, or a guard that did not hold: tried again

    def _choice(self, token: _Token, role: str) -> Move | None:
        """What somebody of the role does: any of their moves whose guards hold this time."""
        moves = [
            move
            for move in token.process.open_to(token.position.state, role)
            if move.event not in self._optional
            and all(self.random.random() < self.assumed.guards for _ in move.guards)
        ]
        return self.random.choice(moves) if moves else None

    def _office(self, role: str) -> Office:
        if role not in self._offices:
            crew = self.assumed.crews[role]
            self._offices[role] = Office(crew, self.calendar, self._wanted)
        return self._offices[role]

    def _result(self) -> Simulated:
        lasted = sorted(
            (case.ended - case.began) / DAY
            for case in self.cases
            if case.ended is not None and case.began is not None
        )
        missed, silent, latest = missed_of(self.stays, self.calendar, self.now)
        ends: dict[str, int] = {}
        for case in self.cases:
            if case.over:
                ends[case.position.state] = ends.get(case.position.state, 0) + 1
        return Simulated(
            process=self.process.name,
            cases=len(self.cases),
            ended=len(lasted),
            stuck=len(self.cases) - len(lasted),
            moves=self.moves,
            median_days=round(percentile(lasted, 0.5), 2),
            p95_days=round(percentile(lasted, 0.95), 2),
            missed_deadlines=missed,
            missed_deadlines_without_escalation=silent,
            reminders=sum(stay.reminders for stay in self.stays),
            escalations=sum(stay.escalations for stay in self.stays),
            latest_h=latest,
            ends=dict(sorted(ends.items())),
            waits=waits_of(self.stays),
        )


def crews_for(
    process: Process,
    cases: int,
    assumed: Assumptions,
    seed: int = 1,
    calendar: Calendar = CHINA_CALENDAR,
) -> dict[str, Crew]:
    """The crew of each role: as given, else the one that it is supposed to have.

    Those who begin cases act each on their own, in a working day on average. The others share the
    work of their role, 30 minutes a piece, and are as many as it keeps busy for seven tenths of
    their hours: how much there is to do is seen in a few cases for which nobody has to wait.
    """
    roles = process.roles.union(*(one.table.roles for one in process.parallels)) - {PLATFORM}
    began_by = {role for move in process.table if move.source == NEW for role in move.roles}
    own = Crew(minutes=480, mute=assumed.mute, any_day=True)
    crews = {role: own if role in began_by else Crew(mute=assumed.mute) for role in roles}
    crews |= assumed.crews
    unsized = roles - began_by - set(assumed.crews)
    if not unsized:
        return crews
    pilot = Simulation(process, PILOT, replace(assumed, crews=crews), seed, calendar)
    pilot.run()
    for role in unsized:
        hours_of_one = assumed.days * 250 / 365 * crews[role].minutes_a_day
        work = pilot.work.get(role, 0.0) / PILOT * cases
        crews[role] = replace(crews[role], people=max(1, ceil(work / hours_of_one / 0.7)))
    return crews


def simulate(
    process: Process,
    cases: int,
    assumed: Assumptions,
    seed: int = 1,
    calendar: Calendar = CHINA_CALENDAR,
) -> Simulated:
    """Run cases of a process through a year. The same seed gives the same result.

    Raises ValueError for no case.
    """
    if cases < 1:
        raise ValueError("a simulation needs at least one case")
    crews = crews_for(process, cases, assumed, seed, calendar)
    return Simulation(process, cases, replace(assumed, crews=crews), seed, calendar).run()
