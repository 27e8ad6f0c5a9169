"""Blocks of sealed audit rows, and the checkpoints that were signed over them."""

from __future__ import annotations

from django.db import models


class AuditBlock(models.Model):
    """Some audit rows in a fixed order, tied to the block before by its head.

    `head` is the SHA-256 of the canonical JSON of number, previous head, time, format, total and
    the list of [row id, row digest]: `sealing.chain.head_of`. Rows are added, never changed.
    """

    number = models.BigIntegerField(primary_key=True)  # 1, 2, 3 … without a gap
    previous = models.CharField(max_length=64, unique=True)  # head of the block before
    head = models.CharField(max_length=64, unique=True)
    format = models.PositiveSmallIntegerField()  # how rows are spelled: audit.spelling.FORMATS
    count = models.PositiveIntegerField()  # rows in this block
    total = models.BigIntegerField()  # rows in this block and all before
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"block {self.number}: {self.count} rows"


class AuditSeal(models.Model):
    """The place of one audit row in the chain. A row without a seal waits for the next block."""

    row = models.OneToOneField(
        "trust.AuditRow", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    block = models.ForeignKey(
        AuditBlock, on_delete=models.PROTECT, db_index=False, related_name="seals"
    )
    position = models.PositiveIntegerField()  # 0, 1, 2 … in the block
    digest = models.CharField(max_length=64)  # of the spelled row

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["block", "position"], name="one_row_at_each_place")
        ]

    def __str__(self) -> str:
        return f"row {self.row_id} in block {self.block_id} at {self.position}"


class AuditCheckpoint(models.Model):
    """A signed statement of how far the chain reached; the same line left the machine.

    Written here only after it was written to the folder of checkpoints.
    """

    block = models.OneToOneField(
        AuditBlock, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    at = models.DateTimeField(db_index=True)
    envelope = models.JSONField()  # payload, alg, kid, signature

    def __str__(self) -> str:
        return f"checkpoint over block {self.block_id}"
