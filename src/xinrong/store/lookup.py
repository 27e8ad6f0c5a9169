"""Reading the rows of a few subjects out of parts, by their footers.

A look-up touches one or two row groups of a part. Going straight to them costs a third of what a
query does, whose planning and column bindings would dominate. Footers are kept: parts never change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from xinrong.store.schema import RECORD


@dataclass(frozen=True)
class RowGroup:
    """Which buckets and subjects a row group holds, and which columns have a value in it."""

    number: int
    buckets: tuple[int, int]
    subjects: tuple[int, int]
    filled: frozenset[str]

    def may_hold(self, subject: int, bucket: int) -> bool:
        """Whether the subject's rows can be in it."""
        return (
            self.buckets[0] <= bucket <= self.buckets[1]
            and self.subjects[0] <= subject <= self.subjects[1]
        )


@lru_cache(maxsize=1024)
def _footer(path: Path) -> tuple[pq.FileMetaData, tuple[RowGroup, ...]]:
    metadata = pq.read_metadata(path)
    names = metadata.schema.names
    groups = []
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        found = {name: group.column(place).statistics for place, name in enumerate(names)}
        filled = {
            name
            for name, stats in found.items()
            if stats is None or not stats.has_null_count or stats.null_count < group.num_rows
        }
        buckets, subjects = found["bucket"], found["subject"]
        groups.append(
            RowGroup(
                number,
                (buckets.min, buckets.max),
                (subjects.min, subjects.max),
                frozenset(filled),
            )
        )
    return metadata, tuple(groups)


def rows_of(path: Path, subjects: Sequence[int], buckets: int, columns: pa.Schema) -> pa.Table:
    """The rows of some subjects in one part, with the given columns of RECORD.

    Raises OSError or pyarrow's ArrowInvalid when the file is not what it should be.
    """
    metadata, groups = _footer(path)
    wanted = [
        group
        for group in groups
        if any(group.may_hold(subject, subject % buckets) for subject in subjects)
    ]
    if not wanted:
        return columns.empty_table()
    filled = frozenset().union(*(group.filled for group in wanted))
    present = [name for name in columns.names if name in filled]
    with pq.ParquetFile(path, metadata=metadata) as file:
        table = file.read_row_groups(
            [group.number for group in wanted], columns=present, use_threads=False
        )
    table = table.filter(pc.is_in(table["subject"], pa.array(subjects, pa.int64())))
    arrays = [
        table[field.name] if field.name in filled else pa.nulls(len(table), field.type)
        for field in columns
    ]
    return pa.table(arrays, schema=columns)


#: What every reader needs of a row to tell whether it counts and where it belongs.
BASE = ("subject", "category", "key", "event_date", "end_date", "polarity", "row_no", "batch")


def columns_of(names: Sequence[str] | None) -> pa.Schema:
    """RECORD, or only BASE and the named columns of it, in RECORD's order."""
    if names is None:
        return RECORD
    return pa.schema([field for field in RECORD if field.name in {*BASE, *names}])
