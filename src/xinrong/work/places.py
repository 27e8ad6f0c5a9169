"""Between the columns of a row and `domain.process.Position`, and the clocks that run there."""

from __future__ import annotations

from datetime import datetime

from xinrong.domain.calendars import Calendar
from xinrong.domain.process import Position, Process, Running
from xinrong.work.models import Case, CaseAlarm, CaseSide

COLUMNS = ("state", "version", "visit", "entered_at", "moved_at", "moments", "due_at")


def position_of(row: Case | CaseSide) -> Position:
    """Where a case, or a side of it, stands."""
    moments = {name: datetime.fromisoformat(at) for name, at in row.moments.items()}
    return Position(row.state, row.version, row.visit, row.entered_at, row.moved_at, moments)


def place(
    row: Case | CaseSide, position: Position, process: Process, calendar: Calendar
) -> tuple[Running, ...]:
    """Put a row where it stands now, unsaved; the clocks that run there."""
    running = () if position.state in process.ends else process.running(position, calendar)
    row.state = position.state
    row.version = position.version
    row.visit = position.visit
    row.entered_at = position.entered
    row.moved_at = position.moved
    row.moments = {name: at.isoformat() for name, at in position.moments.items()}
    row.due_at = running[0].due.at if running else None
    return running


def set_alarms(
    case: Case, side: CaseSide | None, running: tuple[Running, ...], *, anew: bool
) -> None:
    """The alarms of the clocks that run now, in place of those that have not been fired.

    `anew`: a state was entered, so that none of them can have been fired.
    """
    mine = CaseAlarm.objects.filter(case=case, side=side)
    mine.filter(fired_at=None).delete()
    wanted = [(clock, alarm) for clock in running for alarm in clock.alarms]
    fired: set[str] = set()
    if wanted and not anew:
        names = [alarm.key for _, alarm in wanted]
        fired = set(mine.filter(name__in=names).values_list("name", flat=True))
    CaseAlarm.objects.bulk_create(
        CaseAlarm(
            case=case,
            side=side,
            name=alarm.key,
            deadline=clock.deadline.name,
            kind=alarm.kind,
            role=alarm.role,
            at=alarm.at,
            due_at=clock.due.at,
            source=str(clock.deadline.source)[:200],
            provisional=clock.due.provisional,
        )
        for clock, alarm in wanted
        if alarm.key not in fired
    )


def fired_names(case: Case) -> set[str]:
    """The names of the case's own alarms that have been fired."""
    mine = CaseAlarm.objects.filter(case=case, side=None).exclude(fired_at=None)
    return set(mine.values_list("name", flat=True))
