"""Folding the key index: by category, in runs of the order of the keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import duckdb
import pyarrow as pa

from xinrong.store import hot
from xinrong.store.engine import Files, engine
from xinrong.store.manifest import Layout
from xinrong.store.models import Part, PartKind
from xinrong.store.parts import KEY_COLUMNS, WrittenPart, new_name, write_keys
from xinrong.store.schema import KEY
from xinrong.store.snapshot import Snapshot

#: Neighbouring categories share a key part up to that many entries: bounds memory.
PASS_ENTRIES = 4_000_000

_ENTRY = f"""
SELECT {KEY_COLUMNS} FROM (SELECT * FROM key_part UNION ALL SELECT * FROM hot_key)
WHERE category BETWEEN $first AND $last
"""

_GONE = "EXISTS (SELECT 1 FROM gone_batch AS g WHERE g.batch = r.batch)"
_DEAD = """EXISTS (SELECT 1 FROM dead_row AS d
  WHERE d.category = r.category AND d.key = r.key AND d.batch = r.batch)"""
_CURRENT = f"SELECT * FROM entry AS r WHERE r.row_no IS NULL AND NOT ({_GONE} OR {_DEAD})"
#: A reference of a retracted batch can never be promoted: it is dropped here.
_PAST = f"""
SELECT * FROM entry AS r
WHERE (r.row_no IS NULL AND ({_GONE} OR {_DEAD})) OR (r.row_no IS NOT NULL AND NOT {_GONE})
"""


def fold_keys(
    place: Layout, snap: Snapshot, inputs: Sequence[Part], dropped: Mapping[str, pa.Table]
) -> list[tuple[PartKind, WrittenPart]]:
    """Write some key parts of a snapshot, and its hot keys, anew, without what is `dropped`.

    The new parts count once the ledger names them.
    """
    relations = {
        "key_part": Files(tuple(snap.path_of(part) for part in inputs), KEY),
        "hot_key": hot.keys(snap.using),
        **dropped,
    }
    cursor = engine().cursor()
    written: list[tuple[PartKind, WrittenPart]] = []
    try:
        engine().bind(cursor, relations)
        for bounds in _passes(cursor):
            written += _pass(cursor, place, bounds)
    finally:
        cursor.execute("DROP TABLE IF EXISTS entry")
        cursor.close()
    return written


def _passes(cursor: duckdb.DuckDBPyConnection) -> Iterator[dict[str, str]]:
    """Runs of neighbouring categories, by how many entries they have."""
    counts = cursor.execute(
        "SELECT category, count(*) FROM (SELECT category FROM key_part "
        "UNION ALL SELECT category FROM hot_key) GROUP BY category ORDER BY category"
    ).fetchall()
    held: list[str] = []
    entries = 0
    for category, count in counts:
        if held and entries + count > PASS_ENTRIES:
            yield {"first": held[0], "last": held[-1]}
            held, entries = [], 0
        held.append(category)
        entries += count
    if held:
        yield {"first": held[0], "last": held[-1]}


def _pass(
    cursor: duckdb.DuckDBPyConnection, place: Layout, bounds: Mapping[str, str]
) -> Iterator[tuple[PartKind, WrittenPart]]:
    whole = (0, place.buckets - 1)
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE entry AS {_ENTRY}", dict(bounds))
    for kind, source in ((PartKind.KEYS, _CURRENT), (PartKind.PAST_KEYS, _PAST)):
        part = write_keys(cursor, source, place.parts / new_name("k"), whole)
        if part:
            yield kind, part
