"""Clocks of cases: reminders, escalations and ends, each fired once.

An alarm is fired in the transaction of what it does, under the lock of its case: however many
workers look, and whatever the clock says afterwards, it does not happen again.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import DatabaseError, transaction

from xinrong.domain.calendars import Calendar
from xinrong.domain.process import AlarmKind, MoveRefused, Process
from xinrong.work.calendars import calendar_here
from xinrong.work.enums import EventKind
from xinrong.work.handling import handling_of
from xinrong.work.models import Case, CaseAlarm, CaseSide
from xinrong.work.moving import lock, move_by_clock, move_side_by_clock
from xinrong.work.places import position_of, set_alarms
from xinrong.work.telling import tell

logger = logging.getLogger(__name__)
#: Who is told when the end of a clock cannot do what it is for.
LAST_RESORT = "operator"
#: Refusals after which the next look tries again: somebody was quicker, or the clock is wrong.
AGAIN = frozenset({"move_stale", "clock_back"})
#: The clock ends later than when its alarm was written: more is known of working days by now.
LATER = "move_early"


def tick(now: datetime, *, calendar: Calendar | None = None, at_most: int = 10_000) -> int:
    """Fire what is due; how many alarms. Each is looked at once in a run."""
    done, calendar = 0, calendar or calendar_here()
    for alarm in _due(now, at_most):
        try:
            done += _fire(alarm, now, calendar)
        except DatabaseError:
            logger.exception("alarm %s of case %s could not be fired yet", alarm.pk, alarm.case_id)
    return done


def ring_case(number: str, now: datetime, *, calendar: Calendar | None = None) -> int:
    """Fire what is due in one case, before somebody moves it; how many alarms."""
    calendar = calendar or calendar_here()
    waiting = CaseAlarm.objects.filter(case__number=number, at__lte=now, fired_at=None)
    return sum(_fire(alarm, now, calendar) for alarm in waiting.order_by("at", "pk"))


def _due(now: datetime, at_most: int) -> list[CaseAlarm]:
    waiting = CaseAlarm.objects.filter(at__lte=now, fired_at=None)
    return list(waiting.order_by("at", "pk")[:at_most])


def _fire(alarm: CaseAlarm, now: datetime, calendar: Calendar) -> bool:
    """Fire one alarm, whatever has become of its case meanwhile; whether it was fired here."""
    try:
        with transaction.atomic():
            case, sides = lock(case=alarm.case_id)
            mine = CaseAlarm.objects.filter(pk=alarm.pk, fired_at=None)
            if not mine.update(fired_at=now):
                return False  # another worker did, or the case has moved on
            _ring(alarm, case, sides, now, calendar)
    except MoveRefused as refused:
        if refused.code == LATER:
            _recount(alarm.case_id, calendar)
            return False
        if refused.code in AGAIN:
            return False
        _could_not(alarm, refused, now)
    return True


def _ring(
    alarm: CaseAlarm, case: Case, sides: list[CaseSide], now: datetime, calendar: Calendar
) -> None:
    """Do what an alarm is for, in the caller's transaction. Raises MoveRefused."""
    side = next((one for one in sides if one.pk == alarm.side_id), None)
    if alarm.kind == AlarmKind.REMINDER:
        tell(EventKind.DEADLINE_NEAR, case, [side] if side else sides, at=now)
    elif alarm.kind == AlarmKind.ESCALATION:
        _tell_above(case, sides, alarm.role, now)
    else:
        process = handling_of(case.process).process
        parallel = process.parallel_in(case.state)
        if side is None:
            event = _event_of(process, alarm)
            move_by_clock(case, sides, event, now=now, calendar=calendar)
        elif parallel is not None:
            event = _event_of(parallel.table, alarm)
            move_side_by_clock(case, sides, side, event, now=now, calendar=calendar)


def _event_of(process: Process, alarm: CaseAlarm) -> str:
    """What the end of a clock makes happen. Raises MoveRefused for a clock of an older table."""
    for one in process.deadlines:
        if one.name == alarm.deadline:
            return one.event
    raise MoveRefused(f"{process.name}: no clock is called {alarm.deadline}", code="move_unknown")


def _tell_above(case: Case, sides: list[CaseSide], role: str, now: datetime) -> None:
    """Put the case before a role that watches over it, and tell it."""
    above = [one for one in sides if one.role == role]
    if not above:
        above = [CaseSide.objects.create(case=case, role=role)]
    for one in above:
        one.told = True
    CaseSide.objects.filter(pk__in=[one.pk for one in above]).update(told=True)
    tell(EventKind.ESCALATED, case, [*sides, *(one for one in above if one not in sides)], at=now)


def _could_not(alarm: CaseAlarm, refused: MoveRefused, now: datetime) -> None:
    """The end of a clock was refused: people are told, and nothing is tried over and over."""
    with transaction.atomic():
        case, sides = lock(case=alarm.case_id)
        mine = CaseAlarm.objects.filter(pk=alarm.pk, fired_at=None)
        if mine.update(fired_at=now, problem=f"{refused.code}: {refused}"[:500]):
            logger.error("the clock %s of case %s: %s", alarm.name, case.number, refused)
            _tell_above(case, sides, LAST_RESORT, now)


def recount(*, calendar: Calendar | None = None, at_most: int = 100_000) -> int:
    """Count provisional clocks again, now that more is known of working days; of how many cases.

    What was fired stays fired.
    """
    calendar = calendar or calendar_here()
    waiting = CaseAlarm.objects.filter(provisional=True, fired_at=None)
    cases = sorted(set(waiting.values_list("case_id", flat=True)[:at_most]))
    for number in cases:
        _recount(number, calendar)
    return len(cases)


def recount_when_changed() -> int:
    """`recount`, unless this program did it by the same calendar already; of how many cases."""
    calendar = calendar_here()
    if _counted_by == [calendar]:
        return 0
    done = recount(calendar=calendar)
    _counted_by[:] = [calendar]
    return done


#: The calendar by which this program counted everything provisional last: one, or none yet.
_counted_by: list[Calendar] = []


def _recount(number: int, calendar: Calendar) -> None:
    """Count the clocks of a case again."""
    with transaction.atomic():
        case, sides = lock(case=number)
        if case.ended_at is not None:
            return
        process = handling_of(case.process).process
        _count_again(case, None, process, calendar)
        parallel = process.parallel_in(case.state)
        for side in sides:
            if parallel is not None and side.entered_at is not None:
                _count_again(case, side, parallel.table, calendar)


def _count_again(case: Case, side: CaseSide | None, process: Process, calendar: Calendar) -> None:
    row = side or case
    ended = row.state in process.ends
    running = () if ended else process.running(position_of(row), calendar)
    row.due_at = running[0].due.at if running else None
    type(row)._default_manager.filter(pk=row.pk).update(due_at=row.due_at)  # noqa: SLF001
    set_alarms(case, side, running, anew=False)
