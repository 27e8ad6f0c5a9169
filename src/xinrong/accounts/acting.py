"""Who somebody is when acting, and whether that still holds."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from xinrong.accounts.models import Membership, Person
from xinrong.accounts.quick import holds
from xinrong.accounts.scoping import everywhere
from xinrong.accounts.support.standing import support_acts, support_viewer
from xinrong.accounts.types import PUBLIC, Viewer
from xinrong.store import services as store

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
    if viewer.organisation_id is not None and viewer.support_id is not None:
        return support_acts(viewer, now=now)
    [found] = store.answers("default", holds(viewer, now))
    return bool(found)


def acts_question(viewer: Viewer, *, now: datetime) -> store.Question | None:
    """What `still_acts` will ask, to ask it together with others; None where it is not one."""
    one = viewer.role != "public" and viewer.support_id is None
    return holds(viewer, now) if one else None
