"""Who manages an organisation sees its people, changes their roles and ends them at once.

A bank's managers manage its outlets as well. Every verb asks the database whether the manager
still is one, inside the transaction that does the work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from xinrong.accounts.enums import ROLES_OF
from xinrong.accounts.errors import PeopleRefused, refused
from xinrong.accounts.events import What, note
from xinrong.accounts.models import AccountEvent, Membership, Organisation
from xinrong.accounts.scoping import of_organisations
from xinrong.accounts.types import Viewer
from xinrong.store import services as store

#: The journal's name for the decision to end a role, or the right to manage.
ROLE_ENDED = "role_ended"


@dataclass(frozen=True)
class Managing:
    """Who manages, checked against the database: what the verbs of managing work for."""

    person_id: int
    organisations: tuple[int, ...]  # the own one first, then the outlets of a bank


def managing(viewer: Viewer) -> Managing:
    """That this viewer manages the organisation acted for. Raises PeopleRefused (denied).

    In a support session and with an API key nobody manages anything.
    """
    number, person = viewer.organisation_id, viewer.person_id
    if number is None or person is None or viewer.support_id is not None or viewer.key_id:
        raise not_manager()
    if not manages(person, [number]):
        raise not_manager()
    outlets = Organisation.objects.filter(parent_id=number, closed_at=None).order_by("name")
    return Managing(person, (number, *outlets.values_list("pk", flat=True)))


def manages(person: int, organisations: Sequence[int]) -> bool:
    """Whether the person manages one of these organisations now."""
    return (
        of_organisations(Membership, *organisations)
        .filter(person_id=person, person__is_active=True, manages=True, suspended_at=None)
        .exists()
    )


def not_manager() -> PeopleRefused:
    """The same words whether an organisation is absent, foreign or not managed."""
    return refused(
        "denied",
        "您不负责管理该机构的人员。",
        "you do not manage the people of this organisation",
        "请联系该机构的管理人员。",
        "Ask somebody who does.",
    )


def people_unknown() -> PeopleRefused:
    """The same words for a role that is absent and for one of another organisation."""
    return refused(
        "unknown_member",
        "没有这名人员。",
        "there is no such person here",
        "请在人员名单中查看。",
        "See the list of people.",
    )


def managed(who: Managing) -> list[Organisation]:
    """The organisations managed, the own one first."""
    found = Organisation.objects.in_bulk(who.organisations)
    return [found[number] for number in who.organisations if number in found]


def people_of(who: Managing, text: str = "") -> QuerySet[Membership]:
    """The roles in the organisations managed, by organisation and name; `text` narrows them."""
    found = of_organisations(Membership, *who.organisations)
    if text:
        named = Q(person__name__icontains=text) | Q(person__email__icontains=text)
        found = found.filter(named | Q(organisation__name__icontains=text))
    joined = found.select_related("person", "organisation")
    bank_first = F("organisation__parent_id").asc(nulls_first=True)
    return joined.order_by(bank_first, "organisation__name", "person__email", "pk")


def member_of(who: Managing, number: int) -> Membership:
    """One role in the organisations managed. Raises PeopleRefused (unknown_member)."""
    found = of_organisations(Membership, *who.organisations).filter(pk=number)
    member = found.select_related("person", "organisation").first()
    if member is None:
        raise people_unknown()
    return member


def events_of(who: Managing) -> QuerySet[AccountEvent]:
    """What was done in the organisations managed, the newest first."""
    return events_about(*who.organisations)


def events_about(*organisations: int) -> QuerySet[AccountEvent]:
    """What was done about people, keys and support of these, the newest first."""
    found = of_organisations(AccountEvent, *organisations)
    return found.select_related("actor", "organisation").order_by("-at", "-pk")


def change_role(
    viewer: Viewer, number: int, role: str, *, manages: bool, now: datetime
) -> Membership:
    """Give another role, or the right to manage; what is taken away by it ends at once.

    Raises PeopleRefused: not a manager, no such person, no such role in that kind of
    organisation, or oneself as the last manager.
    """
    with transaction.atomic():
        who, member = _locked(viewer, number)
        if role not in ROLES_OF[member.organisation.kind]:
            raise role_not_of_kind(member.organisation)
        if member.manages and not manages:
            _check_not_last(member, who)
        _change(member, role, manages=manages, by=who.person_id, now=now)
    return member


def end_role(viewer: Viewer, number: int, *, now: datetime) -> None:
    """The person acts for the organisation no more, from the moment this commits.

    Raises PeopleRefused: not a manager, no such person, or oneself as the last manager.
    """
    with transaction.atomic():
        who, member = _locked(viewer, number)
        if member.manages:
            _check_not_last(member, who)
        _end(member, by=who.person_id, now=now)


def change_role_as_platform(
    organisation: Organisation, email: str, role: str, *, manages: bool, now: datetime
) -> Membership:
    """The same from the command line, for an organisation that can no longer help itself.

    Raises PeopleRefused: no such person, no such role in that kind of organisation.
    """
    with transaction.atomic():
        member = _locked_by_address(organisation, email)
        if role not in ROLES_OF[organisation.kind]:
            raise role_not_of_kind(organisation)
        _change(member, role, manages=manages, by=None, now=now)
    return member


def end_role_as_platform(organisation: Organisation, email: str, *, now: datetime) -> None:
    """The same from the command line. Raises PeopleRefused: no such person."""
    with transaction.atomic():
        _end(_locked_by_address(organisation, email), by=None, now=now)


def described(role: str, *, manages: bool) -> str:
    """A role as the log names it."""
    return f"{role} + manages" if manages else role


def role_not_of_kind(organisation: Organisation) -> PeopleRefused:
    """That the organisation has no such role."""
    return refused(
        "role_not_of_kind",
        "该机构没有这一角色。",
        f"{organisation.name} is a {organisation.kind} and has no such role",
        "请从列出的角色中选择。",
        f"Choose from: {', '.join(ROLES_OF[organisation.kind])}.",
    )


def _locked(viewer: Viewer, number: int) -> tuple[Managing, Membership]:
    """The manager and the member, with the organisations held: two decisions wait in line."""
    own = [one for one in (viewer.organisation_id,) if one is not None]
    list(Organisation.objects.select_for_update().filter(pk__in=own).order_by("pk"))
    who = managing(viewer)
    member = member_of(who, number)
    list(Organisation.objects.select_for_update().filter(pk=member.organisation_id))
    return who, member_of(who, number)


def _check_not_last(member: Membership, who: Managing) -> None:
    """Nobody takes the right to manage from himself while no other manager is left."""
    if member.person_id != who.person_id or member.organisation_id != who.organisations[0]:
        return
    others = of_organisations(Membership, member.organisation_id).filter(
        manages=True, suspended_at=None, person__is_active=True
    )
    if not others.exclude(pk=member.pk).exists():
        raise refused(
            "last_manager",
            "您是该机构唯一的管理人员。",
            "you are the last one who manages this organisation",
            "请先让另一人负责管理，再结束自己的角色。",
            "Let somebody else manage it first.",
        )


def _locked_by_address(organisation: Organisation, email: str) -> Membership:
    rows = of_organisations(Membership, organisation.pk).select_for_update(of=("self",))
    address = email.strip().lower()
    found = rows.select_related("person", "organisation").filter(person__email=address).first()
    if found is None:
        raise people_unknown()
    return found


def _change(member: Membership, role: str, *, manages: bool, by: int | None, now: datetime) -> None:
    if (member.role, member.manages) == (role, manages):
        return
    if member.role != role or (member.manages and not manages):
        _journal(member, now, manages_only=member.role == role)
    before = described(member.role, manages=member.manages)
    member.role, member.manages = role, manages
    member.save(update_fields=["role", "manages"])
    detail = f"{before} → {described(role, manages=manages)}"
    email = member.person.email
    note(member.organisation_id, What.ROLE_CHANGED, email, now=now, actor=by, detail=detail)


def _end(member: Membership, *, by: int | None, now: datetime) -> None:
    _journal(member, now, manages_only=False)
    detail = described(member.role, manages=member.manages)
    email = member.person.email
    note(member.organisation_id, What.ROLE_ENDED, email, now=now, actor=by, detail=detail)
    member.delete()


def _journal(member: Membership, now: datetime, *, manages_only: bool) -> None:
    payload = {
        "member": member.pk,
        "person": member.person_id,
        "organisation": member.organisation_id,
        "role": member.role,
        "manages_only": manages_only,
    }
    store.record(ROLE_ENDED, payload, now)


@store.replayer(ROLE_ENDED)
def end_again(entry: store.Entry) -> store.Outcome:
    """A role that ended since the backup ends in the restored database.

    Where another role followed, that one is not given by a restore: the person is invited again.
    """
    told = entry.payload
    found = of_organisations(Membership, told["organisation"]).filter(
        pk=told["member"], person_id=told["person"], role=told["role"]
    )
    if told["manages_only"]:
        applied = found.filter(manages=True).update(manages=False)
    else:
        applied = found.delete()[0]
    return store.Outcome.APPLIED if applied else store.Outcome.PRESENT
