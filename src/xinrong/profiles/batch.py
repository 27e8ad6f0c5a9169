"""The profiles of all enterprises: one pass over the store, the same statements as for one.

The store is read a range of buckets at a time. The records of a range get their enterprise and lie
in memory while every category's statement runs over its own; a category that has a large share of
them is read by its statement alone. An enterprise whose subjects lie in more than one range waits
until the last.
"""

# ruff: noqa: S608 - composed of our own names and numbers

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
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
from xinrong.profiles.statements import Statement
from xinrong.profiles.states import source_states, values_of
from xinrong.store.services import (
    RangeScan,
    Snapshot,
    bucket_count,
    damage_told,
    range_scan,
    rows_held,
)
from xinrong.subjects.services import identity_map

#: Records of a range: each range plans every statement anew.
CHUNK_ROWS = 8_000_000
#: A category with a larger share of all records is read from its files, by its one statement; the
#: others lie in memory, some 200 bytes a record.
LARGE_SHARE = 0.2
#: Those with a smaller share lie apart from the others.
SMALL_SHARE = 0.02
#: Buckets of which records are counted to tell large from small.
COUNTED_BUCKETS = 16
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
    """As many as keep about CHUNK_ROWS records in each."""
    whole = bucket_count()
    count = min(max(1, -(-rows_held(snapshot) // CHUNK_ROWS)), whole)
    return Ranges(whole, -(-whole // -(-whole // count)))


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
        self.places: dict[str, str] = {}

    def tables(self) -> Iterator[pa.Table]:
        """The profiles of the enterprises of each range, then of those that span several."""
        with range_scan(self.snapshot) as scan:
            cursor = scan.cursor
            members = members_of(self.snapshot, self.ranges)
            cursor.register("member", members)
            spans = pc.any(pc.equal(members["home"], SPANNING)).as_py()
            for number in range(self.ranges.count):
                self._bind(scan, number)
                if number == 0:
                    self._place(cursor)
                self._load(cursor)
                if spans:
                    self._set_aside(cursor, number)
                yield self._answers(cursor, number)
            if spans:
                cursor.execute("DROP TABLE rest")
                cursor.execute("ALTER TABLE spanning RENAME TO rest")
                self.places = {}
                yield self._answers(cursor, SPANNING)

    def _bind(self, scan: RangeScan, number: int) -> None:
        """Let `owned` mean the records of one range, each with its enterprise."""
        scan.bind(*self.ranges.bounds(number))
        slots = ", ".join(f"r.{name}" for name in self.compiled.slots)
        scan.cursor.execute(
            f"CREATE OR REPLACE TEMP VIEW owned AS SELECT m.enterprise, {slots}, m.home "
            "FROM record AS r JOIN member AS m ON m.subject = r.subject"
        )

    def _place(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Where the records of each category are read, by its share of the first buckets."""
        counted: dict[str, int] = dict(
            cursor.execute(
                "SELECT category, count(*) FROM record "
                f"WHERE subject % {self.ranges.buckets} < {COUNTED_BUCKETS} GROUP BY category"
            ).fetchall()
        )
        whole = sum(counted.values())
        for name in self.compiled.categories_held:
            share = counted.get(name, 0) / whole if whole else 0
            if share > LARGE_SHARE and name not in self.compiled.registers:
                self.places[name] = "owned"
            elif share < SMALL_SHARE:
                self.places[name] = "few"

    def _in(self, place: str) -> str:
        """The categories that are read in a place, as SQL."""
        return _listed(name for name, there in self.places.items() if there == place)

    def _load(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """The records of all but the large categories into `rest`, those of small ones into `few`.

        So that their many statements pass over few records of others.
        """
        cursor.execute(
            "CREATE OR REPLACE TEMP TABLE rest AS SELECT * FROM owned WHERE category NOT IN "
            f"({self._in('owned')}) AND category IN ({_listed(self.compiled.categories_held)})"
        )
        cursor.execute(
            "CREATE OR REPLACE TEMP TABLE few AS SELECT * FROM rest "
            f"WHERE category IN ({self._in('few')})"
        )

    def _set_aside(self, cursor: duckdb.DuckDBPyConnection, number: int) -> None:
        """The records of enterprises that lie in several ranges, until the last."""
        if number == 0:
            cursor.execute("CREATE TEMP TABLE spanning AS SELECT * FROM rest LIMIT 0")
        cursor.execute(f"INSERT INTO spanning SELECT * FROM rest WHERE home = {SPANNING}")
        cursor.execute(
            f"INSERT INTO spanning SELECT * FROM owned WHERE home = {SPANNING} "
            f"AND category IN ({self._in('owned')})"
        )

    def _answers(self, cursor: duckdb.DuckDBPyConnection, home: int) -> pa.Table:
        registers = self.compiled.registers
        entry = "TRUE"
        if registers:
            entry = (
                f"COALESCE(BOOL_OR(h.category IN ({_listed(registers)}) AND (h.event_date IS NULL"
                f" OR h.event_date <= DATE '{self.as_of}')), FALSE)"
            )
        cursor.execute(
            f"CREATE OR REPLACE TEMP TABLE firm AS SELECT m.enterprise, {entry} AS inside "
            f"FROM (SELECT DISTINCT enterprise FROM member WHERE home = {home}) AS m "
            "LEFT JOIN rest AS h ON h.enterprise = m.enterprise GROUP BY m.enterprise"
        )
        answers = []
        for one, values in zip(self.compiled.statements, self.params, strict=True):
            held = self._held(cursor, one)
            cursor.execute(f"CREATE OR REPLACE TEMP VIEW held AS SELECT * FROM {held}")
            answers.append(cursor.sql(one.sql, params=values).to_arrow_table())
        return _side_by_side(self.compiled, answers)

    def _held(self, cursor: duckdb.DuckDBPyConnection, one: Statement) -> str:
        """Where a statement reads: a large category's files are read once, its columns only."""
        place = self.places.get(one.category, "rest")
        if place != "owned":
            return place
        cursor.execute(
            f"CREATE OR REPLACE TEMP TABLE large AS SELECT enterprise, {', '.join(one.slots)} "
            f"FROM owned WHERE category = '{one.category}'"
        )
        return "large"


def _listed(names: Iterable[str]) -> str:
    """Names as SQL; of none, what no category is called."""
    return ", ".join(f"'{name}'" for name in names) or "''"


def _side_by_side(made: Compiled, answers: list[pa.Table]) -> pa.Table:
    """The answers of all statements as one table: they have the same rows in the same order."""
    columns: dict[str, Any] = {"enterprise": answers[0]["enterprise"]}
    for statement, answer in zip(made.statements, answers, strict=True):
        columns |= {name: answer[name] for name in statement.indicators}
    reasons = [answer["_reason"].combine_chunks() for answer in answers]
    columns["reasons"] = pc.binary_join_element_wise(*reasons, "")
    return pa.table(columns)
