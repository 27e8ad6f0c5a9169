"""A derived column is as secret as the most secret thing that it is made of."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinrong.catalogue.contract import Basis, Contract, ShareClass
from xinrong.catalogue.region import load_region
from xinrong.trust.errors import LineageUnknown
from xinrong.trust.lineage import STRICTNESS, classed, columns_of, declared, strictest

OPEN, CONSENT, NEVER = STRICTNESS


def contract(name: str, share: str, **fields: tuple[str, int]) -> Contract:
    """Fields by name: slot and level."""
    words = {"zh": name, "en": name}
    types = {"event_date": "date", "amount": "money", "n1": "number"}
    return Contract.model_validate(
        {
            "category": name, "title": words, "description": words, "group": "test",
            "basis": [{"document": "a law"}], "share": share, "polarity": {}, "key": ["subject"],
            "fields": [
                {"name": key, "title": words, "type": types.get(slot, "text"), "slot": slot,
                 "level": level}
                for key, (slot, level) in fields.items()
            ],
        }
    )  # fmt: skip


CONTRACTS = {
    one.category: one
    for one in (
        contract("licence", "open", number=("code", 1), granted_on=("event_date", 2)),
        contract("tax", "consent", paid_on=("event_date", 3), amount=("amount", 4), note=("", 5)),
        contract("secret", "never", text=("t1", 1)),
    )
}


def level_of(sql: str, column: str | None = None) -> tuple[str, int]:
    found = strictest(sql, CONTRACTS) if column is None else columns_of(sql, CONTRACTS)[column]
    return found.share.value, found.level


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT code FROM record WHERE category = 'licence'", ("open", 1)),
        ("SELECT event_date FROM record WHERE category = 'licence'", ("open", 2)),
        ("SELECT sum(amount) FROM record WHERE category = 'tax'", ("consent", 4)),
        ("SELECT count(*) AS n FROM record WHERE category = 'tax'", ("consent", 1)),
        ("SELECT count(*) AS n FROM record", ("never", 1)),
        ("SELECT code FROM record WHERE category IN ('licence', 'tax')", ("consent", 1)),
        ("SELECT number FROM licence", ("open", 1)),
        ("SELECT avg(amount) AS a FROM tax GROUP BY subject", ("consent", 4)),
        ("SELECT display FROM record WHERE category = 'tax'", ("consent", 5)),
        ("SELECT * FROM licence", ("open", 2)),
        ("SELECT department FROM batch", ("open", 1)),
        ("SELECT 1 AS one", ("open", 1)),
    ],
)
def test_the_strictest_input_decides(sql: str, expected: tuple[str, int]) -> None:
    assert level_of(sql) == expected


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT number FROM licence AS l JOIN tax AS t ON t.subject = l.subject AND t.amount > 9",
        "SELECT number FROM licence WHERE subject IN (SELECT subject FROM tax WHERE amount > 9)",
        "SELECT number FROM licence AS l WHERE EXISTS (SELECT 1 FROM tax AS t WHERE t.amount > 9)",
        "SELECT number FROM licence AS l ORDER BY (SELECT sum(t.amount) FROM tax AS t)",
        "SELECT number FROM (SELECT subject FROM tax WHERE amount > 9) JOIN licence USING (subject)",
        "SELECT number FROM licence EXCEPT SELECT CAST(amount AS VARCHAR) FROM tax",
        "SELECT CASE WHEN t.amount > 9 THEN 'x' END AS number FROM tax AS t",
        "SELECT number FROM (SELECT t.amount AS number FROM tax AS t)",
        "SELECT count(*) AS number FROM tax GROUP BY amount",
        "SELECT max(subject) AS number FROM tax HAVING sum(amount) > 9",
        "SELECT subject AS number FROM tax ORDER BY amount LIMIT 1",
        "SELECT number FROM licence UNION SELECT CAST(amount AS VARCHAR) FROM tax",
        "SELECT row_number() OVER (ORDER BY amount) AS number FROM tax",
    ],
)
def test_a_filter_tells_what_it_filters_by(sql: str) -> None:
    assert level_of(sql, "number") == ("consent", 4)


def test_a_column_is_no_stricter_than_what_decides_it() -> None:
    sql = "SELECT event_date, sum(amount) AS fen FROM record WHERE category = 'tax' GROUP BY 1"
    assert level_of(sql, "event_date") == ("consent", 3)
    assert level_of(sql, "fen") == ("consent", 4)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT x FROM somewhere",
        "SELECT * FROM read_parquet('x')",
        "SELECT * FROM 'x.parquet'",
        "SELECT code FROM elsewhere.record",
        "SELECT nothing FROM record",
        "SELECT code FROM record WHERE category = 'unknown'",
        "DELETE FROM record",
        "SELECT FROM",
        "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT n FROM r",
        "SELECT 1; SELECT 2",
    ],
)
def test_what_cannot_be_followed_is_an_error_and_never_open(sql: str) -> None:
    with pytest.raises(LineageUnknown):
        strictest(sql, CONTRACTS)


def test_a_category_named_in_an_or_holds_to_nothing() -> None:
    assert level_of("SELECT code FROM record WHERE category = 'licence' OR code = 'x'")[0] == NEVER


# --- as properties ---------------------------------------------------------------------------

COLUMNS = [
    (name, field.name) for name, one in CONTRACTS.items() for field in one.fields if field.slot
]
SELECTIONS = st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=4, unique=True)


def joined(fields: list[tuple[str, str]], where: str = "") -> str:
    names = sorted({name for name, _ in fields})
    shown = ", ".join(f"{name}.{field} AS {name}_{field}" for name, field in fields)
    others = " ".join(f"JOIN {name} ON {name}.subject = {names[0]}.subject" for name in names[1:])
    return f"SELECT {shown} FROM {names[0]} {others} {where}"


def order(found: Any) -> tuple[int, int]:
    return STRICTNESS.index(found.share), found.level


@given(SELECTIONS)
def test_an_answer_is_exactly_as_strict_as_the_fields_it_names(
    fields: list[tuple[str, str]],
) -> None:
    assert order(strictest(joined(fields), CONTRACTS)) == order(classed(fields, CONTRACTS))


@given(SELECTIONS, st.sampled_from(COLUMNS))
def test_reading_more_never_makes_it_looser(
    fields: list[tuple[str, str]], more: tuple[str, str]
) -> None:
    less = order(strictest(joined(fields), CONTRACTS))
    wider = order(strictest(joined([*fields, more] if more not in fields else fields), CONTRACTS))
    assert wider >= less
    filtered = f"SELECT subject FROM ({joined(fields)[:-1]}) AS x, {more[0]} WHERE {more[1]} = 'a'"
    filtered = filtered.replace("SELECT subject", f"SELECT {more[0]}.subject")
    assert order(strictest(filtered, CONTRACTS)) >= order(classed([more], CONTRACTS))


@given(SELECTIONS, st.integers(1, 4))
def test_wrapping_changes_nothing(fields: list[tuple[str, str]], depth: int) -> None:
    plain = sql = joined(fields)
    for _ in range(depth):
        sql = f"SELECT * FROM ({sql}) AS w"
    assert strictest(sql, CONTRACTS) == strictest(plain, CONTRACTS)
    named = f"WITH w AS ({plain}) SELECT * FROM w"
    assert strictest(named, CONTRACTS) == strictest(plain, CONTRACTS)


# --- what a definition claims ----------------------------------------------------------------

SUM = "SELECT sum(amount) AS fen FROM tax"


def test_a_definition_may_be_as_strict_or_stricter() -> None:
    assert declared(SUM, CONTRACTS, CONSENT, 4).level == 4
    assert declared(SUM, CONTRACTS, NEVER, 5).share == ShareClass.NEVER


@pytest.mark.parametrize("basis", [None, Basis(document="a law"), Basis(document=" ", article="5")])
@pytest.mark.parametrize(("share", "level"), [(OPEN, 4), (CONSENT, 3)])
def test_a_looser_definition_needs_document_and_article(
    share: ShareClass, level: int, basis: Basis | None
) -> None:
    with pytest.raises(LineageUnknown) as caught:
        declared(SUM, CONTRACTS, share, level, basis)
    assert caught.value.code == "lineage_looser"
    cited = Basis(document="a law", article="article 5")
    assert declared(SUM, CONTRACTS, share, level, cited).share == share


# --- the SQL of the services -----------------------------------------------------------------


@pytest.mark.parametrize("region", ["taizhou", "beijing"])
def test_the_cube_claims_the_fields_that_its_sql_reads(region: str, settings: Any) -> None:
    """Of every category: a cell's year and sum are the fields that `shown_fields` names."""
    from xinrong.files.types import CreditCube, CubeCell, Sign

    settings.REGION = region
    contracts = load_region(region).contracts
    sql = (resources.files("xinrong.files") / "sql" / "cube.sql").read_text("utf-8")
    for name, one in contracts.items():
        found = columns_of(sql, {name: one})
        cell = CubeCell(name, 2026, "d", Sign.NEUTRAL, 1, 1)  # type: ignore[arg-type]
        cube = CreditCube(1, (cell,), {}, {}, None)  # type: ignore[arg-type]
        claimed = {field for _, _, field in cube.shown_fields()}
        read = found["year"].inputs | found["fen"].inputs
        assert {field for _, field in read if field} == claimed
        assert found["records"].inputs == {(name, "")}
        assert found["year"].share == one.share
