"""Support sessions as they are kept: who acts for whom, why, from when until when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from xinrong.accounts.inviting.models import new_key
from xinrong.accounts.scoping import scoped

PERSON = "accounts.Person"


class SupportSession(models.Model):
    """An operator acts for an organisation, for a reason and a short time.

    Without `started_at` it waits: for an enterprise, for the nod of a second operator.
    """

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    operator = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=32, unique=True, default=new_key)
    reason = models.CharField(max_length=300)
    minutes = models.PositiveSmallIntegerField(default=30)
    asked_at = models.DateTimeField()
    needs_nod = models.BooleanField()
    nodded_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    nodded_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[SupportSession]] = scoped()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(started_at=None)
                | models.Q(needs_nod=False)
                | models.Q(nodded_by__isnull=False),
                name="no_start_without_the_nod",
            ),
            models.CheckConstraint(
                condition=models.Q(nodded_by=None) | ~models.Q(nodded_by=models.F("operator")),
                name="nobody_nods_to_himself",
            ),
            models.CheckConstraint(
                condition=models.Q(started_at__isnull=True) | models.Q(ends_at__isnull=False),
                name="support_always_ends",
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=30), name="support_is_short"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "asked_at"], name="support_by_organisation")
        ]

    def __str__(self) -> str:
        return f"{self.operator_id} for {self.organisation_id}: {self.reason}"
