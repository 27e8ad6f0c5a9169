"""What the daily look for snooping leaves behind: counts, alerts, and what was done with them."""

from __future__ import annotations

from django.db import models

ORGANISATION = "accounts.Organisation"
PERSON = "accounts.Person"


class SnoopWeek(models.Model):
    """A week (by its Monday, in China) whose looks were counted and judged, by which rules."""

    monday = models.DateField(unique=True)
    judged_at = models.DateTimeField()
    rules_version = models.CharField(max_length=16)
    people = models.PositiveIntegerField()
    alerts = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.monday}"


class SnoopCount(models.Model):
    """How many visits of a person met each rule in a week, and the audit rows behind them.

    Derived from audit rows: it may be counted anew. `rows`: rule -> ids.
    """

    monday = models.DateField(db_index=True)
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+", db_index=False)
    organisation_id = models.BigIntegerField()  # where they acted last in that week
    institution_id = models.BigIntegerField()  # the bank of an outlet, else the same
    role = models.CharField(max_length=24)
    visits = models.PositiveIntegerField()
    counts = models.JSONField(default=dict)
    rows = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "monday"], name="one_snoop_count_a_week")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in the week of {self.monday}"


class AlertState(models.TextChoices):
    """What the compliance officer has made of an alert."""

    OPEN = "open", "待核查"
    EXPLAINED = "explained", "已说明"  # there was a reason for the looks
    CONFIRMED = "confirmed", "已确认"  # there was none
    REFERRED = "referred", "已移送"  # handed to whoever disciplines or prosecutes


class SnoopAlert(models.Model):
    """Somebody's looks stand out, in the weeks from `first_day` to `last_day`.

    `reasons`: rule, count, expected, weeks, surprise, the most telling first. `rows`: rule -> ids
    of the audit rows. It says that looks need a reason, never that there is none.
    """

    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=24)
    week = models.DateField()  # Monday of the week in which it was raised
    first_day = models.DateField()
    last_day = models.DateField()
    raised_at = models.DateTimeField()
    score = models.FloatField()
    reasons = models.JSONField(default=list)
    rows = models.JSONField(default=dict)
    rules_version = models.CharField(max_length=16)
    state = models.CharField(max_length=9, choices=AlertState, default=AlertState.OPEN)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["institution", "state", "-raised_at"], name="snoop_by_institution")
        ]

    def __str__(self) -> str:
        return f"alert {self.pk} about {self.person_id}"


class SnoopAct(models.Model):
    """Who looked at an alert, took its evidence out, or decided: rows are only added.

    Whoever watches is watched: the evidence about a colleague is not for the curious either.
    """

    alert = models.ForeignKey(SnoopAlert, on_delete=models.PROTECT, related_name="acts")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    act = models.CharField(max_length=8)  # opened, exported, decided, raised, grew
    state = models.CharField(max_length=9, blank=True)  # decided: what
    text = models.CharField(max_length=1000, blank=True)  # decided: why

    def __str__(self) -> str:
        return f"{self.act} {self.alert_id}"
