"""Letting all roles of an organisation rest, with its API keys, and waking them again.

For an enterprise whose representative is disputed or changed. Resting roles stay on the list and
act for nobody from the moment this commits; no restore wakes them.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xinrong.accounts.events import What, note
from xinrong.accounts.models import ApiKey, Membership, Organisation
from xinrong.accounts.scoping import of_organisations
from xinrong.store import services as store

#: The journal's name for the decision to let an organisation's roles rest.
ROLES_SUSPENDED = "roles_suspended"


def suspend_roles(
    organisation: Organisation | int, why: str, now: datetime, *, actor: int | None = None
) -> int:
    """Every role and key of the organisation rests from now on; how many roles that were acting.

    `why` is a word that `resume_roles` names again. What rests already keeps its own reason.
    """
    number = organisation if isinstance(organisation, int) else organisation.pk
    with transaction.atomic():
        roles = _lock_roles(number)
        acting = [role.pk for role in roles if role.suspended_at is None]
        keys = of_organisations(ApiKey, number).filter(suspended_at=None, revoked_at=None)
        if not acting and not keys.exists():
            return 0
        payload = {"organisation": number, "roles": acting, "why": why}
        store.record(ROLES_SUSPENDED, payload, now)
        _rest(number, acting, why, now)
        note(number, What.ROLES_SUSPENDED, why, now=now, actor=actor, detail=str(len(acting)))
    return len(acting)


def resume_roles(
    organisation: Organisation | int, why: str, now: datetime, *, actor: int | None = None
) -> int:
    """The roles that rest for this reason act again; how many. Keys wake with them."""
    number = organisation if isinstance(organisation, int) else organisation.pk
    with transaction.atomic():
        _lock_roles(number)
        roles = of_organisations(Membership, number)
        woken = roles.filter(suspended_at__isnull=False, suspended_why=why).update(
            suspended_at=None, suspended_why=""
        )
        if woken:
            of_organisations(ApiKey, number).update(suspended_at=None)
            note(number, What.ROLES_RESUMED, why, now=now, actor=actor, detail=str(woken))
    return woken


def _lock_roles(number: int) -> list[Membership]:
    """The roles, in one order, so that two decisions about them wait for each other."""
    return list(of_organisations(Membership, number).select_for_update().order_by("pk"))


def _rest(number: int, roles: list[int], why: str, at: datetime) -> int:
    resting = of_organisations(Membership, number).filter(pk__in=roles, suspended_at=None)
    of_organisations(ApiKey, number).filter(suspended_at=None).update(suspended_at=at)
    return resting.update(suspended_at=at, suspended_why=why)


@store.replayer(ROLES_SUSPENDED)
def suspend_again(entry: store.Entry) -> store.Outcome:
    """Roles that rested since the backup rest in the restored database, since that moment.

    Those that were woken again since then wait for whoever may wake them: nothing is opened here.
    """
    number, roles = entry.payload["organisation"], entry.payload["roles"]
    if _rest(number, roles, entry.payload["why"], entry.at):
        return store.Outcome.APPLIED
    known = Organisation.objects.filter(pk=number).exists()
    return store.Outcome.PRESENT if known else store.Outcome.ABSENT
