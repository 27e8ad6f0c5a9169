"""Comparing a batch with itself and the store: new, duplicate, correction, conflict, erased.

Same key and content as the row that counts: duplicate, of which a reference is kept. Same key,
other content: correction. One key with two contents inside the batch: conflict, and neither row is
taken. A record that was erased by order is not taken again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from xinrong.store.engine import engine
from xinrong.store.models import CategoryHead, Erasure
from xinrong.store.schema import BATCH, CANONICAL
from xinrong.store.snapshot import KEY_VIEW, Snapshot

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

#: The bounds on the category let whole row groups be skipped: key parts are sorted by it.
_AGAINST = f"""
WITH asserted AS ({KEY_VIEW})
SELECT i.ord, i.row_no, i.digest, r.subject, r.category, r.key, r.batch,
       r.digest = i.digest AND r.subject = i.subject AS same
FROM asserted AS r JOIN incoming AS i ON i.category = r.category AND i.key = r.key
WHERE r.category BETWEEN $first AND $last
ORDER BY i.ord
"""


#: What `_AGAINST` answers.
FOUND = pa.schema(
    [
        ("ord", pa.int64()),
        *[CANONICAL.field(name) for name in ("row_no", "digest", "subject", "category", "key")],
        BATCH,
        ("same", pa.bool_()),
    ]
)


#: Row numbers or ordinals: of a large batch there may be a million.
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Delta:
    """What a batch would change. `left_out` are ordinals of rows that are not written."""

    heads: dict[str, int]  # category -> last seq seen when comparing
    rows: int  # rows offered
    duplicates: Numbers  # row numbers
    conflicts: tuple[int, ...]  # row numbers
    erased: tuple[int, ...]  # row numbers of records that were erased by order
    left_out: Numbers
    superseded: pa.Table  # subject, category, key, batch of rows that die
    repeated: pa.Table  # subject, category, key, digest, row_no of rows that are stored already
    seq: int = 0  # of the snapshot that was compared with

    @property
    def accepted(self) -> int:
        """Rows that will be written."""
        return self.rows - len(self.left_out)

    @property
    def corrected(self) -> int:
        """Of these, rows that replace a stored one."""
        return len(self.superseded)

    def kept(self) -> npt.NDArray[np.bool_]:
        """For each row offered, in order, whether it will be written."""
        kept = np.ones(self.rows, np.bool_)
        kept[self.left_out] = False
        return kept


def compare(snap: Snapshot, incoming: pa.Table, heads: dict[str, int]) -> Delta:
    """Compare rows (columns KEYS) with themselves and with a snapshot."""
    erased_ords, erased = _erased(snap, incoming)
    rest = _but(incoming, erased_ords)
    conflicts, repeats, out = _within(rest)
    rest = _but(rest, out)
    found = _against(snap, rest, sorted(heads))
    same = found.filter(found["same"])
    return Delta(
        heads=heads,
        rows=len(incoming),
        duplicates=_numbers(repeats, same["row_no"]),
        conflicts=tuple(conflicts.to_pylist()),
        erased=tuple(erased.to_pylist()),
        left_out=_numbers(erased_ords, out, same["ord"]),
        superseded=found.filter(pc.invert(found["same"])).select(
            ["subject", "category", "key", "batch"]
        ),
        repeated=same.select(["subject", "category", "key", "digest", "row_no"]),
        seq=snap.seq,
    )


def _numbers(*columns: pa.ChunkedArray) -> Numbers:
    return np.concatenate([column.to_numpy() for column in columns]).astype(np.int64)


def _but(table: pa.Table, ordinals: pa.ChunkedArray) -> pa.Table:
    """The rows of a table whose ordinal is none of these."""
    if not len(ordinals):
        return table
    return table.filter(pc.invert(pc.is_in(table["ord"], ordinals)))


def _against(snap: Snapshot, incoming: pa.Table, categories: Sequence[str]) -> pa.Table:
    """Incoming rows that have a row that counts, with it."""
    # Asked of the snapshot itself: a category that nobody had touched by then has no row.
    heads = CategoryHead.objects.using(snap.using).filter(category__in=categories)
    touched = sorted(heads.values_list("category", flat=True))
    if len(touched) < len(categories):
        incoming = incoming.filter(pc.is_in(incoming["category"], pa.array(touched, pa.string())))
    if not len(incoming):
        return FOUND.empty_table()
    bounds = {"first": touched[0], "last": touched[-1]}
    relations = {**snap.key_relations(incoming), "incoming": incoming}
    return engine().query(_AGAINST, relations, bounds)


def _erased(snap: Snapshot, incoming: pa.Table) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    """Ordinals and row numbers of rows whose record was erased."""
    found = Erasure.objects.using(snap.using).filter(
        category__in=pc.unique(incoming["category"]).to_pylist()
    )
    gone = set(found.values_list("category", "key"))
    if not gone:
        return incoming["ord"].slice(0, 0), incoming["row_no"].slice(0, 0)
    near = incoming.filter(pc.is_in(incoming["key"], pa.array([k for _, k in gone], pa.int64())))
    pairs = zip(near["category"].to_pylist(), near["key"].to_pylist(), strict=True)
    near = near.filter(pa.array([pair in gone for pair in pairs], pa.bool_()))
    return near["ord"], near["row_no"]


def _within(incoming: pa.Table) -> tuple[pa.ChunkedArray, pa.ChunkedArray, pa.ChunkedArray]:
    """Row numbers in conflict, row numbers repeated, ordinals of both."""
    if not _repeats(incoming["key"]):
        none = incoming.slice(0, 0)
        return none["row_no"], none["row_no"], none["ord"]
    found = engine().query(_WITHIN, {"incoming": incoming})
    conflict = pc.greater(found["contents"], 1)
    repeat = pc.and_(pc.equal(found["contents"], 1), pc.greater(found["nth"], 1))
    return (
        found.filter(conflict)["row_no"],
        found.filter(repeat)["row_no"],
        found.filter(pc.or_(conflict, repeat))["ord"],
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
