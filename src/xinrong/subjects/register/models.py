"""Who followed whom."""

from __future__ import annotations

from django.db import models

ENTERPRISE = "subjects.Enterprise"


class SuccessionKind(models.TextChoices):
    """How one enterprise followed another."""

    MERGER = "merger", "合并"
    DIVISION = "division", "分立"
    CONVERSION = "conversion", "个转企"


class RetractedName(models.Model):
    """A name that a register brought with `seq`, and that none says since `to_seq`.

    It is found by no search. What was shown as of a seq in between can be shown again.
    """

    enterprise = models.ForeignKey(ENTERPRISE, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    seq = models.BigIntegerField()
    to_seq = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.name} of {self.enterprise_id}, until seq {self.to_seq}"


class Succession(models.Model):
    """`successor` follows `predecessor`, from one seq to another (open when `to_seq` is null).

    Both stay enterprises of their own, each with its file: nothing of the identity map changes.
    `on` is the day from which it holds, where it is known. `source` says where it was read
    ("<category>/<key>"), empty when a person said so. Rows are never deleted: an undo ends them.
    """

    predecessor = models.ForeignKey(ENTERPRISE, on_delete=models.PROTECT, related_name="+")
    successor = models.ForeignKey(ENTERPRISE, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=SuccessionKind)
    on = models.DateField(null=True)
    from_seq = models.BigIntegerField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
    why = models.CharField(max_length=500)
    source = models.CharField(max_length=120, blank=True)
    to_seq = models.BigIntegerField(null=True)
    undone_by = models.CharField(max_length=200, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_why = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"],
                condition=models.Q(to_seq=None),
                name="one_open_succession",
            )
        ]
        indexes = [models.Index(fields=["kind", "on"], name="succession_by_day")]

    def __str__(self) -> str:
        return f"succession {self.pk}: {self.kind} of {self.predecessor} into {self.successor}"
