"""The profile of one enterprise, now: the statements of the batch over a few hundred rows.

They run in a DuckDB of their own that reads no file: planning a statement takes longer than
running it over one enterprise, so each thread keeps its statements prepared. Rows are put into
tables that are empty again when the transaction around each question is rolled back.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings

from xinrong.profiles.compiling import Compiled, Statement, compiled
from xinrong.profiles.definitions import load_indicators
from xinrong.profiles.rows import ProfileRow
from xinrong.profiles.states import source_states, values_of
from xinrong.store.schema import RECORD
from xinrong.store.services import Snapshot
from xinrong.subjects.services import subjects_of

#: Answers of statements over no records that a thread keeps: some days', some states'.
MOST_REMEMBERED = 2_000

_SQL_TYPES = {
    pa.int64(): "BIGINT",
    pa.int8(): "TINYINT",
    pa.date32(): "DATE",
    pa.string(): "VARCHAR",
    pa.decimal128(18, 4): "DECIMAL(18, 4)",
}


class Evaluator:
    """One connection with the statements of a region prepared. For one thread."""

    def __init__(self, region: str) -> None:
        self.compiled: Compiled = compiled(region)
        self.columns = ("enterprise", *self.compiled.slots)
        self._of_nothing: dict[Any, tuple[Any, ...]] = {}
        self._connection = duckdb.connect(config={"threads": 1, "memory_limit": "256MB"})
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET python_enable_replacements = false")
        columns = ", ".join(f"{name} {_sql_type(name)}" for name in self.columns)
        self._connection.execute(f"CREATE TABLE held ({columns})")
        self._connection.execute("CREATE TABLE firm (enterprise BIGINT, inside BOOLEAN)")
        # Over a few hundred rows a better plan costs more to find than it saves.
        self._connection.execute("PRAGMA disable_optimizer")
        self._connection.execute("SET lock_configuration = true")
        for number, statement in enumerate(self.compiled.statements):
            self._connection.execute(f"PREPARE s{number} AS {statement.sql}")

    def answers(
        self, held: pa.Table, firm: pa.Table, params: Sequence[dict[str, Any]]
    ) -> list[list[tuple[Any, ...]]]:
        """The rows of every statement over these relations, each with its own parameters."""
        return self._run(held, firm, list(enumerate(params)))

    def answers_of_one(
        self, enterprise: int, held: pa.Table, params: Sequence[dict[str, Any]], *, inside: bool
    ) -> list[tuple[Any, ...]]:
        """The one row of every statement for one enterprise, without its number.

        What a statement says of no records is the same for all who are inside, or outside, on a
        day: it is remembered.
        """
        present = set(pc.unique(held["category"]).to_pylist())
        asked: list[tuple[int, dict[str, Any]]] = []
        found: dict[int, tuple[Any, ...]] = {}
        for number, (statement, values) in enumerate(
            zip(self.compiled.statements, params, strict=True)
        ):
            key = (number, inside, tuple(values.items()))
            if statement.category in present:
                asked.append((number, values))
            elif key in self._of_nothing:
                found[number] = self._of_nothing[key]
            else:
                firm = pa.table({"enterprise": pa.array([0], pa.int64()), "inside": [inside]})
                [[row]] = self._run(held.slice(0, 0), firm, [(number, values)])
                if len(self._of_nothing) >= MOST_REMEMBERED:
                    self._of_nothing.clear()
                found[number] = self._of_nothing[key] = row[1:]
        firm = pa.table({"enterprise": pa.array([enterprise], pa.int64()), "inside": [inside]})
        answers = self._run(held, firm, asked) if asked else []
        for (number, _values), [row] in zip(asked, answers, strict=True):
            found[number] = row[1:]
        return [found[number] for number in range(len(params))]

    def _run(
        self, held: pa.Table, firm: pa.Table, asked: Sequence[tuple[int, dict[str, Any]]]
    ) -> list[list[tuple[Any, ...]]]:
        run = self._connection
        run.register("given_held", held)
        run.register("given_firm", firm)
        run.execute("BEGIN")
        try:
            run.execute("INSERT INTO held SELECT * FROM given_held")
            run.execute("INSERT INTO firm SELECT * FROM given_firm")
            return [
                run.execute(f"EXECUTE s{number}({_listed(values)})").fetchall()
                for number, values in asked
            ]
        finally:
            run.execute("ROLLBACK")
            run.unregister("given_held")
            run.unregister("given_firm")


def _sql_type(column: str) -> str:
    return "BIGINT" if column == "enterprise" else _SQL_TYPES[RECORD.field(column).type]


def _listed(values: dict[str, Any]) -> str:
    return ", ".join(f"{name} := {_literal(value)}" for name, value in values.items())


def _literal(value: Any) -> str:
    """A parameter of ours: a day, a yes or no, or a letter."""
    if isinstance(value, bool):
        return str(value).upper()
    return f"DATE '{value.isoformat()}'" if isinstance(value, date) else f"'{value}'"


_kept = threading.local()


def evaluator(region: str) -> Evaluator:
    """This thread's evaluator for a region."""
    held: dict[str, Evaluator] = _kept.__dict__.setdefault("evaluators", {})
    if region not in held:
        held[region] = Evaluator(region)
    return held[region]


def profile_now(snapshot: Snapshot, enterprise: int, as_of: date) -> ProfileRow:
    """Every indicator of one enterprise as of a snapshot, on a day."""
    asked = evaluator(settings.REGION)
    known = load_indicators(settings.REGION)
    subjects = subjects_of([enterprise], seq=snapshot.seq, using=snapshot.using)[enterprise]
    rows = snapshot.records(subjects, asked.compiled.categories_held, asked.compiled.slots)
    inside = is_inside(rows, asked.compiled.registers, as_of)
    owner = pa.array([enterprise] * len(rows), pa.int64())
    held = pa.table(
        [owner, *(rows[name] for name in asked.compiled.slots)], names=list(asked.columns)
    )
    states = source_states(snapshot, known.region, as_of)
    params = [
        dict(values_of(one.params, as_of, states[one.category], known.region, one.category))
        for one in asked.compiled.statements
    ]
    answers = asked.answers_of_one(enterprise, held, params, inside=inside)
    return _row(enterprise, snapshot.seq, as_of, asked.compiled.statements, answers)


def _row(
    enterprise: int,
    seq: int,
    as_of: date,
    statements: Sequence[Statement],
    answers: Sequence[tuple[Any, ...]],
) -> ProfileRow:
    values: dict[str, Any] = {}
    reasons = ""
    for statement, (*found, reason) in zip(statements, answers, strict=True):
        values.update(zip(statement.indicators, found, strict=True))
        reasons += reason
    return ProfileRow(enterprise, seq, as_of, values, reasons)


def is_inside(rows: pa.Table, registers: Sequence[str], as_of: date) -> bool:
    """Whether the register knows an enterprise on a day: one of its rows is a register's entry.

    Where no feed is a register's, every enterprise is inside.
    """
    if not registers:
        return True
    entries = rows.filter(pc.is_in(rows["category"], pa.array(registers, pa.string())))
    days = entries["event_date"].to_pylist()
    return any(day is None or day <= as_of for day in days)
