"""Opening a case and moving it: one transaction for the state, the log, the clocks and the events.

Whoever moves holds the row of the case from the first look, and names the version that they had
before their eyes: of two moves at once one wins, the other is told that the case was moved.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q

from xinrong.accounts.services import Viewer
from xinrong.domain.calendars import Calendar
from xinrong.domain.process import PLATFORM, Guard, MoveRefused, Process, Step
from xinrong.store.services import answers
from xinrong.work import side_by_side, writing
from xinrong.work.calendars import calendar_here
from xinrong.work.errors import CaseRefused
from xinrong.work.handling import Handling, handling_of
from xinrong.work.models import Case, CaseMove, CaseSide
from xinrong.work.perms import can_move, side_of
from xinrong.work.places import fired_names, place, position_of
from xinrong.work.telling import moved

#: Characters of what somebody says with a move.
LONGEST_TEXT = 2000


@dataclass(frozen=True)
class By:
    """Who moves: a side of the case and a person on it, or the platform by its clock."""

    role: str
    organisation: int | None = None
    person: int | None = None


THE_PLATFORM = By(PLATFORM)


def open_case(
    process: str,
    event: str,
    who: Viewer | None,
    *,
    sides: Mapping[str, Iterable[int | None]],
    now: datetime,
    enterprise: int | None = None,
    data: Mapping[str, Any] | None = None,
    text: str = "",
    moments: Mapping[str, datetime] | None = None,
    calendar: Calendar | None = None,
) -> Case:
    """Begin a case of a process by `event`.

    `sides`: role -> the organisations (ids) that take part in that role; None: whoever has that
    role on the platform. Whoever opens it stands on one of them; None is the platform itself.
    `moments` are those of the process's table at which its clocks start or end. Raises
    CaseRefused, MoveRefused.
    """
    handling, calendar = handling_of(process), calendar or calendar_here()
    with transaction.atomic():
        case = Case(
            number=secrets.token_hex(16),
            process=process,
            enterprise_id=enterprise,
            data=dict(data or {}),
            opened_at=now,
            moments=_kept(moments),
        )
        case.save()
        rows = [
            CaseSide(case=case, role=role, organisation_id=organisation)
            for role, organisations in sides.items()
            for organisation in sorted(set(organisations), key=lambda one: one or 0)
        ]
        for row in rows:  # one by one: they need their ids, and there are few
            row.save()
        by = THE_PLATFORM if who is None else _by(who, rows)
        _advance(handling, case, rows, event, by, text, now=now, calendar=calendar, expected=0)
    return case


def move(
    number: str,
    event: str,
    who: Viewer,
    *,
    version: int | None,
    now: datetime,
    text: str = "",
    data: Mapping[str, Any] | None = None,
    moments: Mapping[str, datetime] | None = None,
    calendar: Calendar | None = None,
) -> Case:
    """Move a case; `version` is the one that whoever moves has before their eyes, None for none.

    While several act side by side it is that of the own side, for a move of their own table.
    `data` is merged into the case's, `moments` into those of its clocks. Raises CaseRefused
    (case_unknown for a case in which the viewer takes no part, word for word as for none),
    MoveRefused (move_stale, move_role, …;
    move_overdue: a clock had run out, and what that makes happen has happened now).
    """
    calendar = calendar or calendar_here()
    try:
        return _move(number, event, who, version, now, text, data, moments, calendar)
    except MoveRefused as refused:
        if refused.code == "move_overdue":
            from xinrong.work.clocks import ring_case  # which knows this module

            ring_case(number, now, calendar=calendar)
        raise


def _move(
    number: str,
    event: str,
    who: Viewer,
    version: int | None,
    now: datetime,
    text: str,
    data: Mapping[str, Any] | None,
    moments: Mapping[str, datetime] | None,
    calendar: Calendar,
) -> Case:
    with transaction.atomic():
        case, sides = lock(number)
        side = side_of(who, sides)
        if side is None:
            raise unknown()
        by = _by(who, sides)
        if side.person_id is not None and side.person_id != who.person_id:
            raise CaseRefused(
                "a colleague has taken this on",
                remedy="Take it over first, or leave it to them.",
                code="case_taken",
            )
        handling = handling_of(case.process)
        if data:
            case.data = {**case.data, **data}
            Case.objects.filter(pk=case.pk).update(data=case.data)
        case.moments = {**case.moments, **_kept(moments)}  # written with the move
        own = side_by_side.own_move(handling.process, case, side, event)
        if own is None:
            _advance(
                handling, case, sides, event, by, text, now=now, calendar=calendar, expected=version
            )
        else:
            said = _said(handling, event, text)
            side_by_side.advance(own, case, side, event, version, now=now, calendar=calendar)
            log(case, Step(event, own.before, side.state, side.role), by, said, now, side=side)
            _joined(handling, case, sides, now, calendar)
    return case


def _kept(moments: Mapping[str, datetime] | None) -> dict[str, str]:
    """Moments as the row keeps them."""
    return {name: at.isoformat() for name, at in (moments or {}).items()}


def move_by_clock(case: Case, sides: list[CaseSide], event: str, *, now: datetime,
                  calendar: Calendar) -> None:  # fmt: skip
    """The platform's own move of a case whose row the caller holds. Raises MoveRefused."""
    handling = handling_of(case.process)
    _advance(handling, case, sides, event, THE_PLATFORM, "", now=now, calendar=calendar)


