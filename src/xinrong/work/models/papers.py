"""Documents that a side hands in with a case."""

from __future__ import annotations

from django.db import models

PERSON = "accounts.Person"


class CasePaper(models.Model):
    """One document. `content` is sealed: without the key beside the database nobody reads it.

    After its time the row stays, without its content, as the record that it was there.
    """

    case = models.ForeignKey("work.Case", on_delete=models.CASCADE, related_name="papers")
    side = models.ForeignKey("work.CaseSide", on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=100)
    media = models.CharField(max_length=32)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)  # SHA-256 of the document, so that it is known again
    content = models.BinaryField()
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    deleted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.case_id} {self.title}"
