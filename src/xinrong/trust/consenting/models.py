"""What a consent's process leaves behind: requests, moves, receipts, stop-use notices."""

from __future__ import annotations

from django.db import models

ENTERPRISE = "subjects.Enterprise"
ORGANISATION = "accounts.Organisation"
PERSON = "accounts.Person"


class ConsentRequest(models.Model):
    """An organisation asks an enterprise for its consent; `state` is of CONSENT_PROCESS."""

    number = models.CharField(max_length=32, unique=True)
    grantor = models.ForeignKey(ENTERPRISE, on_delete=models.PROTECT, related_name="+")
    grantee = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(max_length=16)
    stages = models.JSONField(default=list)
    template = models.CharField(max_length=64)
    template_version = models.PositiveIntegerField()
    levels = models.JSONField(default=dict)  # category -> the level asked
    data_from = models.DateField()
    data_to = models.DateField(null=True)  # empty: up to the day of the query
    days = models.PositiveIntegerField()  # how long it would be valid
    one_time = models.BooleanField(default=False)
    keep_days = models.PositiveIntegerField()
    message = models.CharField(max_length=500, blank=True)
    loan_reference = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=16)
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["grantor", "state"], name="requests_of_enterprise"),
            models.Index(fields=["grantee", "state"], name="requests_of_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class ConsentMove(models.Model):
    """One move of the process: the log of who did what when."""

    request = models.ForeignKey(ConsentRequest, on_delete=models.PROTECT, related_name="moves")
    event = models.CharField(max_length=16)
    source = models.CharField(max_length=16, blank=True)
    target = models.CharField(max_length=16)
    role = models.CharField(max_length=24)
    organisation = models.ForeignKey(
        ORGANISATION, on_delete=models.PROTECT, null=True, related_name="+"
    )
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.request_id} {self.event}"


class ConsentReceipt(models.Model):
    """A signed paper for both sides: what happened to a request or a consent, and when.

    The receipts of one request form a chain: each names the digest of the one before.
    """

    number = models.CharField(max_length=32, unique=True)
    request = models.ForeignKey(ConsentRequest, on_delete=models.PROTECT, related_name="receipts")
    kind = models.CharField(max_length=16)
    at = models.DateTimeField()
    envelope = models.JSONField()

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"


class StopNotice(models.Model):
    """After a revocation: stop using what was delivered, and say what became of it."""

    number = models.CharField(max_length=32, unique=True)
    request = models.OneToOneField(ConsentRequest, on_delete=models.PROTECT, related_name="notice")
    issued_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    deliveries = models.PositiveIntegerField()
    answer = models.CharField(max_length=16, blank=True)
    note = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.number} {self.answer or 'open'}"


class ConsentNaming(models.Model):
    """That a counterparty's own consent named it in the file of another, by which release.

    The consent stands in the audit row among those that the release rests on. This is for whoever
    gave it: the row is about another enterprise, and would not be found.
    """

    consent = models.ForeignKey("trust.Consent", on_delete=models.PROTECT, related_name="+")
    row = models.ForeignKey("trust.AuditRow", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consent", "row"], name="named_once_per_audit_row")
        ]

    def __str__(self) -> str:
        return f"{self.consent_id} named in {self.row_id}"
