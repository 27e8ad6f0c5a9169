"""Reading: one database snapshot, one seq, and nothing that came after.

A snapshot reads the parts that exist now, whatever its seq: current and history parts together
hold every row that was ever committed (erasure apart), so the past is a matter of filtering.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.db import transaction

from xinrong.store import hot
from xinrong.store.asking import Question, Rows, answers
from xinrong.store.book import BatchInfo, Book, Received, book
from xinrong.store.damage import damage_told
from xinrong.store.dead import DEAD, Mask, RowId, Visibility, mask_of
from xinrong.store.engine import Engine, Files, Relation, engine
from xinrong.store.errors import UnknownSeq
from xinrong.store.hidden import Hiding
from xinrong.store.lookup import columns_of, rows_of
from xinrong.store.manifest import layout
from xinrong.store.marks.marking import marks_among
from xinrong.store.marks.models import RecordMark
from xinrong.store.models import (
    CURRENT_KINDS,
    KEY_KINDS,
    RECORD_KINDS,
    HotRow,
    Part,
    PartKind,
)
from xinrong.store.parts import COLUMNS, KEY_COLUMNS, PART, check_part
from xinrong.store.schema import KEY, RECORD

#: All rows that count, for whole-store queries. The engine binds the relations.
RECORD_VIEW = f"""
SELECT {COLUMNS} FROM part_clean
UNION ALL
SELECT {COLUMNS} FROM part_marked AS r
WHERE NOT EXISTS (SELECT 1 FROM gone_batch AS g WHERE g.batch = r.batch)
  AND NOT EXISTS (
    SELECT 1 FROM dead_row AS d
    WHERE d.category = r.category AND d.key = r.key AND d.batch = r.batch)
  AND NOT EXISTS (
    SELECT 1 FROM hidden_key AS h WHERE h.category = r.category AND h.key = r.key)
  AND coalesce(r.since, 0) <= (SELECT max(seq) FROM as_of)
UNION ALL
SELECT {COLUMNS} FROM hot_row
"""

#: The key entries of all rows that count, suppressed ones among them.
KEY_VIEW = f"""
SELECT {KEY_COLUMNS} FROM key_clean
UNION ALL
SELECT {KEY_COLUMNS} FROM key_marked AS r
WHERE r.row_no IS NULL
  AND NOT EXISTS (SELECT 1 FROM gone_batch AS g WHERE g.batch = r.batch)
  AND NOT EXISTS (
    SELECT 1 FROM dead_row AS d
    WHERE d.category = r.category AND d.key = r.key AND d.batch = r.batch)
