"""Grades of all enterprises as files, those of touched ones as rows, and what each one had when."""

from __future__ import annotations

from django.db import models


class GradeBatch(models.Model):
    """The grades of all enterprises by one version, made from one profile of all.

    The newest is the one that is read; its file is immutable. `figures` has card -> grade -> how
    many, exactly: never shown so.
    """

    profile = models.BigIntegerField()  # the number of the batch of profiles
    version = models.PositiveIntegerField()  # of the cards
    seq = models.BigIntegerField()
    as_of = models.DateField()
    built_at = models.DateTimeField()
    name = models.CharField(max_length=80, unique=True)  # of the file
    sha256 = models.CharField(max_length=64)
    rows = models.BigIntegerField()
    changed = models.BigIntegerField()
    seconds = models.FloatField()
    figures = models.JSONField()
    removed_at = models.DateTimeField(null=True)  # the file is gone, its figures stay

    def __str__(self) -> str:
        return f"grades {self.pk} as of {self.as_of}"


class Given(models.Model):
    """A grade that was given: by which version and card, for which points, in which range.

    `parts` are the points of each characteristic, in the order of the card.
    """

    seq = models.BigIntegerField()
    as_of = models.DateField()
    version = models.PositiveIntegerField()
    card = models.CharField(max_length=64)
    points = models.IntegerField()
    low = models.IntegerField()
    high = models.IntegerField()
    grade = models.CharField(max_length=8)
    lowest = models.CharField(max_length=8)
    highest = models.CharField(max_length=8)
    parts = models.JSONField()

    class Meta:
        abstract = True


class GradeOverlay(Given):
    """The grade of an enterprise that was touched after the batch. `gone`: it has none now."""

    enterprise = models.BigIntegerField(primary_key=True)
    gone = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"enterprise {self.enterprise}: {self.grade}"


class GradeRow(Given):
    """One line of an enterprise's history of grades: written when it became another one."""

    enterprise = models.BigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["enterprise", "-id"], name="rating_history")]

    def __str__(self) -> str:
        return f"enterprise {self.enterprise} on {self.as_of}: {self.grade}"
