"""Marks that stand beside records: part of the ledger, in a module of its own."""

from __future__ import annotations

from django.db import models


class MarkKind(models.TextChoices):
    """What a mark says of a record."""

    OBJECTION = "objection"  # its enterprise says that it is wrong, and that is being looked into
    STATEMENT = "statement"  # its source stands by it; the enterprise's words stand beside it


class RecordMark(models.Model):
    """A mark of all versions of a record, from `from_seq` on, until `to_seq` if that is set.

    A record has one mark at a time. `on` is the day in China since which it says so, `statement`
    what the enterprise says in few words; `reference` names the case, for whoever takes it off.
    """

    category = models.CharField(max_length=64)
    key = models.BigIntegerField()
    subject = models.BigIntegerField()
    kind = models.CharField(max_length=12, choices=MarkKind)
    on = models.DateField()
    statement = models.CharField(max_length=500, blank=True)
    reference = models.CharField(max_length=64, blank=True)
    from_seq = models.BigIntegerField()
    to_seq = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["category", "key"], name="marks_of_record")]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "key"],
                condition=models.Q(to_seq=None),
                name="one_mark_per_record",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.category}/{self.key}"
