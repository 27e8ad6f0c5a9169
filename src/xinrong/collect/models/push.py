"""Pushes: which request of a department's system made which batch."""

from __future__ import annotations

from django.db import models


class Push(models.Model):
    """One idempotency key of one feed, held from the first attempt on and kept for good.

    `digest` is the SHA-256 of the records as canonical JSON: the same key stands for the same
    records only. `batch` is empty while an attempt runs. `attempt` is a fence: an attempt commits
    only while it is the last one, so of two that both believe to hold the key one is undone.
    """

    department = models.CharField(max_length=64)
    feed = models.CharField(max_length=120)
    key = models.CharField(max_length=128)
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=120)  # who sent it, as the API counts its callers
    attempt = models.IntegerField(default=1)
    process = models.CharField(max_length=200)  # host, process and its start: see push/claims.py
    claimed_at = models.DateTimeField()
    batch = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["department", "feed", "key"], name="one_push_per_key_and_feed"
            )
        ]

    def __str__(self) -> str:
        return f"{self.feed} {self.key}"
