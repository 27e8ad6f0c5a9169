"""Making the profile of all enterprises: one file, then one row that makes it count.

Nobody reads the file before its row is committed, and the row before keeps its file for an hour,
so readers see the one batch or the other and never a mixture.
"""

from __future__ import annotations

import time
import uuid
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.db import transaction

from xinrong.domain.disks import disk_told
from xinrong.profiles.batch import Progress, profiles_now
from xinrong.profiles.columns import schema
from xinrong.profiles.compiling import compiled
from xinrong.profiles.errors import NoProfile
from xinrong.profiles.figures import figures_of
from xinrong.profiles.models import (
    DirtyEnterprise,
    Follower,
    IndicatorFigure,
    OverlayRow,
    ProfileBatch,
    SetAside,
)
from xinrong.store.services import digest_of_file, snapshot, sync_file, sync_folder

#: Enterprises of a row group: a look-up of one reads it whole.
ROW_GROUP = 1_000
#: A file that a newer one replaced is kept this long, for whoever still reads it.
GRACE = timedelta(hours=1)


def folder() -> Path:
    """Where the files lie: below the store, which the engine may read."""
    path = Path(settings.STORE_ROOT) / "profiles"
    path.mkdir(parents=True, exist_ok=True)
    return path


@disk_told()
def build_profile(at: datetime, as_of: date, progress: Progress | None = None) -> ProfileBatch:
    """Make the profile of all enterprises as of now, on a day, and switch to it.

    What was computed of single enterprises by then, and waited to be, is part of it.
    """
    began = time.monotonic()
    with snapshot() as snap:
        table = profiles_now(snap, as_of, progress).cast(schema())
        seq = snap.seq
    path = folder() / f"profile-{uuid.uuid4().hex}.parquet"
    try:
        _write(table, path)
        made = ProfileBatch(
            seq=seq,
            as_of=as_of,
            built_at=at,
            name=path.name,
            sha256=digest_of_file(path),
            rows=len(table),
            seconds=time.monotonic() - began,
            columns=table.column_names,
        )
        _switch(made, table)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    remove_replaced(at)
    return made


def _write(table: pa.Table, path: Path) -> None:
    pq.write_table(table, path, row_group_size=ROW_GROUP, compression="zstd")
    sync_file(path)
    sync_folder(path.parent)


def _switch(made: ProfileBatch, table: pa.Table) -> None:
    """Commit the batch, its figures and what it makes needless, at once."""
    figures = list(figures_of(table, compiled(settings.REGION)))
    with transaction.atomic():
        made.save()
        IndicatorFigure.objects.bulk_create(
            [
                IndicatorFigure(
                    batch=made,
                    indicator=one.indicator,
                    known=one.known,
                    reasons=one.reasons,
                    quantiles=one.quantiles,
                    bins=one.bins,
                )
                for one in figures
            ],
            batch_size=200,
        )
        OverlayRow.objects.filter(seq__lte=made.seq).delete()
        DirtyEnterprise.objects.filter(seq__lte=made.seq).delete()
        SetAside.objects.filter(seq__lte=made.seq).delete()
        followed, _ = Follower.objects.select_for_update().get_or_create(pk=1)
        if followed.seq < made.seq:
            followed.seq = made.seq
            followed.save(update_fields=["seq"])


def current_batch() -> ProfileBatch | None:
    """The batch that is read: the newest one, when it was made from today's definitions."""
    newest = ProfileBatch.objects.filter(removed_at=None).order_by("-pk").first()
    return newest if newest is not None and newest.columns == schema().names else None


def batch_now() -> ProfileBatch:
    """The batch that is read. Raises NoProfile where there is none."""
    batch = current_batch()
    if batch is None:
        raise NoProfile(
            "there is no profile of all enterprises, or it was made from other definitions",
            remedy="Run `xinrong profile build`.",
        )
    return batch


def remove_replaced(at: datetime) -> int:
    """Delete the files that newer ones replaced an hour ago; their figures stay."""
    newest = ProfileBatch.objects.order_by("-pk").values_list("pk", flat=True).first()
    replaced = ProfileBatch.objects.filter(removed_at=None, pk__lt=newest or 0)
    after = {one.pk: one for one in ProfileBatch.objects.filter(built_at__lte=at - GRACE)}
    removed = 0
    for one in replaced:
        if any(other > one.pk for other in after):
            (folder() / one.name).unlink(missing_ok=True)
            one.removed_at = at
            one.save(update_fields=["removed_at"])
            removed += 1
    return removed
