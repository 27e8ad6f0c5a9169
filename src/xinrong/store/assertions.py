"""Who asserted what of a record, and what follows when one batch is taken away.

See retraction.py for the rule. Everything is read from the key index: entries of rows that were
kept, and references of rows that repeated what was stored.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from xinrong.store import hot
from xinrong.store.dead import ENTRY, entries_of
from xinrong.store.engine import Files, Relation, engine
from xinrong.store.models import KEY_KINDS, RECORD_KINDS, HotRow
from xinrong.store.parts import KEY_COLUMNS, PART
from xinrong.store.schema import KEY, RECORD
from xinrong.store.snapshot import Snapshot

#: Beyond that many subjects the parts are scanned rather than looked into one by one.
FEW_SUBJECTS = 500

#: Every assertion of the records that a batch asserts, once per batch.
_SAID = f"""
WITH entry AS (
  SELECT {KEY_COLUMNS} FROM key_part UNION ALL SELECT {KEY_COLUMNS} FROM hot_key
), touched AS (SELECT DISTINCT category, key FROM entry WHERE batch = $batch)
SELECT e.category, e.key, e.batch,
       any_value(e.digest) AS digest, any_value(e.subject) AS subject,
       bool_or(e.row_no IS NULL) AS kept, max(e.row_no) AS row_no, any_value(b.seq) AS seq
FROM entry AS e
JOIN touched AS t ON t.category = e.category AND t.key = e.key
JOIN batch AS b ON b.batch = e.batch
WHERE NOT EXISTS (SELECT 1 FROM erased AS x WHERE x.category = e.category AND x.key = e.key)
GROUP BY e.category, e.key, e.batch
"""

#: What counts of each record without the batch: of the assertions that stand, the first row that
#: was kept in the run of the last content; or, when none was kept, the first of that run.
_CHOSEN = """
WITH last AS (
  SELECT category, key, arg_max(digest, seq) AS digest, arg_max(subject, seq) AS subject
  FROM stands GROUP BY category, key
), broken AS (
  SELECT s.category, s.key, max(s.seq) AS seq
  FROM stands AS s JOIN last AS l ON l.category = s.category AND l.key = s.key
  WHERE s.digest <> l.digest OR s.subject <> l.subject
  GROUP BY s.category, s.key
), target AS (
  SELECT s.category, s.key,
         arg_min(s.batch, CASE WHEN s.kept THEN s.seq ELSE s.seq + 4611686018427387904 END) AS batch
  FROM stands AS s
  LEFT JOIN broken AS b ON b.category = s.category AND b.key = s.key
  WHERE s.seq > coalesce(b.seq, 0)
  GROUP BY s.category, s.key
)
SELECT t.category, t.key, t.batch, s.kept, s.digest, s.subject, s.row_no
FROM target AS t
JOIN stands AS s ON s.category = t.category AND s.key = t.key AND s.batch = t.batch
"""

#: Records whose first row, of the content that counts, is none that was kept.
_PROMOTED = """
SELECT c.category, c.key, c.subject, c.digest, c.batch, c.row_no,
       max(s.batch) FILTER (WHERE s.digest = c.digest AND s.subject = c.subject) AS source
FROM chosen AS c JOIN said AS s ON s.category = c.category AND s.key = c.key
WHERE NOT c.kept AND s.kept
GROUP BY c.category, c.key, c.subject, c.digest, c.batch, c.row_no
ORDER BY c.category, c.key
"""

#: Rows that stand, are not the one that counts, and have lost whoever superseded them: each is
#: superseded by the next other assertion that stands, or by the first of its own run.
_LOOSE = """
WITH loose AS (
  SELECT s.*, c.batch AS chosen FROM stands AS s
  JOIN chosen AS c ON c.category = s.category AND c.key = s.key
  WHERE s.kept AND s.batch <> c.batch AND NOT EXISTS (
    SELECT 1 FROM effective AS e
    WHERE e.category = s.category AND e.key = s.key AND e.batch = s.batch)
), next AS (
  SELECT l.category, l.key, l.batch, arg_min(s.batch, s.seq) AS by_batch
  FROM loose AS l JOIN stands AS s ON s.category = l.category AND s.key = l.key
  WHERE s.seq > l.seq AND (s.digest <> l.digest OR s.subject <> l.subject)
  GROUP BY l.category, l.key, l.batch
)
SELECT l.subject, l.category, l.key, l.batch, coalesce(n.by_batch, l.chosen)::INTEGER AS by_batch
FROM loose AS l
LEFT JOIN next AS n ON n.category = l.category AND n.key = l.key AND n.batch = l.batch
ORDER BY l.category, l.key, l.batch
"""

#: Of the batch's own rows: how many count, and were superseded anyway; how many older ones return.
_COUNTS = """
WITH own AS (
  SELECT s.category, s.key, EXISTS (
    SELECT 1 FROM effective AS e
    WHERE e.category = s.category AND e.key = s.key AND e.batch = s.batch) AS dead
  FROM said AS s WHERE s.batch = $batch AND s.kept
)
SELECT count(*) FILTER (WHERE NOT o.dead) AS counting,
       count(*) FILTER (WHERE o.dead) AS superseded,
       count(*) FILTER (WHERE NOT o.dead AND c.kept) AS revived
