"""One tree, three readings: the closure, the SQL in DuckDB, and a plain reckoning with fractions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.criteria.made import DAYS, Maker
from tests.domain.criteria.sample import ROW, SCHEMA, TODAY, read, table
from xinrong.domain.criteria import Explainer, Expression, Outcome, answer_of, parameters, to_sql
from xinrong.domain.criteria.tree import (
    And,
    Arith,
    AsOf,
    Between,
    Compare,
    Const,
    Flag,
    In,
    Known,
    Not,
    Or,
    Ref,
)

OUTCOMES = {Outcome.YES: True, Outcome.NO: False, Outcome.UNKNOWN: None}


@pytest.fixture(scope="module")
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        yield connection


def answers_in_sql(
    duck: duckdb.DuckDBPyConnection, criteria: list[Expression], rows: list[Any], on: date
) -> list[tuple[Any, ...]]:
    """For each row the answers of all criteria: one statement for the whole batch."""
    duck.register("profile", table(rows))
    columns = ", ".join(to_sql(one) for one in criteria)
    sql = f"SELECT {columns} FROM profile ORDER BY id"
    found = duck.execute(sql, parameters(criteria, on)).fetchall()
    duck.unregister("profile")
    return found


# -- the plain reckoning: as one would do it by hand, without the engine's arithmetic ----------


def worth(value: Any, row: dict[str, Any], on: date) -> Any:
    match value:
        case Const(value=found):
            return Fraction(found) if isinstance(found, Decimal) else found
        case AsOf():
            return on
        case Ref(column=column):
            found = row[column.name]
            if found is None or not column.numeric:
                return found
            return Fraction(found) / (10**column.scale if column.whole else 1)
        case Arith(op=op, left=left, right=right):
            one, other = days(worth(left, row, on)), days(worth(right, row, on))
            if one is None or other is None or (op == "safe_div" and other == 0):
                return None
            if op == "safe_div":
                return Fraction(one) / Fraction(other)
            return {"+": one + other, "-": one - other, "*": one * other}[op]


def days(value: Any) -> Any:
    return value.toordinal() if isinstance(value, date) else value


def plainly(node: Any, row: dict[str, Any], on: date) -> bool | None:
    if isinstance(node, Not):
        said = plainly(node.part, row, on)
        return None if said is None else not said
    if isinstance(node, And | Or):
        said = {plainly(part, row, on) for part in node.parts}
        settles = isinstance(node, Or)
        return settles if settles in said else None if None in said else not settles
    if isinstance(node, Known):
        return row[node.column.name] is not None
    if isinstance(node, Flag):
        return row[node.column.name]
    return plainly_compared(node, row, on)


def plainly_compared(node: Any, row: dict[str, Any], on: date) -> bool | None:
    if isinstance(node, In):
        return plainly(
            Or(tuple(Compare("=", Ref(node.column), one) for one in node.items)), row, on
        )
    if isinstance(node, Between):
        low, high = Compare(">=", node.value, node.low), Compare("<=", node.value, node.high)
        return plainly(And((low, high)), row, on)
    one, other = worth(node.left, row, on), worth(node.right, row, on)
    if one is None or other is None:
        return None
    if isinstance(one, date) != isinstance(other, date):
        one, other = days(one), days(other)
    if any(isinstance(side, Ref) and side.column.inexact for side in (node.left, node.right)):
        one, other = float(one), float(other)
    if node.op in ("=", "<>"):
        return (one == other) is (node.op == "=")
    return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[node.op]


@given(random=st.randoms(use_true_random=False), on=st.sampled_from(DAYS))
def test_the_closure_the_sql_and_a_plain_reckoning_agree(duck, random: Random, on: date) -> None:
    maker = Maker(random)
    rows = [maker.row() for _ in range(5)]
    criteria = [maker.expression() for _ in range(4)]
    in_sql = answers_in_sql(duck, criteria, rows, on)
    for number, one in enumerate(criteria):
        answer, explainer = answer_of(one), Explainer(one)
        for row, sql in zip(rows, in_sql, strict=True):
            said = answer(row, on)
            assert said is sql[number], one.text
            assert said is plainly(one.condition, row, on), one.text
            assert said is OUTCOMES[explainer.explain(row, on).outcome], one.text


def test_they_agree_in_twenty_thousand_cases_of_one_seed(duck) -> None:
    maker = Maker(Random(20260331))
    asked = 0
    for _ in range(5):
        rows = [maker.row() for _ in range(40)]
        criteria = [maker.expression() for _ in range(100)]
        in_sql = answers_in_sql(duck, criteria, rows, TODAY)
        for number, one in enumerate(criteria):
            answer = answer_of(one)
            for row, sql in zip(rows, in_sql, strict=True):
                assert answer(row, TODAY) is sql[number], one.text
                asked += 1
    assert asked == 20_000


def test_random_criteria_answer_in_every_way() -> None:
    """Else the comparison above would prove little."""
    maker = Maker(Random(7))
    said = [answer_of(maker.expression())(maker.row(), TODAY) for _ in range(600)]
    for answer in (True, False, None):
        assert said.count(answer) > 100


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # unknown stays unknown
        ("revenue_12m > 0", None),
        ("NOT revenue_12m > 0", None),
        ("revenue_12m = revenue_12m", None),
        ("revenue_12m <> revenue_12m", None),
        ("revenue_12m * 0 = 0", None),
        ("revenue_12m - revenue_12m = 0", None),
        ("licence_until IN (DATE '2026-01-01')", None),
        ("NOT licence_until IN (DATE '2026-01-01')", None),
        ("revenue_12m BETWEEN 0 AND 1", None),
        ("debt BETWEEN revenue_12m AND 0.01", False),
        ("debt BETWEEN 0 AND revenue_12m", None),
        ("NOT debt BETWEEN revenue_12m AND 0.01", True),
        ("listed", None),
        ("NOT listed", None),
        # Kleene
        ("revenue_12m > 0 AND staff > 100", False),
        ("revenue_12m > 0 AND staff > 10", None),
        ("revenue_12m > 0 OR staff > 10", True),
        ("revenue_12m > 0 OR staff > 100", None),
        ("NOT (revenue_12m > 0 AND staff > 100)", True),
        # known is always answered
        ("known(revenue_12m)", False),
        ("NOT known(revenue_12m)", True),
        ("known(staff)", True),
        # division
        ("safe_div(tax_12m, penalties) > 0", None),
        ("safe_div(tax_12m, revenue_12m) > 0", None),
        ("safe_div(penalties, staff) = 0", True),
        ("safe_div(staff, 36) * 3 = 1", True),
        ("safe_div(staff, 36) < 0.3333333333", False),
        ("safe_div(staff, 36) < 0.3333333334", True),
        ("safe_div(staff, growth) < -399", True),
        ("safe_div(staff, -0.03) = -400", True),
        ("safe_div(1, safe_div(staff, penalties)) = 0", None),
        # exact decimals, units
        ("debt = 1500000.50", True),
        ("debt > 1500000.504", False),
        ("debt > 1500000.495", True),
        ("growth = -0.03", True),
        ("growth + 0.02 = -0.01", True),
        ("power_3m * 0.1 = 1250.05", True),
        ("need.amount = 1000000", True),
        ("assets = 3000000", True),
        ("debt < assets", True),
        ("debt + 1499999.5 = assets", True),
        ("water_3m = 125", True),
        ("water_3m * 2 = 250", True),
        ("on_time >= 97.5", True),
        # doubles, as doubles
        ("burden > 0.3333333333", True),
        ("burden < 0.3333333334", True),
        ("burden BETWEEN 0.3 AND 0.4", True),
        ("burden IN (0.3, 0.4)", False),
        ("burden = spread", None),
        # precedence
        ("staff > 100 AND staff > 100 OR staff > 10", True),
        ("staff > 100 AND (staff > 100 OR staff > 10)", False),
        ("NOT staff > 100 AND staff > 100", False),
        ("2 + 2 * 5 <= staff", True),
        ("staff - 2 - 5 = 5", True),
        ("- staff = -12", True),
        # dates
        ("established_on + 334 = :as_of", True),
        (":as_of - established_on = 334", True),
        ("DATE '2025-05-01' = established_on", True),
        ("established_on < :as_of", True),
        # text and codes
        ("industry BETWEEN 'C13' AND 'C43'", True),
        ("state IN ('cancelled', 'revoked')", False),
        ("town = '甲镇'", True),
        ("in_park", False),
        ("in_park = FALSE", True),
    ],
)  # fmt: skip
def test_each_construct_answers_as_sql_does(duck, text: str, expected: bool | None) -> None:
    expression = read(text)
    assert answer_of(expression)(ROW, TODAY) is expected
    assert answers_in_sql(duck, [expression], [ROW], TODAY) == [(expected,)]
    assert plainly(expression.condition, ROW, TODAY) is expected


def test_the_greatest_values_neither_overflow_nor_round(duck) -> None:
    most = 2**63 - 1
    row = dict(
        ROW,
        tax_12m=most,
        revenue_12m=-most,
        debt=most - 1,
        debt_ratio=Decimal(10**18 - 1).scaleb(-6),
    )
    for text, expected in {
        "safe_div(tax_12m, revenue_12m) = -1": True,
        "safe_div(tax_12m, debt) > 1": True,
        "safe_div(tax_12m, debt) > safe_div(debt, tax_12m)": True,
        "tax_12m + tax_12m > debt + debt + 0.01": True,
        "tax_12m - revenue_12m > 999999999999999.99": True,
        "debt_ratio = 999999999999.999999": True,
        "debt_ratio * debt_ratio > 999999999999999": True,
    }.items():
        expression = read(text)
        assert answer_of(expression)(row, TODAY) is expected, text
        assert answers_in_sql(duck, [expression], [row], TODAY) == [(expected,)], text


def test_a_row_without_a_column_is_a_row_that_does_not_know_it() -> None:
    for text in ("staff > 1", "staff + 1 > 1", "in_park", "staff IN (1)", "tax_12m < debt"):
        assert answer_of(read(text))({}, TODAY) is None
    assert answer_of(read("known(staff)"))({}, TODAY) is False


def test_what_is_written_is_never_pasted() -> None:
    sql = to_sql(read("town = 'x''; DROP TABLE profile; --' AND established_on < :as_of"))
    assert sql == (
        "\"town\" = 'x''; DROP TABLE profile; --' AND \"established_on\" < CAST($as_of AS DATE)"
    )
    assert to_sql(read("town = 'O''Brien'"), "spark") == "`town` = 'O\\'Brien'"
    assert to_sql(read("established_on < :as_of"), "spark").endswith("CAST(:as_of AS DATE)")


def test_the_day_is_bound_only_where_it_is_asked_for() -> None:
    plain, dated = read("staff > 1"), read("staff > 1 AND :as_of - established_on > 365")
    assert parameters([plain], TODAY) == {}
    assert parameters([plain, dated], TODAY) == {"as_of": TODAY}


def test_sqlglot_reads_the_sql_back_as_it_was_written() -> None:
    """The store's Spark engine is handed DuckDB's text and has sqlglot translate it."""
    import sqlglot

    maker = Maker(Random(11))
    for _ in range(50):
        sql = f"SELECT {to_sql(maker.expression())} AS answer"
        assert sqlglot.parse_one(sql, dialect="duckdb").sql("duckdb") == sql


def test_spark_answers_as_the_closure_does(spark, tmp_path) -> None:
    import pyarrow.parquet as pq

    maker = Maker(Random(5))
    rows = [maker.row() for _ in range(40)]
    criteria = [maker.expression() for _ in range(40)]
    path = tmp_path / "profile.parquet"
    pq.write_table(table(rows), path)
    spark.read.parquet(str(path)).createOrReplaceTempView("profile")
    for one in criteria:
        sql = f"SELECT {to_sql(one, 'spark')} FROM profile ORDER BY id"
        said = [row[0] for row in spark.sql(sql, args=dict(parameters([one], TODAY))).collect()]
        answer = answer_of(one)
        assert said == [answer(row, TODAY) for row in rows], one.text


def test_every_column_of_the_sample_is_asked_about() -> None:
    maker = Maker(Random(3))
    used = {column.name for _ in range(400) for column in maker.expression().columns}
    assert used == set(SCHEMA)
