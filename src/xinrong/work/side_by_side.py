"""Several sides of a case that act side by side, each along a small table of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from xinrong.domain.calendars import Calendar
from xinrong.domain.process import NEW, PLATFORM, Position, Process
from xinrong.work.models import Case, CaseMove, CaseSide
from xinrong.work.places import COLUMNS, place, position_of, set_alarms


@dataclass(frozen=True)
class Own:
    """A move of a side along its own table: the table, and the state in which it stood."""

    table: Process
    before: str


def taking_part(sides: Iterable[CaseSide]) -> list[CaseSide]:
    """The sides that have a place of their own now."""
    return [side for side in sides if side.entered_at is not None]


def own_move(
    process: Process, case: Case, side: CaseSide, event: str, *, platform: bool = False
) -> Own | None:
    """Whether an event is one of the side's own table, where it stands."""
    parallel = process.parallel_in(case.state)
    if parallel is None or side.entered_at is None:
        return None
    role = PLATFORM if platform else side.role
    mine = {move.event for move in parallel.table.open_to(side.state, role)}
    return Own(parallel.table, side.state) if event in mine else None


def advance(
    own: Own,
    case: Case,
    side: CaseSide,
    event: str,
    expected: int | None,
    *,
    now: datetime,
    calendar: Calendar,
    platform: bool = False,
) -> None:
    """Move a side along its own table; the caller holds the row of the case."""
    role = PLATFORM if platform else side.role
    before = position_of(side)
    done = own.table.advance(before, event, role, now=now, expected=expected, calendar=calendar)
    _put(own.table, case, side, done.position, calendar)


def begin(
    process: Process, case: Case, sides: list[CaseSide], *, now: datetime, calendar: Calendar
) -> None:
    """Give each participant its place, in the state that the platform's own first move leads to.

    Where the table's first move is theirs to make, they stand before it. Participants are the
    sides in whose role the table has moves.
    """
    parallel = process.parallel_in(case.state)
    if parallel is None:
        return
    table = parallel.table
    first = table.open_to(NEW, PLATFORM)
    for side in sides:
        if side.role not in table.roles:
            continue
        position = Position(NEW, 0, 0, now, now)
        if first:
            step = table.step(NEW, first[0].event, PLATFORM)
            position = Position().after(step, now, table.kept)
        _put(table, case, side, position, calendar)


def close(
    process: Process,
    left: str,
    case: Case,
    sides: list[CaseSide],
    *,
    now: datetime,
    calendar: Calendar,
) -> None:
    """The case has left the state in which they acted: end those who have not, take the places."""
    parallel = process.parallel_in(left)
    if parallel is None:
        return
    part = taking_part(sides)
    for place_of in parallel.unended([side.state for side in part]):
        side = part[place_of]
        if parallel.close:
            step = parallel.table.step(side.state, parallel.close, PLATFORM)
            CaseMove.objects.create(
                case=case, side=side, event=step.event, source=step.source, target=step.target,
                role=PLATFORM, at=now,
            )  # fmt: skip
    for side in part:
        _put(parallel.table, case, side, Position(), calendar)


def _put(
    table: Process, case: Case, side: CaseSide, position: Position, calendar: Calendar
) -> None:
    entered = position.visit != side.visit or position.entered != side.entered_at
    moments = dict(side.moments)
    running = place(side, position, table, calendar)
    CaseSide.objects.filter(pk=side.pk).update(**{name: getattr(side, name) for name in COLUMNS})
    if entered or side.moments != moments:
        set_alarms(case, side, running, anew=entered)
