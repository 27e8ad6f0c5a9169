"""Whether a support session stands, and as whom an operator acts in it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from xinrong.accounts.enums import ROLES_OF, OrganisationKind, Role
from xinrong.accounts.models import Membership
from xinrong.accounts.scoping import everywhere
from xinrong.accounts.support.models import SupportSession
from xinrong.accounts.types import Viewer


def standing(now: datetime) -> QuerySet[SupportSession]:
    """The sessions that run now, of operators who are operators still."""
    every = everywhere(SupportSession, because="an operator's session is about somebody else")
    operators = everywhere(Membership, because="whether the operator still is one").filter(
        person_id=OuterRef("operator_id"),
        organisation__kind=OrganisationKind.OPERATOR,
        role=Role.OPERATOR,
        suspended_at=None,
    )
    return every.filter(
        Exists(operators),
        started_at__lte=now,
        ends_at__gt=now,
        ended_at=None,
        operator__is_active=True,
    )


def support_stands(support_id: int, *, now: datetime) -> bool:
    """Whether the support session runs now: begun, neither ended nor past its end."""
    return standing(now).filter(pk=support_id).exists()


def support_viewer(key: str, person_id: int, *, now: datetime) -> Viewer | None:
    """As whom this operator acts in the running session of that key; None when there is none."""
    found = standing(now).filter(key=key, operator_id=person_id)
    session = found.select_related("organisation").first()
    if session is None:
        return None
    organisation = session.organisation
    return Viewer(
        person_id=person_id,
        organisation_id=organisation.pk,
        organisation=organisation.name,
        kind=organisation.kind,
        role=ROLES_OF[organisation.kind][0],
        reference=organisation.reference,
        institution_id=organisation.parent_id,
        support_id=session.pk,
    )


def support_acts(viewer: Viewer, *, now: datetime) -> bool:
    """Whether a viewer in a support session is who the session says, and the session stands."""
    if viewer.support_id is None or viewer.person_id is None or viewer.organisation_id is None:
        return False
    if viewer.role != ROLES_OF.get(viewer.kind, ("",))[0] or viewer.key_id is not None:
        return False
    return (
        standing(now)
        .filter(
            pk=viewer.support_id,
            operator_id=viewer.person_id,
            organisation_id=viewer.organisation_id,
            organisation__kind=viewer.kind,
            organisation__reference=viewer.reference,
            organisation__parent_id=viewer.institution_id,
        )
        .exists()
    )
