"""Verbs of the intake: take a file, find receipts, look at what was not accepted, retract."""

from __future__ import annotations

from xinrong.collect.collecting import collect_file, digest_of
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
from xinrong.collect.erasing.holding import Holder, hold
from xinrong.collect.feeds import department_of_feed, find_feed
from xinrong.collect.intake import Progress
from xinrong.collect.listed import Listed, read_listed
from xinrong.collect.models import ErasureOrder, QuarantinedRow, Receipt, Upload
from xinrong.collect.preview.previewing import Preview, preview_file
from xinrong.collect.pull.definition import pull_sources
from xinrong.collect.pull.pulling import Pulled, pull
from xinrong.collect.pull.pulling import rewind as rewind_pull
from xinrong.collect.push.pushing import MOST_RECORDS, Record, push
from xinrong.collect.quality import services as quality
from xinrong.collect.readers import FileError
from xinrong.collect.receipts import quarantine_of, receipt, receipts, retracted_batches
from xinrong.collect.register.absent import accept_missing
from xinrong.collect.register.days import register_days
from xinrong.collect.register.entries import missing_of
from xinrong.collect.rejects.export import export_rejects
from xinrong.collect.renaming import Renaming
from xinrong.collect.tabled import Tabled, read_table
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
from xinrong.store import services as store


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
    "Holder",
    "Listed",
    "NothingToErase",
    "Preview",
    "Progress",
    "Pulled",
    "QuarantinedRow",
    "Receipt",
    "Record",
    "Renaming",
    "Tabled",
    "Upload",
    "UploadError",
    "WrongOffset",
    "accept_missing",
    "arrived",
    "collect_file",
    "confirm_upload",
    "department_of_feed",
    "digest_of",
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
    "hold",
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
    "read_table",
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
