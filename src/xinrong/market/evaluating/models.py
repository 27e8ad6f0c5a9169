"""An enterprise's word about a lender, once one of its applications is over."""

from __future__ import annotations

from django.db import models

PERSON = "accounts.Person"
LEAST, MOST = 1, 5


class Evaluation(models.Model):
    """One application, judged once by the enterprise: 1 (bad) to 5 for time, cost and respect."""

    application = models.OneToOneField(
        "market.Application", on_delete=models.PROTECT, related_name="evaluation"
    )
    time = models.PositiveSmallIntegerField()
    cost = models.PositiveSmallIntegerField()
    respect = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "market_evaluation"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    time__range=(LEAST, MOST),
                    cost__range=(LEAST, MOST),
                    respect__range=(LEAST, MOST),
                ),
                name="evaluations_are_one_to_five",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.time} {self.cost} {self.respect}"
