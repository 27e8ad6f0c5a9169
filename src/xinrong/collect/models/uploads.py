"""What a person of a department sends on the page, from its first byte to its batch."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.constraints import BaseConstraint

from xinrong.collect.enums import UploadState


class Upload(models.Model):
    """A file on its way. Its bytes lie in the spool while it is open, and never after.

    `received` bytes of `size` are there. `headings` are those of the file, `renamed` maps some of
    them to the feed's columns, as its sender said. `rows_expected` is what the preview counted or
    estimated. `problem` is `{code, zh, en}` of what stopped the last attempt, or empty. `repeated`
    says that the bytes had come before: `batch` is then the one that they made the first time.
    """

    key = models.CharField(max_length=32, unique=True)  # in addresses; not to be guessed
    region = models.CharField(max_length=32)
    department = models.CharField(max_length=64)
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    feed = models.CharField(max_length=120)
    name = models.CharField(max_length=120)  # the file's, made harmless
    size = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)  # SHA-256, once all bytes are there
    state = models.CharField(max_length=16, choices=UploadState)
    headings = models.JSONField(default=list)
    renamed = models.JSONField(default=dict)
    problem = models.JSONField(default=dict)
    rows_expected = models.BigIntegerField(null=True)
    rows_read = models.BigIntegerField(default=0)
    batch = models.IntegerField(null=True)
    repeated = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(received__gte=0, received__lte=F("size")), name="received_within_size"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(batch__isnull=False), name="done_has_a_batch"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["department", "-created_at"]),
            models.Index(fields=["state", "changed_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.name}"
