"""Receiving a file in pieces: it may stop at any byte, and go on from there in another session."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, Sum

from xinrong.accounts.services import Organisation
from xinrong.accounts.types import Viewer
from xinrong.catalogue.region import Region
from xinrong.collect.enums import OPEN_STATES, UploadState
from xinrong.collect.models.uploads import Upload
from xinrong.collect.perms import can_see_upload_of
from xinrong.collect.uploads import spool
from xinrong.collect.uploads.errors import (
    ChunkRefused,
    DigestDiffers,
    EmptyUpload,
    QuotaReached,
    UnknownUpload,
    UploadTooLarge,
    WrongOffset,
    WrongState,
)
from xinrong.collect.uploads.names import safe_name
from xinrong.domain.clock import Clock
from xinrong.domain.text import Text

#: An upload that nobody touches for so long is deleted.
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Arrived:
    """How much of an upload is there. `head` is the SHA-256 of its first `head_size` bytes."""

    offset: int
    size: int
    state: str
    head: str
    head_size: int


def start_upload(
    viewer: Viewer, feed: str, name: str, size: int, *, region: Region, clock: Clock
) -> Upload:
    """Begin a file of a feed.

    The caller has checked that the viewer may send through the feed. Raises EmptyUpload,
    UploadTooLarge, QuotaReached, NoRoom.
    """
    name = safe_name(name)
    if size <= 0:
        raise EmptyUpload(name)
    if size > settings.UPLOAD_BYTES:
        raise UploadTooLarge(size, settings.UPLOAD_BYTES, name)
    now = clock.now()
    if viewer.organisation_id is None:  # sent by nobody's officer: the caller's check failed
        raise UnknownUpload
    with transaction.atomic():
        _hold(viewer.organisation_id)
        _within_quota(viewer.reference, size)
        upload = Upload.objects.create(
            key=secrets.token_urlsafe(18).replace("-", "a"),
            region=region.info.region,
            department=viewer.reference,
            organisation_id=viewer.organisation_id,
            person_id=viewer.person_id,
            feed=feed,
            name=name,
            size=size,
            state=UploadState.RECEIVING,
            created_at=now,
            changed_at=now,
        )
        spool.make_room(upload)
    return upload


def _hold(organisation: int) -> None:
    """Let no other upload of the department begin meanwhile: both would see the same room.

    The department's row is locked so that rows which only name it may still be written. SQLite's
    transactions wait for each other anyway.
    """
    held = Organisation.objects.select_for_update(no_key=True).filter(pk=organisation)
    list(held.values_list("pk"))


def _within_quota(department: str, size: int) -> None:
    open_ones = Upload.objects.filter(department=department, state__in=OPEN_STATES)
    if open_ones.count() >= settings.UPLOADS_OPEN:
        raise QuotaReached(
            Text(zh=f"{settings.UPLOADS_OPEN} 个文件", en=f"{settings.UPLOADS_OPEN} files")
        )
    held = open_ones.aggregate(sum=Sum("size"))["sum"] or 0
    if held + size > settings.UPLOADS_BYTES:
        gigabytes = f"{settings.UPLOADS_BYTES / 2**30:g} GB"
        raise QuotaReached(Text(zh=f"共 {gigabytes}", en=f"{gigabytes} together"))


def find_upload(key: str, viewer: Viewer) -> Upload:
    """The upload, if it is the viewer's department's. Raises UnknownUpload otherwise."""
    found = Upload.objects.filter(key=key).first()
    if found is None or not can_see_upload_of(viewer, found.department):
        raise UnknownUpload
    return found


def uploads_of(viewer: Viewer) -> QuerySet[Upload]:
    """The uploads of the viewer's department, newest first."""
    found = Upload.objects.filter(department=viewer.reference).exclude(department="")
    return found.select_related("person").order_by("-created_at", "-pk")


def arrived(upload: Upload) -> Arrived:
    """How much is there, so that a sender can go on."""
    if upload.state != UploadState.RECEIVING:
        return Arrived(upload.received, upload.size, upload.state, "", 0)
    with spool.locked(upload) as file:
        upload.refresh_from_db()
        offset = min(upload.received, spool.size_of(file))
        first = min(offset, spool.HEAD)
        head = spool.digest_of(file, first) if first else ""
        return Arrived(offset, upload.size, upload.state, head, first)


