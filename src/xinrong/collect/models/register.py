"""What register files said of time: which came, what each enterprise was last heard of."""

from __future__ import annotations

from django.db import models


class RegisterFile(models.Model):
    """One committed file of a register, which is a category of a department.

    `first` to `last` is its order: ordinals of days, or running numbers.
    """

    batch = models.IntegerField(primary_key=True)
    category = models.CharField(max_length=64)
    department = models.CharField(max_length=64)
    mode = models.CharField(max_length=8)  # full, delta
    first = models.BigIntegerField()
    last = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["category", "department", "last"])]

    def __str__(self) -> str:
        return f"{self.mode} {self.category} {self.batch}"


class RegisterEntry(models.Model):
    """The newest order with which a delta named a subject: what is older than that is overtaken."""

    category = models.CharField(max_length=64)
    department = models.CharField(max_length=64)
    subject = models.BigIntegerField()
    order = models.BigIntegerField()
    batch = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["category", "department", "subject"], name="one_entry_per_register"
            )
        ]
        indexes = [models.Index(fields=["category", "department", "order"])]

    def __str__(self) -> str:
        return f"{self.category} {self.subject}: {self.order}"


class RegisterMissing(models.Model):
    """An enterprise that a full file no longer had; it was reported, and nothing was removed."""

    batch = models.IntegerField()
    subject = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "subject"], name="missing_once_per_batch")
        ]

    def __str__(self) -> str:
        return f"{self.subject} is not in batch {self.batch}"


class RegisterAcceptance(models.Model):
    """Somebody looked at a full file that lacks many enterprises and lets these very bytes in."""

    feed = models.CharField(max_length=120)
    source_digest = models.CharField(max_length=64)
    by = models.CharField(max_length=200)
    why = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feed", "source_digest"], name="accepted_once")
        ]

    def __str__(self) -> str:
        return f"{self.feed} {self.source_digest[:12]} by {self.by}"
