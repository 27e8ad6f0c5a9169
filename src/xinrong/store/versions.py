"""Every version of a few subjects' records, whatever became of it: for erasure, not for reading."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from xinrong.store import hot
from xinrong.store.errors import StoreError
from xinrong.store.lookup import columns_of, rows_of
from xinrong.store.manifest import layout
from xinrong.store.models import RECORD_KINDS, Part
from xinrong.store.parts import check_part

#: What is told of a version: whose it is, which record, and by which batch.
HELD = ("subject", "category", "key", "batch", "row_no")


def versions_of(subjects: Sequence[int], using: str = "default") -> pa.Table:
    """Current, superseded, retracted and suppressed versions alike, as columns HELD.

    Raises PartDamaged when a part cannot be read.
    """
    columns = columns_of(())
    place = layout()
    tables = [columns.empty_table()]
    for part in Part.objects.using(using).filter(replaced_seq=None, kind__in=RECORD_KINDS):
        path = place.parts / part.name
        try:
            found = rows_of(path, subjects, place.buckets, columns, part.sums)
        except (OSError, pa.ArrowException) as error:
            check_part(part, path, deep=True)
            raise StoreError(f"part {part.name} cannot be read: {error}") from error
        if found is not None:
            tables.append(found)
    tables += [
        hot.of_subjects(subjects[start : start + 500], columns, using)
        for start in range(0, len(subjects), 500)  # SQLite bounds the parameters of a query
    ]
    return pa.concat_tables(tables).select(list(HELD))


def replaced_parts() -> int:
    """How many parts were replaced and still lie on the disk, for snapshots or a backup."""
    return Part.objects.exclude(replaced_seq=None).count()