def move_as_platform(
    number: str, event: str, *, now: datetime, calendar: Calendar | None = None
) -> Case:
    """The platform's own move of a case, where its table allows one without waiting for a clock.

    Raises CaseRefused, MoveRefused.
    """
    with transaction.atomic():
        case, sides = lock(number)
        move_by_clock(case, sides, event, now=now, calendar=calendar or calendar_here())
    return case


def move_side_by_clock(case: Case, sides: list[CaseSide], side: CaseSide, event: str, *,
                       now: datetime, calendar: Calendar) -> None:  # fmt: skip
    """The platform's own move of one that acts side by side. Raises MoveRefused."""
    handling = handling_of(case.process)
    own = side_by_side.own_move(handling.process, case, side, event, platform=True)
    if own is None:
        raise MoveRefused(f"{case.process}: nobody waits for {event!r} any more", code="move_stale")
    side_by_side.advance(own, case, side, event, None, now=now, calendar=calendar, platform=True)
    log(case, Step(event, own.before, side.state, PLATFORM), THE_PLATFORM, "", now, side=side)
    _joined(handling, case, sides, now, calendar)


def lock(number: str | None = None, *, case: int | None = None) -> tuple[Case, list[CaseSide]]:
    """A case, whose row is held until the transaction ends, and its sides. Raises CaseRefused."""
    wanted = Q(number=number) if case is None else Q(pk=case)
    found = Case.objects.select_for_update().filter(wanted).first()
    if found is None:
        raise unknown()
    return found, list(CaseSide.objects.filter(case=found).order_by("pk"))


def unknown() -> CaseRefused:
    """There is none, or none for this viewer: nobody learns which."""
    return CaseRefused(
        "there is no such case for you",
        remedy="Look for it in your inbox.",
        code="case_unknown",
    )


def log(
    case: Case, step: Step, by: By, text: str, now: datetime, *, side: CaseSide | None = None
) -> None:
    """The row of the log of a move."""
    CaseMove.objects.create(
        case=case,
        side=side,
        version=case.version if side is None else None,
        event=step.event,
        source=step.source,
        target=step.target,
        role=by.role,
        organisation_id=by.organisation,
        person_id=by.person,
        text=text,
        at=now,
    )


def _by(who: Viewer, sides: list[CaseSide]) -> By:
    side = side_of(who, sides)
    if side is None or not can_move(who):
        raise CaseRefused(
            "this is not for your role to do",
            remedy="A person of the side whose turn it is does it, in their own name.",
            code="case_role",
        )
    return By(side.role, who.organisation_id, who.person_id)


