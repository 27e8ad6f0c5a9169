"""The scorecards as one document, version after version, and who answers for each."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

PERSON = "accounts.Person"


class State(models.TextChoices):
    """Where a version stands. One that was approved holds from its day on."""

    DRAFT = "draft", "草稿"
    PROPOSED = "proposed", "待批准"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"
    WITHDRAWN = "withdrawn", "已撤回"


class CardVersion(models.Model):
    """All cards of the region and their scale, under one number.

    `book` never changes; `digest` is that of everything in it that decides a grade. `envelope` is
    the document that the platform's key signed when it was approved. From `retired_from` on it
    holds no longer, and no other one takes its place until that is approved.
    """

    number = models.PositiveIntegerField(unique=True)
    state = models.CharField(max_length=10, choices=State)
    book = models.JSONField()
    digest = models.CharField(max_length=64, db_index=True)
    based_on = models.PositiveIntegerField(null=True)  # the version that it goes back to
    why = models.CharField(max_length=500)
    drafted_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    since = models.DateField(null=True)
    proposed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_why = models.CharField(max_length=500, blank=True)
    envelope = models.JSONField(null=True)
    retired_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True)
    retired_from = models.DateField(null=True)
    retired_why = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=State.APPROVED)
                | (
                    Q(
                        proposed_by__isnull=False,
                        decided_by__isnull=False,
                        since__isnull=False,
                        envelope__isnull=False,
                    )
                    & ~Q(decided_by=F("proposed_by"))
                ),
                name="rating_nobody_approves_their_own",
            ),
            models.CheckConstraint(
                condition=Q(retired_from=None) | Q(state=State.APPROVED),
                name="rating_only_the_approved_is_retired",
            ),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state=State.PROPOSED), name="rating_one_proposal"
            ),
        ]

    def __str__(self) -> str:
        return f"scorecards {self.number} ({self.state})"
