"""Consents, and the audit rows that every release leaves behind."""

from __future__ import annotations

from django.db import models

ENTERPRISE = "subjects.Enterprise"
ORGANISATION = "accounts.Organisation"
PERSON = "accounts.Person"


class Consent(models.Model):
    """An enterprise lets one organisation see categories, for a purpose and stages, for a time.

    Rows are added and ended, never changed. `artefact` is the signed document that outsiders
    verify and the columns are what it says, for the gate's question: "is there a consent that
    covers this now". Empty are the columns of consents that were given outside of the process.
    """

    grantor = models.ForeignKey(ENTERPRISE, on_delete=models.PROTECT, related_name="+")
    grantee = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    granted_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(max_length=16)
    stages = models.JSONField(default=list)
    categories = models.JSONField(default=list)
    max_level = models.PositiveSmallIntegerField()
    granted_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    number = models.CharField(max_length=32, unique=True, null=True)  # its name; never used twice
    levels = models.JSONField(default=dict)  # category -> level; empty: max_level for all
    data_from = models.DateField(null=True)  # period of data: event dates, both included
    data_to = models.DateField(null=True)
    one_time = models.BooleanField(default=False)
    keep_days = models.PositiveIntegerField(null=True)  # how long the grantee may keep it
    template = models.CharField(max_length=64, blank=True)  # fair use, by name
    template_version = models.PositiveIntegerField(null=True)
    loan_reference = models.CharField(max_length=64, blank=True)  # of the live loan it serves
    request = models.OneToOneField(
        "trust.ConsentRequest", on_delete=models.PROTECT, null=True, related_name="consent"
    )
    artefact = models.JSONField(null=True)  # the envelope
    texts = models.JSONField(default=dict)  # language -> the words that were consented to
    ended_at = models.DateTimeField(null=True)  # written down as ended: no clock brings it back

    class Meta:
        indexes = [models.Index(fields=["grantor", "grantee"], name="consents_by_parties")]

    def __str__(self) -> str:
        return f"{self.grantor_id} → {self.grantee_id} ({self.purpose})"


class Outcome(models.TextChoices):
    """How a question to the gate ended."""

    RELEASED = "released", "已提供"
    DENIED = "denied", "已拒绝"
    FAILED = "failed", "未能提供"


class AuditRow(models.Model):
    """One question to the gate: who, about whom, what for, with what end. Ids only, no values.

    `digest` is the SHA-256 of the canonical JSON of what was released and `seq` the state of the
    store it was read at, `parameters` which product was asked for, with which filters and which
    page, so a release can be reproduced and compared. Kept for ten years
    (浙江省公共信用信息管理条例: the query log).
    """

    at = models.DateTimeField(db_index=True)
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(
        ORGANISATION, on_delete=models.PROTECT, null=True, related_name="+"
    )
    api_key = models.BigIntegerField(null=True)  # id of the key, when no person asked
    role = models.CharField(max_length=24)
    service = models.CharField(max_length=16)
    purpose = models.CharField(max_length=16)
    stage = models.CharField(max_length=16, blank=True)
    product = models.CharField(max_length=16)  # its kind
    enterprises = models.JSONField(default=list)
    released = models.JSONField(default=list)  # categories of which something was inside
    withheld = models.JSONField(default=dict)  # category -> why
    consents = models.JSONField(default=list)  # ids of the consents that it rested on
    seq = models.BigIntegerField(null=True)  # null: nothing was read
    digest = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome)
    reason = models.CharField(max_length=32, blank=True)  # code of the error, unless released
    support_id = models.BigIntegerField(null=True)  # the operator's support session, if one
    bundle = models.CharField(max_length=32, blank=True)  # joins the rows of one batch query
    parameters = models.JSONField(null=True)  # audit.parameters; null: a row from before they were

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "at"], name="audit_by_organisation"),
            models.Index(fields=["person", "at"], name="audit_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.service} {self.outcome}"


class AuditSubject(models.Model):
    """Whom an audit row is about, so that an enterprise finds who looked at it."""

    row = models.ForeignKey(AuditRow, on_delete=models.PROTECT, related_name="subjects")
    enterprise = models.ForeignKey(ENTERPRISE, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "row"], name="once_per_audit_row")
        ]

    def __str__(self) -> str:
        return f"{self.row_id} about {self.enterprise_id}"


from xinrong.trust.consenting.models import (  # noqa: E402 - the same
    ConsentMove,
    ConsentReceipt,
    ConsentRequest,
    StopNotice,
)
from xinrong.trust.counting.models import CountDraft  # noqa: E402 - the same
from xinrong.trust.sealing.models import (  # noqa: E402 - they refer to the rows above
    AuditBlock,
    AuditCheckpoint,
    AuditSeal,
)
from xinrong.trust.snooping.models import (  # noqa: E402 - the same
    SnoopAct,
    SnoopAlert,
    SnoopCount,
    SnoopWeek,
)
from xinrong.trust.trail.models import (  # noqa: E402 - the same
    AuditDoubt,
    UsageDay,
    UsageSeen,
    UsageState,
)
from xinrong.trust.using import ConsentUse  # noqa: E402 - the same

__all__ = [
    "AuditBlock",
    "AuditCheckpoint",
    "AuditDoubt",
    "AuditRow",
    "AuditSeal",
    "AuditSubject",
    "Consent",
    "ConsentMove",
    "ConsentReceipt",
    "ConsentRequest",
    "ConsentUse",
    "CountDraft",
    "Outcome",
    "SnoopAct",
    "SnoopAlert",
    "SnoopCount",
    "SnoopWeek",
    "StopNotice",
    "UsageDay",
    "UsageSeen",
    "UsageState",
]
