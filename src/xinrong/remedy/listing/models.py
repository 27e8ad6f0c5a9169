"""Lists in the database: what the catalogue names, entries, and the measures that stand on them.

The tables refuse what must not be: an entry without basis, notice, period or a way off it, two of
one enterprise on a list, a decision before the time for a statement is over; a measure without an
entry that stands, beyond its days, or that the catalogue does not name for that list and that
department. Rows of the catalogue are added by `catalogue.sync` and never changed.

What is unknown passes a check of SQL: hence the conditions that something is not null.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from xinrong.remedy.listing.constraints import CompositeForeignKey

NAME = 40
LIST = ("list", "edition")
#: States in which an entry is not over.
OPEN = ("noticed", "entered", "suspended")
#: States in which it was decided to enter it.
DECIDED = ("entered", "suspended", "ended")


class ListEdition(models.Model):
    """A version of a list, as the catalogue had it; `digest` is of the whole of it."""

    list = models.CharField(max_length=NAME)
    edition = models.PositiveIntegerField()
    colour = models.CharField(max_length=8)
    digest = models.CharField(max_length=64)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=LIST, name="list_edition_once")]

    def __str__(self) -> str:
        return f"{self.list} {self.edition}"


class OfList(models.Model):
    """What belongs to a version of a list."""

    list = models.CharField(max_length=NAME)
    edition = models.PositiveIntegerField()

    class Meta:
        abstract = True


class ListDepartment(OfList):
    """A department that may enter somebody."""

    department = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=[*LIST, "department"], name="list_department_once"),
            CompositeForeignKey(
                name="department_of_list", fields=LIST, to="remedy.ListEdition", to_fields=LIST
            ),
        ]


class ListGround(OfList):
    """A ground, and the category of the record on which an entry of it rests."""

    ground = models.CharField(max_length=NAME)
    category = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=[*LIST, "ground", "category"], name="list_ground_once"),
            CompositeForeignKey(
                name="ground_of_list", fields=LIST, to="remedy.ListEdition", to_fields=LIST
            ),
        ]


class ListExit(OfList):
    """A way off the list."""

    exit = models.CharField(max_length=16)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=[*LIST, "exit"], name="list_exit_once"),
            CompositeForeignKey(
                name="exit_of_list", fields=LIST, to="remedy.ListEdition", to_fields=LIST
            ),
        ]


class ListMeasure(models.Model):
    """That an edition of the catalogue of measures names a measure for a list."""

    list = models.CharField(max_length=NAME)
    measure = models.CharField(max_length=NAME)
    catalogue = models.CharField(max_length=NAME)  # the edition of the catalogue of measures

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["list", "measure", "catalogue"], name="list_measure_once"
            ),
        ]


class MeasureDepartment(models.Model):
    """That an edition of the catalogue of measures names a department for a measure."""

    measure = models.CharField(max_length=NAME)
    catalogue = models.CharField(max_length=NAME)
    department = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "catalogue", "department"], name="measure_department_once"
            ),
        ]


class ListEntry(OfList):
    """That an enterprise stands on a list, or was told that it would.

    `basis` names the record: its category, key and subject. `live` is 1 while the entry stands and
    nothing else: what stands on it points at that. `last_exit` is the way by which it ends if
    nothing else happens.
    """

    case = models.CharField(max_length=32, unique=True)  # the number of its case
    enterprise = models.ForeignKey("subjects.Enterprise", models.PROTECT, related_name="+")
    department = models.CharField(max_length=64)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    ground = models.CharField(max_length=NAME)
    basis_category = models.CharField(max_length=64)
    basis_key = models.BigIntegerField()
    basis_subject = models.BigIntegerField()
    responsible = models.JSONField(default=list)  # [{"name": …, "post": …}]
    state = models.CharField(max_length=12)  # noticed, dropped, entered, suspended, ended
    noticed_on = models.DateField()
    statement_until = models.DateField()  # the last day for a statement
    decided_on = models.DateField(null=True)
    shown_until = models.DateField(null=True)  # the last day on which it is shown
    last_exit = models.CharField(max_length=16)
    ended_on = models.DateField(null=True)
    ended_by = models.CharField(max_length=16, null=True)
    live = models.SmallIntegerField(null=True)

    class Meta:
        constraints = [
            CompositeForeignKey(
                name="entry_of_department",
                fields=(*LIST, "department"),
                to="remedy.ListDepartment",
                to_fields=(*LIST, "department"),
            ),
            CompositeForeignKey(
                name="entry_on_ground",
                fields=(*LIST, "ground", "basis_category"),
                to="remedy.ListGround",
                to_fields=(*LIST, "ground", "category"),
            ),
            CompositeForeignKey(
                name="entry_has_exit",
                fields=(*LIST, "last_exit"),
                to="remedy.ListExit",
                to_fields=(*LIST, "exit"),
            ),
            CompositeForeignKey(
                name="entry_left_by_exit",
                fields=(*LIST, "ended_by"),
                to="remedy.ListExit",
                to_fields=(*LIST, "exit"),
            ),
            models.UniqueConstraint(fields=["id", "list"], name="entry_and_list"),
            models.UniqueConstraint(fields=["id", "live"], name="entry_and_live"),
            models.UniqueConstraint(
                fields=["id", "decided_on", "shown_until"], name="entry_and_days"
            ),
            models.UniqueConstraint(
                fields=["list", "enterprise"], condition=Q(state__in=OPEN), name="on_a_list_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["noticed", "dropped", *DECIDED]), name="entry_state"
            ),
            models.CheckConstraint(
                condition=Q(statement_until__gt=F("noticed_on")), name="entry_has_notice"
            ),
            models.CheckConstraint(
                condition=Q(state="noticed", decided_on=None)
                | Q(state="dropped", decided_on__isnull=False, shown_until=None)
                | Q(state__in=DECIDED, decided_on__isnull=False, shown_until__isnull=False),
                name="entry_is_decided",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["noticed", "dropped"])
                | Q(decided_on__gt=F("statement_until"), shown_until__gt=F("decided_on")),
                name="entry_after_statement",
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_on__isnull=False, ended_by__isnull=False)
                | Q(~Q(state="ended"), ended_on=None, ended_by=None),
                name="entry_is_ended",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("decided_on")),
                name="entry_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(state="entered", live__isnull=False, live=1)
                | Q(~Q(state="entered"), live=None),
                name="entry_is_live",
            ),
        ]
        indexes = [
            models.Index(fields=["enterprise"], name="entries_of_enterprise"),
            models.Index(fields=["list", "state", "-decided_on"], name="entries_of_list"),
            models.Index(fields=["basis_category", "basis_key"], name="entries_on_record"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.list} {self.case} {self.state}"


class AppliedMeasure(models.Model):
    """A measure that a department applies because of an entry, within that entry's days.

    `entered_on` and `entry_until` are the entry's; `live` is 1 while the measure runs. It goes on
    again after a suspension and never after its end.
    """

    entry = models.ForeignKey(ListEntry, models.PROTECT, related_name="measures")
    list = models.CharField(max_length=NAME)
    measure = models.CharField(max_length=NAME)
    catalogue = models.CharField(max_length=NAME)
    department = models.CharField(max_length=64)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    person = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=500)
    state = models.CharField(max_length=12)  # applied, suspended, ended
    live = models.SmallIntegerField(null=True)
    entered_on = models.DateField()
    entry_until = models.DateField()
    from_on = models.DateField()
    until_on = models.DateField()
    effect = models.CharField(max_length=500, blank=True)  # what the department reports
    reported_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            CompositeForeignKey(
                name="measure_of_list",
                fields=("list", "measure", "catalogue"),
                to="remedy.ListMeasure",
                to_fields=("list", "measure", "catalogue"),
            ),
            CompositeForeignKey(
                name="measure_of_department",
                fields=("measure", "catalogue", "department"),
                to="remedy.MeasureDepartment",
                to_fields=("measure", "catalogue", "department"),
            ),
            CompositeForeignKey(
                name="measure_of_entrys_list",
                fields=("entry", "list"),
                to="remedy.ListEntry",
                to_fields=("id", "list"),
            ),
            CompositeForeignKey(
                name="measure_on_live_entry",
                fields=("entry", "live"),
                to="remedy.ListEntry",
                to_fields=("id", "live"),
            ),
            CompositeForeignKey(
                name="measure_in_entrys_days",
                fields=("entry", "entered_on", "entry_until"),
                to="remedy.ListEntry",
                to_fields=("id", "decided_on", "shown_until"),
            ),
            models.UniqueConstraint(
                fields=["entry", "measure", "department"],
                condition=~Q(state="ended"),
                name="measure_once",
            ),
            models.CheckConstraint(
                condition=Q(from_on__gte=F("entered_on"), until_on__gte=F("from_on"))
                & Q(until_on__lte=F("entry_until")),
                name="measure_has_days",
            ),
            models.CheckConstraint(
                condition=Q(state="applied", live__isnull=False, live=1, ended_on=None)
                | Q(state="suspended", live=None, ended_on=None)
                | Q(state="ended", live=None, ended_on__isnull=False, ended_on__gte=F("from_on")),
                name="measure_state",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "state"], name="measures_of_department"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.measure} {self.state}"
