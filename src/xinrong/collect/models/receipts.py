"""What is kept of every upload: its receipt, and the rows that were not accepted."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Receipt(models.Model):
    """What became of one file, row by row in sum.

    Every row is exactly one of accepted, quarantined or duplicate; the database itself refuses a
    receipt that does not add up. `corrected` rows are among the accepted. `repaired` rows had a
    code with a lawful slip (full-width digits, lower case …); `unlinked` rows have a name only
    and are shown in no file until they are linked. `blank` lines are not rows. `notes` is a list
    of `{code, zh, en, count}` about the file as a whole. `renamed` maps headings of the file to
    the columns of the feed under which the sender had them read.
    """

    batch = models.IntegerField(unique=True)  # the store's number of the upload
    region = models.CharField(max_length=32)
    feed = models.CharField(max_length=120)
    feed_version = models.IntegerField()
    category = models.CharField(max_length=64)
    contract_version = models.IntegerField()
    department = models.CharField(max_length=64)
    source_name = models.CharField(max_length=255)
    source_digest = models.CharField(max_length=64)  # SHA-256 of the bytes, hexadecimal
    rows_in = models.IntegerField()
    accepted = models.IntegerField()
    corrected = models.IntegerField()
    quarantined = models.IntegerField()
    duplicates = models.IntegerField()
    unlinked = models.IntegerField()
    repaired = models.IntegerField()
    blank = models.IntegerField()
    notes = models.JSONField(default=list)
    renamed = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    seconds = models.FloatField()

    #: The same bytes came before and this is their first receipt; nothing was written.
    repeated: bool = False

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rows_in=F("accepted") + F("quarantined") + F("duplicates")),
                name="receipt_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(corrected__gte=0, corrected__lte=F("accepted")),
                name="corrected_are_accepted",
            ),
        ]
        indexes = [
            models.Index(fields=["feed", "source_digest"]),
            models.Index(fields=["-received_at"]),
            models.Index(fields=["department", "-received_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.batch} {self.feed} {self.source_name}"


class OfReceipts(models.Manager["QuarantinedRow"]):
    """Rows whose receipt is there. Those of an upload that is still open count for nobody."""

    def get_queryset(self) -> models.QuerySet[QuarantinedRow]:
        there = Receipt.objects.filter(batch=models.OuterRef("receipt_id"))
        return super().get_queryset().filter(models.Exists(there))


class QuarantinedRow(models.Model):
    """A row that was not accepted, as it came, with everything that is wrong with it.

    `problems` is a list of `{rule, field, reason_zh, reason_en}`; `original` maps the file's own
    column headings to the cells as sent. Level of the whole row: the strictest of its contract.

    Rows are written while their upload is still open, under its batch number, which is therefore
    what they name their receipt by: they begin to count when the receipt commits.
    """

    receipt = models.ForeignKey(
        Receipt,
        on_delete=models.CASCADE,
        related_name="rows",
        to_field="batch",
        db_constraint=False,
    )
    row_no = models.IntegerField()  # as a spreadsheet counts: the header is a row
    problems = models.JSONField()
    original = models.JSONField()

    objects = OfReceipts()
    written: models.Manager[QuarantinedRow] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["receipt", "row_no"], name="one_entry_per_row")
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id}, row {self.row_no}"
