"""Doubts about queries, and the usage accounts: both stand on audit rows."""

from __future__ import annotations

from django.db import models


class AuditDoubt(models.Model):
    """An enterprise doubts a query; the compliance officer of whoever asked answers."""

    row = models.ForeignKey("trust.AuditRow", on_delete=models.PROTECT, related_name="doubts")
    enterprise = models.ForeignKey(
        "subjects.Enterprise", on_delete=models.PROTECT, related_name="+"
    )
    doubted_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.CharField(max_length=500)
    answered_by = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["row", "enterprise"], name="doubted_once")]

    def __str__(self) -> str:
        return f"doubt about row {self.row_id}"


class UsageDay(models.Model):
    """How much one organisation asked on one day, for one purpose and stage.

    `new_users` and `new_enterprises` are those not yet seen in that month, so that the sums of a
    month are its numbers of users and of enterprises. Kept by `trust.audit.usage` from sealed rows.
    """

    day = models.DateField()  # in China
    month = models.DateField()  # its first day
    organisation = models.BigIntegerField()  # its id; 0: nobody signed in
    purpose = models.CharField(max_length=16)
    stage = models.CharField(max_length=16, blank=True)
    queries = models.PositiveIntegerField(default=0)
    released = models.PositiveIntegerField(default=0)
    denied = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    new_users = models.PositiveIntegerField(default=0)
    new_enterprises = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "organisation", "purpose", "stage", "day"],
                name="one_account_a_day",
            )
        ]
        indexes = [models.Index(fields=["day", "organisation"], name="accounts_by_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.queries} by {self.organisation}"


class UsageSeen(models.Model):
    """That a user or an enterprise is counted in an account of a month already."""

    month = models.DateField()
    organisation = models.BigIntegerField()
    purpose = models.CharField(max_length=16)
    stage = models.CharField(max_length=16, blank=True)
    kind = models.CharField(max_length=1)  # u: user (negative: an API key); e: enterprise
    reference = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "organisation", "purpose", "stage", "kind", "reference"],
                name="seen_once_a_month",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}{self.reference} in {self.month}"


class UsageState(models.Model):
    """Up to which block the usage is counted: one row."""

    block = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"counted up to block {self.block}"
