"""Repairs: which record, on what grounds, and what became of it; and doubts about one."""

from __future__ import annotations

from django.db import models

ENTERPRISE = "subjects.Enterprise"
ORGANISATION = "accounts.Organisation"


class RepairBasis(models.TextChoices):
    """On what grounds a record is to be shown no longer."""

    FULFILLED = "fulfilled"  # the duty is done
    RESTRUCTURING = "restructuring"  # for as long as a court's plan of restructuring is carried out


class Repair(models.Model):
    """An application for the repair of one record, and what was decided. No content of the record.

    `case` is the number of the case in which the department that determined it decides, and
    `linked` that of the repair to which this one belongs: the same fact in another department's
    words. `asserted` names every department that asserts the record. `pledge` is the public pledge
    as it was signed. `decision` and `notice` are the numbers of the two documents. From `seq` on
    the record is shown to nobody; `until` is the last day of a temporary repair; `lifted_seq` is
    when it was shown again.
    """

    case = models.CharField(max_length=32, unique=True)
    linked = models.CharField(max_length=32, blank=True)
    enterprise = models.ForeignKey(ENTERPRISE, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=64)
    key = models.BigIntegerField()
    subject = models.BigIntegerField()
    asserted = models.JSONField(default=list)
    basis = models.CharField(max_length=16, choices=RepairBasis)
    ruling = models.CharField(max_length=100, blank=True)  # of the court, for restructuring
    tier = models.CharField(max_length=8, blank=True)
    rule = models.CharField(max_length=64, blank=True)  # of the law packs: the earliest day
    why = models.CharField(max_length=2000)
    pledge = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    decision = models.CharField(max_length=100, blank=True)
    notice = models.CharField(max_length=100, blank=True)
    until = models.DateField(null=True)
    repaired_at = models.DateTimeField(null=True)
    seq = models.BigIntegerField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_seq = models.BigIntegerField(null=True)

    class Meta:
        db_table = "remedy_repair"
        indexes = [
            models.Index(fields=["category", "key"], name="repairs_of_record"),
            models.Index(fields=["enterprise", "-id"], name="repairs_of_enterprise"),
            models.Index(fields=["source", "-id"], name="repairs_of_source"),
            models.Index(
                fields=["until"], condition=models.Q(lifted_seq=None), name="repairs_to_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.category}/{self.key}"

    @property
    def stands(self) -> bool:
        """Whether the record is withheld by it now."""
        return self.seq is not None and self.lifted_seq is None


class RepairDoubt(models.Model):
    """A department says that a repair rests on false proof; `case` is where that is heard."""

    case = models.CharField(max_length=32, unique=True)
    repair = models.ForeignKey(Repair, on_delete=models.PROTECT, related_name="doubts")
    why = models.CharField(max_length=2000)
    raised_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "remedy_repairdoubt"

    def __str__(self) -> str:
        return f"{self.case} doubts {self.repair_id}"