def _said(handling: Handling, event: str, text: str) -> str:
    """What was said with a move, trimmed. Raises CaseRefused where it is missing or too long."""
    said = "\n".join(" ".join(line.split()) for line in text.strip().splitlines()).strip()
    if len(said) > LONGEST_TEXT:
        raise CaseRefused(
            f"the text has {len(said)} characters, more than {LONGEST_TEXT}",
            remedy="Say it shorter.",
            code="case_text",
        )
    if event in handling.asks and not said:
        raise CaseRefused(
            "this step needs a few words", remedy=handling.asks[event].en, code="case_text"
        )
    return said


def _advance(
    handling: Handling,
    case: Case,
    sides: list[CaseSide],
    event: str,
    by: By,
    text: str,
    *,
    now: datetime,
    calendar: Calendar,
    expected: int | None = None,
) -> None:
    """Move the case itself and write all that follows from it."""
    process, before = handling.process, position_of(case)
    said = _said(handling, event, text) if by.role != PLATFORM else text
    guards: dict[str, Guard] = {
        name: partial(guard, case, now) for name, guard in handling.guards.items()
    }
    done = process.advance(
        before, event, by.role, now=now, expected=expected, guards=guards, calendar=calendar
    )
    running = place(case, done.position, process, calendar)
    entered = case.visit != before.visit
    case.ended_at = now if case.state in process.ends else None
    writes = [
        writing.case_moved(case, before.version), writing.logged(case, done.step, by, said, now)
    ]  # fmt: skip
    if entered or done.position.moments != before.moments:
        fired = set() if entered else fired_names(case)
        writes += [writing.alarms_gone(case), *writing.alarms_set(case, running, fired)]
    if entered:
        side_by_side.close(process, before.state, case, sides, now=now, calendar=calendar)
        side_by_side.begin(process, case, sides, now=now, calendar=calendar)
        writes.append(writing.turns_given(case, turns_of(process, case, sides)))
    writes += moved(case, sides, done.step.effects, at=now)
    if not answers("default", *writes)[0]:
        raise MoveRefused(
            "this was moved by somebody else meanwhile",
            remedy="Load it again and look at what happened before you act.",
            code="move_stale",
        )


def turns_in(process: Process, state: str) -> frozenset[str]:
    """The roles that are waited for in a state.

    Not those who could only withdraw or reopen it, or add something without moving it on.
    """
    if state in process.ends:
        return frozenset()
    onward = (one for one in process.moves if one.source == state != one.target)
    return frozenset(role for move in onward for role in move.roles) - {PLATFORM}


def turns_of(process: Process, case: Case, sides: list[CaseSide]) -> list[int]:
    """The sides whose turn it is now, by their ids; the rows that are held know it, too.

    What was escalated before is over with the state.
    """
    parallel = process.parallel_in(case.state)
    acting = turns_in(process, case.state)
    turns = []
    for side in sides:
        own = parallel is not None and side.entered_at is not None
        side.turn = side.role in acting or (
            own and parallel is not None and side.role in turns_in(parallel.table, side.state)
        )
        side.told = False
        if side.turn:
            turns.append(side.pk)
    return turns


def _joined(
    handling: Handling, case: Case, sides: list[CaseSide], now: datetime, calendar: Calendar
) -> None:
    """Go on where enough of those who act side by side have ended."""
    parallel = handling.process.parallel_in(case.state)
    if parallel is None:
        return
    event = parallel.outcome([side.state for side in side_by_side.taking_part(sides)])
    if event:
        _advance(handling, case, sides, event, THE_PLATFORM, "", now=now, calendar=calendar)
        return
    turns = turns_of(handling.process, case, sides)
    answers("default", writing.turns_given(case, turns), *moved(case, sides, (), at=now))
