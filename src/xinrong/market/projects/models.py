"""A key project on a department's list, what was corrected, and the needs stated for it."""

from __future__ import annotations

from django.db import models

ENTERPRISE = "subjects.Enterprise"
ORGANISATION = "accounts.Organisation"
PERSON = "accounts.Person"


class KeyProject(models.Model):
    """One project: `amount` in fen and `months` are what its owner wants of lenders.

    `document` and `article` put it on the list from `listed_from` to `listed_until`, both included.
    `enterprise` owns it and `keeper` is the institution whose list it is on. One that was taken off
    has `ended_on`, the first day on which it is on the list no longer, and why.
    """

    number = models.CharField(max_length=32, unique=True)
    title = models.CharField(max_length=100)
    enterprise = models.ForeignKey(ENTERPRISE, on_delete=models.PROTECT, related_name="+")
    keeper = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    months = models.PositiveSmallIntegerField()
    document = models.CharField(max_length=200)
    article = models.CharField(max_length=100, blank=True)
    listed_from = models.DateField()
    listed_until = models.DateField()
    listed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    listed_at = models.DateTimeField()
    ended_on = models.DateField(null=True)
    ended_why = models.CharField(max_length=500, blank=True)
    ended_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "market_keyproject"
        indexes = [
            models.Index(fields=["keeper", "-id"], name="projects_of_keeper"),
            models.Index(fields=["enterprise", "-id"], name="projects_of_enterprise"),
            models.Index(fields=["listed_until"], name="projects_by_end"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "title"],
                condition=models.Q(ended_on=None),
                name="a_project_is_listed_once",
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0, months__gt=0), name="projects_want_money"
            ),
            models.CheckConstraint(
                condition=models.Q(listed_until__gte=models.F("listed_from")),
                name="projects_are_listed_for_a_day_or_more",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on=None) | ~models.Q(ended_why=""),
                name="projects_end_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class ProjectChange(models.Model):
    """That a project was corrected: what stood there before, by field, as text."""

    project = models.ForeignKey(KeyProject, on_delete=models.PROTECT, related_name="changes")
    was = models.JSONField()
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "market_projectchange"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"change of {self.project_id}"


class ProjectNeed(models.Model):
    """That the owner began a need for a project; from then on it is a need like any other."""

    project = models.ForeignKey(KeyProject, on_delete=models.PROTECT, related_name="needs")
    need = models.CharField(max_length=32, unique=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "market_projectneed"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.need} for {self.project_id}"
