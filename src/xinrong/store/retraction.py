"""Retracting a batch: it never counted, from this seq on. What it superseded counts again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from xinrong.store.errors import BatchNotRetractable
from xinrong.store.models import Batch, CategoryHead, CommitKind, DeadRow
from xinrong.store.sequence import next_seq


@dataclass(frozen=True)
class RetractionPreview:
    """What a retraction would do, before anybody confirms it."""

    batch: int
    disappear: int  # rows that stop counting
    return_again: int  # rows superseded by this batch that count again
    already_superseded: int  # rows that a later batch has replaced anyway


def preview_retraction(batch: int) -> RetractionPreview:
    """What would change. Raises BatchNotRetractable."""
    row = _retractable(batch)
    superseded = DeadRow.objects.filter(batch=batch).count()
    killed = DeadRow.objects.filter(by_batch=batch)
    replaced_since = sum(1 for dead in killed.iterator() if _successor(dead) is not None)
    return RetractionPreview(
        batch=batch,
        disappear=row.rows - superseded,
        return_again=killed.count() - replaced_since,
        already_superseded=superseded,
    )


def retract_batch(batch: int, reason: str, at: datetime) -> int:
    """Retract; returns the seq. Raises BatchNotRetractable.

    When A was corrected by B and B by C, retracting B leaves C standing: A's row is then dead by
    C's hand, and an entry of this seq says so.
    """
    with transaction.atomic():
        seq = next_seq(CommitKind.RETRACTION, at, f"batch {batch}")
        row = _retractable(batch)
        inherited = []
        for dead in DeadRow.objects.filter(by_batch=batch).iterator():
            successor = _successor(dead)
            if successor is not None:
                inherited.append(
                    DeadRow(
                        subject=dead.subject,
                        category=dead.category,
                        key=dead.key,
                        batch=dead.batch,
                        by_batch=successor,
                        seq=seq,
                    )
                )
        DeadRow.objects.bulk_create(inherited, batch_size=1_000)
        CategoryHead.objects.update_or_create(category=row.category, defaults={"seq": seq})
        row.retracted_seq = seq
        row.retraction_reason = reason
        row.save(update_fields=["retracted_seq", "retraction_reason"])
    return seq


def _successor(dead: DeadRow) -> int | None:
    """The standing batch that superseded, in turn, the row by which `dead` was superseded."""
    seen = dead.by_batch
    while True:
        later = (
            DeadRow.objects.filter(category=dead.category, key=dead.key, batch=seen)
            .order_by("seq")
            .values_list("by_batch", flat=True)
        )
        found = list(later)
        if not found:
            return None
        standing = Batch.objects.filter(pk__in=found, retracted_seq=None).values_list(
            "pk", flat=True
        )
        first = standing.first()
        if first is not None:
            return first
        seen = found[-1]


def _retractable(batch: int) -> Batch:
    row = Batch.objects.filter(pk=batch).first()
    if row is None or row.seq is None:
        raise BatchNotRetractable(
            f"batch {batch} was never committed", remedy="Look up its number on the receipt."
        )
    if row.retracted_seq is not None:
        raise BatchNotRetractable(
            f"batch {batch} was already retracted at seq {row.retracted_seq}",
            remedy="Nothing more has to be done.",
        )
    return row
