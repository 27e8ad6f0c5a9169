"""Which consents a release used: one-time ones are used up, once, whoever else asks meanwhile.

The use is a row with a unique key, written in the transaction of the release's audit row: of two
releases that rest on one consent at the same moment one is committed, and the other is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import IntegrityError, models

from xinrong.trust.consenting.models import ConsentNaming
from xinrong.trust.errors import Denied


class ConsentUse(models.Model):
    """That a one-time consent was used, by which release and when."""

    consent = models.OneToOneField("trust.Consent", on_delete=models.PROTECT, related_name="+")
    row = models.ForeignKey("trust.AuditRow", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.consent_id} used at {self.at:%F %T}"


def used_at(consents: Collection[int]) -> Mapping[int, datetime]:
    """Those of these consents that are used up, and when."""
    if not consents:
        return {}
    found = ConsentUse.objects.filter(consent__in=consents)
    return dict(found.values_list("consent", "at"))


def use_up(consents: Collection[int], *, row: int, at: datetime) -> None:
    """Use these one-time consents; the caller's transaction holds the release's row.

    Raises Denied when another release was quicker.
    """
    try:
        ConsentUse.objects.bulk_create(
            ConsentUse(consent_id=consent, row_id=row, at=at) for consent in sorted(consents)
        )
    except IntegrityError as error:
        raise Denied(
            "this consent opened once, and somebody used it meanwhile",
            remedy="Ask the enterprise for another consent.",
            code="denied_used",
        ) from error


def keep_namings(consents: Collection[int], *, row: int) -> None:
    """Remember whose own consents named them; the caller's transaction holds the row."""
    ConsentNaming.objects.bulk_create(
        ConsentNaming(consent_id=consent, row_id=row) for consent in sorted(consents)
    )
