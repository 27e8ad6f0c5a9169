"""Criteria that are written on the page, and what criteria over events have said."""

from __future__ import annotations

from django.db import models


class WrittenCriterion(models.Model):
    """A criterion of an organisation: its words, and the draft that is being worked on.

    A draft holds nothing: versions do. `code` is the organisation's own, and none of the region's.
    """

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    code = models.CharField(max_length=64)
    title_zh = models.CharField(max_length=80)
    title_en = models.CharField(max_length=120)
    draft = models.TextField(blank=True)
    draft_by = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    draft_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "code"], name="one_criterion_of_a_code"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class WrittenVersion(models.Model):
    """A version that was put in force. Its text and source never change; its end may be set once.

    `valid_until` empty: until further notice.
    """

    criterion = models.ForeignKey(WrittenCriterion, models.PROTECT, related_name="versions")
    text = models.TextField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    document = models.CharField(max_length=200)
    article = models.CharField(max_length=120)
    url = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["valid_from", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["criterion", "valid_from"], name="one_version_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} from {self.valid_from}"


class EventResult(models.Model):
    """What a criterion over events said when a record came: yes, or that it cannot be told.

    The record is named by its batch and row; nothing of it is kept here. `number` grows: whoever
    reads on remembers the last one.
    """

    number = models.BigAutoField(primary_key=True)
    criterion = models.CharField(max_length=64)
    valid_from = models.DateField()  # of the version that was asked
    enterprise = models.BigIntegerField(db_index=True)
    subject = models.BigIntegerField()
    category = models.CharField(max_length=64)
    batch = models.BigIntegerField()
    row_no = models.BigIntegerField()
    seq = models.BigIntegerField()
    as_of = models.DateField()
    answer = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["criterion", "batch", "row_no", "enterprise"], name="one_result_an_event"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: batch {self.batch}, row {self.row_no}"


class EventCursor(models.Model):
    """One row: up to which seq records that came were asked about."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
