"""Tables of matching."""

from __future__ import annotations

from django.db import models


class ApprovalDay(models.Model):
    """What lenders had decided when a day began: `products` and `lenders` by their ids, and all.

    A pair is [enterprises that had an outcome, those that got an offer]; whoever has fewer than
    ten is not in it. A day without a row has the figures of the one before. Never changed: a match
    of then is made again from it.
    """

    day = models.DateField(unique=True)
    products = models.JSONField(default=dict)
    lenders = models.JSONField(default=dict)
    every = models.JSONField(default=list)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "market_approvalday"

    def __str__(self) -> str:
        return f"approvals before {self.day}"
