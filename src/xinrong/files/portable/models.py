"""Portable reports that were signed: choices, digests and ids; never a value of a file."""

from __future__ import annotations

from django.db import models


class ReportChoice(models.Model):
    """What somebody chose to have in a report, by the digest that audit rows keep of it."""

    digest = models.CharField(max_length=64, primary_key=True)
    choice = models.JSONField()

    def __str__(self) -> str:
        return self.digest[:12]


class PortableReport(models.Model):
    """One report that was signed. Its claims are kept nowhere: they are read again.

    `envelope` is the signed core: code and name of the enterprise, counts, and a digest of each
    claim. `seed` makes the salts, so that the same claims have the same digests again. `refs` are
    the records inside, by their stable references, `!` behind one that was under objection.
    """

    number = models.CharField(max_length=19, unique=True)
    enterprise = models.ForeignKey("subjects.Enterprise", models.PROTECT, related_name="+")
    made_by = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    choice = models.ForeignKey(ReportChoice, models.PROTECT, related_name="+")
    made_for = models.CharField(max_length=80, blank=True)
    issued_at = models.DateTimeField()
    as_of = models.DateField()  # the day for which it was made
    last_day = models.DateField(db_index=True)  # in China; that day included
    seq = models.BigIntegerField()
    audit_id = models.BigIntegerField(unique=True)
    seed = models.BinaryField(max_length=32)
    envelope = models.JSONField()
    grade = models.CharField(max_length=16, blank=True)
    refs = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["enterprise", "-issued_at"], name="report_of_enterprise")]

    def __str__(self) -> str:
        return self.number


class ReportEnd(models.Model):
    """A report that ended before its time.

    It outlives the row of the report: a restore may lose that one, and never this.
    """

    number = models.CharField(max_length=19, primary_key=True)
    state = models.CharField(max_length=16)  # domain.portable.State
    at = models.DateTimeField()
    last_day = models.DateField(db_index=True)  # of the report; then it leaves the list

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class StatusMark(models.Model):
    """Up to which commit of the store reports have been looked through, and on which day."""

    seq = models.BigIntegerField()
    day = models.DateField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.seq}"
