"""Pairs of names, gathered by their keys in DuckDB and scored by Splink.

Splink finds the levels of `levels` and sums the weights of `weights`; both are said there once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

import duckdb
import pyarrow as pa

from xinrong.subjects.resolution.blocking import MOST, keys_in_sql
from xinrong.subjects.resolution.levels import COMPARISONS, Guard, Levels, conversions
from xinrong.subjects.resolution.weights import Weights, weights

#: What DuckDB may take; beyond it writes to the folder for the time being.
MEMORY = "1500MB"
#: Weights are summed here and there in another order.
ROUNDING = 1e-6
#: Pairs that are Python objects at once.
AT_ONCE = 20_000

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


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the macros that the levels speak of, and hold to the memory that is allowed."""
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute("SET preserve_insertion_order = false")
    for macro in MACROS:
        connection.execute(macro)
    pairs = ", ".join(f"('{form}', '{other}')" for form, other in sorted(conversions()))
    connection.execute(f"CREATE MACRO converted(a, b) AS (a, b) IN ({pairs})")


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


def fill(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    batches: Iterable[pa.RecordBatch],
    schema: pa.Schema,
) -> None:
    """Make a table of batches."""
    reader = pa.RecordBatchReader.from_batches(schema, batches)
    connection.register("incoming", reader)
    connection.execute(f"CREATE TABLE {table} AS SELECT * FROM incoming")  # noqa: S608
    connection.unregister("incoming")


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


def compared(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, int, int, Levels]]:
    """What is worth a link or a look: (name, turn, name of the register, levels), in order.

    Asks the tables `asked` (`tables.SENT`) and `known` (`tables.REGISTERED`).
    """
    from splink import DuckDBAPI, Linker  # takes seconds, and only batches need it

    connection.execute(PAIRS)
    learned = weights()
    api = DuckDBAPI(connection)
    linker = Linker(api.register("compared", table_name="names"), settings(learned), "ERROR")
    linker.table_management.register_blocked_pairs_for_predict(
        api.register("pairs", table_name="blocked")
    )
    bits = math.log2(learned.review / (1 - learned.review)) - ROUNDING
    scored = linker.inference.predict(threshold_match_weight=bits, warning_mode="never")
    # Splink counts levels from the last one.
    levels = ", ".join(f"{len(one.levels) - 1} - p.gamma_{one.key}" for one in COMPARISONS)
    asked = " AND ".join(
        f"p.gamma_{one.key} <> {len(one.levels) - 1 - place}"
        for one in COMPARISONS
        for place, level in enumerate(one.levels)
        if level.guard is Guard.NEVER
    )
    found = connection.execute(
        f"SELECT q.number, q.turn, p.id_r - (SELECT count(*) FROM questions), {levels} "  # noqa: S608
        f"FROM {scored.physical_name} AS p JOIN questions AS q ON q.id = p.id_l "
        f"WHERE {asked} ORDER BY ALL"
    )
    while rows := found.fetchmany(AT_ONCE):
        for number, turn, known, *held in rows:
            yield number, turn, known, tuple(held)