FROM own AS o LEFT JOIN chosen AS c ON c.category = o.category AND c.key = o.key
"""


@dataclass(frozen=True)
class Outcome:
    """What taking a batch away does."""

    categories: frozenset[str]
    keys: pa.ChunkedArray  # of all records that the batch asserts
    counting: int  # rows of the batch that count now
    superseded: int  # rows of the batch that a later one replaced anyway
    revived: int  # older rows that count again
    promoted: pa.Table  # which rows are given to batches that had only repeated them, and whence
    deaths: pa.Table  # schema dead.ENTRY
    subjects: pa.ChunkedArray  # of the records that the batch asserts
    stands: pa.Table  # (subject, seq): who else asserts these records, and stands

    @cached_property
    def promotions(self) -> dict[int, int]:
        """Batch → how many rows it is given."""
        return dict(Counter(self.promoted["batch"].to_pylist()))


def outcome_of(snap: Snapshot, batch: int) -> Outcome:
    """What would count without that batch."""
    parts = snap.parts(*KEY_KINDS)
    run = {"batch": batch}
    relations: dict[str, Relation] = {
        "key_part": Files(tuple(snap.path_of(part) for part in parts), KEY),
        "hot_key": hot.keys(snap.using),
        "batch": snap.batches,
        "erased": snap.erased_keys(),
    }
    said = engine().query(_SAID, relations, run)
    gone = pa.array([*snap.gone_table()["batch"].to_pylist(), batch], pa.int32())
    entries = entries_of(said, snap.using)
    stands = said.filter(pc.invert(pc.is_in(said["batch"], gone)))
    relations = {
        "said": said,
        "stands": stands,
        "effective": entries.filter(pc.invert(pc.is_in(entries["by_batch"], gone))),
    }
    relations["chosen"] = engine().query(_CHOSEN, relations)
    [counts] = engine().query(_COUNTS, relations, run).to_pylist()
    return Outcome(
        categories=frozenset(pc.unique(said["category"]).to_pylist()),
        keys=said["key"],
        counting=counts["counting"],
        superseded=counts["superseded"],
        revived=counts["revived"],
        promoted=engine().query(_PROMOTED, relations),
        deaths=engine().query(_LOOSE, relations).cast(ENTRY),
        subjects=said.filter(pc.equal(said["batch"], batch))["subject"].unique(),
        stands=stands.select(["subject", "seq"]),
    )


#: Where a column of a promoted row comes from: what is not named here, from the source's row.
_FROM = {
    "batch": "w.batch",
    "row_no": "w.row_no",
    "digest": "w.digest",
    "since": "NULL::BIGINT AS since",
}
_COPY = f"""
SELECT {", ".join(_FROM.get(name, f"r.{name}") for name in hot.HOT.names)}
FROM stored AS r JOIN wanted AS w
  ON w.category = r.category AND w.key = r.key AND w.source = r.batch
ORDER BY w.category, w.key
"""


def rows_given(snap: Snapshot, wanted: pa.Table) -> pa.Table:
    """The promoted rows: what the source's row says, in the name of the batch that repeated it.

    Schema hot.HOT; `since` is for the caller to fill in.
    """
    if not len(wanted):
        return hot.HOT.empty_table()
    subjects = pc.unique(wanted["subject"]).to_pylist()
    names = ", ".join(RECORD.names)
    if len(subjects) <= FEW_SUBJECTS:
        found = hot.of_subjects(subjects, RECORD, snap.using)
        stored: Relation = pa.concat_tables([snap.kept_rows(subjects), found])
        with_parts = f"SELECT {names} FROM kept"
        relations = {"kept": stored, "wanted": wanted}
    else:
        parts = snap.parts(*RECORD_KINDS)
        relations = {
            "kept": Files(tuple(snap.path_of(part) for part in parts), PART),
            "hot_row": hot.to_arrow(HotRow.objects.using(snap.using).all()),
            "wanted": wanted,
        }
        with_parts = f"SELECT {names} FROM kept UNION ALL SELECT {names} FROM hot_row"
    found = engine().query(f"WITH stored AS ({with_parts}) {_COPY}", relations)
    return found.select(hot.HOT.names).cast(hot.HOT)
