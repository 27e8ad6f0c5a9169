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
from xinrong.store.models import HotRow, PartKind
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
GROUP BY e.category, e.key, e.batch
"""

#: Those that stand without the batch; the last content; the run of it at the end; its first row.
_RULE = """
WITH stands AS (
  SELECT * FROM said AS s
  WHERE s.batch <> $batch AND NOT EXISTS (SELECT 1 FROM gone_batch AS g WHERE g.batch = s.batch)
), last AS (
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
), chosen AS (
  SELECT t.category, t.key, t.batch, s.kept, s.digest, s.subject, s.row_no, s.seq
  FROM target AS t
  JOIN said AS s ON s.category = t.category AND s.key = t.key AND s.batch = t.batch
), effective AS (
  SELECT e.category, e.key, e.batch FROM entry AS e
  WHERE e.by_batch <> $batch
    AND NOT EXISTS (SELECT 1 FROM gone_batch AS g WHERE g.batch = e.by_batch)
)
"""

#: Records whose first row, of the content that counts, is none that was kept.
_PROMOTED = f"""{_RULE}
SELECT c.category, c.key, c.subject, c.digest, c.batch, c.row_no, c.seq,
       (SELECT max(s.batch) FROM said AS s WHERE s.kept AND s.category = c.category
          AND s.key = c.key AND s.digest = c.digest AND s.subject = c.subject) AS source
FROM chosen AS c WHERE NOT c.kept
ORDER BY c.category, c.key
"""

#: Rows that stand, are not the one that counts, and have lost whoever superseded them: each is
#: superseded by the next other assertion that stands, or by the first of its own run.
_LOOSE = f"""{_RULE}
, loose AS (
  SELECT s.* FROM stands AS s
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
SELECT l.subject, l.category, l.key, l.batch,
       coalesce(n.by_batch, c.batch)::INTEGER AS by_batch, NULL::BIGINT AS seq
FROM loose AS l
JOIN chosen AS c ON c.category = l.category AND c.key = l.key
LEFT JOIN next AS n ON n.category = l.category AND n.key = l.key AND n.batch = l.batch
ORDER BY l.category, l.key, l.batch
"""

#: A promoted row did not count as long as one of those that are retracted now did.
_BEFORE = f"""{_RULE}
SELECT c.subject, c.category, c.key, c.batch, s.batch AS by_batch,
       greatest(c.seq, s.seq) AS seq
FROM chosen AS c
JOIN said AS s ON s.category = c.category AND s.key = c.key
WHERE NOT c.kept AND s.batch <> c.batch
  AND (s.batch = $batch OR EXISTS (SELECT 1 FROM gone_batch AS g WHERE g.batch = s.batch))
ORDER BY c.category, c.key, s.batch
"""

#: Of the batch's own rows: how many were superseded anyway; of older rows, how many return.
_COUNTS = f"""{_RULE}
, own AS (
  SELECT s.category, s.key, EXISTS (
    SELECT 1 FROM effective AS e
    WHERE e.category = s.category AND e.key = s.key AND e.batch = s.batch) AS dead
  FROM said AS s WHERE s.batch = $batch AND s.kept
)
SELECT count(*) FILTER (WHERE o.dead) AS superseded,
       count(*) FILTER (WHERE NOT o.dead AND c.kept) AS revived
FROM own AS o LEFT JOIN chosen AS c ON c.category = o.category AND c.key = o.key
"""


@dataclass(frozen=True)
class Outcome:
    """What taking a batch away does."""

    categories: frozenset[str]
    superseded: int  # rows of the batch that a later one replaced anyway
    revived: int  # older rows that count again
    promoted: pa.Table  # rows (schema hot.HOT) given to batches that had only repeated them
    deaths: pa.Table  # schema dead.ENTRY; a null seq means the seq of the retraction

    @cached_property
    def promotions(self) -> dict[int, int]:
        """Batch → how many rows it is given."""
        return dict(Counter(self.promoted["batch"].to_pylist()))


def outcome_of(snap: Snapshot, batch: int) -> Outcome:
    """What would count without that batch."""
    parts = snap.parts(PartKind.KEYS, PartKind.PAST_KEYS)
    relations: dict[str, Relation] = {
        "key_part": Files(tuple(snap.path_of(part) for part in parts), KEY),
        "hot_key": hot.keys(snap.using),
        "batch": snap.batches,
        "gone_batch": snap.gone_table(),
    }
    said = engine().query(_SAID, relations, {"batch": batch})
    relations = {
        "said": said,
        "gone_batch": relations["gone_batch"],
        "entry": entries_of(said, snap.using),
    }
    run = {"batch": batch}
    [counts] = engine().query(_COUNTS, relations, run).to_pylist()
    wanted = engine().query(_PROMOTED, relations, run)
    deaths = [engine().query(sql, relations, run).cast(ENTRY) for sql in (_LOOSE, _BEFORE)]
    return Outcome(
        categories=frozenset(pc.unique(said["category"]).to_pylist()),
        superseded=counts["superseded"],
        revived=counts["revived"],
        promoted=_rows_of(snap, wanted),
        deaths=pa.concat_tables(deaths),
    )


#: Where a column of a promoted row comes from: what is not named here, from the source's row.
_FROM = {"batch": "w.batch", "row_no": "w.row_no", "digest": "w.digest"}
_COPY = f"""
SELECT {", ".join(_FROM.get(name, f"r.{name}") for name in hot.HOT.names)}
FROM stored AS r JOIN wanted AS w
  ON w.category = r.category AND w.key = r.key AND w.source = r.batch
ORDER BY w.category, w.key
"""


def _rows_of(snap: Snapshot, wanted: pa.Table) -> pa.Table:
    """The promoted rows: what the source's row says, in the name of the batch that repeated it."""
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
        parts = snap.parts(PartKind.CURRENT, PartKind.HISTORY)
        relations = {
            "kept": Files(tuple(snap.path_of(part) for part in parts), PART),
            "hot_row": hot.to_arrow(HotRow.objects.using(snap.using).all()),
            "wanted": wanted,
        }
        with_parts = f"SELECT {names} FROM kept UNION ALL SELECT {names} FROM hot_row"
    found = engine().query(f"WITH stored AS ({with_parts}) {_COPY}", relations)
    return found.select(hot.HOT.names).cast(hot.HOT)
