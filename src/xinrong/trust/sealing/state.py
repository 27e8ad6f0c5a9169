"""How the chain stands: the last seal, what waits, the last checkpoint, and what is wrong."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Max, Min

from xinrong.domain.clock import Clock
from xinrong.domain.errors import XinrongError
from xinrong.trust.models import AuditRow
from xinrong.trust.sealing.checkpoints import last_checkpoint
from xinrong.trust.sealing.keys import checkpoint_signer
from xinrong.trust.sealing.models import AuditBlock, AuditSeal
from xinrong.trust.sealing.sealer import without_seal

#: A row that waits longer for its seal means that no sealer works.
SEAL_LATE = timedelta(seconds=10)
#: The same of a block that waits for its checkpoint.
CHECKPOINT_LATE = timedelta(minutes=3)
#: Ids behind the last sealed one among which a row without a seal is looked for.
LOOK_BEHIND = 20_000
#: Bytes of the folder of checkpoints below which it counts as full.
LEAST_ROOM = 1 << 20


@dataclass(frozen=True)
class ChainState:
    """The chain at one moment. `alarms` are codes, empty when all is well."""

    at: datetime
    blocks: int
    rows: int
    head: str
    sealed_at: datetime | None
    waiting: int
    waiting_since: datetime | None
    checkpoints: int
    checkpoint_at: datetime | None
    checkpoint_block: int
    alarms: tuple[str, ...] = field(default=())

    @property
    def lag(self) -> timedelta:
        """How long the oldest row has waited for its seal."""
        return self.at - self.waiting_since if self.waiting_since else timedelta(0)


def chain_state(clock: Clock) -> ChainState:
    """What the auditor's page and `xinrong audit status` show; a handful of quick queries."""
    now = clock.now()
    block = AuditBlock.objects.order_by("-number").first()
    sealed = AuditSeal.objects.aggregate(highest=Max("row_id"))["highest"] or 0
    waiting = without_seal(AuditRow.objects.filter(pk__gt=sealed - LOOK_BEHIND)).aggregate(
        count=Count("pk"), since=Min("at")
    )
    checkpoint = last_checkpoint()
    unsigned = AuditBlock.objects.filter(number__gt=checkpoint.block_id if checkpoint else 0)
    unsigned_since = unsigned.order_by("number").values_list("at", flat=True).first()
    alarms = list(folder_alarms())
    if waiting["since"] and now - waiting["since"] > SEAL_LATE:
        alarms.append("seal_late")
    if unsigned_since and now - unsigned_since > CHECKPOINT_LATE:
        alarms.append("checkpoint_late")
    return ChainState(
        at=now,
        blocks=block.number if block else 0,
        rows=block.total if block else 0,
        head=block.head if block else "",
        sealed_at=block.at if block else None,
        waiting=waiting["count"],
        waiting_since=waiting["since"],
        checkpoints=checkpoint.envelope["payload"]["number"] if checkpoint else 0,
        checkpoint_at=checkpoint.at if checkpoint else None,
        checkpoint_block=checkpoint.block_id if checkpoint else 0,
        alarms=tuple(alarms),
    )


def folder_alarms() -> list[str]:
    """What is wrong with the key and the folder of checkpoints, without writing anything."""
    alarms = []
    try:
        checkpoint_signer()
    except XinrongError:
        alarms.append("checkpoint_key")
    folder = Path(settings.CHECKPOINTS)
    if not folder.is_dir() and not os.environ.get("XINRONG_CHECKPOINTS"):
        return alarms  # the embedded default is made with the first checkpoint
    if not folder.is_dir():
        return [*alarms, "folder_missing"]
    try:
        disk = os.statvfs(folder)
    except OSError:
        return [*alarms, "folder_missing"]
    if disk.f_flag & os.ST_RDONLY or not os.access(folder, os.W_OK | os.X_OK):
        alarms.append("folder_read_only")
    if disk.f_bavail * disk.f_frsize < LEAST_ROOM or (disk.f_files and not disk.f_favail):
        alarms.append("folder_full")
    return alarms
