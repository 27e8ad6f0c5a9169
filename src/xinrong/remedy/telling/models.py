"""What partners were told of records that they had been shown. No content of any record."""

from __future__ import annotations

from django.db import models

ENTERPRISE = "subjects.Enterprise"
ORGANISATION = "accounts.Organisation"


class WithdrawalTurn(models.Model):
    """A single row: whoever tells holds it, so that numbers appear in their order."""

    class Meta:
        db_table = "remedy_withdrawalturn"


class Withdrawal(models.Model):
    """One thing that became of a record. Never changed.

    `number` orders what partners are told; it is that of the line in the journal, so that a
    restore gives none twice. `reference` is the number of the case, `article` what it rests on.
    """

    number = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=24)
    category = models.CharField(max_length=64)
    key = models.BigIntegerField()
    enterprise = models.ForeignKey(ENTERPRISE, on_delete=models.PROTECT, related_name="+")
    article = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "remedy_withdrawal"
        indexes = [
            models.Index(fields=["category", "key"], name="withdrawals_of_record"),
            models.Index(fields=["at"], name="withdrawals_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind} {self.category}/{self.key}"


class WithdrawalTold(models.Model):
    """An institution that was told; `due_on` is the last day for it to say that it has done so.

    None where nothing has to be withdrawn.
    """

    withdrawal = models.ForeignKey(Withdrawal, on_delete=models.PROTECT, related_name="told")
    organisation = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=64, blank=True)  # "person 7" or "key 3"

    class Meta:
        db_table = "remedy_withdrawaltold"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "withdrawal"], name="told_once_of_withdrawal"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=models.Q(acknowledged_at=None),
                name="withdrawals_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.withdrawal_id} to {self.organisation_id}"