def receive_chunk(upload: Upload, offset: int, data: bytes, *, clock: Clock) -> int:
    """Add a piece that begins at `offset`; how many bytes are there now.

    A piece that came before, or that lies beyond the end, raises WrongOffset with the right one,
    and nothing changes. Raises ChunkRefused, WrongState, NoRoom.
    """
    if upload.state != UploadState.RECEIVING:
        raise WrongState(upload.name)
    with spool.locked(upload) as file:
        upload.refresh_from_db()
        if upload.state != UploadState.RECEIVING:
            raise WrongState(upload.name)
        there = min(upload.received, spool.size_of(file))
        if offset != there:
            raise WrongOffset(there, upload.name)
        end = offset + len(data)
        if not data or len(data) > settings.UPLOAD_CHUNK_BYTES or end > upload.size:
            raise ChunkRefused(settings.UPLOAD_CHUNK_BYTES, upload.name)
        spool.append(file, offset, data, upload)
        _change(upload, clock.now(), received=end)
    return end


def finish_upload(upload: Upload, stated: str = "", *, clock: Clock) -> Upload:
    """All bytes are there: check them against the browser's SHA-256, if it could tell one.

    Finishing twice is harmless. Raises WrongOffset while bytes are missing, and DigestDiffers,
    after which the upload begins again at its first byte.
    """
    if upload.state != UploadState.RECEIVING:
        return upload
    with spool.locked(upload) as file:
        upload.refresh_from_db()
        if upload.state != UploadState.RECEIVING:
            return upload
        there = min(upload.received, spool.size_of(file))
        if there != upload.size:
            raise WrongOffset(there, upload.name)
        digest = spool.digest_of(file)
        if stated and stated.lower() != digest:
            file.truncate(0)
            _change(upload, clock.now(), received=0)
            raise DigestDiffers(upload.name)
        _change(upload, clock.now(), digest=digest, state=UploadState.RECEIVED)
    return upload


def receive_whole(
    viewer: Viewer,
    feed: str,
    name: str,
    size: int,
    pieces: Iterable[bytes],
    *,
    region: Region,
    clock: Clock,
) -> Upload:
    """A file that came in one request, as a plain form sends it. Raises as its parts do."""
    upload = start_upload(viewer, feed, name, size, region=region, clock=clock)
    offset = 0
    try:
        for piece in pieces:
            for start in range(0, len(piece), settings.UPLOAD_CHUNK_BYTES):
                part = piece[start : start + settings.UPLOAD_CHUNK_BYTES]
                offset = receive_chunk(upload, offset, part, clock=clock)
        return finish_upload(upload, clock=clock)
    except BaseException:
        discard_upload(upload, clock=clock)  # nobody could go on with it
        raise


def discard_upload(upload: Upload, *, clock: Clock) -> None:
    """Give an upload up and delete its bytes. Raises WrongState once it is being taken in."""
    changed = Upload.objects.filter(
        pk=upload.pk, state__in=(UploadState.RECEIVING, UploadState.RECEIVED)
    ).update(state=UploadState.DISCARDED, changed_at=clock.now())
    upload.refresh_from_db()
    if not changed and upload.state != UploadState.DISCARDED:
        raise WrongState(upload.name)
    spool.remove(upload.key)


def sweep_uploads(*, clock: Clock) -> int:
    """Delete what nobody touched for a day, and bytes that no open upload owns; how many."""
    before = clock.now() - KEPT
    waiting = Upload.objects.filter(
        state__in=(UploadState.RECEIVING, UploadState.RECEIVED), changed_at__lt=before
    )
    swept = waiting.update(state=UploadState.EXPIRED)
    kept = set(Upload.objects.filter(state__in=OPEN_STATES).values_list("key", flat=True))
    for folder in spool.folders():
        old = datetime.fromtimestamp(folder.stat().st_mtime, tz=before.tzinfo) < before
        known = Upload.objects.filter(key=folder.name).exists()
        if folder.name not in kept and (known or old):
            spool.remove(folder.name)
    return swept


def _change(upload: Upload, now: datetime, **values: object) -> None:
    values["changed_at"] = now
    for name, value in values.items():
        setattr(upload, name, value)
    upload.save(update_fields=list(values))
