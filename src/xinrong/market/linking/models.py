"""Links to banks' systems, what went over them in either direction, and where ledgers differ."""

from __future__ import annotations

from django.db import models

ORGANISATION = "accounts.Organisation"
PERSON = "accounts.Person"


class Link(models.Model):
    """How the platform and one bank's system reach and know each other.

    `officer` is the person of the bank in whose name its system acts. `theirs` is the SHA-256
    fingerprint of the certificate with which the bank's system calls; empty: not asked for.
    `server` is that of the certificate behind which it listens; empty: whatever `authority` (a
    file; empty: the usual ones) vouches for. `certificate` and `private_key` are the files with
    which the platform shows who it is. Pauses in seconds.

    `failing_since`, `failures` and `not_before`: the bank cannot be reached, nothing is tried
    before.
    """

    name = models.CharField(max_length=32, unique=True)
    organisation = models.OneToOneField(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    officer = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    url = models.CharField(max_length=500)
    products = models.JSONField(default=list)  # ids of products; empty: all of the bank's
    theirs = models.CharField(max_length=64, blank=True)
    server = models.CharField(max_length=64, blank=True)
    authority = models.CharField(max_length=500, blank=True)
    certificate = models.CharField(max_length=500, blank=True)
    private_key = models.CharField(max_length=500, blank=True)
    first_pause = models.PositiveIntegerField(default=10)
    longest_pause = models.PositiveIntegerField(default=3600)
    give_up = models.PositiveIntegerField(default=86_400)
    timeout = models.PositiveIntegerField(default=10)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(null=True)

    class Meta:
        db_table = "market_link"

    def __str__(self) -> str:
        return self.name


class Direction(models.TextChoices):
    """Who says it."""

    OURS = "ours", "平台发出"
    THEIRS = "theirs", "银行发出"


class LinkKey(models.Model):
    """A secret that signs one direction. The secret lies in a file; the row knows its digest.

    `ends_at`: from then on it signs nothing; None while it is in force.
    """

    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="keys")
    direction = models.CharField(max_length=6, choices=Direction)
    digest = models.CharField(max_length=64, unique=True)
    file = models.CharField(max_length=500)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "market_linkkey"

    def __str__(self) -> str:
        return f"{self.link_id} {self.direction} {self.digest[:8]}"


class Conversation(models.Model):
    """What is said about one application over a link: the next number in each direction.

    `application` is its number, as in the address of its page.
    """

    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="conversations")
    application = models.CharField(max_length=32)
    enterprise = models.BigIntegerField()  # id; for revocations
    next_ours = models.PositiveIntegerField(default=1)
    next_theirs = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "market_linkconversation"
        constraints = [
            models.UniqueConstraint(fields=["link", "application"], name="once_per_link")
        ]
        indexes = [models.Index(fields=["enterprise"], name="conversations_of")]

    def __str__(self) -> str:
        return f"{self.link_id} {self.application}"


class Standing(models.TextChoices):
    """Where a message to a bank stands."""

    WAITING = "waiting", "待发送"
    DONE = "done", "已送达"
    DEAD = "dead", "发送失败"  # given up; a person looks, and resends


class OutMessage(models.Model):
    """Something the platform says. `data` are facts; a file is read when it is sent, never kept.

    `sequence` counts per application from 1; 0: it stands outside of that order. `source` names
    what it tells of, so that nothing is told twice. `digest` is that of the body sent last.
    """

    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="said")
    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, null=True, related_name="said"
    )
    name = models.CharField(max_length=40, unique=True)
    sequence = models.PositiveIntegerField(default=0)
    type = models.CharField(max_length=24)
    data = models.JSONField(default=dict)
    source = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=Standing, default=Standing.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    stamp = models.BigIntegerField(default=0)  # seconds since 1970 of the last signature
    digest = models.CharField(max_length=64, blank=True)
    error = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "market_linkout"
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "sequence"],
                condition=models.Q(sequence__gt=0),
                name="once_per_sequence_ours",
            ),
            models.UniqueConstraint(
                fields=["link", "source"],
                condition=~models.Q(source=""),
                name="once_per_source",
            ),
        ]
        indexes = [
            models.Index(
                fields=["conversation", "sequence"],
                condition=~models.Q(state="done"),
                name="linkout_open",
            ),
            models.Index(
                fields=["link", "state", "not_before"],
                condition=~models.Q(state="done"),
                name="linkout_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.type} {self.state}"


class Taken(models.TextChoices):
    """What became of a message of a bank."""

    APPLIED = "applied", "已处理"
    PARKED = "parked", "等待前序消息"
    REFUSED = "refused", "已退回"


class InMessage(models.Model):
    """Something a bank said, as it came, and what it was answered: the same ever after.

    `number` is the bank's own name of it. `body` is empty once its time is over (`forgetting`);
    `digest` is of what it was. `stamp` and `signature` are those of the last time it
    came: whoever repeats them word for word has copied them. Of a dispute `settlement` is how the
    operator settled it, in words.
    """

    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="heard")
    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, null=True, related_name="heard"
    )
    number = models.CharField(max_length=64)
    sequence = models.PositiveIntegerField(default=0)
    type = models.CharField(max_length=24, blank=True)
    body = models.TextField()
    digest = models.CharField(max_length=64)
    stamp = models.BigIntegerField()
    signature = models.CharField(max_length=512)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Taken)
    code = models.CharField(max_length=40, blank=True)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField(default=dict)
    applied_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    settlement = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "market_linkin"
        constraints = [
            models.UniqueConstraint(fields=["link", "number"], name="once_per_number"),
            models.UniqueConstraint(
                fields=["conversation", "sequence"],
                condition=models.Q(sequence__gt=0),
                name="once_per_sequence_theirs",
            ),
        ]
        indexes = [models.Index(fields=["link", "outcome", "at"], name="linkin_outcome")]

    def __str__(self) -> str:
        return f"{self.number} {self.type} {self.outcome}"


class LedgerDay(models.Model):
    """A day's ledger as a bank sent it; parts that came, of how many."""

    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    parts = models.JSONField(default=dict)  # number of the part -> its rows
    of = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()
    compared_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "market_linkday"
        constraints = [models.UniqueConstraint(fields=["link", "day"], name="once_per_link_day")]

    def __str__(self) -> str:
        return f"{self.link_id} {self.day}"


class Difference(models.Model):
    """A value of one application that the two ledgers do not share, until they do."""

    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="differences")
    day = models.DateField()
    application = models.CharField(max_length=32)
    what = models.CharField(max_length=16)  # state, disbursed, repaid, here, there
    ours = models.CharField(max_length=40, blank=True)
    theirs = models.CharField(max_length=40, blank=True)
    found_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "market_linkdifference"
        constraints = [
            models.UniqueConstraint(
                fields=["link", "application", "what"],
                condition=models.Q(resolved_at=None),
                name="once_while_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.what}: {self.ours} / {self.theirs}"


class LinkDue(models.Model):
    """A single row while background work has been asked to send."""

    class Meta:
        db_table = "market_linkdue"
