"""Reading the rows of a few subjects out of parts, by their footers.

A look-up touches one or two row groups of a part. Going straight to them costs a third of what a
query does, whose planning and column bindings would dominate. Footers are kept: parts never change.

A flipped bit in a page mostly goes unnoticed by who decodes it. So the ledger keeps a sum of the
bytes of each row group and of the footer, and a look-up reads nothing that does not have its sum.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from xinrong.store.schema import RECORD


@dataclass(frozen=True)
class RowGroup:
    """Where a row group lies, its buckets and subjects, and the columns that have a value in it."""

    number: int
    place: tuple[int, int]  # its first byte, and the first after it
    buckets: tuple[int, int]
    subjects: tuple[int, int]
    filled: frozenset[str]

    @property
    def sparse(self) -> bool:
        """Whether it spans buckets, so that the range of its subjects says next to nothing."""
        return self.buckets[0] < self.buckets[1]

    def may_hold(self, subject: int, bucket: int) -> bool:
        """Whether the subject's rows can be in it."""
        return (
            self.buckets[0] <= bucket <= self.buckets[1]
            and self.subjects[0] <= subject <= self.subjects[1]
        )


def places_of(metadata: pq.FileMetaData) -> list[tuple[int, int]]:
    """The bytes of each row group, first and end."""
    places = []
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        columns = [group.column(place) for place in range(group.num_columns)]
        starts = [
            column.dictionary_page_offset if column.has_dictionary_page else column.data_page_offset
            for column in columns
        ]
        sizes = [column.total_compressed_size for column in columns]
        ends = [start + size for start, size in zip(starts, sizes, strict=True)]
        places.append((min(starts), max(ends)))
    return places


def sums_of(path: Path) -> str:
    """CRC-32 of the footer (all after the last row group) and of each row group, in hexadecimal."""
    places = places_of(pq.read_metadata(path))
    end = max((end for _, end in places), default=0)
    content = memoryview(path.read_bytes())
    parts = [content[end:], *(content[start:end] for start, end in places)]
    return "".join(f"{zlib.crc32(part):08x}" for part in parts)


def _check_sum(path: Path, place: tuple[int, int | None], sums: str, number: int) -> None:
    start, end = place
    with path.open("rb") as file:
        file.seek(start)
        found = zlib.crc32(file.read() if end is None else file.read(end - start))
    if f"{found:08x}" != sums[8 * number : 8 * number + 8]:
        raise OSError(f"{path.name}: bytes {start} and following are not those that were written")


@lru_cache(maxsize=1024)
def _footer(path: Path, sums: str) -> tuple[pq.FileMetaData, tuple[RowGroup, ...]]:
    metadata = pq.read_metadata(path)
    places = places_of(metadata)
    if sums:
        _check_sum(path, (max((end for _, end in places), default=0), None), sums, 0)
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
                places[number],
                (buckets.min, buckets.max),
                (subjects.min, subjects.max),
                frozenset(filled),
            )
        )
    return metadata, tuple(groups)


@lru_cache(maxsize=512)
def _subjects(path: Path, sums: str, number: int) -> npt.NDArray[np.int64]:
    """The subjects of a row group, in order.

    A store that is small, or has many runs, would otherwise have each look-up decode groups that
    hold nothing of what it asks for.
    """
    metadata, groups = _footer(path, sums)
    if sums:
        _check_sum(path, groups[number].place, sums, 1 + number)
    column = _read(path, metadata, [number], ["subject"])["subject"]
    found: npt.NDArray[np.int64] = np.unique(column.to_numpy())
    return found


def _any_of(wanted: Sequence[int], ordered: npt.NDArray[np.int64]) -> bool:
    places = np.minimum(ordered.searchsorted(wanted), len(ordered) - 1)
    return bool((ordered[places] == wanted).any())


def _read(
    path: Path, metadata: pq.FileMetaData, groups: Sequence[int], columns: Sequence[str]
) -> pa.Table:
    """Some columns of some row groups, in the thread that asks.

    A file opened by its name would have Arrow look for a file system library at every look-up.
    """
    with (
        pa.OSFile(str(path)) as source,
        pq.ParquetFile(source, metadata=metadata, pre_buffer=False) as file,
    ):
        return file.read_row_groups(groups, columns=columns, use_threads=False)


def _of_subjects(table: pa.Table, subjects: Sequence[int]) -> pa.Table:
    """The rows of some subjects; those of one lie together, and are not copied."""
    held = table["subject"].to_numpy()
    own = held == subjects[0] if len(subjects) == 1 else np.isin(held, subjects)
    places = np.flatnonzero(own)
    if not len(places):
        return table.slice(0, 0)
    first, rows = int(places[0]), len(places)
    together = int(places[-1]) - first + 1 == rows
    return table.slice(first, rows) if together else table.filter(pa.array(own))


def rows_of(
    path: Path, subjects: Sequence[int], buckets: int, columns: pa.Schema, sums: str = ""
) -> pa.Table | None:
    """The rows of some subjects in one part, with the given columns of RECORD; None: there is none.

    `sums` are the ledger's, empty for a part that was written before there were any. Raises
    OSError or pyarrow's ArrowInvalid when the file is not what it should be.
    """
    metadata, groups = _footer(path, sums)
    wanted = [
        group
        for group in groups
        if any(group.may_hold(subject, subject % buckets) for subject in subjects)
        and (not group.sparse or _any_of(subjects, _subjects(path, sums, group.number)))
    ]
    if not wanted:
        return None
    if sums:
        for group in wanted:
            _check_sum(path, group.place, sums, 1 + group.number)
    filled = frozenset().union(*(group.filled for group in wanted))
    present = [name for name in columns.names if name in filled]
    table = _of_subjects(
        _read(path, metadata, [group.number for group in wanted], present), subjects
    )
    arrays = [
        table[field.name] if field.name in filled else pa.nulls(len(table), field.type)
        for field in columns
    ]
    return pa.table(arrays, schema=columns)


#: What every reader needs of a row to tell whether it counts and where it belongs.
BASE = (
    *("subject", "category", "key", "event_date", "end_date", "polarity"),
    *("row_no", "batch", "since"),
)


def columns_of(names: Sequence[str] | None) -> pa.Schema:
    """RECORD, or only BASE and the named columns of it, in RECORD's order."""
    if names is None:
        return RECORD
    return pa.schema([field for field in RECORD if field.name in {*BASE, *names}])
