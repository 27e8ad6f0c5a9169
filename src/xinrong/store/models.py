"""The commit ledger: what counts, since when, and until when.

A part counts only once its row here is committed. Everything that changes what a reader sees
takes the next `seq` inside its own transaction, so "as of" means a seq.
"""

from __future__ import annotations

import uuid

from django.db import models

from xinrong.store.marks.models import RecordMark  # noqa: F401 - one of the store's tables


class Ledger(models.Model):
    """One row. Its lock serialises commits; `seq` is the last number taken.

    `identity` tells this ledger from any other, for what a process keeps in memory of it.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    identity = models.UUIDField(default=uuid.uuid4, editable=False)
    seq = models.BigIntegerField(default=0)


class CommitKind(models.TextChoices):
    """What a seq was taken for."""

    BATCH = "batch"
    RETRACTION = "retraction"
    COMPACTION = "compaction"
    IDENTITY = "identity"
    SUPPRESSION = "suppression"
    ERASURE = "erasure"
    MARK = "mark"


class Commit(models.Model):
    """One row per seq."""

    seq = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=12, choices=CommitKind)
    at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)


class Batch(models.Model):
    """What one upload commits. It is open until `seq` is set.

    `rows` are those that it added, and those that it was given when the batch that had sent the
    same before it was retracted; `erased` of them are no more.
    """

    id = models.AutoField(primary_key=True)
    feed = models.CharField(max_length=120)
    category = models.CharField(max_length=64)
    department = models.CharField(max_length=64)
    source_name = models.CharField(max_length=255)
    source_digest = models.CharField(max_length=64, db_index=True)  # sha256 of the bytes sent
    received_at = models.DateTimeField()
    seq = models.BigIntegerField(null=True, unique=True)
    rows = models.BigIntegerField(default=0)
    corrected = models.BigIntegerField(default=0)
    erased = models.BigIntegerField(default=0)
    retracted_seq = models.BigIntegerField(null=True, db_index=True)
    retraction_reason = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"batch {self.pk} of {self.feed}"


class CategoryHead(models.Model):
    """The last seq that touched a category: the compare-and-swap of two concurrent uploads.

    `hidden_seq` is the last seq at which one of its records was suppressed, let go or erased,
    `marked_seq` that at which one was marked.
    """

    category = models.CharField(max_length=64, primary_key=True)
    seq = models.BigIntegerField()
    hidden_seq = models.BigIntegerField(default=0)
    marked_seq = models.BigIntegerField(default=0)


class PartKind(models.TextChoices):
    """What a part holds.

    Rows that were all alive, or all dead, when it was written; and the key index of either. Past
    keys also hold the references of rows that repeated what was stored.
    """

    CURRENT = "current"
    HISTORY = "history"
    KEYS = "keys"
    PAST_KEYS = "past_keys"


#: Of records, and of keys: those of the present, then those of the past.
RECORD_KINDS = (PartKind.CURRENT, PartKind.HISTORY)
KEY_KINDS = (PartKind.KEYS, PartKind.PAST_KEYS)
CURRENT_KINDS = (PartKind.CURRENT, PartKind.KEYS)


class Part(models.Model):
    """One immutable Parquet file, covering the buckets `bucket_lo` to `bucket_hi`.

    At `folded_seq` every row of a current part was alive and every row of a history part dead;
    only what happened later has to be looked at when it is read. At `shown_seq` (0: never) no
    row of a current part was of a suppressed record.
    """

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=9, choices=PartKind, default=PartKind.CURRENT)
    bucket_lo = models.IntegerField()
    bucket_hi = models.IntegerField()
    rows = models.BigIntegerField()
    size = models.BigIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    sums = models.TextField(default="")  # of footer and row groups, see lookup; "": not known
    folded_seq = models.BigIntegerField()
    shown_seq = models.BigIntegerField(default=0)
    replaced_seq = models.BigIntegerField(null=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["replaced_seq", "bucket_lo", "bucket_hi"])]

    def __str__(self) -> str:
        return self.name


class DeadRow(models.Model):
    """A row that a later batch superseded; void again when that batch is retracted."""

    subject = models.BigIntegerField(db_index=True)
    category = models.CharField(max_length=64)
    key = models.BigIntegerField()
    batch = models.IntegerField()
    by_batch = models.IntegerField(db_index=True)
    seq = models.BigIntegerField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["category", "key"]), models.Index(fields=["batch"])]


class HotKey(models.Model):
    """The reference of a row that repeated what was stored, until compaction folds it."""

    category = models.CharField(max_length=64)
    key = models.BigIntegerField()
    digest = models.BigIntegerField()
    subject = models.BigIntegerField()
    batch = models.IntegerField()
    row_no = models.IntegerField()
    seq = models.BigIntegerField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["category", "key"])]


class SuppressionBasis(models.TextChoices):
    """Why a record is not shown, shared or used for now."""

    REPAIR = "repair"
    OBJECTION = "objection"
    DISPLAY_OVER = "display_over"


class Suppression(models.Model):
    """All versions of a record are not shown, shared or used, until `to_seq` if that is set."""

    category = models.CharField(max_length=64)
    key = models.BigIntegerField()
    subject = models.BigIntegerField(db_index=True)
    basis = models.CharField(max_length=16, choices=SuppressionBasis)
    article = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)
    from_seq = models.BigIntegerField(db_index=True)
    to_seq = models.BigIntegerField(null=True, db_index=True)

    class Meta:
        indexes = [models.Index(fields=["category", "key"])]


class Erasure(models.Model):
    """All versions of a record are gone by law. It stays so when the record is sent again.

    Until `rewritten_seq` is set some part may still hold the bytes; nobody is shown them.
    """

    category = models.CharField(max_length=64)
    key = models.BigIntegerField()
    subject = models.BigIntegerField(db_index=True)
    article = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()
    seq = models.BigIntegerField(db_index=True)
    rewritten_seq = models.BigIntegerField(null=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["category", "key"], name="erased_once"),
        ]


class HotRow(models.Model):
    """A record of a small batch, until compaction folds it into a part.

    `seq` is that of the commit that put it here, which may be later than its batch's.

    Decimals are integers of ten-thousandths here: SQLite returns decimals through floats.
    """

    subject = models.BigIntegerField(db_index=True)
    category = models.CharField(max_length=64)
    key = models.BigIntegerField()
    digest = models.BigIntegerField()
    event_date = models.DateField(null=True)
    end_date = models.DateField(null=True)
    polarity = models.SmallIntegerField()
    amount = models.BigIntegerField(null=True)
    quantity = models.BigIntegerField(null=True)
    code = models.TextField(null=True)
    status = models.TextField(null=True)
    counterparty = models.BigIntegerField(null=True)
    n1 = models.BigIntegerField(null=True)
    n2 = models.BigIntegerField(null=True)
    n3 = models.BigIntegerField(null=True)
    n4 = models.BigIntegerField(null=True)
    n5 = models.BigIntegerField(null=True)
    n6 = models.BigIntegerField(null=True)
    t1 = models.TextField(null=True)
    t2 = models.TextField(null=True)
    t3 = models.TextField(null=True)
    t4 = models.TextField(null=True)
    t5 = models.TextField(null=True)
    t6 = models.TextField(null=True)
    d1 = models.DateField(null=True)
    d2 = models.DateField(null=True)
    d3 = models.DateField(null=True)
    display = models.TextField(null=True)
    row_no = models.IntegerField()
    batch = models.IntegerField(db_index=True)
    since = models.BigIntegerField(null=True)
    seq = models.BigIntegerField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["category", "key"])]
