"""Many names at once: equal names are joined, the rest is compared by Splink on DuckDB.

Pairs are gathered by the keys of `blocking`; Splink finds their levels and sums their weights, with
the levels of `levels` and the weights of `weights`. Verdict and choice are those of the single
look-up: the verdict is a function of the levels, the choice one of the verdicts.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa
from splink import DuckDBAPI, Linker

from xinrong.domain.names import looks_like_enterprise
from xinrong.subjects.resolution import tables
from xinrong.subjects.resolution.asking import settle
from xinrong.subjects.resolution.blocking import MOST, keys_in_sql
from xinrong.subjects.resolution.choosing import Option, choose
from xinrong.subjects.resolution.comparing import SAME, SAME_UNSURE, judge
from xinrong.subjects.resolution.directory import Directory, Known, Plain
from xinrong.subjects.resolution.features import seat_of, significant
from xinrong.subjects.resolution.levels import COMPARISONS, Guard, Levels, conversions
from xinrong.subjects.resolution.verdicts import Named, Resolved
from xinrong.subjects.resolution.weights import Weights, weights

#: What DuckDB may take; beyond it writes to the folder for the time being.
MEMORY = "1500MB"
#: Weights are summed here and there in another order.
ROUNDING = 1e-6

#: A name of the register: (enterprise, name).
type Row = tuple[int, str]

MACROS = (
    "CREATE MACRO within(a, b) AS starts_with(a, b) OR starts_with(b, a)",
    # The first place at which they differ; then one more, one less, another or two exchanged.
    """CREATE MACRO one_edit_at(a, b, i) AS CASE
        WHEN len(a) = len(b) THEN a[i + 1:] = b[i + 1:]
            OR (a[i] = b[i + 1] AND a[i + 1] = b[i] AND a[i + 2:] = b[i + 2:] AND i < len(a))
        WHEN len(a) = len(b) + 1 THEN a[i + 1:] = b[i:]
        WHEN len(a) + 1 = len(b) THEN a[i:] = b[i + 1:]
        ELSE FALSE END""",
    # levenshtein counts bytes: two exchanged characters of four bytes are eight.
    """CREATE MACRO one_edit(a, b) AS CASE
        WHEN a = b OR abs(len(a) - len(b)) > 1 OR levenshtein(a, b) > 8 THEN FALSE
        ELSE one_edit_at(a, b, coalesce(list_position(list_transform(
            range(1, least(len(a), len(b)) + 1), lambda i: a[i] <> b[i]), TRUE),
            least(len(a), len(b)) + 1)) END""",
)


def settings(learned: Weights) -> dict[str, Any]:
    """The comparisons and their weights in Splink's words."""
    return {
        "link_type": "dedupe_only",  # the pairs are given: only left with right
        "unique_id_column_name": "id",
        "probability_two_random_records_match": learned.prior,
        "comparisons": [
            {
                "output_column_name": one.key,
                "comparison_levels": [
                    {
                        "sql_condition": "ELSE" if level.sql == "TRUE" else level.sql,
                        "label_for_charts": level.key,
                        "m_probability": learned.m[number][place],
                        "u_probability": learned.u[number][place],
                    }
                    for place, level in enumerate(one.levels)
                ],
            }
            for number, one in enumerate(COMPARISONS)
        ],
        "retain_matching_columns": True,  # without them Splink keeps the levels to itself
        "retain_intermediate_calculation_columns": False,
    }


