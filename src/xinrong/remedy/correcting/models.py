"""What an enterprise says is wrong, and what would be right."""

from __future__ import annotations

from django.db import models

ENTERPRISE = "subjects.Enterprise"
ORGANISATION = "accounts.Organisation"


class Correction(models.Model):
    """One field of one category of the register data, as it stands and as it should be.

    `case` is the number of the case in which it is answered. From `accepted_at` on it is a
    proposal that the source has agreed to: the register feed carries it, and `carried_at` is when
    it did. The platform itself changes no record.
    """

    case = models.CharField(max_length=32, unique=True)
    enterprise = models.ForeignKey(ENTERPRISE, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=64)
    field = models.CharField(max_length=64)
    stands = models.CharField(max_length=500, blank=True)
    right = models.CharField(max_length=500)
    why = models.CharField(max_length=2000)
    asked_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    carried_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["source", "accepted_at"],
                condition=models.Q(carried_at=None),
                name="corrections_to_carry",
            ),
            models.Index(fields=["enterprise", "category", "field"], name="corrections_of_field"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.category}.{self.field}"
