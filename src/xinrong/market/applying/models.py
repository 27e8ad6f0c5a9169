"""Applications, the offers and refusals that answer them, and the loans that came of them.

The state of an application is that of its case (`work`); money is in fen.
"""

from __future__ import annotations

from django.db import models

ENTERPRISE = "subjects.Enterprise"
ORGANISATION = "accounts.Organisation"
PERSON = "accounts.Person"


class Application(models.Model):
    """One enterprise asks one lender for one product, for one need; `number` is that of its case.

    `organisation` is the bank, or the outlet, that was asked, `institution` the bank itself.
    `version` is that of the product on the day it was asked and `rate_high` the highest rate in
    percent that it published. `alternatives` are the products that admitted the need that day, then
    those of which it could not be told, in the order of the published rule: the next is proposed
    from them. `answered_at` is when the
    lender first answered: took the file on, offered, or refused with reasons. `from_number` names
    the application after which this one was proposed.
    """

    number = models.CharField(max_length=32, unique=True)
    need = models.CharField(max_length=32)
    enterprise = models.ForeignKey(ENTERPRISE, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    lender = models.CharField(max_length=40)
    product = models.CharField(max_length=64)
    version = models.PositiveSmallIntegerField()
    rate_high = models.DecimalField(max_digits=8, decimal_places=4)
    answer_days = models.PositiveSmallIntegerField()
    money_days = models.PositiveSmallIntegerField()
    amount = models.BigIntegerField()
    months = models.PositiveSmallIntegerField()
    purpose = models.CharField(max_length=24)
    first_time = models.BooleanField(default=False)
    alternatives = models.JSONField(default=list)
    from_number = models.CharField(max_length=32, blank=True)
    consent_request = models.CharField(max_length=32, blank=True)
    submitted_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "market_application"
        constraints = [
            models.UniqueConstraint(
                fields=["need", "product"],
                condition=models.Q(ended_at=None),
                name="one_open_application_per_product",
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0, months__gt=0), name="applications_ask_for_money"
            ),
        ]
        indexes = [
            models.Index(fields=["need"], name="applications_of_need"),
            models.Index(fields=["enterprise", "-id"], name="applications_of_enterprise"),
            models.Index(fields=["organisation", "-id"], name="applications_of_office"),
            models.Index(fields=["institution", "submitted_at"], name="applications_of_bank"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.product}"


class Offer(models.Model):
    """What a lender offers: the whole of the terms (`domain.loans.kept`), until `valid_until`.

    `annual` is the all-in annual cost as a fraction. It cannot be changed or taken back.
    """

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="offer")
    terms = models.JSONField()
    annual = models.DecimalField(max_digits=10, decimal_places=8)
    security = models.JSONField(default=list)
    note = models.CharField(max_length=500, blank=True)
    valid_until = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "market_offer"

    def __str__(self) -> str:
        return f"offer {self.pk} of {self.application_id}"


class Choice(models.Model):
    """The one application that met a need. Of two offers accepted at once one finds it taken."""

    need = models.CharField(max_length=32)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="choices")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "market_choice"
        constraints = [
            models.UniqueConstraint(
                fields=["need"], condition=models.Q(released_at=None), name="one_choice_per_need"
            )
        ]

    def __str__(self) -> str:
        return f"{self.need} chose {self.application_id}"


class Refusal(models.Model):
    """A refusal with its reasons (codes of `reasons`) and words; who decided it.

    `appealed_at` is when the enterprise appealed; `upheld_at` when a second person upheld it, or
    `overturned_at` when they did not.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="refusals")
    reasons = models.JSONField()
    text = models.CharField(max_length=2000)
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    appealed_at = models.DateTimeField(null=True)
    upheld_at = models.DateTimeField(null=True)
    overturned_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "market_refusal"

    def __str__(self) -> str:
        return f"refusal of {self.application_id}"


class Loan(models.Model):
    """The contract of an application: its terms are those of the offer that was chosen.

    `consent_request` asked the enterprise for the consent that serves this loan while it runs.
    `unwritten`: something has changed that its record does not say yet (`market.recording`).
    """

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="loan")
    reference = models.CharField(max_length=64)
    terms = models.JSONField()
    signed_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    consent_request = models.CharField(max_length=32, blank=True)
    closed_on = models.DateField(null=True)
    unwritten = models.BooleanField(default=True)

    class Meta:
        db_table = "market_loan"
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(unwritten=True), name="loans_to_be_written"
            )
        ]

    def __str__(self) -> str:
        return f"loan {self.reference}"


class PaymentKind(models.TextChoices):
    """Which way money went."""

    DISBURSEMENT = "disbursement"
    REPAYMENT = "repayment"


class Payment(models.Model):
    """Money that went one way or the other on a day, as the lender reported it.

    A correction is another row of the same `reference`; the former is `replaced_at`. Of a
    disbursement `principal` is what was lent, `received` what reached the borrower, `made` the
    terms on which it was really made and `differences` the lines of the cost sheet that are not
    as promised. Of a repayment `principal`, `interest` and `fees` are what was paid.
    """

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="payments")
    kind = models.CharField(max_length=16, choices=PaymentKind)
    reference = models.CharField(max_length=64)
    paid_on = models.DateField()
    principal = models.BigIntegerField(default=0)
    interest = models.BigIntegerField(default=0)
    fees = models.BigIntegerField(default=0)
    received = models.BigIntegerField(null=True)
    made = models.JSONField(null=True)
    differences = models.JSONField(default=list)
    why = models.CharField(max_length=500, blank=True)  # of a correction
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "market_payment"
        constraints = [
            models.UniqueConstraint(
                fields=["loan", "kind", "reference"],
                condition=models.Q(replaced_at=None),
                name="one_standing_payment",
            ),
            models.CheckConstraint(
                condition=models.Q(principal__gte=0, interest__gte=0, fees__gte=0),
                name="payments_are_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class LoanReview(models.Model):
    """A look after the loan was paid out, by a person who had queried the file at that stage."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="reviews")
    finding = models.CharField(max_length=16)
    text = models.CharField(max_length=2000, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "market_loanreview"

    def __str__(self) -> str:
        return f"review of {self.loan_id}"


class Proposal(models.Model):
    """Another lender, proposed to the enterprise after silence or a refusal. Nothing has moved.

    `answer` is empty until the enterprise grants or declines it, or it is of no use any more;
    `became` the number of the application that it became. `product` is empty where there was
    nobody to propose; then the operator is told.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="proposals")
    need = models.CharField(max_length=32)
    enterprise = models.ForeignKey(ENTERPRISE, on_delete=models.PROTECT, related_name="+")
    product = models.CharField(max_length=64, blank=True)
    lender = models.CharField(max_length=40, blank=True)
    why = models.CharField(max_length=16)  # silence, unanswered or refusal
    made_at = models.DateTimeField()
    answer = models.CharField(max_length=16, blank=True)
    answered_at = models.DateTimeField(null=True)
    became = models.CharField(max_length=32, blank=True)

    class Meta:
        db_table = "market_proposal"
        constraints = [
            models.UniqueConstraint(
                fields=["application", "why"], name="one_proposal_for_each_reason"
            )
        ]
        indexes = [models.Index(fields=["enterprise", "answer"], name="proposals_of_enterprise")]

    def __str__(self) -> str:
        return f"proposal {self.pk} after {self.application_id}"
