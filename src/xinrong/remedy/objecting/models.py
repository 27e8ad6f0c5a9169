"""What an enterprise objects to, and what it says."""

from __future__ import annotations

from django.db import models

ENTERPRISE = "subjects.Enterprise"
ORGANISATION = "accounts.Organisation"


class Objection(models.Model):
    """One record that its enterprise objects to, in the version that it saw.

    `case` is the number of the case. The record's content is not kept here: who may see it reads
    it in the file; `digest` only tells whether it has changed since. `statement` stands beside
    the record for whoever sees it, `why` is read by the sides of the case. `fields` are the names
    of those that are said to be wrong; none: the whole record. `source` is None where the
    department that sent it is not on the platform. What is erased takes the words with it.
    """

    case = models.CharField(max_length=32, unique=True)
    enterprise = models.ForeignKey(ENTERPRISE, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, null=True, related_name="+")
    department = models.CharField(max_length=64)
    category = models.CharField(max_length=64)
    key = models.BigIntegerField()
    subject = models.BigIntegerField()
    batch = models.IntegerField()
    row_no = models.IntegerField()
    received_on = models.DateField()
    event_date = models.DateField(null=True)
    digest = models.CharField(max_length=64)
    fields = models.JSONField(default=list)
    statement = models.CharField(max_length=300, blank=True)
    why = models.CharField(max_length=2000, blank=True)
    new = models.CharField(max_length=2000, blank=True)
    asked_at = models.DateTimeField()
    suspended_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["enterprise", "category", "key"], name="objections_to_record"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.category}/{self.key}"

    @property
    def ref(self) -> str:
        """The record as files name it."""
        return f"{self.category}/{self.key}/{self.batch}"
