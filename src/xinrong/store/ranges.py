"""Reading the whole store a range of buckets at a time, with SQL of several statements.

A query over everything binds every part. What goes through the store in ranges would open every
file again for each of them, which costs as much as some thousand records: so a range binds the
parts that can have its rows, and no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from xinrong.store.engine import Files, engine
from xinrong.store.manifest import layout
from xinrong.store.models import RECORD_KINDS
from xinrong.store.snapshot import RECORD_VIEW, Snapshot

_PARTS = ("part_clean", "part_marked")


class RangeScan:
    """A snapshot on a cursor of its own: after `bind`, `record` are the rows of some buckets."""

    def __init__(self, snapshot: Snapshot, cursor: duckdb.DuckDBPyConnection) -> None:
        self.snapshot, self.cursor = snapshot, cursor
        self.buckets = bucket_count()
        relations = snapshot.relations()
        self._parts = {name: relations.pop(name) for name in _PARTS}
        self._bounds = {
            snapshot.path_of(part): (part.bucket_lo, part.bucket_hi)
            for part in snapshot.parts(*RECORD_KINDS)
        }
        self._bound = 0
        cursor.register("all_hot", relations.pop("hot_row"))
        engine().bind(cursor, relations)

    def bind(self, low: int, high: int) -> None:
        """Let `record` mean the rows of buckets `low` to `high` that count."""
        self._bound += 1
        for name, files in self._parts.items():
            assert isinstance(files, Files)
            within = tuple(path for path in files.paths if self._holds(path, low, high))
            engine().bind(self.cursor, {f"{name}_{self._bound}": Files(within, files.schema)})
            self._view(
                name, f"SELECT * FROM {name}_{self._bound} WHERE bucket BETWEEN {low} AND {high}"
            )
        self._view(
            "hot_row",
            f"SELECT * FROM all_hot WHERE subject % {self.buckets} BETWEEN {low} AND {high}",
        )
        self._view("record", RECORD_VIEW)

    def _holds(self, path: Path, low: int, high: int) -> bool:
        first, last = self._bounds[path]
        return first <= high and last >= low

    def _view(self, name: str, sql: str) -> None:
        self.cursor.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {sql}")


@contextmanager
def range_scan(snapshot: Snapshot) -> Iterator[RangeScan]:
    """A snapshot to be read range by range; what is made on its cursor is gone afterwards."""
    cursor = engine().cursor()
    try:
        yield RangeScan(snapshot, cursor)
    finally:
        cursor.close()


def bucket_count() -> int:
    """Into how many buckets subjects are spread."""
    return layout().buckets


def rows_held(snapshot: Snapshot) -> int:
    """How many rows a scan of everything passes over, without the hot table's."""
    parts = snapshot.parts(*RECORD_KINDS)
    return sum(part.rows for part in parts if snapshot.needs(part))
