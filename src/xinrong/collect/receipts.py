"""Receipts: what became of every row of what was sent."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from xinrong.collect.errors import UnknownBatch
from xinrong.collect.models import QuarantinedRow, Receipt
from xinrong.store import services as store


def receipt(batch: int) -> Receipt:
    """The receipt of a batch. Raises UnknownBatch."""
    found = Receipt.objects.filter(batch=batch).first()
    if found is None:
        raise UnknownBatch(
            f"no receipt has the batch number {batch}",
            remedy="See the list of batches for the numbers there are.",
        )
    return found


def receipts(
    *, text: str = "", department: str = "", feed: str = "", quarantined: bool | None = None
) -> QuerySet[Receipt]:
    """Receipts, newest first; `text` is looked for in file name, feed and category."""
    found = Receipt.objects.order_by("-received_at", "-batch")
    if text:
        within = Q(source_name__icontains=text) | Q(feed__icontains=text)
        found = found.filter(within | Q(category__icontains=text))
    if department:
        found = found.filter(department=department)
    if feed:
        found = found.filter(feed=feed)
    if quarantined is not None:
        found = found.filter(quarantined__gt=0) if quarantined else found.filter(quarantined=0)
    return found


def quarantine_of(of: Receipt) -> QuerySet[QuarantinedRow]:
    """The rows of a receipt that were not accepted, in the file's order."""
    return QuarantinedRow.objects.filter(receipt=of).order_by("row_no")


def retracted_batches(batches: Iterable[int]) -> set[int]:
    """Those of the batches that were retracted."""
    found = store.Batch.objects.filter(pk__in=list(batches)).exclude(retracted_seq=None)
    return set(found.values_list("pk", flat=True))
