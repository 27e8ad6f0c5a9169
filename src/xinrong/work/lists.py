"""Cases as people find them: what waits for me, one case with its log, what was escalated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from xinrong.accounts.services import Viewer
from xinrong.domain.calendars import Calendar
from xinrong.domain.process import Move, Process, Running
from xinrong.work.calendars import calendar_here
from xinrong.work.handling import Handling, handling_of
from xinrong.work.models import Case, CaseAlarm, CaseMove, CaseSide
from xinrong.work.moving import unknown
from xinrong.work.perms import OPEN_ROLES, can_move, roles_on_sides, side_of
from xinrong.work.places import position_of


@dataclass(frozen=True)
class Doable:
    """What a viewer can do with a case now. `version` goes with it; `says` asks for words."""

    move: Move
    process: Process
    version: int
    says: bool


@dataclass(frozen=True)
class Seen:
    """A case as one side of it sees it.

    `running` are the clocks that run for the viewer's side, the first to end first.
    """

    case: Case
    side: CaseSide
    sides: tuple[CaseSide, ...]
    handling: Handling
    running: tuple[Running, ...]
    doable: tuple[Doable, ...]

    @property
    def process(self) -> Process:
        """The table of the case."""
        return self.handling.process


def sides_of(who: Viewer) -> QuerySet[CaseSide]:
    """The sides of cases on which a viewer stands."""
    mine = Q(organisation=who.organisation_id)
    if who.role in OPEN_ROLES:
        mine |= Q(organisation=None)
    if who.organisation_id is None:
        return CaseSide.objects.none()
    return CaseSide.objects.filter(mine, role__in=roles_on_sides(who))


def waiting_for(who: Viewer, *, taken: bool = False) -> QuerySet[CaseSide]:
    """The sides of cases that can act now, or were told of: the viewer's own, and nobody's yet.

    `taken`: those that a colleague has taken on as well.
    """
    found = sides_of(who).filter(Q(turn=True) | Q(told=True))
    if not taken:
        found = found.filter(Q(person=None) | Q(person=who.person_id))
    return found


def cases_of(who: Viewer) -> QuerySet[Case]:
    """Every case in which the viewer's side takes part, the last moved first."""
    mine = sides_of(who).values("case")
    return Case.objects.filter(pk__in=mine).order_by("-moved_at", "-pk")


def case_for(number: str, who: Viewer, *, calendar: Calendar | None = None) -> Seen:
    """A case for a viewer who takes part in it. Raises CaseRefused (case_unknown) else."""
    found = Case.objects.select_related("enterprise").filter(number=number).first()
    sides = [] if found is None else list(_sides(found))
    side = side_of(who, sides)
    if found is None or side is None:
        raise unknown()
    return seen(found, side, sides, who, calendar=calendar)


def _sides(case: Case) -> QuerySet[CaseSide]:
    rows = CaseSide.objects.filter(case=case).select_related("organisation", "person")
    return rows.order_by("pk")


def seen(
    case: Case,
    side: CaseSide,
    sides: list[CaseSide],
    who: Viewer,
    *,
    calendar: Calendar | None = None,
) -> Seen:
    """A case as a side sees it, from rows that are there."""
    handling = handling_of(case.process)
    running = running_of(case, side, calendar=calendar)
    return Seen(case, side, tuple(sides), handling, running, _doable(case, side, handling, who))


def running_of(
    case: Case, side: CaseSide, *, calendar: Calendar | None = None
) -> tuple[Running, ...]:
    """The clocks that run for a side of a case, the first to end first."""
    if case.ended_at is not None:
        return ()
    calendar = calendar or calendar_here()
    process = handling_of(case.process).process
    running = process.running(position_of(case), calendar)
    parallel = process.parallel_in(case.state)
    if parallel is None or side.entered_at is None:
        return running
    own = parallel.table.running(position_of(side), calendar)
    return tuple(sorted((*own, *running), key=lambda one: one.due.at))


def _doable(case: Case, side: CaseSide, handling: Handling, who: Viewer) -> tuple[Doable, ...]:
    if not can_move(who) or (side.person_id is not None and side.person_id != who.person_id):
        return ()
    process = handling.process
    parallel = process.parallel_in(case.state)
    found = []
    if parallel is not None and side.entered_at is not None:
        table = parallel.table
        found = [
            Doable(move, table, side.version, move.event in handling.asks)
            for move in table.open_to(side.state, side.role)
        ]
    own = {one.move.event for one in found}
    found += [
        Doable(move, process, case.version, move.event in handling.asks)
        for move in process.open_to(case.state, side.role)
        if move.event not in own
    ]
    return tuple(found)


def still_open(one: Doable, case: Case, *, now: datetime, calendar: Calendar | None = None) -> bool:
    """Whether the time in which a move can be made is not over."""
    until = one.process.open_until(position_of(case), one.move, calendar or calendar_here())
    return until is None or now < until.at


def log_of(case: Case) -> list[CaseMove]:
    """What happened in a case, the first first."""
    rows = CaseMove.objects.filter(case=case).select_related("organisation", "person")
    return list(rows.order_by("at", "pk"))


def fired_of(case: Case) -> list[CaseAlarm]:
    """The reminders and escalations that its clocks sent, the first first."""
    return list(CaseAlarm.objects.filter(case=case).exclude(fired_at=None).order_by("at", "pk"))
