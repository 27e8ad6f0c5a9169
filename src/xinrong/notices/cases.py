"""What becomes of cases, as the outbox hands it over: whom each event is told to.

Whoever can act now is told that a case waits, and each clock's end; the people of the enterprise
that it is about are told what becomes of it. Sides are read as they stand when the event arrives:
nobody is told to act who no longer can.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from xinrong.notices.kinds import holds_while
from xinrong.notices.models import Notice
from xinrong.notices.people import Recipient, people_in, person_in
from xinrong.notices.telling import notify
from xinrong.work.services import SUPERVISES, CaseSide, Event, receives

#: Roles of the platform itself: a side without an organisation is open to whoever has one.
OPEN_ROLES = frozenset({"operator"})
#: Role of a side -> the role of whoever stands on it as the one who manages the organisation.
SUPERVISED = {above: role for role, above in SUPERVISES.items()}


@receives("case_opened", "case_moved", name="notices.case_moved")
def case_moved(event: Event) -> None:
    """A case came or moved on: it waits for some, and the enterprise's people learn that it did."""
    waiting = people_of(_sides(event).filter(turn=True))
    _tell("case_waiting", waiting, event)
    known = {one.person for one in waiting}
    _tell(event.kind, [one for one in _enterprise(event) if one.person not in known], event)


@receives("task_assigned", name="notices.task_assigned")
def task_assigned(event: Event) -> None:
    """Somebody was given a case to see to."""
    given = _sides(event).filter(person=event.about.get("person")).exclude(person=None)
    _tell("task_assigned", people_of(given), event)


@receives("deadline_near", name="notices.deadline_near")
def deadline_near(event: Event) -> None:
    """A clock is about to run out for those whom the event names."""
    meant = Q(role__in=event.about.get("roles") or ())
    where = Q(organisation=None) | Q(organisation__in=event.about.get("organisations") or ())
    _tell("deadline_near", people_of(_sides(event).filter(meant & where)), event)


@receives("escalated", name="notices.escalated")
def escalated(event: Event) -> None:
    """A clock has run out: whoever watches over it is told, and whoever was to act."""
    _tell("escalated", people_of(_sides(event)), event)


@receives("case_ended", name="notices.case_ended")
def case_ended(event: Event) -> None:
    """A case is over: the enterprise's people are told, and whoever had taken it on."""
    had = CaseSide.objects.filter(case=event.about["case"]).exclude(person=None)
    _tell("case_ended", [*_enterprise(event), *people_of(had)], event)


def people_of(sides: Iterable[CaseSide]) -> list[Recipient]:
    """Of each side the person who has taken it on, else everybody who may."""
    found: list[Recipient] = []
    for side in sides:
        where = None if side.organisation_id is None else [side.organisation_id]
        if side.person_id is not None:
            own = person_in(side.person_id, where)
            found += [one for one in own if one.role in (side.role, SUPERVISED.get(side.role))]
        elif side.role in SUPERVISED:
            found += people_in((SUPERVISED[side.role],), where, managers=True)
        elif where is not None or side.role in OPEN_ROLES:
            found += people_in((side.role,), where)
    return found


@holds_while("case_waiting", "task_assigned", "deadline_near", "escalated")
def still_waits(notice: Notice, _now: datetime) -> bool:
    """Nobody is told to act on what a colleague has taken on, or what waits no more."""
    mine = Q(organisation=notice.organisation_id) | Q(organisation=None)
    free = Q(person=None) | Q(person=notice.person_id)
    roles = (notice.role, SUPERVISES.get(notice.role, ""))
    sides = CaseSide.objects.filter(mine, free, case__number=notice.reference, role__in=roles)
    return sides.filter(Q(turn=True) | Q(told=True)).exists()


def _sides(event: Event) -> QuerySet[CaseSide]:
    """The sides that can act now, or that a clock was escalated to."""
    open_ones = Q(turn=True) | Q(told=True)
    return CaseSide.objects.filter(open_ones, case=event.about["case"]).order_by("pk")


def _enterprise(event: Event) -> list[Recipient]:
    mine = event.about.get("enterprise_organisation")
    return people_in(("representative",), [mine]) if mine else []


def _tell(kind: str, people: list[Recipient], event: Event) -> None:
    if people:
        notify(
            kind,
            people,
            path=str(event.about["path"]),
            key=f"event:{event.id}",
            at=event.at,
            reference=str(event.about["number"])[:64],
            label=str(event.about["process"]),
        )
