"""Audit rows in the words of the enterprise that they are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from xinrong.trust.models import AuditRow, Outcome


@dataclass(frozen=True)
class Look:
    """One time that somebody asked about an enterprise, as that enterprise may see it."""

    audit_id: int
    at: datetime
    institution: str  # the bank, when an outlet asked
    organisation: str
    role: str
    service: str
    purpose: str
    stage: str
    released: tuple[str, ...]
    consents: tuple[int, ...]
    outcome: str


def who_looked(enterprise: int, *, offset: int = 0, limit: int = 100) -> list[Look]:
    """Which institutions asked about an enterprise, newest first: for that enterprise.

    Names institutions, never their staff. The enterprise's own questions and those of people
    without an organisation are left out.
    """
    rows = (
        AuditRow.objects.filter(subjects__enterprise_id=enterprise)
        .exclude(organisation=None)
        .exclude(purpose="self")
        .select_related("organisation__parent")
        .order_by("-at", "-pk")[offset : offset + limit]
    )
    return [look_of(row) for row in rows]


def look_of(row: AuditRow) -> Look:
    """An audit row in the words of the enterprise that it is about."""
    organisation = row.organisation
    assert organisation is not None  # filtered by who_looked
    return Look(
        audit_id=row.pk,
        at=row.at,
        institution=(organisation.parent or organisation).name,
        organisation=organisation.name,
        role=row.role,
        service=row.service,
        purpose=row.purpose,
        stage=row.stage,
        released=tuple(row.released),
        consents=tuple(row.consents),
        outcome=row.outcome,
    )


def looked_since(
    enterprise: int, institution: int, stage: str, since: datetime, *, purpose: str = "credit"
) -> bool:
    """Whether a bank, or an outlet of it, was shown something of an enterprise at a stage since.

    Whoever of it asked, a person or a key: the log of queries says so.
    """
    own = Q(organisation=institution) | Q(organisation__parent=institution)
    rows = AuditRow.objects.filter(
        own,
        subjects__enterprise=enterprise,
        purpose=purpose,
        stage=stage,
        outcome=Outcome.RELEASED,
        at__gte=since,
    )
    return rows.exists()
