"""The profile of one enterprise, now: the statements of the batch over a few hundred rows.

They run in a DuckDB of their own that reads no file. Planning a statement takes longer than running
it over one enterprise, and one with parameters is planned anew each time: so a statement is
prepared once for each day that is asked about, with the day and what the sources have sent by then
written into it. Rows are put into a table that is empty again when the transaction around each
question is rolled back. The statements are those for one enterprise by itself (`Statement.single`):
half of the time of the others went into groups and joins of one row.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings

from xinrong.profiles.compiling import Compiled, compiled, compiled_part
from xinrong.profiles.definitions import load_indicators
from xinrong.profiles.rows import ProfileRow
from xinrong.profiles.statements import PARAMETER, Statement
from xinrong.profiles.states import source_states, values_of
from xinrong.store.services import RECORD, Snapshot
from xinrong.subjects.services import subjects_of

#: Statements that stay prepared: those of some ten days.
MOST_PREPARED = 400
#: Answers of statements over no records that are kept: some days', some states'.
MOST_REMEMBERED = 2_000

_SQL_TYPES = {
    pa.int64(): "BIGINT",
    pa.int32(): "INTEGER",
    pa.int8(): "TINYINT",
    pa.date32(): "DATE",
    pa.string(): "VARCHAR",
    pa.decimal128(18, 4): "DECIMAL(18, 4)",
}

#: The value of each parameter of a statement.
Values = dict[str, Any]


class Evaluator:
    """One connection with some statements. For one question at a time.

    `more` are columns of a record that `held` has besides those that the indicators read.
    """

    def __init__(self, made: Compiled, more: Sequence[str] = ()) -> None:
        self.compiled = made
        self.columns = (*self.compiled.slots, *more)
        self._of_nothing: dict[Any, tuple[Any, ...]] = {}
        self._prepared: OrderedDict[Any, str] = OrderedDict()
        self._names = 0
        self._connection = duckdb.connect(config={"threads": 1, "memory_limit": "256MB"})
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET python_enable_replacements = false")
        types = [f"{name} {_SQL_TYPES[RECORD.field(name).type]}" for name in self.columns]
        self._connection.execute(f"CREATE TABLE held ({', '.join(types)})")
        # Over a few hundred rows a better plan costs more to find than it saves.
        self._connection.execute("PRAGMA disable_optimizer")
        self._connection.execute("SET lock_configuration = true")

    def answers(self, held: pa.Table, params: Sequence[Values]) -> list[tuple[Any, ...]]:
        """The one row of every statement, each with its own parameters.

        What a statement says of no records is the same for all who are inside, or outside, on a
        day: it is remembered.
        """
        present = set(pc.unique(held["category"]).to_pylist())
        statements = self.compiled.statements
        asked = [
            (number, values)
            for number, values in enumerate(params)
            if statements[number].category in present
        ]
        answers = self.run(held, asked) if asked else []
        found = {number: row for (number, _), [row] in zip(asked, answers, strict=True)}
        nothing = self._answers_of_nothing(held.slice(0, 0), params, found)
        return [
            found[number] if number in found else nothing[number] for number in range(len(params))
        ]

    def _answers_of_nothing(
        self, held: pa.Table, params: Sequence[Values], found: Collection[int]
    ) -> dict[int, tuple[Any, ...]]:
        """The rows of the other statements, which have no records."""
        keys = {
            number: (number, tuple(values.items()))
            for number, values in enumerate(params)
            if number not in found
        }
        unknown = [(number, params[number]) for number, key in keys.items()
                   if key not in self._of_nothing]  # fmt: skip
        if unknown:
            if len(self._of_nothing) >= MOST_REMEMBERED:
                self._of_nothing.clear()
                unknown = [(number, params[number]) for number in keys]
            for (number, _), [row] in zip(unknown, self.run(held, unknown), strict=True):
                self._of_nothing[keys[number]] = row
        return {number: self._of_nothing[key] for number, key in keys.items()}

    def run(
        self, held: pa.Table, asked: Sequence[tuple[int, Values]]
    ) -> list[list[tuple[Any, ...]]]:
        """The rows of the statements of these numbers, each with its parameters."""
        run = self._connection
        prepared = [self._name(number, values) for number, values in asked]
        run.register("given_held", held)
        run.execute("BEGIN")
        try:
            run.execute("INSERT INTO held SELECT * FROM given_held")
            return [run.execute(f"EXECUTE {name}").fetchall() for name in prepared]
        finally:
            run.execute("ROLLBACK")
            run.unregister("given_held")

    def _name(self, number: int, values: Values) -> str:
        """What a statement with these values is prepared as."""
        key = (number, tuple(values.items()))
        name = self._prepared.pop(key, None)
        if name is None:
            self._names += 1
            name = f"s{self._names}"
            text = written(self.compiled.statements[number], values)
            self._connection.execute(f"PREPARE {name} AS {text}")
            if len(self._prepared) >= MOST_PREPARED:
                _, oldest = self._prepared.popitem(last=False)
                self._connection.execute(f"DEALLOCATE {oldest}")
        self._prepared[key] = name
        return name


def written(statement: Statement, values: Values) -> str:
    """A statement's text for one enterprise, with values in place of its parameters."""
    return PARAMETER.sub(lambda found: _literal(values[found[1]]), statement.single)


def _literal(value: Any) -> str:
    """A parameter of ours: a day, a yes or no, or a letter."""
    if isinstance(value, bool):
        return str(value).upper()
    return f"DATE '{value.isoformat()}'" if isinstance(value, date) else f"'{value}'"


#: Region and indicators (none named: all) → evaluators that nobody uses, the one used last at the
#: end: it knows most.
_IDLE: defaultdict[Hashable, list[Evaluator]] = defaultdict(list)
ALL: frozenset[str] = frozenset()


@contextmanager
def evaluator(region: str, names: frozenset[str] = ALL) -> Iterator[Evaluator]:
    """An evaluator for a region, nobody else's meanwhile: as many as work at a time are made."""
    with one_of((region, names), lambda: Evaluator(statements_of(region, names))) as mine:
        yield mine


@contextmanager
def one_of(kind: Hashable, made: Callable[[], Evaluator]) -> Iterator[Evaluator]:
    """An evaluator of a kind, nobody else's meanwhile."""
    idle = _IDLE[kind]
    try:
        mine = idle.pop()
    except IndexError:
        mine = made()
    try:
        yield mine
    finally:
        idle.append(mine)


def statements_of(region: str, names: frozenset[str]) -> Compiled:
    """The statements of the indicators that are named, or of all."""
    return compiled_part(region, names) if names else compiled(region)


def profile_now(
    snapshot: Snapshot, enterprise: int, as_of: date, names: frozenset[str] = ALL
) -> ProfileRow:
    """Every indicator of one enterprise as of a snapshot, on a day, or those that are named."""
    made = statements_of(settings.REGION, names)
    region = load_indicators(settings.REGION).region
    subjects = subjects_of([enterprise], seq=snapshot.seq, using=snapshot.using)[enterprise]
    rows = snapshot.records(subjects, made.categories_held, made.slots)
    inside = is_inside(rows, made.registers, as_of)
    held = pa.table([rows[name] for name in made.slots], names=list(made.slots))
    states = source_states(snapshot, region, as_of)
    params = [
        dict(values_of(one.params, as_of, states[one.category], region, one.category))
        | {"inside": inside}
        for one in made.statements
    ]
    with evaluator(settings.REGION, names) as asked:
        answers = asked.answers(held, params)
    return _row(enterprise, snapshot.seq, as_of, made.statements, answers)


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
