"""A financing event (融资对接活动), the banks and enterprises invited, and whom it paired."""

from __future__ import annotations

from django.db import models

ENTERPRISE = "subjects.Enterprise"
ORGANISATION = "accounts.Organisation"
PERSON = "accounts.Person"


class MeetingState(models.TextChoices):
    """Where an event stands."""

    PLANNED = "planned"
    OPEN = "open"
    PAIRED = "paired"
    HELD = "held"
    CANCELLED = "cancelled"


class Meeting(models.Model):
    """One event: what, when, where, for which programme, and whom its organiser invited.

    `criterion` is the code of the criterion whose enterprises were told; `invited` how many of
    them have a representative here, for the organiser only as a count behind the floor.
    """

    number = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=100)
    place = models.CharField(max_length=200)
    held_on = models.DateField()
    programme = models.CharField(max_length=64, blank=True)
    slots = models.PositiveSmallIntegerField()
    organiser = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=MeetingState, default=MeetingState.PLANNED)
    criterion = models.CharField(max_length=64, blank=True)
    invited = models.PositiveIntegerField(null=True)
    paired_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "market_meeting"
        ordering = ("held_on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(slots__gte=1, slots__lte=50), name="meetings_have_slots"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.state})"


class MeetingBank(models.Model):
    """A bank that was invited, and how many enterprises it will talk to."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="banks")
    bank = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    lender = models.CharField(max_length=40)
    slots = models.PositiveSmallIntegerField(default=0)
    answer = models.CharField(max_length=8, blank=True)  # yes or no
    answered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "market_meetingbank"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["meeting", "bank"], name="a_bank_once_a_meeting")
        ]

    def __str__(self) -> str:
        return f"{self.lender} at {self.meeting_id}"


class MeetingGuest(models.Model):
    """An enterprise that said yes and gave a need: from then on the organiser knows its name.

    `wishes` are the lenders whose products could be it, in the order of the published rule, each
    with whether one admits the need for sure. `bank` is whom it was paired with; `choice` the
    place of that bank among its wishes, counted from 1.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="guests")
    enterprise = models.ForeignKey(ENTERPRISE, on_delete=models.PROTECT, related_name="+")
    need = models.CharField(max_length=32)
    said_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    first_time = models.BooleanField(default=False)
    wishes = models.JSONField(default=list)
    bank = models.ForeignKey(
        MeetingBank, on_delete=models.PROTECT, null=True, related_name="guests"
    )
    choice = models.PositiveSmallIntegerField(null=True)
    attended = models.BooleanField(null=True)

    class Meta:
        db_table = "market_meetingguest"
        ordering = ("said_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "enterprise"], name="an_enterprise_once_a_meeting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.need} at {self.meeting_id}"
