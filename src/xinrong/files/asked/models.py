"""Batch queries that a program asked for: their keys, and which row of the log answered what."""

from __future__ import annotations

from django.db import models


class BatchAsked(models.Model):
    """A key and the batch that it names. What was released is not kept, only where it is logged.

    `rows` are [status, error, audit row] in the order of the list; the list itself is not kept
    either: its digest says whether it is the same. Rows are deleted a day later.
    """

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    caller = models.CharField(max_length=32)  # "person 7" or "key 3"
    key = models.CharField(max_length=128)
    digest = models.CharField(max_length=64)  # SHA-256 of the body
    bundle = models.CharField(max_length=32)
    service = models.CharField(max_length=16)
    purpose = models.CharField(max_length=16)
    stage = models.CharField(max_length=16, blank=True)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)  # null: being asked, or its process died
    rows = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "caller", "key"], name="once_per_batch_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.bundle} ({self.service})"