UNION ALL
SELECT {KEY_COLUMNS} FROM hot_key
"""


#: Every look-up asks, so it goes past the query builder.
_PART_FIELDS = [
    *("id", "name", "kind", "bucket_lo", "bucket_hi", "rows", "size", "sha256", "sums"),
    *("folded_seq", "shown_seq"),
]
_PARTS_OF_BUCKETS = (
    f"SELECT {', '.join(_PART_FIELDS)} FROM store_part "
    "WHERE replaced_seq IS NULL AND bucket_lo <= %s AND bucket_hi >= %s "
    "AND kind IN ('current', 'history') ORDER BY id"
)


@dataclass
class _Scan:
    """Parts that are read as they are, and parts whose rows have to be looked at.

    None of the latter was folded before `floor`, nor freed of suppressed records before `shown`.
    """

    floor: int
    shown: int
    clean: list[Path] = field(default_factory=list)
    marked: list[Path] = field(default_factory=list)


class Snapshot:
    """The store as of one seq. Made by `snapshot()`, valid inside its `with` block."""

    def __init__(self, seq: int, ledger: Book, using: str, hides: Hiding) -> None:
        self.seq = seq
        self.using = using
        self._book = ledger
        self._layout = layout()
        self._sees = Visibility(seq, ledger, using)
        self._hides = hides

    # -- a few subjects ---------------------------------------------------------------------

    def records(
        self,
        subjects: Sequence[int],
        categories: Sequence[str] | None = None,
        columns: Sequence[str] | None = None,
        *,
        ordered: bool = True,
    ) -> pa.Table:
        """The rows of some subjects that count, newest event first, undated last, if `ordered`.

        `categories` None means all; an empty sequence means none. The schema is RECORD, or with
        `columns` only these and `lookup.BASE`.
        """
        wanted = columns_of(columns)
        if not subjects or (categories is not None and not categories):
            return wanted.empty_table()
        parts, held, entries = answers(
            self.using,
            self._parts_question(subjects),
            hot.question_of(subjects, wanted),
            self._sees.question_of(subjects),
        )
        needed = [part for part in self._as_parts(parts) if self.needs(part)]
        table = self._rows_in(needed, subjects, wanted)
        if held:
            table = pa.concat_tables([table, hot.as_table(held, wanted)])
        counting = self._counting(table, categories, self._sees.dead_of(entries))
        return _taken(table, counting, ordered=ordered)

    def kept_rows(self, subjects: Sequence[int]) -> pa.Table:
        """Every row ever kept of a few subjects, whether it counts or not, as it lies in parts."""
        [parts] = answers(self.using, self._parts_question(subjects))
        return self._rows_in(self._as_parts(parts), subjects, RECORD)

    def _rows_in(
        self, parts: Sequence[Part], subjects: Sequence[int], columns: pa.Schema
    ) -> pa.Table:
        found = (self._rows_in_part(part, subjects, columns) for part in parts)
        tables = [table for table in found if table is not None]
        return pa.concat_tables(tables) if tables else columns.empty_table()

    def _rows_in_part(
        self, part: Part, subjects: Sequence[int], columns: pa.Schema
    ) -> pa.Table | None:
        path = self.path_of(part)
        try:
            return rows_of(path, subjects, self._layout.buckets, columns, part.sums)
        except (OSError, pa.ArrowException):
            check_part(part, path, deep=True)
            raise

    def _parts_question(self, subjects: Sequence[int]) -> Question:
        """For the parts that may hold rows of some subjects."""
        buckets = [subject % self._layout.buckets for subject in subjects]
        return Question(_PARTS_OF_BUCKETS, [max(buckets), min(buckets)])

    def _as_parts(self, rows: Rows) -> list[Part]:
        return [Part.from_db(self.using, _PART_FIELDS, row) for row in rows]

    def _counting(
        self, table: pa.Table, categories: Sequence[str] | None, dead: set[RowId]
    ) -> Mask:
        """Which rows are of these categories, count at this seq and are not hidden."""
        counts = self._sees.alive(table, dead) & self._hides.shown(table)
        if categories is None:
            return counts
        return counts & mask_of(pc.is_in(table["category"], pa.array(categories, pa.string())))

    # -- everything -------------------------------------------------------------------------

    def relations(self) -> dict[str, Relation]:
        """What an engine binds so that RECORD_VIEW and `batch` mean this snapshot."""
        scan = self._scanned(*RECORD_KINDS)
        rows = hot.to_arrow(HotRow.objects.using(self.using).all())
        return {
            "part_clean": Files(tuple(scan.clean), PART),
            "part_marked": Files(tuple(scan.marked), PART),
            "gone_batch": self.gone_table(),
            "dead_row": self._dead(scan),
            "hidden_key": self._hides.since(scan.shown),
            "hot_row": self._shown_hot(self._alive_hot(rows)) if len(rows) else rows,
            "as_of": pa.table({"seq": pa.array([self.seq], pa.int64())}),
            "batch": self.batches,
        }

    def key_relations(self, keys: pa.Table) -> dict[str, Relation]:
        """What an engine binds so that KEY_VIEW means this snapshot.

        Only those hot rows are read that have one of the `keys` (columns category and key).
        """
        scan = self._scanned(*KEY_KINDS)
        rows = hot.with_keys(keys, hot.ASSERTED, self.using)
        return {
            "key_clean": Files(tuple(scan.clean), KEY),
            "key_marked": Files(tuple(scan.marked), KEY),
            "gone_batch": self.gone_table(),
            "dead_row": self._dead(scan),
            "hot_key": hot.as_keys(self._alive_hot(rows) if len(rows) else rows),
        }

    def _scanned(self, current: PartKind, past: PartKind) -> _Scan:
        scan = _Scan(self.seq, self.seq)
        for part in self.parts(current, past):
            if not self.needs(part):
                continue
            if self._untouched(part):
                scan.clean.append(self.path_of(part))
            else:
                scan.marked.append(self.path_of(part))
                folded = self.seq >= part.folded_seq and part.kind == current
                scan.floor = min(scan.floor, part.folded_seq if folded else 0)
                scan.shown = min(scan.shown, part.shown_seq if folded else 0)
        return scan

    def _dead(self, scan: _Scan) -> pa.Table:
        return hot.as_table(self._sees.dead_since(scan.floor) if scan.marked else (), DEAD)

    def gone_table(self) -> pa.Table:
        """Batches whose rows do not count at this seq."""
        return pa.table({"batch": pa.array(sorted(self._sees.gone), pa.int32())})

    def erased_keys(self) -> pa.Table:
        """Erased records whose bytes may still lie in parts."""
        return self._hides.erased()

    def dropped(self, since: int = 0) -> dict[str, pa.Table]:
        """Relations of all that is dead, retracted or hidden at this seq: for compaction.

        Rows that died by the seq `since` are left out.
        """
        return {
            "dead_row": hot.as_table(self._sees.dead_since(since), DEAD),
            "gone_batch": self.gone_table(),
            "hidden_key": self._hides.since(0),
        }

    def _alive_hot(self, rows: pa.Table) -> pa.Table:
        subjects = pc.unique(rows["subject"]).to_pylist()
        alive = []
        for start in range(0, len(subjects), 500):  # SQLite bounds the parameters of a query
            few = subjects[start : start + 500]
            [entries] = answers(self.using, self._sees.question_of(few))
            own = rows.filter(pc.is_in(rows["subject"], pa.array(few, pa.int64())))
            alive.append(own.filter(pa.array(self._sees.alive(own, self._sees.dead_of(entries)))))
        return pa.concat_tables(alive)

    def _shown_hot(self, rows: pa.Table) -> pa.Table:
        return rows.filter(pa.array(self._hides.shown(rows)))

    def query(
        self,
        sql: str,
        params: Mapping[str, Any] | None = None,
        *,
        on: Engine | None = None,
    ) -> pa.Table:
        """Run SQL over `record` and `batch` of the whole store; `rows` runs the same online."""
        runner = on or engine()
        whole = f"WITH record AS ({RECORD_VIEW}) {_without_with(sql)}"
        with damage_told():
            return runner.query(whole, self.relations(), params)

    def hides_any(self, categories: Collection[str]) -> bool:
        """Whether any record of these categories was ever suppressed or erased."""
        return not self._book.hiding.isdisjoint(categories)

    def marks(self, rows: pa.Table) -> dict[tuple[str, int], RecordMark]:
        """Category and key → the mark that stood beside that record of a table."""
        return marks_among(rows, self.seq, self._book, self.using)

    # -- ledger -----------------------------------------------------------------------------

    @cached_property
    def batches(self) -> pa.Table:
        """The relation `batch`: every batch committed by this seq."""
        table = self._book.table
        if self.seq < self._book.last:
            table = table.filter(pc.less_equal(table["seq"], self.seq))
        return table

    def batch_infos(self, batches: Iterable[int]) -> dict[int, BatchInfo]:
        """Who sent these batches and when."""
        return {number: self._book.batches[number] for number in batches}

    def batch_infos_of_seqs(self, seqs: Iterable[int]) -> dict[int, BatchInfo]:
        """The same by the seq of their commit; batches that do not count are left out."""
        found = {seq: self._book.by_seq[seq] for seq in seqs if seq in self._book.by_seq}
        return {seq: info for seq, info in found.items() if info.batch not in self._sees.gone}

    def received(self) -> Received:
        """When the first and the newest batch of each feed arrived, of those that count."""
        if self.seq == self._book.last:
            return self._book.received
        return self._book.received_by(self.seq)

    @cached_property
    def _parts(self) -> list[Part]:
        return list(Part.objects.using(self.using).filter(replaced_seq=None).order_by("pk"))

    def parts(self, *kinds: PartKind) -> list[Part]:
        """The parts of some kinds that are not replaced, oldest first."""
        return [part for part in self._parts if part.kind in kinds]

    def path_of(self, part: Part) -> Path:
        """Where a part lies."""
        return self._layout.parts / part.name

    def needs(self, part: Part) -> bool:
        """A part of the past matters for the past, and when something in it came back to life."""
        if part.kind in CURRENT_KINDS or self.seq < part.folded_seq:
            return True
        if self._sees.revives_since(part.folded_seq):
            return True
        return part.kind == PartKind.HISTORY and self._hides.revives_since(part.folded_seq)

    def _untouched(self, part: Part) -> bool:
        """A current part all of whose rows count: it is scanned without version logic."""
        if part.kind not in CURRENT_KINDS or self.seq < part.folded_seq:
            return False
        if not self._sees.quiet_since(part.folded_seq):
            return False
        return part.kind == PartKind.KEYS or self._hides.quiet_since(part.shown_seq)


#: Newest event first, undated last; category and key make the order complete.
_NEWEST_FIRST = [("event_date", "descending"), ("category", "ascending"), ("key", "ascending")]


def newest_first(table: pa.Table) -> pa.Table:
    """Newest event first, undated last; category and key make the order complete."""
    if len(table) < 2:
        return table
    return table.take(pc.sort_indices(table, _NEWEST_FIRST))


def _taken(table: pa.Table, kept: Mask, *, ordered: bool) -> pa.Table:
    """The rows to keep, newest first if `ordered`: all columns are moved once, or not at all."""
    if not ordered:
        return table if kept.all() else table.filter(pa.array(kept))
    places = np.flatnonzero(kept)
    order = table.select([name for name, _ in _NEWEST_FIRST])
    if len(places) < len(table):
        order = order.take(pa.array(places))
    return table.take(pa.array(places[pc.sort_indices(order, _NEWEST_FIRST).to_numpy()]))


def _without_with(sql: str) -> str:
    """Let a query that begins with WITH follow ours: `WITH record AS (…), x AS (…) SELECT`."""
    text = sql.lstrip()
    return ", " + text[4:].lstrip() if text[:5].upper() in ("WITH ", "WITH\n") else text


def _ledger(using: str) -> tuple[int, uuid.UUID]:
    """The last seq, and which ledger this is; 0 and a nil number before the first commit."""
    [found] = answers(using, Question("SELECT seq, identity FROM store_ledger", ()))
    if not found:
        return 0, uuid.UUID(int=0)
    [(last, identity)] = found
    return last, identity if isinstance(identity, uuid.UUID) else uuid.UUID(identity)


@contextmanager
def snapshot(
    seq: int | None = None, *, suppressed: bool = False, then: bool = False
) -> Iterator[Snapshot]:
    """Open the store as of `seq` (now when None), in one database snapshot. Raises UnknownSeq.

    `suppressed` shows suppressed records too: an auditor may read them, on a stated basis. `then`
    shows what has been suppressed since: to compare with what was released at that seq.
    """
    using = str(settings.SNAPSHOT_ALIAS)
    with transaction.atomic(using=using):
        last, identity = _ledger(using)
        if seq is not None and not 0 <= seq <= last:
            remedy = "Give a number between 0 and the last, or none for now."
            raise UnknownSeq(f"there is no seq {seq}; the last is {last}", remedy=remedy)
        known = book(identity, last, using)
        at = last if seq is None else seq
        yield Snapshot(at, known, using, Hiding(at, known, using, suppressed, then))


__all__ = ["KEY_VIEW", "RECORD_VIEW", "BatchInfo", "Snapshot", "snapshot"]
