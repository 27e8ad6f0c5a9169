"""How good what came is: a row per batch, per field and per rule of it, and the alarms."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from xinrong.collect.models.receipts import Receipt


class BatchQuality(models.Model):
    """What was measured of one batch besides its receipt; written in the receipt's transaction.

    Figures by day are sums over these rows and their receipts; retracted batches are left out
    when they are read. `lag` figures are about sound rows with an event date: days from the
    event to the day of receipt in China. `gap_days` is the time since the feed's batch before;
    null for its first. `columns` are the file's own headings.
    """

    receipt = models.OneToOneField(Receipt, on_delete=models.CASCADE, related_name="quality")
    feed = models.CharField(max_length=120)
    category = models.CharField(max_length=64)
    department = models.CharField(max_length=64)
    day = models.DateField()  # of receipt, in China
    conflicts = models.IntegerField(default=0)  # rows, among the quarantined
    judged = models.IntegerField(default=0)  # rows that stood under the headings
    lag_rows = models.IntegerField(default=0)
    lag_days = models.BigIntegerField(default=0)  # sum over lag_rows
    late_rows = models.IntegerField(default=0)  # lag above the feed's stale_after_days
    gap_days = models.IntegerField(null=True)
    on_time = models.BooleanField(null=True)  # gap within stale_after_days; null for the first
    columns = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(fields=["day", "department"]),
            models.Index(fields=["feed", "day"]),
            models.Index(fields=["category", "day"]),
        ]

    def __str__(self) -> str:
        return f"quality of batch {self.receipt.batch}"


class FieldQuality(models.Model):
    """One field of one batch. `filled` counts rows with something in the field, lawful or not.

    `profile` is what the field's values look like (see `quality.profile`): counts of shapes and
    of marks of values, never the values; empty for batches too small to be profiled. `suspicion`
    says what departs from the feed's history, if anything does.
    """

    quality = models.ForeignKey(BatchQuality, on_delete=models.CASCADE, related_name="fields")
    field = models.CharField(max_length=64)
    required = models.BooleanField()
    rows = models.IntegerField()
    filled = models.IntegerField()
    broken = models.IntegerField()
    profile = models.JSONField(default=dict)
    suspicion = models.JSONField(default=dict)
    usual = models.BooleanField(default=True)  # may later batches be compared with it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quality", "field"], name="one_row_per_field"),
            models.CheckConstraint(
                condition=Q(filled__gte=0, filled__lte=F("rows"), broken__lte=F("rows")),
                name="filled_rows_are_rows",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.quality}"


class RuleQuality(models.Model):
    """How many rows of a batch break one rule at one field.

    `sole` of them break nothing else: they would be acceptable if this alone were mended.
    """

    quality = models.ForeignKey(BatchQuality, on_delete=models.CASCADE, related_name="rules")
    rule = models.CharField(max_length=64)
    field = models.CharField(max_length=64, blank=True)  # empty: the row as a whole
    rows = models.IntegerField()
    sole = models.IntegerField()
    example_row = models.IntegerField()  # as a spreadsheet counts

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["quality", "rule", "field"], name="one_row_per_rule_and_field"
            )
        ]
        indexes = [models.Index(fields=["rule", "field"])]

    def __str__(self) -> str:
        return f"{self.rule} at {self.field or 'the row'}"


class AlarmKind(models.TextChoices):
    """What an alarm is about."""

    SILENT = "silent"  # nothing came for longer than the feed's freshness allows
    COLUMNS = "columns"  # headings are new or missing
    VOLUME = "volume"  # the number of rows is far from the feed's history
    EMPTY = "empty"  # a field's share of empty cells is
    REFUSED = "refused"  # a field's share of values that were refused is
    CONTENT = "content"  # a field's values do not look as they did


class Alarm(models.Model):
    """Something about a feed that a person should look at; at most one is open for each cause.

    It closes by itself when its cause has gone. A person acknowledges it with a note; `expected`
    says that this is how the feed is from now on, so that it enters the feed's history.
    `figures` are plain data for the words of the page.
    """

    feed = models.CharField(max_length=120)
    department = models.CharField(max_length=64)
    category = models.CharField(max_length=64)
    kind = models.CharField(max_length=12, choices=AlarmKind)
    field = models.CharField(max_length=64, blank=True)
    figures = models.JSONField(default=dict)
    receipt = models.ForeignKey(
        Receipt, on_delete=models.CASCADE, null=True, related_name="+"
    )  # the last batch that shows the cause; none for silence
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()  # the cause was last found then
    closed_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    note = models.CharField(max_length=500, blank=True)
    expected = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["feed", "kind", "field"],
                condition=Q(closed_at=None),
                name="one_open_alarm_per_cause",
            )
        ]
        indexes = [models.Index(fields=["department", "closed_at"])]

    def __str__(self) -> str:
        return f"{self.feed}: {self.kind} {self.field}"


class Coverage(models.Model):
    """How many enterprises have a record of each category, counted on one day.

    Numbers of enterprises are rounded to 10; below 10 they are null. `by_category` maps a
    category to that number; `spread` maps "how many categories" to how many enterprises have so
    many.
    """

    counted_at = models.DateTimeField()
    seq = models.BigIntegerField()
    enterprises = models.IntegerField(null=True)
    by_category = models.JSONField()
    spread = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["-counted_at"])]

    def __str__(self) -> str:
        return f"coverage at {self.seq}"
