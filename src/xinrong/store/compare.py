"""Comparing a batch with itself and the store: new, duplicate, correction, conflict.

Same key and content as the row that counts: duplicate. Same key, other content: correction. One
key with two contents inside the batch: conflict, and neither row is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xinrong.store.engine import engine
from xinrong.store.snapshot import RECORD_VIEW, Snapshot

KEYS = ("subject", "category", "key", "digest", "row_no", "ord")

_WITHIN = """
SELECT i.ord, i.row_no,
       count(DISTINCT i.digest) OVER same AS contents,
       row_number() OVER (same ORDER BY i.ord) AS nth
FROM incoming AS i
SEMI JOIN (
    SELECT category, key FROM incoming GROUP BY category, key HAVING count(*) > 1
) AS repeated ON repeated.category = i.category AND repeated.key = i.key
WINDOW same AS (PARTITION BY i.category, i.key)
ORDER BY i.ord
"""

_AGAINST = f"""
WITH record AS ({RECORD_VIEW})
SELECT i.ord, i.row_no, r.subject, r.category, r.key, r.batch,
       r.digest = i.digest AND r.subject = i.subject AS same
FROM record AS r JOIN incoming AS i ON i.category = r.category AND i.key = r.key
WHERE r.category IN (SELECT DISTINCT category FROM incoming)
ORDER BY i.ord
"""


@dataclass(frozen=True)
class Delta:
    """What a batch would change. `left_out` are ordinals of rows that are not written."""

    heads: dict[str, int]  # category -> last seq seen when comparing
    rows: int  # rows offered
    duplicates: tuple[int, ...]  # row numbers
    conflicts: tuple[int, ...]  # row numbers
    left_out: tuple[int, ...]
    superseded: pa.Table  # subject, category, key, batch of rows that die

    @property
    def accepted(self) -> int:
        """Rows that will be written."""
        return self.rows - len(self.left_out)

    @property
    def corrected(self) -> int:
        """Of these, rows that replace a stored one."""
        return len(self.superseded)


def compare(snap: Snapshot, incoming: pa.Table, heads: dict[str, int]) -> Delta:
    """Compare rows (columns KEYS) with themselves and with a snapshot."""
    conflicts, repeats, left_out = _within(incoming)
    rest = incoming
    if left_out:
        rest = incoming.filter(pc.invert(pc.is_in(incoming["ord"], pa.array(left_out, pa.int64()))))
    found = engine().query(_AGAINST, {**snap.relations(rest), "incoming": rest})
    same = found.filter(found["same"])
    duplicates = [*repeats, *same["row_no"].to_pylist()]
    return Delta(
        heads=heads,
        rows=len(incoming),
        duplicates=tuple(duplicates),
        conflicts=tuple(conflicts),
        left_out=(*left_out, *same["ord"].to_pylist()),
        superseded=found.filter(pc.invert(found["same"])).select(
            ["subject", "category", "key", "batch"]
        ),
    )


def _within(incoming: pa.Table) -> tuple[list[int], list[int], list[int]]:
    """Row numbers in conflict, row numbers repeated, ordinals of both."""
    if not _repeats(incoming["key"]):
        return [], [], []
    found = engine().query(_WITHIN, {"incoming": incoming})
    conflict = pc.greater(found["contents"], 1)
    repeat = pc.and_(pc.equal(found["contents"], 1), pc.greater(found["nth"], 1))
    out = found.filter(pc.or_(conflict, repeat))["ord"].to_pylist()
    return (
        found.filter(conflict)["row_no"].to_pylist(),
        found.filter(repeat)["row_no"].to_pylist(),
        out,
    )


def _repeats(keys: pa.ChunkedArray) -> bool:
    """Sorting and looking at neighbours is four times as quick as counting distinct keys."""
    ordered = np.sort(keys.to_numpy())
    return bool((ordered[1:] == ordered[:-1]).any())


def categories_of(incoming: Sequence[pa.Table]) -> list[str]:
    """The categories that occur in some tables."""
    found: set[str] = set()
    for table in incoming:
        found.update(pc.unique(table["category"]).to_pylist())
    return sorted(found)
