"""What is published: named queries that run as shown, nothing of fewer than ten enterprises."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinrong.market.league.deals import DEALS, REFUSALS, Deals, Period
from xinrong.market.league.definitions import (
    BY_WORDS,
    FIGURES,
    UNEXPLAINED,
    UNIT_WORDS,
    By,
    Figure,
    Unit,
)
from xinrong.market.league.publishing import FLOOR, _league, order, rounded

PERIOD = Period(date(2025, 11, 24), date(2026, 11, 23))


def deal(enterprise: int, lender: str = "a", **more: Any) -> dict[str, Any]:
    given_: dict[str, Any] = {
        "enterprise": enterprise, "lender": lender, "institution": 1, "outlet": 1, "product": "p",
        "area": "331002", "submitted": date(2026, 5, 1), "promised_days": 3, "answered": True,
        "answer_days": 1, "decided": True, "decision_days": 2, "silent": False, "offered": True,
        "refused": False, "reasons": 0, "appealed": False, "overturned": False, "lent": True,
        "lent_fen": 100_000_00, "rate": 0.04, "annual": 0.045, "first_time": False,
        "pure_credit": True, "differs": False, "mark": None,
    }  # fmt: skip
    return given_ | more


def league(rows: list[dict[str, Any]], by: By, *, exact: bool = False, refusals: Any = ()) -> Any:
    deals = Deals(pa.Table.from_pylist(rows, DEALS), pa.Table.from_pylist(list(refusals), REFUSALS))
    return _league(deals, by, PERIOD, exact=exact)


def test_every_figure_has_a_name_a_unit_a_definition_in_both_languages_and_a_query() -> None:
    every: tuple[Figure, ...] = (*FIGURES, UNEXPLAINED)
    assert len({one.name for one in every}) == len(every)
    for one in every:
        assert one.title.zh
        assert one.title.en
        assert one.definition.zh
        assert one.definition.en
        assert one.unit in UNIT_WORDS
        for by in By:
            assert "FROM deals" in one.query(by)
    assert set(BY_WORDS) == set(By)


def test_the_queries_count_what_their_definitions_say() -> None:
    rows = [
        deal(n, answer_days=n % 4, first_time=n % 2 == 0, rate=0.03 + n / 1000) for n in range(20)
    ]
    rows += [
        deal(20 + n, offered=False, refused=True, reasons=1, lent=False, lent_fen=None, rate=None,
             annual=None, decision_days=5, appealed=n < 10, overturned=n < 5)
        for n in range(20)
    ]  # fmt: skip
    rows += [deal(40 + n, answered=False, answer_days=None, decided=False, decision_days=None,
                  silent=True, offered=False, lent=False, lent_fen=None, rate=None, annual=None)
             for n in range(10)]  # fmt: skip
    found = league(rows, By.ALL, exact=True)
    told = {one.name: found.of("all", one.name) for one in FIGURES}
    assert told["applications"] == 50
    assert told["answer_days"] == pytest.approx((sum(n % 4 for n in range(20)) + 20) / 40)
    assert told["decision_days"] == pytest.approx((20 * 2 + 20 * 5) / 40)
    assert told["in_time"] == 50
    assert told["silent"] == 20
    assert told["approval"] == 50
    assert told["overturned"] == 50
    assert told["loans"] == 20
    assert told["lent"] == 200, "in 10,000 yuan"
    assert told["all_in_cost"] == pytest.approx(4.5)
    assert told["lowest_rate"] == pytest.approx(3.0)
    assert told["first_loans"] == 50
    assert told["pure_credit"] == 100
    assert told["differs"] == 0
    assert found.of("all", "unexplained") == 0


def test_costs_are_weighted_by_what_was_paid_out() -> None:
    rows = [deal(n, annual=0.04, lent_fen=300) for n in range(10)]
    rows += [deal(n, annual=0.08, lent_fen=100) for n in range(10, 20)]
    assert league(rows, By.ALL).of("all", "all_in_cost") == pytest.approx(5.0)


@settings(max_examples=20)  # each is sixteen statements
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 14)), max_size=60))
def test_nothing_is_published_of_fewer_than_ten_enterprises(pairs: list[tuple[str, int]]) -> None:
    rows = [deal(enterprise, lender) for lender, enterprise in pairs]
    found = league(rows, By.BANK)
    for lender in "abc":
        many = len({enterprise for one, enterprise in pairs if one == lender})
        shown = [value for value in found.figures.get(lender, {}).values() if value is not None]
        if many < FLOOR:
            assert not shown
        number = found.of(lender, "applications")
        assert number is None or number % 10 == 0


def test_many_deals_of_few_enterprises_are_few_enterprises() -> None:
    found = league([deal(n % 9) for n in range(100)], By.ALL)
    assert found.of("all", "loans") is None


def test_a_single_hidden_row_takes_the_smallest_other_with_it_where_rows_add_up() -> None:
    rows = [deal(n, "a") for n in range(40)] + [deal(n, "b") for n in range(20)]
    rows += [deal(n, "c") for n in range(3)]
    found = league(rows, By.BANK)
    assert found.of("a", "lent") == 400
    assert found.of("b", "lent") is None, "else c would be what is left of the whole"
    assert found.of("c", "lent") is None
    assert found.of("b", "pure_credit") == 100, "a share adds up to nothing"


def test_reasons_are_counted_in_tens_none_under_ten() -> None:
    def told(many: int, reason: str) -> list[dict[str, Any]]:
        return [{"enterprise": n, "lender": "a", "reason": reason} for n in range(many)]

    found = league([deal(1)], By.ALL, refusals=told(23, "sum") + told(9, "quota"))
    assert found.reasons["all"] == {"sum": 20, "quota": None}


def test_an_empty_period_has_an_empty_table() -> None:
    found = league([], By.BANK)
    assert found.rows == ()


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (24, Unit.NUMBER, 20), (25, Unit.NUMBER, 30), (26.6, Unit.SHARE, 27),
        (1.26, Unit.DAYS, 1.3), (3.8549, Unit.PERCENT, 3.85), (None, Unit.DAYS, None),
    ],
)  # fmt: skip
def test_figures_are_rounded_to_their_unit(
    value: float | None, unit: Unit, told: float | None
) -> None:
    assert rounded(value, unit) == told


def test_rows_are_in_the_order_of_a_figure_those_without_it_last() -> None:
    rows = [deal(n, "slow", answer_days=9) for n in range(10)]
    rows += [deal(n, "quick", answer_days=1) for n in range(10)]
    rows += [deal(n, "few") for n in range(2)]
    found = league(rows, By.BANK)
    assert order(found, "answer_days") == ["quick", "slow", "few"]
    assert order(found, "answer_days", descending=True) == ["slow", "quick", "few"]
