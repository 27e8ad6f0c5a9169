"""The profiles of all enterprises: one pass over the store, the same statements as for one.

The store is read a range of buckets at a time. The records of a range get their enterprise and lie
in memory while every category's statement runs over its own. An enterprise whose subjects lie in
more than one range waits until the last.
"""

# ruff: noqa: S608 - composed of our own names and numbers

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings

from xinrong.profiles.compiling import Compiled, compiled
from xinrong.profiles.definitions import load_indicators
from xinrong.profiles.states import source_states, values_of
from xinrong.store.damage import damage_told
from xinrong.store.engine import engine
from xinrong.store.manifest import layout
from xinrong.store.models import RECORD_KINDS
from xinrong.store.services import Snapshot
from xinrong.store.snapshot import RECORD_VIEW
from xinrong.subjects.services import identity_map

#: Records that lie in memory at a time: some 200 bytes each.
CHUNK_ROWS = 2_500_000
SPANNING = -1

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Ranges:
    """How the buckets are cut into ranges."""

    buckets: int
    count: int

    @property
    def step(self) -> int:
        return -(-self.buckets // self.count)

    def bounds(self, number: int) -> tuple[int, int]:
        """The first and last bucket of a range."""
        return number * self.step, min((number + 1) * self.step, self.buckets) - 1


def ranges_of(snapshot: Snapshot) -> Ranges:
    """As many as keep about CHUNK_ROWS records in memory."""
    buckets = layout().buckets
    rows = sum(part.rows for part in snapshot.parts(*RECORD_KINDS) if snapshot.needs(part))
    count = min(max(1, -(-rows // CHUNK_ROWS)), buckets)
    return Ranges(buckets, -(-buckets // -(-buckets // count)))


def members_of(snapshot: Snapshot, ranges: Ranges) -> pa.Table:
    """Subject, enterprise and the range in which all of the enterprise lies, or SPANNING."""
    subjects, enterprises = identity_map(snapshot.seq, snapshot.using)
    order = np.argsort(enterprises, kind="stable")
    subjects, enterprises = subjects[order], enterprises[order]
    place = (subjects % ranges.buckets) // ranges.step
    home = place
    if len(enterprises):
        starts = np.flatnonzero(np.r_[True, np.diff(enterprises) != 0])
        low, high = np.minimum.reduceat(place, starts), np.maximum.reduceat(place, starts)
        whole = np.where(low == high, low, SPANNING)
        home = np.repeat(whole, np.diff(np.r_[starts, len(enterprises)]))
    return pa.table({"subject": subjects, "enterprise": enterprises, "home": home})


@damage_told()
def profiles_now(snapshot: Snapshot, as_of: date, progress: Progress | None = None) -> pa.Table:
    """Every indicator of every enterprise as of a snapshot, on a day, by enterprise.

    Columns: `enterprise`, the indicators in the order of `Compiled.columns`, `reasons`.
    """
    run = _Run(snapshot, as_of)
    tables = []
    for number, table in enumerate(run.tables(), start=1):
        tables.append(table)
        if progress:
            progress(number, run.ranges.count + 1)
    return pa.concat_tables(tables).sort_by("enterprise")


class _Run:
    """One pass over a snapshot."""

    def __init__(self, snapshot: Snapshot, as_of: date) -> None:
        self.snapshot, self.as_of = snapshot, as_of
        self.region = load_indicators(settings.REGION).region
        self.compiled: Compiled = compiled(settings.REGION)
        self.ranges = ranges_of(snapshot)
        states = source_states(snapshot, self.region, as_of)
        self.params = [
            dict(values_of(one.params, as_of, states[one.category], self.region, one.category))
            for one in self.compiled.statements
        ]

    def tables(self) -> Iterator[pa.Table]:
        """The profiles of the enterprises of each range, then of those that span several."""
        store = engine()
        cursor = store.cursor()
        try:
            relations = self.snapshot.relations()
            relations["all_clean"] = relations.pop("part_clean")
            relations["all_marked"] = relations.pop("part_marked")
            relations["all_hot"] = relations.pop("hot_row")
            store.bind(cursor, relations)
            cursor.register("member", members_of(self.snapshot, self.ranges))
            slots = ", ".join(f"r.{name}" for name in self.compiled.slots)
            for number in range(self.ranges.count):
                self._load(cursor, number, slots)
                yield self._answers(cursor, number)
            cursor.execute("DROP TABLE held")
            cursor.execute("ALTER TABLE spanning RENAME TO held")
            yield self._answers(cursor, SPANNING)
        finally:
            cursor.close()

    def _load(self, cursor: duckdb.DuckDBPyConnection, number: int, slots: str) -> None:
        """The records of one range, with their enterprises, into `held`."""
        low, high = self.ranges.bounds(number)
        listed = ", ".join(f"'{name}'" for name in self.compiled.categories_held)
        cursor.execute(
            "CREATE OR REPLACE TEMP TABLE held AS WITH "
            f"part_clean AS (SELECT * FROM all_clean WHERE bucket BETWEEN {low} AND {high}), "
            f"part_marked AS (SELECT * FROM all_marked WHERE bucket BETWEEN {low} AND {high}), "
            "hot_row AS (SELECT * FROM all_hot "
            f"WHERE subject % {self.ranges.buckets} BETWEEN {low} AND {high}), "
            f"record AS ({RECORD_VIEW}) "
            f"SELECT m.enterprise, {slots}, m.home FROM record AS r "
            f"JOIN member AS m ON m.subject = r.subject WHERE r.category IN ({listed})"
        )
        if number == 0:
            cursor.execute("CREATE TEMP TABLE spanning AS SELECT * FROM held LIMIT 0")
        cursor.execute(f"INSERT INTO spanning SELECT * FROM held WHERE home = {SPANNING}")

    def _answers(self, cursor: duckdb.DuckDBPyConnection, home: int) -> pa.Table:
        registers = self.compiled.registers
        entry = "TRUE"
        if registers:
            listed = ", ".join(f"'{name}'" for name in registers)
            entry = (
                f"COALESCE(BOOL_OR(h.category IN ({listed}) AND (h.event_date IS NULL"
                f" OR h.event_date <= DATE '{self.as_of}')), FALSE)"
            )
        cursor.execute(
            f"CREATE OR REPLACE TEMP TABLE firm AS SELECT m.enterprise, {entry} AS inside "
            f"FROM (SELECT DISTINCT enterprise FROM member WHERE home = {home}) AS m "
            "LEFT JOIN held AS h ON h.enterprise = m.enterprise GROUP BY m.enterprise"
        )
        answers = [
            cursor.sql(one.sql, params=values).to_arrow_table()
            for one, values in zip(self.compiled.statements, self.params, strict=True)
        ]
        return _side_by_side(self.compiled, answers)


def _side_by_side(made: Compiled, answers: list[pa.Table]) -> pa.Table:
    """The answers of all statements as one table: they have the same rows in the same order."""
    columns: dict[str, Any] = {"enterprise": answers[0]["enterprise"]}
    for statement, answer in zip(made.statements, answers, strict=True):
        columns |= {name: answer[name] for name in statement.indicators}
    reasons = [answer["_reason"].combine_chunks() for answer in answers]
    columns["reasons"] = pc.binary_join_element_wise(*reasons, "")
    return pa.table(columns)
