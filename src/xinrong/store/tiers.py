"""What a compaction folds: the young parts, and the old ones only when that is worth while.

Parts of one compaction, or of one batch, share their `folded_seq`: they are a *generation*. One
that was folded, and is much larger than all that is younger, stays as it is: so the work of a
compaction follows what came in rather than what is stored, and a row is written anew a few times
in its life. What died in a generation that stays is filtered by its readers, as ever.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pyarrow as pa

from xinrong.store.engine import Files, engine
from xinrong.store.models import CURRENT_KINDS, RECORD_KINDS, Part, PartKind
from xinrong.store.parts import PART, is_run
from xinrong.store.snapshot import Snapshot

#: A generation stays while it has this many times the rows of all younger ones together …
RATIO = 4
#: … and at least so many: every generation is one more file to open for a look-up.
FEW_ROWS = 120_000

_FIRST_SEQ = """
SELECT min(b.seq) AS seq FROM batch AS b
WHERE b.batch IN (SELECT batch FROM part_file UNION SELECT batch FROM hot_row)
"""


@dataclass(frozen=True)
class Due:
    """The parts to fold.

    A part that only holds the past has to be folded, however old it is, when something in it came
    back to life: until then every look-up reads it.
    """

    parts: tuple[Part, ...]

    def of(self, *kinds: PartKind) -> list[Part]:
        """Those of some kinds."""
        return [part for part in self.parts if part.kind in kinds]

    def floor(self, snap: Snapshot, hot_rows: pa.Table) -> int:
        """A seq by which none of the rows to fold had died: they came later."""
        if len(self.parts) == len(snap.parts(*PartKind)):
            return 0  # the first of them is the first of the store
        paths = tuple(snap.path_of(part) for part in self.of(*RECORD_KINDS))
        relations = {
            "part_file": Files(paths, PART),
            "hot_row": hot_rows.select(["batch"]),
            "batch": snap.batches.select(["batch", "seq"]),
        }
        (found,) = engine().query(_FIRST_SEQ, relations)["seq"].to_pylist()
        return 0 if found is None else found - 1


def due(snap: Snapshot, hot_rows: int, *, whole: bool) -> Due:
    """What to fold now, with so many hot rows waiting; everything when `whole`."""
    parts = snap.parts(*PartKind)
    kept = -1 if whole else _kept(parts, hot_rows)
    young = [part for part in parts if part.folded_seq > kept]
    back = [
        part
        for part in parts
        if part.folded_seq <= kept and part.kind not in CURRENT_KINDS and snap.needs(part)
    ]
    return Due((*young, *back))


def _kept(parts: list[Part], hot_rows: int) -> int:
    """The newest `folded_seq` of a generation that stays; -1 when none does."""
    rows: Counter[int] = Counter()
    for part in parts:
        if part.kind in RECORD_KINDS:
            rows[part.folded_seq] += part.rows
    runs = {part.folded_seq for part in parts if is_run(part)}
    younger = hot_rows + sum(rows.values())
    kept = -1
    for seq in sorted(rows):
        younger -= rows[seq]
        if seq in runs or rows[seq] < max(FEW_ROWS, RATIO * younger):
            break
        kept = seq
    return kept
