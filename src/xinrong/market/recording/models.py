"""What was written of loans, and what is on its way."""

from __future__ import annotations

from django.db import models


class LoanSending(models.Model):
    """Loans that are written together, as one push. `batch` is empty until they are.

    One `open` at a time, so that a later version of a loan never comes before an earlier one.
    """

    name = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    batch = models.BigIntegerField(null=True)
    open = models.BooleanField(default=True)

    class Meta:
        db_table = "market_loansending"
        constraints = [
            models.UniqueConstraint(
                fields=["open"], condition=models.Q(open=True), name="one_sending_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"sending {self.name}"


class LoanVersion(models.Model):
    """A loan as it was sent, `number` counting from 1; `digest` is that of what was said.

    `code` and `name` are the enterprise's when the loan was first written: a record stays that of
    the subject it was sent for, whatever becomes of the enterprise. `row` is empty once written.
    """

    loan = models.ForeignKey("market.Loan", on_delete=models.PROTECT, related_name="versions")
    sending = models.ForeignKey(LoanSending, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=18)
    name = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    row = models.JSONField(default=dict)

    class Meta:
        db_table = "market_loanversion"
        constraints = [
            models.UniqueConstraint(fields=["loan", "number"], name="one_version_of_a_number")
        ]

    def __str__(self) -> str:
        return f"version {self.number} of loan {self.loan_id}"
