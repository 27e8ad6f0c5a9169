"""A financing need as it is kept: a draft first, then the enterprise's word."""

from __future__ import annotations

from django.db import models

ENTERPRISE = "subjects.Enterprise"
ORGANISATION = "accounts.Organisation"
PERSON = "accounts.Person"


class NeedState(models.TextChoices):
    """Where a need stands."""

    DRAFT = "draft"
    STATED = "stated"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class NeedSource(models.TextChoices):
    """How a need came here."""

    SELF = "self"
    VISIT = "visit"
    QUESTIONNAIRE = "questionnaire"
    EVENT = "event"


class StatedNeed(models.Model):
    """One need, from its first answer on. Money is in fen, rates are percent a year.

    `enterprise` is empty for a firm that is in no register yet: then `person` is whose need it is
    and `planned_name` what the firm is to be called. `entered_by`, of the institution
    `entered_for`, wrote it down on a visit or from its form; it counts from `stated_at` on, when
    `stated_by` gave the enterprise's word. `source_reference` names the questionnaire, event or
    form that it came from.

    `steps` are the questions that somebody answered; `prefilled` names, for those that the
    platform answered first, the category that it read. `version` is the one before the eyes of
    whoever states it.
    """

    number = models.CharField(max_length=32, unique=True)
    enterprise = models.ForeignKey(
        ENTERPRISE, on_delete=models.PROTECT, null=True, related_name="+"
    )
    organisation = models.ForeignKey(
        ORGANISATION, on_delete=models.PROTECT, null=True, related_name="+"
    )
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    planned_name = models.CharField(max_length=100, blank=True)
    source = models.CharField(max_length=16, choices=NeedSource, default=NeedSource.SELF)
    source_reference = models.CharField(max_length=64, blank=True)
    entered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    entered_for = models.ForeignKey(
        ORGANISATION, on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(max_length=16, choices=NeedState, default=NeedState.DRAFT)
    version = models.PositiveIntegerField(default=1)

    amount = models.BigIntegerField(null=True)
    months = models.PositiveSmallIntegerField(null=True)
    purpose = models.CharField(max_length=24, blank=True)
    offers = models.JSONField(default=list)
    area = models.CharField(max_length=6, blank=True)
    first_time = models.BooleanField(null=True)
    max_rate = models.DecimalField(max_digits=6, decimal_places=4, null=True)
    registered = models.BooleanField(default=True)
    note = models.CharField(max_length=500, blank=True)
    steps = models.JSONField(default=list)
    prefilled = models.JSONField(default=dict)

    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    stated_at = models.DateTimeField(null=True)
    stated_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "market_statedneed"
        indexes = [
            models.Index(fields=["enterprise", "-id"], name="needs_of_enterprise"),
            models.Index(fields=["person", "-id"], name="needs_of_person"),
            models.Index(fields=["entered_for", "-id"], name="needs_entered_for"),
            models.Index(fields=["source", "source_reference"], name="needs_of_source"),
            models.Index(fields=["state", "changed_at"], name="needs_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state__in=["stated", "answered"])
                | (
                    models.Q(amount__gt=0, months__gt=0, stated_at__isnull=False)
                    & ~models.Q(purpose="")
                ),
                name="stated_needs_are_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(enterprise__isnull=False) | models.Q(person__isnull=False),
                name="a_need_is_somebodys",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.state})"

    @property
    def is_draft(self) -> bool:
        """Whether nobody has given the enterprise's word yet."""
        return self.state == NeedState.DRAFT

    @property
    def waits_for_word(self) -> bool:
        """Whether somebody else entered it, and the enterprise has yet to confirm it."""
        return self.is_draft and self.entered_by_id is not None


class Questionnaire(models.Model):
    """A few questions of a need, put to the enterprises of a district between two days.

    `area` is the code of the district, empty for the whole region; `questions` are names of
    questions. Nobody answers before `opens_on`, after `closes_on` or from `closed_at` on.
    """

    number = models.CharField(max_length=32, unique=True)
    title = models.CharField(max_length=100)
    note = models.CharField(max_length=500, blank=True)
    area = models.CharField(max_length=6, blank=True)
    questions = models.JSONField(default=list)
    opens_on = models.DateField()
    closes_on = models.DateField()
    published_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    published_for = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "market_questionnaire"
        indexes = [
            models.Index(fields=["closes_on"], name="questionnaires_by_end"),
            models.Index(fields=["published_for", "-id"], name="questionnaires_published"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.opens_on} – {self.closes_on})"


class QuestionnaireReply(models.Model):
    """That an enterprise answered once: with a need, or that it needs nothing now (no `need`)."""

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="replies"
    )
    enterprise = models.ForeignKey(ENTERPRISE, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    need = models.ForeignKey(StatedNeed, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "market_questionnairereply"
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "enterprise"], name="one_reply_to_a_questionnaire"
            )
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire_id} · {self.enterprise_id}"
