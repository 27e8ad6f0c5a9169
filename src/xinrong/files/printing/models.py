"""Papers that were issued: numbers, ids and digests, never a value of a file."""

from __future__ import annotations

from django.db import models


class PaperSeries(models.Model):
    """How many numbers of a year are taken: the next paper's row is written with the next one."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class IssuedPaper(models.Model):
    """One number of the series, taken by the release whose audit row is `audit_id`.

    A number is never given twice and never taken back: one whose paper was not finished stays,
    says in `void` why, and answers to nobody as genuine. `content_digest` is the digest of the
    audit row (what was released), `file_digest` the SHA-256 of the PDF itself.
    """

    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    control = models.CharField(max_length=12)  # the part that cannot be guessed
    audit_id = models.BigIntegerField(unique=True)  # of the committed row; one paper for each
    enterprise = models.ForeignKey("subjects.Enterprise", models.PROTECT, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    language = models.CharField(max_length=8)
    issued_at = models.DateTimeField()  # the moment of the release
    content_digest = models.CharField(max_length=64)
    file_digest = models.CharField(max_length=64, blank=True)  # empty: not finished
    void = models.CharField(max_length=32, blank=True)  # code of what stopped it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "serial"], name="one_paper_per_number"),
            models.CheckConstraint(
                condition=models.Q(file_digest="") | models.Q(void=""),
                name="no_paper_finished_and_void",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.serial:06d}"


class PaperMiss(models.Model):
    """A number that was asked about and is none: counted to slow guessing down."""

    at = models.DateTimeField(db_index=True)
    address = models.CharField(max_length=64)  # digest of the network address

    def __str__(self) -> str:
        return f"{self.at:%F %T}"
