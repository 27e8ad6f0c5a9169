"""What resolution found of subjects with a name only, what people judged, and the runs."""

from __future__ import annotations

import uuid

from django.db import models

ENTERPRISE = "subjects.Enterprise"
SUBJECT = "subjects.Subject"
DECISION = "subjects.Decision"


class NamedState(models.TextChoices):
    """Where a subject with a name only stands."""

    NEW = "new", "待比对"  # resolution has not looked, or something changed since it did
    WAITING = "waiting", "待关联"  # nobody known here can be meant
    REVIEW = "review", "待复核"  # a person is to look
    SETTLED = "settled", "已复核"  # judged to be none of those who could be meant
    LINKED = "linked", "已关联"


class NamedSubject(models.Model):
    """A subject that came with a name only, and what resolution found of it.

    Derived from subjects, names and the ledger of judgements: it may be emptied at any time.
    `candidates` are those who could be meant, the best first: enterprise, score and reasons.
    Whoever decides names the `revision` that was looked at.
    """

    subject = models.OneToOneField(SUBJECT, on_delete=models.CASCADE, related_name="+")
    folded = models.CharField(max_length=200, db_index=True)
    core = models.CharField(max_length=200, db_index=True)  # trade name and industry
    state = models.CharField(max_length=8, choices=NamedState, default=NamedState.NEW)
    records = models.PositiveIntegerField(default=0)  # that wait behind it
    score = models.FloatField(default=0.0)
    candidates = models.JSONField(default=list)
    version = models.CharField(max_length=32, blank=True)  # of the resolution that looked last
    deferred_at = models.DateTimeField(null=True)  # somebody was unsure: it goes to the end
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["state", "-records"], name="named_by_state")]


class Judged(models.TextChoices):
    """What a person said of a subject and an enterprise."""

    SAME = "same", "是同一家"
    DIFFERENT = "different", "不是同一家"
    UNSURE = "unsure", "不能确定"
    WITHDRAWN = "withdrawn", "撤回"  # what was said before does not hold any more


class Judgement(models.Model):
    """Who said when, and why, that a subject is an enterprise or is not. Rows are only added.

    The subject is known by the SHA-256 of its key, so that a judgement holds for the same name
    from the same department whatever becomes of the subject's row. The last row about a subject
    and a code is what holds; `superseded_by` names the one that took its place. `code` is empty
    where somebody was unsure. What was said in one go has one `act`.
    """

    digest = models.CharField(max_length=64)
    subject = models.ForeignKey(SUBJECT, on_delete=models.PROTECT, related_name="+", null=True)
    code = models.CharField(max_length=18, blank=True)
    verdict = models.CharField(max_length=9, choices=Judged)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
    why = models.CharField(max_length=500)
    score = models.FloatField(null=True)  # of resolution, when it was said
    reasons = models.JSONField(default=list)
    version = models.CharField(max_length=32, blank=True)  # of the resolution at that time
    act = models.UUIDField(default=uuid.uuid4, db_index=True)
    decision = models.ForeignKey(DECISION, on_delete=models.PROTECT, related_name="+", null=True)
    superseded_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )

    class Meta:
        indexes = [models.Index(fields=["digest", "code"], name="judgements_of_subject")]


class LinkingDue(models.Model):
    """A single row while background work has been asked to look at who waits."""


class ResolutionRun(models.Model):
    """One run over those who wait: what it came to, and up to which name it knows the register."""

    at = models.DateTimeField()
    version = models.CharField(max_length=32)
    names_to = models.BigIntegerField(default=0)  # last EnterpriseName that it has seen
    looked_at = models.PositiveIntegerField(default=0)
    linked = models.PositiveIntegerField(default=0)
    review = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0.0)
    decision = models.ForeignKey(DECISION, on_delete=models.PROTECT, related_name="+", null=True)
