"""Single look-up and batch say the same of every name: levels, keys, verdict, choice."""

from __future__ import annotations

import random

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.subjects.resolution.cases import cases, features, index_of, invented
from xinrong.subjects.resolution import pairing, tables
from xinrong.subjects.resolution.batch import resolve_many
from xinrong.subjects.resolution.blocking import keys_in_sql, keys_of
from xinrong.subjects.resolution.directory import Plain
from xinrong.subjects.resolution.levels import COMPARISONS, levels_of, one_edit
from xinrong.subjects.resolution.single import resolve_one
from xinrong.subjects.resolution.verdicts import Named
from xinrong.synth.misnaming import misname

SIGNS = st.text(st.sampled_from("恒远达精密𠮷A1"), max_size=7)


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    pairing.prepare(made)
    return made


@given(left=SIGNS, right=SIGNS)
@settings(max_examples=200, deadline=None)
def test_one_slip_is_the_same_in_sql(
    connection: duckdb.DuckDBPyConnection, left: str, right: str
) -> None:
    [(said,)] = connection.execute("SELECT one_edit(?, ?)", [left, right]).fetchall()
    assert said is one_edit(left, right)


def test_levels_are_the_same_in_sql(connection: duckdb.DuckDBPyConnection) -> None:
    names = invented(211) + [name for case in cases() for name in (case.sent, case.registered)]
    regions = ["", "210000", "331000"]
    placed = [(name, regions[number % 3]) for number, name in enumerate(names)]
    known = [features(name, region) for name, region in placed]
    pairing.fill(connection, "names", tables.registered(placed, 1), tables.REGISTERED)
    numbers = ", ".join(
        "CASE "
        + " ".join(f"WHEN {level.sql} THEN {number}" for number, level in enumerate(one.levels))
        + " END"
        for one in COMPARISONS
    )
    columns = ", ".join(
        f"{side}.{column} AS {column}_{side}" for side in "lr" for column in tables.COLUMNS
    )
    rows = connection.execute(
        f"SELECT l_number, r_number, {numbers} FROM (SELECT l.number AS l_number, "
        f"r.number AS r_number, {columns} FROM names AS l, names AS r) ORDER BY 1, 2"
    ).fetchall()
    connection.execute("DROP TABLE names")
    assert len(rows) == len(names) ** 2 > 10_000
    for left, right, *said in rows:
        assert tuple(said) == levels_of(known[left], known[right]), (names[left], names[right])
    met = {(number, level) for _, _, *said in rows for number, level in enumerate(said)}
    assert met >= {(0, level) for level in range(len(COMPARISONS[0].levels))}


@pytest.mark.parametrize("sent", [True, False])
def test_the_same_names_share_a_key_in_sql(
    connection: duckdb.DuckDBPyConnection, sent: bool
) -> None:
    names = invented(173)
    placed = [(name, ["", "210000"][number % 2]) for number, name in enumerate(names)]
    pairing.fill(connection, "names", tables.registered(placed, 1), tables.REGISTERED)
    rows = connection.execute(
        f"SELECT number, list_distinct({keys_in_sql(sent=sent)}) FROM names ORDER BY number"
    ).fetchall()
    connection.execute("DROP TABLE names")
    numbers: dict[str, int] = {}
    for (_, said), (name, region) in zip(rows, placed, strict=True):
        keys = sorted(keys_of(features(name, region), sent=sent))
        assert len(said) == len(keys)
        hashed = {key: connection.execute("SELECT hash(?)", [key]).fetchall()[0][0] for key in keys}
        assert set(said) == set(hashed.values())
        numbers |= hashed
    assert len(set(numbers.values())) == len(numbers)


@pytest.mark.parametrize("region", ["", "331000"])
def test_one_name_has_one_outcome_alone_and_in_batch(region: str) -> None:
    register = invented(13)
    draws = random.Random(4)
    sent = [name for _, name in misname(draws.choices(invented(7), k=1500), 4)]
    sent += [case.sent for case in cases()] + ["", "  ", "A", "海城"]
    codes = {
        number: f"91{['331002', '210381', '100000'][number % 3]}XR{number:07d}X"
        for number in range(1, len(register) + 1)
    }
    index, directory = index_of(register), Plain(codes)
    named = [Named(number, name, region=region) for number, name in enumerate(sent)]
    rows = list(enumerate(register, 1))
    many = list(resolve_many(named, rows, directory=directory, workers=1))
    outcomes = set()
    for one, batch in zip(named, many, strict=True):
        alone = resolve_one(one, index, directory, None)
        assert (alone.outcome, alone.candidate, alone.runners_up) == (
            batch.outcome,
            batch.candidate,
            batch.runners_up,
        ), one.name
        outcomes.add(batch.outcome)
    assert outcomes == {"link", "review", "none"}
