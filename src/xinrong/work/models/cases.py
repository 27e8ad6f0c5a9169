"""Cases: a process at work, its sides, its log and its clocks."""

from __future__ import annotations

from django.db import models

ENTERPRISE = "subjects.Enterprise"
ORGANISATION = "accounts.Organisation"
PERSON = "accounts.Person"


class Placed(models.Model):
    """Where something stands in its table: the columns of `domain.process.Position`."""

    state = models.CharField(max_length=32, blank=True)
    version = models.PositiveIntegerField(default=0)
    visit = models.PositiveIntegerField(default=0)  # the version at which it came to its state
    entered_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(null=True)
    moments = models.JSONField(default=dict)  # event -> ISO 8601, for clocks that start from them
    due_at = models.DateTimeField(null=True)  # the next end of a clock of this state

    class Meta:
        abstract = True


class Case(Placed):
    """One case of a process. `version` counts its moves: two at once, and one finds it changed.

    `data` is what the process keeps of it, as the capability that owns the process wrote it.
    """

    number = models.CharField(max_length=32, unique=True)  # its name in addresses; not guessed
    process = models.CharField(max_length=48)
    enterprise = models.ForeignKey(
        ENTERPRISE, on_delete=models.PROTECT, null=True, related_name="+"
    )
    data = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["process", "enterprise"], name="cases_of_enterprise")]

    def __str__(self) -> str:
        return f"{self.number} {self.process} {self.state}"


class CaseSide(Placed):
    """An organisation that takes part in a case in one role; none: whoever has that role.

    `turn`: somebody here can act now. `told`: a clock was escalated to it. `person` has taken it
    on, which the others of the organisation see. While several act side by side each has a
    place in the participants' table; else that place is empty.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="sides")
    role = models.CharField(max_length=24)
    organisation = models.ForeignKey(
        ORGANISATION, on_delete=models.PROTECT, null=True, related_name="+"
    )
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    turn = models.BooleanField(default=False)
    told = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "role", "organisation"], name="one_side_per_organisation"
            ),
            models.UniqueConstraint(
                fields=["case", "role"],
                condition=models.Q(organisation=None),
                name="one_side_per_open_role",
            ),
        ]
        indexes = [
            models.Index(
                fields=["role", "organisation"],
                condition=models.Q(turn=True) | models.Q(told=True),
                name="sides_to_act",
            ),
            models.Index(fields=["role", "organisation", "case"], name="cases_of_side"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.role}"


class CaseMove(models.Model):
    """One move of a case: the log of who did what when. Rows are only added.

    `version` is that of the case after it; none: the case did not move, it was taken on, handed
    over, or moved on by one of those who act side by side (`side`).
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="moves")
    side = models.ForeignKey(CaseSide, on_delete=models.CASCADE, null=True, related_name="+")
    version = models.PositiveIntegerField(null=True)
    event = models.CharField(max_length=32)
    source = models.CharField(max_length=32, blank=True)
    target = models.CharField(max_length=32)
    role = models.CharField(max_length=24)
    organisation = models.ForeignKey(
        ORGANISATION, on_delete=models.PROTECT, null=True, related_name="+"
    )
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=2000, blank=True)  # the reason, or what was asked
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="one_move_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.event}"


class CaseAlarm(models.Model):
    """A moment of a clock of a case, or of one of its sides; it is fired once.

    `name` and `kind` are those of `domain.process.Alarm`; `due_at` is the end of its clock. What
    has not been fired goes when the case moves on. `problem` says why the end of a clock could
    not do what it was for; people are told then.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="alarms")
    side = models.ForeignKey(CaseSide, on_delete=models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=160)
    deadline = models.CharField(max_length=48)
    kind = models.CharField(max_length=16)
    role = models.CharField(max_length=24, blank=True)  # whom an escalation tells
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    source = models.CharField(max_length=200)  # the document and article that the clock rests on
    provisional = models.BooleanField(default=False)  # working days of that year not known yet
    fired_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "name"],
                condition=models.Q(side=None),
                name="one_alarm_of_case",
            ),
            models.UniqueConstraint(fields=["side", "name"], name="one_alarm_of_side"),
        ]
        indexes = [
            models.Index(fields=["at"], condition=models.Q(fired_at=None), name="alarms_to_fire"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.name}"
