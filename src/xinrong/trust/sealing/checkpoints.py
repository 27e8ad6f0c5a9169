"""Signed checkpoints: how far the chain reached, in a folder that is meant to leave the machine.

One line of JSON each, in one file a day (`2026-11-22.jsonl`, by the day in China), only ever
appended to. A checkpoint without its copy elsewhere proves nothing against whoever owns this
machine: mount the folder from another one, or ship its files there.
"""

from __future__ import annotations

import errno
import os
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from xinrong.domain.canonical import canonical_json
from xinrong.domain.clock import Clock, day_in_china
from xinrong.domain.signatures import seal
from xinrong.trust.audit.spelling import moment
from xinrong.trust.sealing.errors import CheckpointFailed
from xinrong.trust.sealing.keys import checkpoint_signer, publish
from xinrong.trust.sealing.models import AuditBlock, AuditCheckpoint
from xinrong.trust.sealing.sealer import alone

#: How often a checkpoint is written while there is something new.
EVERY = timedelta(minutes=1)
#: What kind of document is signed: its signature is good for no other kind.
TYPE = "audit_checkpoint"


def last_checkpoint() -> AuditCheckpoint | None:
    """The newest one."""
    return AuditCheckpoint.objects.order_by("-block").select_related("block").first()


def is_due(now: datetime) -> bool:
    """Whether a minute has passed since the last one, and blocks were sealed since."""
    last = last_checkpoint()
    newer = AuditBlock.objects.filter(number__gt=last.block_id) if last else AuditBlock.objects
    return (last is None or now - last.at >= EVERY) and newer.exists()


def write_checkpoint(clock: Clock) -> AuditCheckpoint | None:
    """Sign the newest head and write it out; None when there is nothing new.

    First into the folder, durably, then into the database. Raises CheckpointFailed when the key
    cannot be read or the folder takes no more; the chain goes on, and the state of it says so.
    """
    now = clock.now()
    with transaction.atomic():
        last, block = last_checkpoint(), AuditBlock.objects.order_by("-number").first()
        if block is None or (last and last.block_id == block.number) or not alone():
            return None
        signer = checkpoint_signer()
        payload = {
            "type": TYPE,
            "number": last.envelope["payload"]["number"] + 1 if last else 1,
            "block": block.number,
            "head": block.head,
            "rows": block.total,
            "at": moment(now),
        }
        envelope = seal(payload, signer)
        try:
            if not os.environ.get("XINRONG_CHECKPOINTS"):  # one that is named has to be mounted
                Path(settings.CHECKPOINTS).mkdir(parents=True, exist_ok=True)
            publish(signer.public, now)
            append_line(day_file(now), canonical_json(envelope))
        except OSError as error:
            raise CheckpointFailed(
                f"the folder of checkpoints takes no more: {error.strerror}",
                remedy="See that XINRONG_CHECKPOINTS names a folder that is there, is mounted, may "
                "be written to and has room.",
            ) from error
        return AuditCheckpoint.objects.create(block=block, at=now, envelope=envelope)


def day_file(now: datetime) -> Path:
    """Where the checkpoints of a day lie."""
    return Path(settings.CHECKPOINTS) / f"{day_in_china(now)}.jsonl"


def append_line(path: Path, line: bytes) -> None:
    """Append one line durably, whole or not at all. Raises OSError.

    What a full disk let through of a line is cut off again; where even that is refused, the next
    line begins anew and readers pass the torn one over.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        size = os.fstat(handle).st_size
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        try:
            _write_whole(handle, b"\n" * torn + line + b"\n")
        except OSError:
            os.ftruncate(handle, size)
            raise
    finally:
        os.close(handle)


def _write_whole(handle: int, text: bytes) -> None:
    if os.write(handle, text) != len(text):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.fsync(handle)
