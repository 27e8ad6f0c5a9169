"""Pulls: how far each table of a department's database has been read."""

from __future__ import annotations

from django.db import models


class PullStep(models.Model):
    """One step of a feed's watermark; the last one counts.

    `position` holds the watermark and tie-breaker of the last row read, empty before the first.
    Each step is written in the transaction that commits its batch and takes the next number: of
    two pulls at once one is undone. A step without a batch moved the watermark by hand.
    """

    region = models.CharField(max_length=32)
    feed = models.CharField(max_length=120)
    number = models.IntegerField()
    position = models.JSONField()
    types = models.JSONField()  # column of the table -> its type when it was read
    batch = models.IntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "feed", "number"], name="one_step_at_a_time")
        ]

    def __str__(self) -> str:
        return f"{self.feed} {self.number}"


class PullMark(models.Model):
    """The largest number seen in a growing column, and when: it is read once it has settled."""

    region = models.CharField(max_length=32)
    feed = models.CharField(max_length=120)
    value = models.DecimalField(max_digits=40, decimal_places=0)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "feed"], name="one_mark_per_feed")]

    def __str__(self) -> str:
        return f"{self.feed} {self.value}"
