"""The batch profile, what was computed since, and the one queue of enterprises to look at again."""

from __future__ import annotations

from django.db import models


class ProfileBatch(models.Model):
    """One profile of all enterprises. The newest is the one that is read; its file is immutable.

    `columns` names the indicators in it: a batch made from other definitions is not read.
    """

    seq = models.BigIntegerField()
    as_of = models.DateField()
    built_at = models.DateTimeField()
    name = models.CharField(max_length=80, unique=True)  # of the file
    sha256 = models.CharField(max_length=64)
    rows = models.BigIntegerField()
    seconds = models.FloatField()
    columns = models.JSONField()
    removed_at = models.DateTimeField(null=True)  # the file is gone, its figures stay

    class Meta:
        indexes = [models.Index(fields=["as_of"], name="profiles_batch_as_of")]


class OverlayRow(models.Model):
    """The profile of an enterprise that was touched after the batch. `gone`: it is nobody now."""

    enterprise = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    as_of = models.DateField()
    values = models.JSONField()
    reasons = models.CharField(max_length=200)
    gone = models.BooleanField(default=False)


class DirtyEnterprise(models.Model):
    """An enterprise of which something changed; `seq` is the last commit that did."""

    enterprise = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField(db_index=True)


class SetAside(models.Model):
    """An enterprise whose profile could not be computed, why, and when it is tried again."""

    enterprise = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField()  # as of which it was tried last
    reason = models.CharField(max_length=300)
    tries = models.PositiveIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    again_at = models.DateTimeField(db_index=True)


class Follower(models.Model):
    """One row: up to which seq commits have been followed."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)


class IndicatorFigure(models.Model):
    """What a batch says of one indicator over all enterprises. Counts are exact: never shown so.

    `quantiles` are at 5, 25, 50, 75 and 95 of a hundred; `bins` a list of [from, to, enterprises],
    or of [value, enterprises] for codes.
    """

    batch = models.ForeignKey(ProfileBatch, on_delete=models.CASCADE, related_name="figures")
    indicator = models.CharField(max_length=64, db_index=True)
    known = models.BigIntegerField()
    reasons = models.JSONField()
    quantiles = models.JSONField()
    bins = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "indicator"], name="one_figure_per_batch"),
        ]


from xinrong.profiles.criteria.models import (  # noqa: E402 - of the sub-package
    EventCursor,
    EventResult,
    WrittenCriterion,
    WrittenVersion,
)

__all__ = [
    "DirtyEnterprise",
    "EventCursor",
    "EventResult",
    "Follower",
    "IndicatorFigure",
    "OverlayRow",
    "ProfileBatch",
    "SetAside",
    "WrittenCriterion",
    "WrittenVersion",
]
