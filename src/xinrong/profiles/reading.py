"""Reading profiles: the batch, with what was computed since in its place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from xinrong.profiles.building import batch_now, current_batch, folder
from xinrong.profiles.columns import schema, units
from xinrong.profiles.compiling import compiled
from xinrong.profiles.models import DirtyEnterprise, Follower, OverlayRow, ProfileBatch
from xinrong.profiles.rows import ProfileRow, from_json
from xinrong.profiles.single import ALL, profile_now, statements_of
from xinrong.store.services import Engine, Files, Relation, Snapshot, engine

#: Enterprises whose profiles are read in one statement.
FEW = 500
#: The relation `profile`: a row for each enterprise, the newest that was computed.
PROFILE_VIEW = (
    "SELECT * FROM batch_profile AS b WHERE NOT EXISTS "
    "(SELECT 1 FROM touched_since AS t WHERE t.enterprise = b.enterprise) "
    "UNION ALL SELECT * FROM overlay_profile"
)


def profile_of(
    enterprise: int, snapshot: Snapshot, as_of: date, names: frozenset[str] = ALL
) -> ProfileRow:
    """The profile of one enterprise as of a snapshot, on a day, or the indicators that are named.

    What was computed before is taken where nothing has touched the enterprise since; otherwise it
    is computed now, which gives the same. With `names`, the reasons are those of the categories of
    `statements_of` the names.
    """
    found = _overlay(enterprise, snapshot, as_of)
    if found is not None:
        return _narrowed(found, names) if names else found
    found = _of_batch(enterprise, snapshot, as_of, names)
    return found or profile_now(snapshot, enterprise, as_of, names)


def _narrowed(row: ProfileRow, names: frozenset[str]) -> ProfileRow:
    """Some indicators of a whole profile, with the reasons of their categories."""
    made = statements_of(settings.REGION, names)
    letters = dict(zip(compiled(settings.REGION).categories, row.reasons, strict=True))
    values = {name: row.values[name] for name in made.columns}
    reasons = "".join(letters[one] for one in made.categories)
    return ProfileRow(row.enterprise, row.seq, row.as_of, values, reasons)


def _stands(enterprise: int, seq: int, snapshot: Snapshot) -> bool:
    """Whether a profile as of `seq` is still that of the snapshot."""
    if seq > snapshot.seq:
        return False
    followed = Follower.objects.using(snapshot.using).filter(seq__gte=snapshot.seq).exists()
    dirty = DirtyEnterprise.objects.using(snapshot.using).filter(enterprise=enterprise)
    return followed and not dirty.exists()


def _overlay(enterprise: int, snapshot: Snapshot, as_of: date) -> ProfileRow | None:
    row = OverlayRow.objects.using(snapshot.using).filter(enterprise=enterprise).first()
    if row is None or row.gone or row.as_of != as_of or not _stands(enterprise, row.seq, snapshot):
        return None
    return ProfileRow(enterprise, row.seq, row.as_of, from_json(row.values, units()), row.reasons)


def _of_batch(
    enterprise: int, snapshot: Snapshot, as_of: date, names: frozenset[str]
) -> ProfileRow | None:
    if OverlayRow.objects.using(snapshot.using).filter(enterprise=enterprise).exists():
        return None
    batch = current_batch()
    if batch is None or batch.as_of != as_of or not _stands(enterprise, batch.seq, snapshot):
        return None
    row = row_of(batch, enterprise, names)
    return _narrowed(row, names) if names and row is not None else row


def row_of(batch: ProfileBatch, enterprise: int, names: frozenset[str] = ALL) -> ProfileRow | None:
    """The row of an enterprise in a batch, None when it has none.

    With `names` only these values are read, and the reasons of all categories.
    """
    path = folder() / batch.name
    metadata, firsts = _footer(path)
    place = int(firsts.searchsorted(enterprise, side="right")) - 1
    if place < 0:
        return None
    with pq.ParquetFile(path, metadata=metadata) as file:
        wanted = ["enterprise", *sorted(names), "reasons"] if names else None
        group = file.read_row_group(place, columns=wanted, use_threads=False)
    numbers = group["enterprise"].to_numpy()
    at = int(numbers.searchsorted(enterprise))
    if at == len(numbers) or numbers[at] != enterprise:
        return None
    (values,) = group.slice(at, 1).to_pylist()
    del values["enterprise"]
    reasons = values.pop("reasons")
    return ProfileRow(enterprise, batch.seq, batch.as_of, values, reasons)


@lru_cache(maxsize=4)
def _footer(path: Path) -> tuple[pq.FileMetaData, npt.NDArray[np.int64]]:
    """The footer of a file, and the first enterprise of each row group: files never change."""
    metadata = pq.read_metadata(path)
    firsts = [
        metadata.row_group(number).column(0).statistics.min
        for number in range(metadata.num_row_groups)
    ]
    return metadata, np.array(firsts, np.int64)


def relations() -> dict[str, Relation]:
    """What an engine binds so that PROFILE_VIEW means the profiles as they are now.

    Raises NoProfile before the first batch.
    """
    batch = batch_now()
    touched = list(OverlayRow.objects.filter(seq__gt=batch.seq).order_by("enterprise"))
    kinds, kept = schema(), units()
    rows = [
        {"enterprise": one.enterprise, **from_json(one.values, kept), "reasons": one.reasons}
        for one in touched
        if not one.gone
    ]
    return {
        "batch_profile": Files((folder() / batch.name,), kinds),
        "overlay_profile": pa.Table.from_pylist(rows, schema=kinds),
        "touched_since": pa.table(
            {"enterprise": pa.array([one.enterprise for one in touched], pa.int64())}
        ),
    }


def computed_since(after: Mapping[int, int]) -> list[tuple[ProfileRow | None, int, int]]:
    """The profiles that were computed after the batch: row, enterprise, seq.

    None stands for an enterprise that is nobody now, or could not be computed. `after` says up to
    which seq those are known already.
    """
    seqs = OverlayRow.objects.order_by("enterprise").values_list("enterprise", "seq")
    wanted = [number for number, seq in seqs if after.get(number, -1) < seq]
    kept = units()
    found: list[tuple[ProfileRow | None, int, int]] = []
    for start in range(0, len(wanted), FEW):
        few = OverlayRow.objects.filter(enterprise__in=wanted[start : start + FEW])
        for one in few.order_by("enterprise"):
            row = None
            if not one.gone:
                values = from_json(one.values, kept)
                row = ProfileRow(one.enterprise, one.seq, one.as_of, values, one.reasons)
            found.append((row, one.enterprise, one.seq))
    return found


def query_profiles(
    sql: str, params: Mapping[str, Any] | None = None, *, on: Engine | None = None
) -> pa.Table:
    """Run SQL over the relation `profile`: all enterprises, the newest profile of each."""
    runner = on or engine()
    return runner.query(f"WITH profile AS ({PROFILE_VIEW}) {sql}", relations(), params)


def categories() -> tuple[str, ...]:
    """The categories whose reasons stand in `reasons`, in order."""
    return compiled(settings.REGION).categories
