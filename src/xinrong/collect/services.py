"""Verbs of the intake: take a file, find receipts, look at what was not accepted, retract."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from django.db.models import Q, QuerySet

from xinrong.catalogue.feed import Feed
from xinrong.catalogue.region import Region
from xinrong.collect.drop.dropping import DropFolder, Dropped, drop_folder, watch
from xinrong.collect.drop.settling import receipt_as_dict
from xinrong.collect.erasing.erasure import (
    ErasurePreview,
    NothingToErase,
    erase_enterprise,
    erase_records,
    erasure_orders,
    finish_erasures,
    preview_erasure,
)
from xinrong.collect.errors import UnknownBatch
from xinrong.collect.feeds import department_of_feed, find_feed, region_of
from xinrong.collect.intake import Intake, Progress, Stamp, stamp_of
from xinrong.collect.listed import Listed, read_listed
from xinrong.collect.models import ErasureOrder, QuarantinedRow, Receipt, Upload
from xinrong.collect.preview.previewing import Preview, preview_file
from xinrong.collect.pull.definition import pull_sources
from xinrong.collect.pull.pulling import Pulled, pull
from xinrong.collect.pull.pulling import rewind as rewind_pull
from xinrong.collect.push.pushing import MOST_RECORDS, Record, push
from xinrong.collect.quality import services as quality
from xinrong.collect.readers import FileError
from xinrong.collect.register.absent import accept_missing
from xinrong.collect.register.days import register_days
from xinrong.collect.register.entries import missing_of
from xinrong.collect.rejects.export import export_rejects
from xinrong.collect.renaming import Renaming
from xinrong.collect.uploads.errors import UploadError, WrongOffset
from xinrong.collect.uploads.feeds import last_receipts
from xinrong.collect.uploads.receiving import (
    Arrived,
    arrived,
    discard_upload,
    find_upload,
    finish_upload,
    receive_chunk,
    receive_whole,
    start_upload,
    sweep_uploads,
    uploads_of,
)
from xinrong.collect.uploads.taking import confirm_upload, look_at, rename_columns
from xinrong.domain.clock import Clock
from xinrong.domain.errors import Place
from xinrong.domain.text import Text
from xinrong.store import services as store


def collect_file(
    path: Path,
    feed: str,
    *,
    clock: Clock,
    region: Region | str | None = None,
    progress: Progress | None = None,
    renamed: Renaming | None = None,
) -> Receipt:
    """Take one file of a feed and return its receipt.

    `renamed` maps headings of the file to the feed's columns. The same bytes again, read by the
    same feed, contract and renaming, give the first receipt (its `repeated` is true) and write
    nothing, unless that batch was retracted; of two that come at once one becomes a batch. Raises
    UnknownFeed, and FileError when the file as a whole is refused.
    """
    pack = region_of(region)
    found = find_feed(pack, feed)
    contract = pack.contract_of(found)
    source_digest, stamp = digest_of(path)

    def unless_taken() -> None:
        first = _first_receipt(found, contract.version, source_digest, renamed or {})
        if first is not None:
            raise TakenBefore(first)

    intake = Intake(
        path,
        found,
        contract,
        region=pack.info.region,
        received_at=clock.now(),
        stamp=stamp,
        renamed=renamed,
        unless=unless_taken,
    )
    try:
        unless_taken()
        return intake.take(source_digest, progress)
    except TakenBefore as before:
        before.first.repeated = True
        return before.first


class TakenBefore(Exception):
    """These bytes, read in this way, are a batch already: `first` is its receipt."""

    def __init__(self, first: Receipt) -> None:
        self.first = first
        super().__init__(first.batch)


def digest_of(path: Path) -> tuple[str, Stamp]:
    """SHA-256 of a file's bytes, and its stamp before. Raises FileError when it cannot be read."""
    try:
        stamp = stamp_of(path)
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest(), stamp
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError(
            "file_not_readable",
            Text(zh=f"文件打不开：{reason}。", en=f"The file cannot be opened: {reason}."),
            Text(zh="请核对路径和权限。", en="Check its path and your rights."),
            place=Place(file=path.name),
        ) from error


def _first_receipt(
    feed: Feed, contract_version: int, source_digest: str, renamed: Renaming
) -> Receipt | None:
    """The standing receipt of the same bytes, read in the same way."""
    batch = store.committed_batch_of(feed.feed, source_digest)
    if batch is None:
        return None
    same = Receipt.objects.filter(
        feed=feed.feed,
        source_digest=source_digest,
        feed_version=feed.version,
        contract_version=contract_version,
    )
    standing = set(
        store.Batch.objects.filter(
            pk__in=same.values_list("batch", flat=True), retracted_seq=None
        ).values_list("pk", flat=True)
    )
    found = same.filter(batch__in=standing).order_by("batch")
    return next((one for one in found if one.renamed == dict(renamed)), None)


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


def preview_retraction(batch: int) -> store.RetractionPreview:
    """What retracting a batch would change. Raises UnknownBatch, BatchNotRetractable."""
    receipt(batch)
    return store.preview_retraction(batch)


def retract(batch: int, reason: str, *, clock: Clock) -> int:
    """Retract a batch: from the returned seq on its records never counted.

    Raises UnknownBatch, and BatchNotRetractable when it was retracted before.
    """
    receipt(batch)
    return store.retract_batch(batch, reason, clock.now())


__all__ = [
    "MOST_RECORDS",
    "Arrived",
    "DropFolder",
    "Dropped",
    "ErasureOrder",
    "ErasurePreview",
    "FileError",
    "Listed",
    "NothingToErase",
    "Preview",
    "Progress",
    "Pulled",
    "QuarantinedRow",
    "Receipt",
    "Record",
    "Renaming",
    "Upload",
    "UploadError",
    "WrongOffset",
    "accept_missing",
    "arrived",
    "collect_file",
    "confirm_upload",
    "department_of_feed",
    "discard_upload",
    "drop_folder",
    "erase_enterprise",
    "erase_records",
    "erasure_orders",
    "export_rejects",
    "find_feed",
    "find_upload",
    "finish_erasures",
    "finish_upload",
    "last_receipts",
    "look_at",
    "missing_of",
    "preview_erasure",
    "preview_file",
    "preview_retraction",
    "pull",
    "pull_sources",
    "push",
    "quality",
    "quarantine_of",
    "read_listed",
    "receipt",
    "receipt_as_dict",
    "receipts",
    "receive_chunk",
    "receive_whole",
    "register_days",
    "rename_columns",
    "retract",
    "retracted_batches",
    "rewind_pull",
    "start_upload",
    "sweep_uploads",
    "uploads_of",
    "watch",
]
