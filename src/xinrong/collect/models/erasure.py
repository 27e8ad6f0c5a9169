"""Orders to erase: what the law demanded, by when, and when it was done."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ErasureOrder(models.Model):
    """One order about one enterprise, and its clock.

    `erased_at`: from then on nobody sees the records and no upload brings them back.
    `removed_at`: from then on no byte of them is left in parts and database either. `counts` and
    `certificate` hold numbers, ids and digests, never values; nor should `reason`.
    """

    enterprise = models.ForeignKey(
        "subjects.Enterprise", on_delete=models.PROTECT, related_name="+"
    )
    category = models.CharField(max_length=64, blank=True)  # empty: everything
    article = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)
    requested_at = models.DateTimeField()
    due_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    seq = models.BigIntegerField(null=True)
    counts = models.JSONField(default=dict)
    certificate = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["removed_at", "due_at"])]

    def __str__(self) -> str:
        return f"erasure order {self.pk} about enterprise {self.enterprise_id}"
