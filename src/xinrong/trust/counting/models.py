"""The drafts that somebody has counted: what the daily budget is drawn on."""

from __future__ import annotations

from django.db import models


class CountDraft(models.Model):
    """One answered count. `asker` is a person or a key; `near`: it drew on the day's budget."""

    asker = models.CharField(max_length=32)
    day = models.DateField()
    draft = models.JSONField()  # its conditions, spelled
    near = models.BooleanField()
    row = models.ForeignKey("trust.AuditRow", on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["asker", "day"], name="count_drafts_by_asker")]

    def __str__(self) -> str:
        return f"{self.asker} {self.day}"
