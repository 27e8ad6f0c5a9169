"""The runs of retention, each with its signed certificate."""

from __future__ import annotations

from django.db import models


class RetentionRun(models.Model):
    """What was done on one day by its law: begun, carried on range by range, ended.

    `place` is the first bucket of the store that is still to be looked at. `seqs` are the commits
    that the run made, `orders` the erasures. `open` is True until it ends and empty afterwards, so
    that one run is under way at a time. `failure` names what stopped it last; it goes on by itself.
    """

    day = models.DateField(db_index=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    open = models.BooleanField(null=True, default=True, unique=True)
    place = models.IntegerField(default=0)
    seq_before = models.BigIntegerField()
    seq_after = models.BigIntegerField(null=True)
    seqs = models.JSONField(default=list)
    orders = models.JSONField(default=list)
    done = models.JSONField(default=list)  # [what, category, rule, records]
    failure = models.CharField(max_length=200, blank=True)
    certificate = models.JSONField(null=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"retention {self.pk} of {self.day}"
