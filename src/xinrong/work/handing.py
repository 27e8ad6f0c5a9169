"""Who of a side does it: taking a case on, giving it back, handing it to a colleague."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xinrong.accounts.services import Membership, Viewer, of_organisations
from xinrong.domain.process import Step
from xinrong.work.enums import EventKind
from xinrong.work.errors import CaseRefused
from xinrong.work.models import Case, CaseSide
from xinrong.work.moving import By, lock, log, unknown
from xinrong.work.perms import can_move, side_of
from xinrong.work.telling import tell


def take(number: str, who: Viewer, *, over: int | None = None, now: datetime) -> Case:
    """Take a case on for the own side.

    `over`: the person from whom it is taken over, as the viewer sees it. Raises CaseRefused
    (case_taken) when somebody else has taken it on by now.
    """
    with transaction.atomic():
        case, sides, side = _own(number, who)
        if side.person_id == who.person_id:
            return case
        if side.person_id != over:
            raise CaseRefused(
                "somebody else has taken this on meanwhile",
                remedy="Load it again; you can take it over from them.",
                code="case_taken",
            )
        _give(case, sides, side, who, who.person_id, "take", now)
    return case


def give_back(number: str, who: Viewer, *, now: datetime) -> Case:
    """Let the case go to whoever of the own side takes it on next."""
    with transaction.atomic():
        case, sides, side = _own(number, who)
        if side.person_id is not None:
            _give(case, sides, side, who, None, "give_back", now)
    return case


def hand_over(number: str, who: Viewer, to: int, *, now: datetime) -> Case:
    """Hand the case to a colleague (id of the person) in the same role and organisation.

    Raises CaseRefused (case_role) for anybody else.
    """
    with transaction.atomic():
        case, sides, side = _own(number, who)
        if to not in {person for person, _ in colleagues(who)}:
            raise CaseRefused(
                "a case is handed to a colleague who has your role in your organisation",
                remedy="Choose one of those who are offered.",
                code="case_role",
            )
        if side.person_id != to:
            _give(case, sides, side, who, to, "hand_over", now)
    return case


def colleagues(who: Viewer) -> list[tuple[int, str]]:
    """The people, with their names, who have the viewer's role in its organisation."""
    if who.organisation_id is None:
        return []
    rows = of_organisations(Membership, who.organisation_id).filter(
        role=who.role, suspended_at=None, person__is_active=True
    )
    found = rows.select_related("person").order_by("person__name", "person_id")
    return [(row.person_id, str(row.person)) for row in found]


def _own(number: str, who: Viewer) -> tuple[Case, list[CaseSide], CaseSide]:
    case, sides = lock(number)
    side = side_of(who, sides)
    if side is None:
        raise unknown()
    if not can_move(who):
        raise CaseRefused("this is not for your role to do", code="case_role")
    if case.ended_at is not None:
        raise CaseRefused("this case is over", remedy="There is nothing to do.", code="case_ended")
    return case, sides, side


def _give(
    case: Case,
    sides: list[CaseSide],
    side: CaseSide,
    who: Viewer,
    person: int | None,
    event: str,
    now: datetime,
) -> None:
    side.person_id = person
    CaseSide.objects.filter(pk=side.pk).update(person=person)
    by = By(side.role, who.organisation_id, who.person_id)
    log(case, Step(event, case.state, case.state, side.role), by, "", now, side=side)
    if person is not None:
        tell(EventKind.TASK_ASSIGNED, case, [side, *(one for one in sides if one != side)], at=now)
