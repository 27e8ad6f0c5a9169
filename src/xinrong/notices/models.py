"""Notices, what people want to be told and where, and the messages that leave the platform."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from xinrong.notices.enums import Channel, Language, MessageState, Wanted

ORGANISATION = "accounts.Organisation"
PERSON = "accounts.Person"


class Notice(models.Model):
    """That something waits for a person, or has happened: seen in the platform.

    `organisation` and `role` say in which role the person is told; once that role has ended the
    notice is shown to nobody. `key` names what is told, so that it is told once. `reference` is
    the request, alert or case; `label` the other side's name, of a case its process, of an alarm
    its feed. Neither leaves the platform.
    """

    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        ORGANISATION, on_delete=models.PROTECT, null=True, related_name="+"
    )  # none: about the person's own account
    role = models.CharField(max_length=24, blank=True)
    kind = models.CharField(max_length=32)
    path = models.CharField(max_length=300)
    reference = models.CharField(max_length=64, blank=True)
    label = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=100)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="told_once"),
        ]
        indexes = [
            models.Index(fields=["person", "-at"], name="notices_by_person"),
            models.Index(fields=["person"], condition=Q(read_at=None), name="notices_unread"),
            models.Index(fields=["at"], name="notices_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.person_id}"


class Preference(models.Model):
    """What a person wants to be told, by what, when and in which language; absent: the defaults.

    Hours are of the day in China. `number` counts once `number_at` says when it was confirmed.
    `mail_refused` is the address that refused messages: another address is free of it.
    """

    person = models.OneToOneField(PERSON, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=8, choices=Language, default=Language.CHINESE)
    mail = models.CharField(max_length=6, choices=Wanted, default=Wanted.DAILY)
    sms = models.CharField(max_length=6, choices=Wanted, default=Wanted.OFF)
    quiet_from = models.PositiveSmallIntegerField(null=True, default=22)  # none: no quiet hours
    quiet_to = models.PositiveSmallIntegerField(null=True, default=7)
    digest_hour = models.PositiveSmallIntegerField(default=8)
    number = models.CharField(max_length=20, blank=True)
    number_at = models.DateTimeField(null=True)
    code_at = models.DateTimeField(null=True)  # when a code to confirm the number was asked for
    code_tries = models.PositiveSmallIntegerField(default=0)
    mail_refused = models.CharField(max_length=254, blank=True)
    number_refused = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"preferences of {self.person_id}"


class Message(models.Model):
    """One notice on its way to one person by one channel; without a notice: a number's code.

    `name` is the same however often it is sent, so that whoever gets it twice sees that it is
    one; messages of one summary share `sent_as`. `claimed_until`: a worker has it in hand.
    """

    name = models.CharField(max_length=32, unique=True)
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, null=True, related_name="messages")
    channel = models.CharField(max_length=4, choices=Channel)
    state = models.CharField(max_length=7, choices=MessageState, default=MessageState.QUEUED)
    daily = models.BooleanField(default=False)  # waits for the summary of the day
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_as = models.CharField(max_length=32, blank=True)
    why = models.CharField(max_length=32, blank=True)  # not sent: a stable word
    detail = models.CharField(max_length=300, blank=True)  # and what the server said

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="one_message_per_channel")
        ]
        indexes = [
            models.Index(
                fields=["channel", "due_at"],
                condition=Q(state__in=("queued", "failed")),
                name="messages_open",
            ),
            models.Index(fields=["-made_at"], condition=Q(state="dead"), name="messages_dead"),
            models.Index(fields=["person", "channel", "sent_at"], name="messages_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class ChannelPause(models.Model):
    """A channel that does not work, since when, and when it is tried again."""

    channel = models.CharField(max_length=4, choices=Channel, unique=True)
    since = models.DateTimeField()
    tries = models.PositiveIntegerField(default=1)
    retry_at = models.DateTimeField()
    why = models.CharField(max_length=32)
    detail = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.channel} since {self.since:%F %T}"


class Followed(models.Model):
    """How far a table of a capability below was read: every row up to `floor` is done.

    Above it `FollowedRow` names the rows that are done, because a row may appear (its transaction
    commits) after one with a higher number.
    """

    source = models.CharField(max_length=32, unique=True)
    floor = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.source} up to {self.floor}"


class FollowedRow(models.Model):
    """One row above the floor that is done, and when it was first seen."""

    source = models.ForeignKey(Followed, on_delete=models.CASCADE, related_name="rows")
    number = models.BigIntegerField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="followed_once")]

    def __str__(self) -> str:
        return f"{self.source_id}: {self.number}"
