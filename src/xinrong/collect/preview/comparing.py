"""A sample of judged rows against itself and the store, without writing anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from xinrong.store import services as store
from xinrong.store.schema import CANONICAL, CONTENT

#: Subjects whose records are looked up: a preview answers while somebody waits.
SUBJECTS = 1_000


@dataclass(frozen=True)
class Compared:
    """Row numbers by what they come to; `rows` were compared with the store."""

    conflicts: frozenset[int]
    duplicates: frozenset[int]
    corrected: int
    rows: int


def compare_sample(tables: Sequence[pa.Table], category: str) -> Compared:
    """Compare rows of schema CANONICAL; subjects below zero are nobody's yet."""
    table = pa.concat_tables(tables) if tables else CANONICAL.empty_table()
    contents: defaultdict[int, set[int]] = defaultdict(set)
    rows: defaultdict[int, list[int]] = defaultdict(list)
    columns = ("key", "digest", "row_no")
    for key, digest, row_no in zip(*(table[name].to_pylist() for name in columns), strict=True):
        contents[key].add(digest)
        rows[key].append(row_no)
    conflicts = {row for key, found in contents.items() if len(found) > 1 for row in rows[key]}
    repeats = {row for key, found in contents.items() if len(found) == 1 for row in rows[key][1:]}
    looked_up, standing = _standing(table, category)
    same, corrected = set(), 0
    left_out = conflicts | repeats
    for row in looked_up.to_pylist():
        known = standing.get(row["key"])
        if known is None or row["row_no"] in left_out:
            continue
        if known == _content(row):
            same.add(row["row_no"])
        else:
            corrected += 1
    return Compared(frozenset(conflicts), frozenset(repeats | same), corrected, looked_up.num_rows)


def _standing(table: pa.Table, category: str) -> tuple[pa.Table, dict[int, tuple[Any, ...]]]:
    """The rows that are looked up, and the content on record under their keys."""
    subjects = pc.unique(table["subject"])[:SUBJECTS]
    rows = table.filter(pc.is_in(table["subject"], subjects))
    known = [number for number in subjects.to_pylist() if number > 0]
    if not known:
        return rows, {}
    with store.snapshot() as snap:
        records = snap.records(known, [category])
    records = records.filter(pc.is_in(records["key"], rows["key"].combine_chunks()))
    return rows, {record["key"]: _content(record) for record in records.to_pylist()}


def _content(row: dict[str, Any]) -> tuple[Any, ...]:
    return (row["subject"], *(row[name] for name in CONTENT.names))
