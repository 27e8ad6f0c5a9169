"""Who somebody is when acting, and whether that still holds."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from xinrong.accounts.models import ApiKey, Membership, Person
from xinrong.accounts.types import PUBLIC, Viewer


def viewer_of(
    person: AbstractBaseUser | AnonymousUser | None, organisation_id: int | None = None
) -> Viewer:
    """Who a person is when acting; for nobody, or an inactive person, the public.

    With several organisations the one named by `organisation_id` counts, else the first joined.
    A suspended role does not act.
    """
    if not isinstance(person, Person) or not person.is_active:
        return PUBLIC
    memberships = Membership.objects.filter(person=person, suspended_at=None).select_related(
        "organisation"
    )
    if organisation_id is not None:
        memberships = memberships.filter(organisation_id=organisation_id)
    membership = memberships.order_by("pk").first()
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
    )


def still_acts(viewer: Viewer, *, now: datetime) -> bool:
    """Whether the viewer's role holds now: neither ended nor suspended; no key past its end.

    The public needs nothing; a viewer that names neither person nor key is nobody.
    """
    if viewer.role == "public":
        return True
    if viewer.organisation_id is None:
        return False
    if viewer.key_id is not None:
        return ApiKey.objects.filter(
            pk=viewer.key_id,
            organisation_id=viewer.organisation_id,
            organisation__kind=viewer.kind,
            organisation__reference=viewer.reference,
            organisation__parent_id=viewer.institution_id,
            role=viewer.role,
            revoked_at=None,
            expires_at__gt=now,
        ).exists()
    if viewer.person_id is None:
        return False
    return Membership.objects.filter(
        person_id=viewer.person_id,
        person__is_active=True,
        organisation_id=viewer.organisation_id,
        organisation__kind=viewer.kind,
        organisation__reference=viewer.reference,
        organisation__parent_id=viewer.institution_id,
        role=viewer.role,
        suspended_at=None,
    ).exists()
