"""Who somebody is when acting, and whether that still holds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from xinrong.accounts.models import Membership, Person
from xinrong.accounts.scoping import everywhere
from xinrong.accounts.support.standing import support_acts, support_viewer
from xinrong.accounts.types import PUBLIC, Viewer

#: Where a request keeps who looks, and a session for whom and in which support session.
MARK = "xinrong_viewer"
CHOSEN = "acts_for"
SUPPORT = "support"


def roles_of(person: Person) -> QuerySet[Membership]:
    """The roles in which a person acts now, in all organisations, the first joined first."""
    own = everywhere(Membership, because="a person's own roles, whichever the organisation")
    return (
        own.filter(person=person, suspended_at=None).select_related("organisation").order_by("pk")
    )


def viewer_of(
    person: AbstractBaseUser | AnonymousUser | None, organisation_id: int | None = None
) -> Viewer:
    """Who a person is when acting; for nobody, or an inactive person, the public.

    With several organisations the one named by `organisation_id` counts, else the first joined.
    A suspended role does not act.
    """
    if not isinstance(person, Person) or not person.is_active:
        return PUBLIC
    memberships = roles_of(person)
    if organisation_id is not None:
        memberships = memberships.filter(organisation_id=organisation_id)
    membership = memberships.first()
    if membership is None:
        return Viewer(person.pk, None, "", "public", "public")
    organisation = membership.organisation
    return Viewer(
        person_id=person.pk,
        organisation_id=organisation.pk,
        organisation=organisation.name,
        kind=organisation.kind,
        role=membership.role,
        reference=organisation.reference,
        institution_id=organisation.parent_id,
        manages=membership.manages,
    )


def viewer_in(request: HttpRequest) -> Viewer:
    """Who looks, in the organisation or support session chosen; found out once a request."""
    found: Viewer | None = getattr(request, MARK, None)
    if found is None:
        found = _viewer_in(request, timezone.now())
        setattr(request, MARK, found)
    return found


def _viewer_in(request: HttpRequest, now: datetime) -> Viewer:
    person = getattr(request, "user", None)
    if not isinstance(person, Person):
        return PUBLIC
    session = getattr(request, "session", {})
    support = session.get(SUPPORT)
    if support is not None:
        found = support_viewer(support, person.pk, now=now)
        if found is not None and person.is_active:
            return found
        del session[SUPPORT]  # it has ended
    return viewer_of(person, session.get(CHOSEN))


def still_acts(viewer: Viewer, *, now: datetime) -> bool:
    """Whether the viewer's role holds now: neither ended nor suspended; no key past its end.

    In a support session: whether that stands, for this operator and this organisation. The
    public needs nothing; a viewer that names neither person nor key is nobody.
    """
    if viewer.role == "public":
        return True
    if viewer.organisation_id is None:
        return False
    if viewer.support_id is not None:
        return support_acts(viewer, now=now)
    if viewer.key_id is not None:
        ends = connection.ops.adapt_datetimefield_value(now)
        return _holds(_KEY_HOLDS, [viewer.key_id, ends], viewer)
    if viewer.person_id is None:
        return False
    return _holds(_PERSON_HOLDS, [viewer.person_id, True], viewer)


def _holds(sql: str, who: list[Any], viewer: Viewer) -> bool:
    """Whether a row still says so: every query asks, so it goes past the query builder."""
    of = (viewer.organisation_id, viewer.role, viewer.kind, viewer.reference)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*who, *of, viewer.institution_id or 0])
        return cursor.fetchone() is not None


_PERSON_HOLDS = (
    "SELECT 1 FROM accounts_membership AS m "
    "JOIN accounts_person AS p ON p.id = m.person_id "
    "JOIN accounts_organisation AS o ON o.id = m.organisation_id "
    "WHERE p.id = %s AND p.is_active = %s "
    "AND m.organisation_id = %s AND m.role = %s AND m.suspended_at IS NULL "
    "AND o.kind = %s AND o.reference = %s AND coalesce(o.parent_id, 0) = %s"
)
_KEY_HOLDS = (
    "SELECT 1 FROM accounts_apikey AS k "
    "JOIN accounts_organisation AS o ON o.id = k.organisation_id "
    "WHERE k.id = %s AND k.expires_at > %s AND k.revoked_at IS NULL "
    "AND k.organisation_id = %s AND k.role = %s AND k.suspended_at IS NULL "
    "AND o.kind = %s AND o.reference = %s AND coalesce(o.parent_id, 0) = %s"
)
