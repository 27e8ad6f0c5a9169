"""Closing an organisation: everything that acts for it ends at once, and stays ended.

Closed are its roles, API keys, invitations and support sessions, and whoever acted for it signs in
anew; the outlets of a bank close with it. Its consents stay, as what was granted to whom, and open
nothing: nobody acts for it. Its name and its log stay as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from xinrong.accounts.enums import OrganisationKind
from xinrong.accounts.errors import refused
from xinrong.accounts.events import What, note
from xinrong.accounts.managing import described
from xinrong.accounts.mfa.sessions import end_sessions
from xinrong.accounts.models import (
    ApiKey,
    Invitation,
    Membership,
    Organisation,
    Person,
    SupportSession,
)
from xinrong.accounts.scoping import of_organisations
from xinrong.accounts.support.sessions import operator
from xinrong.accounts.types import Viewer
from xinrong.store import services as store

#: The journal's name for the decision to close an organisation.
ORGANISATION_CLOSED = "organisation_closed"
SHORTEST_REASON = 5  # characters
LONGEST_REASON = 300


@dataclass(frozen=True)
class Closed:
    """What ended with an organisation and its outlets."""

    organisations: int
    roles: int
    keys: int


def close_organisation(viewer: Viewer, number: int, why: str, *, now: datetime) -> Closed:
    """End everything that acts for an organisation and its outlets, from this commit on.

    Raises PeopleRefused: not an operator, no such organisation, one that cannot be closed here,
    closed before, no reason.
    """
    reason = " ".join(why.split())[:LONGEST_REASON]
    if len(reason) < SHORTEST_REASON:
        raise refused(
            "reason_missing", "请写明关闭的原因。", "say why it is closed",
            "原因会记入该机构的记录。", "It is kept in its log.",
        )  # fmt: skip
    with transaction.atomic():
        by = operator(viewer)
        target = locked(number)
        _check_closable(target)
        outlets = Organisation.objects.filter(parent=target, closed_at=None)
        closing = [target, *outlets.select_for_update().order_by("pk")]
        for one in closing:
            payload = {"organisation": one.pk, "made_at": one.created_at.isoformat()}
            store.record(ORGANISATION_CLOSED, payload, now)
        ended = [_end_all(one, now, by=by, why=reason) for one in closing]
    return Closed(len(closing), sum(one[0] for one in ended), sum(one[1] for one in ended))


def reopen_organisation(viewer: Viewer, number: int, *, now: datetime) -> Organisation:
    """Let an organisation have people again: nobody acts for it until somebody is invited.

    Raises PeopleRefused: not an operator, no such organisation, open already, its bank is closed.
    """
    with transaction.atomic():
        by = operator(viewer)
        target = locked(number)
        if target.closed_at is None or (target.parent and target.parent.closed_at):
            raise refused(
                "organisation_open",
                "该机构未关闭，或其所属银行已关闭。",
                "the organisation is open, or its bank is closed",
                "请刷新页面；支行须先重新启用所属银行。",
                "Load the page again; of an outlet, open its bank first.",
            )
        target.closed_at = None
        target.save(update_fields=["closed_at"])
        note(target.pk, What.REOPENED, target.name, now=now, actor=by)
    return target


def locked(number: int) -> Organisation:
    """An organisation, held until the transaction ends. Raises PeopleRefused."""
    held = Organisation.objects.select_for_update(of=("self",)).select_related("parent")
    found = held.filter(pk=number).first()
    if found is None:
        raise refused(
            "unknown_organisation", "没有这家机构。", "there is no such organisation",
            "请在机构列表中查看。", "See the list of organisations.",
        )  # fmt: skip
    return found


def _check_closable(target: Organisation) -> None:
    if target.kind in (OrganisationKind.OPERATOR, OrganisationKind.ENTERPRISE):
        raise refused(
            "organisation_not_closable",
            "平台自身和企业不能在此关闭。",
            "the platform itself and enterprises are not closed here",
            "企业代表的变更请在“代表核验”中办理。",
            "Who represents an enterprise is decided where claims are checked.",
        )
    if target.closed_at is not None:
        raise refused(
            "organisation_closed", "该机构已关闭。", "the organisation is closed already",
            "请刷新页面。", "Load the page again.",
        )  # fmt: skip


def _end_all(
    target: Organisation, now: datetime, *, by: int | None, why: str = ""
) -> tuple[int, int]:
    """End what acts for one organisation; how many roles and keys."""
    number = target.pk
    roles = of_organisations(Membership, number).select_for_update(of=("self",)).order_by("pk")
    people: list[Person] = []
    for role in roles.select_related("person"):
        detail = described(role.role, manages=role.manages)
        note(number, What.ROLE_ENDED, role.person.email, now=now, actor=by, detail=detail)
        people.append(role.person)
    roles.delete()
    keys = of_organisations(ApiKey, number).filter(revoked_at=None)
    for prefix in keys.order_by("pk").values_list("prefix", flat=True):
        note(number, What.KEY_REVOKED, prefix, now=now, actor=by)
    ended = keys.update(revoked_at=now)
    waiting = of_organisations(Invitation, number).filter(accepted_at=None, withdrawn_at=None)
    waiting.update(withdrawn_at=now)
    sessions = of_organisations(SupportSession, number).filter(ended_at=None)
    sessions.update(ended_at=now)
    for person in people:  # what is open on their screens answers nothing any more
        end_sessions(person)
    if target.closed_at is None:
        Organisation.objects.filter(pk=number).update(closed_at=now)
        note(number, What.CLOSED, target.name, now=now, actor=by, detail=why)
    return len(people), ended


@store.replayer(ORGANISATION_CLOSED)
def close_again(entry: store.Entry) -> store.Outcome:
    """An organisation closed since the backup is closed in the restored database.

    Also one that was opened again since: whoever may opens it once more, and invites its people.
    """
    made_at = datetime.fromisoformat(entry.payload["made_at"])
    found = Organisation.objects.filter(pk=entry.payload["organisation"], created_at=made_at)
    target = found.first()
    if target is None:
        return store.Outcome.ABSENT
    if target.closed_at is not None:
        return store.Outcome.PRESENT
    _end_all(target, entry.at, by=None)
    return store.Outcome.APPLIED
