"""What waits for an enterprise, outside of its cases and reports."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from xinrong.accounts.services import Viewer
from xinrong.domain.errors import XinrongError
from xinrong.pages.consent_words import STATES as CONSENTS
from xinrong.pages.inbox.tasks import MOST, Task
from xinrong.pages.words import of
from xinrong.subjects import services as subjects
from xinrong.trust import perms as trust
from xinrong.trust.services import consenting


def consent_requests(who: Viewer, now: datetime) -> list[Task]:
    """Requests for consent that wait for the enterprise's representative."""
    grantor = _own(who) if trust.can_see_consents(who) else None
    if grantor is None:
        return []
    return [
        Task(
            "consent",
            _("Somebody asks for your consent"),
            row.grantee.name,
            str(of(CONSENTS, row.state)),
            row.asked_at,
            row.answer_by,
            _("Without an answer the request lapses, and nobody may look."),
            reverse("consent-request", args=[row.number]),
            _("Read and answer"),
            number=row.number,
        )
        for row in consenting.open_requests(grantor, now=now)[:MOST]
    ]


def consents_counted(who: Viewer, now: datetime) -> QuerySet[Any] | None:
    """Open requests to the enterprise, for the number beside the navigation."""
    if not trust.can_see_consents(who):
        return None
    return consenting.ConsentRequest.objects.filter(
        grantor__code=who.reference, state="asked", answer_by__gt=now
    )


def _own(who: Viewer) -> int | None:
    try:
        return int(subjects.enterprise_by_code(who.reference).pk)
    except XinrongError:
        return None