@dataclass
class _Found:
    """Candidates of every asking, by place and turn."""

    equal: dict[tuple[int, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    near: dict[tuple[int, int], list[tuple[int, Levels]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    turns: dict[int, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))


def resolve_many(
    named: Sequence[Named],
    register: Sequence[Row],
    *,
    directory: Directory | None = None,
    on: date | None = None,
    workers: int | None = None,
) -> Iterator[Resolved]:
    """The outcome for each name, in order: the verdicts that `look_up` gives.

    `register` has every name, present or former, with the enterprise with which it came. `on`:
    the day on which the names were used, today when None. `workers`: processes that take names
    apart, as many as there are processors when None.
    """
    directory = directory or Plain()
    with TemporaryDirectory(prefix="xinrong-resolve-") as folder:
        connection = duckdb.connect(str(Path(folder) / "batch.duckdb"))
        try:
            connection.execute(f"SET memory_limit = '{MEMORY}'")
            connection.execute("SET preserve_insertion_order = false")
            _load(connection, named, register, directory, workers)
            found = _candidates(connection)
        finally:
            connection.close()
    yield from _outcomes(named, register, found, directory, on)


def _load(
    connection: duckdb.DuckDBPyConnection,
    named: Sequence[Named],
    register: Sequence[Row],
    directory: Directory,
    workers: int | None,
) -> None:
    """The features of both sides as tables, and which of them are equal names."""
    for macro in MACROS:
        connection.execute(macro)
    pairs = ", ".join(f"('{form}', '{other}')" for form, other in sorted(conversions()))
    connection.execute(f"CREATE MACRO converted(a, b) AS (a, b) IN ({pairs})")
    codes = directory.codes({enterprise for enterprise, _ in register})
    asked = tables.sent(((one.name, one.region) for one in named), workers)
    _fill(connection, "asked", asked, tables.SENT)
    known = ((name, seat_of(codes.get(enterprise, ""))) for enterprise, name in register)
    _fill(connection, "known", tables.registered(known, workers), tables.REGISTERED)


def _fill(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    batches: Iterable[pa.RecordBatch],
    schema: pa.Schema,
) -> None:
    reader = pa.RecordBatchReader.from_batches(schema, batches)
    connection.register("incoming", reader)
    connection.execute(f"CREATE TABLE {table} AS SELECT * FROM incoming")  # noqa: S608
    connection.unregister("incoming")


def _candidates(connection: duckdb.DuckDBPyConnection) -> _Found:
    """Equal names, and whatever else Splink finds worth a link or a look."""
    found = _Found()
    equal = connection.sql(
        "SELECT a.number, a.turn, k.number FROM asked AS a JOIN known AS k USING (folded) "
        "ORDER BY ALL"
    ).to_arrow_table()
    for place, turn, known in zip(*(column.to_pylist() for column in equal.columns), strict=True):
        found.equal[place, turn].append(known)
    turns = connection.execute(
        "SELECT number, turn, reason FROM asked WHERE turn > 0 ORDER BY number, turn"
    ).fetchall()
    for place, turn, reason in turns:
        found.turns[place].append((turn, reason))
    for place, turn, known, *gammas in _compared(connection):
        levels = tuple(
            len(one.levels) - 1 - gamma for one, gamma in zip(COMPARISONS, gammas, strict=True)
        )
        found.near[place, turn].append((known, levels))
    return found


# Whose name is met has no further question. Numbers of the register's names follow those of the
# questions: both sides are one table to Splink, which then joins by plain numbers.
PAIRS = f"""
CREATE TABLE questions AS SELECT row_number() OVER () - 1 AS id, * FROM asked
    WHERE folded NOT IN (SELECT folded FROM known);
CREATE TABLE sent_keys AS SELECT id, unnest({keys_in_sql(sent=True)}) AS key FROM questions;
CREATE TABLE known_keys AS SELECT DISTINCT number, key
    FROM (SELECT number, unnest({keys_in_sql(sent=False)}) AS key FROM known)
    WHERE key IN (SELECT key FROM sent_keys);
CREATE TABLE pairs AS SELECT DISTINCT '0' AS match_key, s.id AS join_key_l,
    k.number + (SELECT count(*) FROM questions) AS join_key_r
    FROM known_keys AS k JOIN sent_keys AS s USING (key)
    WHERE key NOT IN (SELECT key FROM known_keys GROUP BY key HAVING count(*) > {MOST});
DROP TABLE sent_keys;
DROP TABLE known_keys;
CREATE TABLE compared AS
    SELECT * EXCLUDE (number, turn, reason) FROM questions
        WHERE id IN (SELECT join_key_l FROM pairs)
    UNION ALL BY NAME
    SELECT number + (SELECT count(*) FROM questions) AS id, * EXCLUDE (number) FROM known
        WHERE id IN (SELECT join_key_r FROM pairs);
"""  # noqa: S608 (our own words)


def _compared(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, ...]]:
    """(place, turn, place in the register, each level as Splink counts) of what matters."""
    connection.execute(PAIRS)
    learned = weights()
    api = DuckDBAPI(connection)
    linker = Linker(api.register("compared", table_name="names"), settings(learned), "ERROR")
    linker.table_management.register_blocked_pairs_for_predict(
        api.register("pairs", table_name="blocked")
    )
    bits = math.log2(learned.review / (1 - learned.review)) - ROUNDING
    scored = linker.inference.predict(threshold_match_weight=bits, warning_mode="never")
    gammas = ", ".join(f"p.gamma_{one.key}" for one in COMPARISONS)
    asked = " AND ".join(
        f"p.gamma_{one.key} <> {len(one.levels) - 1 - place}"
        for one in COMPARISONS
        for place, level in enumerate(one.levels)
        if level.guard is Guard.NEVER
    )
    return connection.execute(
        f"SELECT q.number, q.turn, p.id_r - (SELECT count(*) FROM questions), {gammas} "  # noqa: S608
        f"FROM {scored.physical_name} AS p JOIN questions AS q ON q.id = p.id_l "
        f"WHERE {asked} ORDER BY ALL"
    ).fetchall()


def _outcomes(
    named: Sequence[Named],
    register: Sequence[Row],
    found: _Found,
    directory: Directory,
    on: date | None,
) -> Iterator[Resolved]:
    several = {k for places in found.equal.values() if len(places) > 1 for k in places}
    met = {k for places in found.equal.values() for k in places}
    met |= {k for pairs in found.near.values() for k, _ in pairs}
    numbers = {register[place][0] for place in met}
    known = Known(
        directory.codes(numbers),
        directory.held({register[place][0] for place in several}, on),
        directory.answering(numbers),
    )
    for place, one in enumerate(named):
        turns = [(0, ""), *found.turns.get(place, ())]
        answers = [
            choose(one, _options(one, register, found, (place, turn), known),
                   home=significant(one.region))
            for turn, _ in turns
        ]  # fmt: skip
        yield settle(one, [reason for _, reason in turns], answers)


def _options(
    one: Named, register: Sequence[Row], found: _Found, key: tuple[int, int], known: Known
) -> list[Option]:
    if places := found.equal.get(key):
        verdict = SAME if looks_like_enterprise(one.name) else SAME_UNSURE
        return [known.option(*register[place], verdict, math.inf) for place in places]
    learned = weights()
    return [
        known.option(*register[place], judge(levels), learned.bits(levels))
        for place, levels in found.near.get(key, ())
    ]
