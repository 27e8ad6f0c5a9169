"""From a received file to its batch: look at it, say which column is which, confirm, take it in."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping

from django.conf import settings
from django.db import transaction

from xinrong.catalogue.region import Region, load_region
from xinrong.collect.collecting import collect_file
from xinrong.collect.enums import UploadState
from xinrong.collect.models import Receipt
from xinrong.collect.models.uploads import Upload
from xinrong.collect.preview.previewing import Preview, preview_file
from xinrong.collect.readers import FileError
from xinrong.collect.uploads import spool
from xinrong.collect.uploads.errors import UploadError, WrongState
from xinrong.domain.clock import Clock, FixedClock
from xinrong.domain.errors import XinrongError
from xinrong.domain.text import Text

logger = logging.getLogger(__name__)
BROKEN = Text(
    zh="入库时平台出错，没有写入任何记录。请再次确认；如仍失败，请通知平台运营方。",
    en="Something broke on our side while the file was taken in; no record was written. Confirm "
    "it again, and tell the operator if it fails once more.",
)


def look_at(upload: Upload, *, region: Region, clock: Clock) -> Preview:
    """What taking the upload in would give; nothing is written but what its page shows.

    The first look offers the renaming of the feed's last upload with the same headings. Raises
    WrongState unless the upload is received and waits for its sender.
    """
    if upload.state != UploadState.RECEIVED:
        raise WrongState(upload.name)
    path = spool.path_of(upload)
    first_look = not upload.headings
    preview = preview_file(path, upload.feed, clock=clock, region=region, renamed=upload.renamed)
    if first_look and preview.headings:
        upload.headings = list(preview.headings)
        upload.renamed = renaming_before(upload)
        upload.save(update_fields=["headings", "renamed"])
        if upload.renamed:
            preview = preview_file(
                path, upload.feed, clock=clock, region=region, renamed=upload.renamed
            )
    if upload.rows_expected != preview.rows_expected:
        upload.rows_expected = preview.rows_expected
        upload.save(update_fields=["rows_expected"])
    return preview


def renaming_before(upload: Upload) -> dict[str, str]:
    """The renaming of the feed's last batch that came under the same headings; often empty."""
    earlier = Upload.objects.filter(
        department=upload.department, feed=upload.feed, state=UploadState.DONE
    )
    for one in earlier.order_by("-confirmed_at")[:50]:
        if one.headings == upload.headings:
            return dict(one.renamed)
    return {}


def rename_columns(upload: Upload, renamed: Mapping[str, str], *, clock: Clock) -> None:
    """Say which heading of the file stands for which column of the feed. Raises WrongState."""
    kept = {sent: meant for sent, meant in renamed.items() if sent in upload.headings}
    changed = Upload.objects.filter(pk=upload.pk, state=UploadState.RECEIVED).update(
        renamed=kept, problem={}, changed_at=clock.now()
    )
    if not changed:
        raise WrongState(upload.name)
    upload.refresh_from_db()


def confirm_upload(upload: Upload, *, clock: Clock) -> Upload:
    """Take the upload in: small files at once, others in the background.

    Confirming twice is harmless. Raises WrongState before all bytes are there and after the end.
    """
    from xinrong.collect import tasks  # which knows this module

    now = clock.now()
    with transaction.atomic():
        changed = Upload.objects.filter(pk=upload.pk, state=UploadState.RECEIVED).update(
            state=UploadState.TAKING, problem={}, rows_read=0, confirmed_at=now, changed_at=now
        )
        if changed and upload.size > settings.UPLOAD_AT_ONCE_BYTES:
            tasks.take_upload.enqueue(upload.key)
    if changed and upload.size <= settings.UPLOAD_AT_ONCE_BYTES:
        take_upload(upload.key, clock=clock)
    upload.refresh_from_db()
    if upload.state not in (UploadState.TAKING, UploadState.DONE) and not upload.problem:
        raise WrongState(upload.name)
    return upload


def take_upload(key: str, *, clock: Clock) -> None:
    """Take a confirmed upload in and delete its bytes; an upload past that is left alone.

    What stops it is kept with the upload, which then waits for its sender again.
    """
    upload = Upload.objects.filter(key=key, state=UploadState.TAKING).first()
    if upload is None or upload.confirmed_at is None:
        return
    try:
        receipt = _collect(upload)
    except XinrongError as error:
        _stop(upload, error.code, words_of(error), clock)
        return
    except Exception:
        logger.exception("upload %s could not be taken in", key)
        _stop(upload, "broken", BROKEN, clock)
        raise
    own = not receipt.repeated or (
        receipt.received_at == upload.confirmed_at and receipt.source_name == upload.name
    )
    Upload.objects.filter(pk=upload.pk, state=UploadState.TAKING).update(
        state=UploadState.DONE,
        batch=receipt.batch,
        repeated=not own,
        rows_read=receipt.rows_in,
        changed_at=clock.now(),
    )
    spool.remove(upload.key)


def _collect(upload: Upload) -> Receipt:
    """The moment of confirming is that of receipt: a repeated attempt gives the same batch."""
    assert upload.confirmed_at is not None
    said = 0.0

    def progress(rows: int) -> None:
        nonlocal said
        if time.monotonic() - said > 0.7:
            said = time.monotonic()
            Upload.objects.filter(pk=upload.pk).update(rows_read=rows)

    return collect_file(
        spool.path_of(upload),
        upload.feed,
        clock=FixedClock(upload.confirmed_at),
        region=load_region(upload.region),
        progress=progress,
        renamed=upload.renamed,
    )


def _stop(upload: Upload, code: str, words: Text, clock: Clock) -> None:
    Upload.objects.filter(pk=upload.pk, state=UploadState.TAKING).update(
        state=UploadState.RECEIVED,
        problem={"code": code, "zh": words.zh, "en": words.en},
        changed_at=clock.now(),
    )


def words_of(error: XinrongError) -> Text:
    """An error in both languages where it has them, else as it is."""
    if isinstance(error, FileError | UploadError):
        return error.words
    return Text(zh=str(error), en=str(error))
