"""What a criterion may not say: each is refused with its place and what to write instead."""

from __future__ import annotations

import time
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases.reading import labelled
from tests.domain.criteria.made import Maker
from tests.domain.criteria.sample import ROW, SCHEMA, TODAY, read
from xinrong.domain.criteria import (
    Column,
    CriterionRefused,
    Explainer,
    Expression,
    answer_of,
    lint,
    parse,
    to_sql,
)
from xinrong.domain.criteria.parsing import MAX_CONDITIONS, MAX_VALUES
from xinrong.domain.criteria.tokens import MAX_CHARACTERS
from xinrong.domain.errors import XinrongError


def refused(text: str) -> CriterionRefused:
    with pytest.raises(CriterionRefused) as caught:
        read(text)
    return caught.value


@pytest.mark.parametrize(("text", "code", "at"), labelled("criteria/refused", "text", "code", "at"))
def test_a_labelled_text_is_refused_at_its_place(text: str, code: str, at: str) -> None:
    error = refused(text)
    assert (error.code, error.at) == (f"criterion_{code}", int(at))


@pytest.mark.parametrize(("text", "code", "at"), labelled("criteria/refused", "text", "code", "at"))
def test_a_refusal_says_what_where_and_what_instead_in_both_languages(
    text: str, code: str, at: str
) -> None:
    error = refused(text)
    assert isinstance(error, XinrongError)
    assert str(error).startswith(f"character {at}: ")
    assert error.remedy
    for words in (error.problem, error.advice):
        assert words.zh
        assert words.en
    assert error.in_language("zh-hans").startswith(f"第{at}个字符：")
    assert error.in_language("en").startswith(f"Character {at}: ")
    assert "{}" not in error.in_language("zh") + error.in_language("en")


def test_mixed_types_are_both_named() -> None:
    error = refused("tax_12m + staff > 3")
    assert "tax_12m (money, yuan)" in error.wrong
    assert "staff (count, persons)" in error.wrong
    assert "tax_12m（金额，元）" in error.problem.zh


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("tax_12 > 1", "tax_12m"),
        ("satff > 1", "staff"),
        ("近12个月纳税 > 1", "tax_12m"),
        ("need.amonut > 1", "need.amount"),
    ],
)
def test_an_unknown_column_suggests_the_nearest(text: str, meant: str) -> None:
    error = refused(text)
    assert error.code == "criterion_column_unknown"
    assert f"Did you mean {meant} (" in error.remedy


def open_only(column: Column) -> bool:
    return column.level < 3


def test_a_column_that_is_too_secret_is_refused() -> None:
    with pytest.raises(CriterionRefused) as caught:
        parse("staff > 1 AND debt > 1", SCHEMA, open_only)
    assert (caught.value.code, caught.value.at) == ("criterion_column_secret", 15)
    with pytest.raises(CriterionRefused, match="too secret"):
        parse("known(debt)", SCHEMA, open_only)


def test_a_secret_column_is_never_suggested() -> None:
    with pytest.raises(CriterionRefused) as caught:
        parse("revenue_12 > 1", SCHEMA, open_only)
    assert "revenue_12m" not in str(caught.value)


# -- whatever is typed ----------------------------------------------------------------------

PIECES = (
    *("staff", "tax_12m", "debt_ratio", "burden", "industry", "town", "established_on", "in_park"),
    *("1", "0", "-1", "0.5", "'a'", "''", "DATE '2026-01-01'", "TRUE", ":as_of", "NULL"),
    *("AND", "OR", "NOT", "BETWEEN", "IN", "IS", "LIKE", "CASE", "(", ")", ",", "(", ")"),
    *("=", "<>", "<", ">=", "+", "-", "*", "/", "safe_div(", "known(", "COALESCE(", "--", ";"),
)


def read_or_refused(text: str) -> Expression | CriterionRefused:
    try:
        return read(text)
    except CriterionRefused as error:
        return error


@given(text=st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    expression = read_or_refused(text)
    if isinstance(expression, CriterionRefused):
        assert 1 <= expression.at <= len(text) + 1
        return
    to_sql(expression)
    lint(expression)
    found = Explainer(expression).explain(ROW, TODAY)
    assert (found.outcome == "yes") <= (found.changes == ())


@given(
    random=st.randoms(use_true_random=False), cut=st.integers(0, 400), more=st.sampled_from(PIECES)
)
def test_a_good_text_with_a_slip_is_read_or_refused(random: Random, cut: int, more: str) -> None:
    text = Maker(random).expression().text
    cut %= len(text) + 1
    for slip in (text[:cut], text[:cut] + more + text[cut:], text[:cut] + text[cut + 1 :]):
        found = read_or_refused(slip)
        if isinstance(found, CriterionRefused):
            assert 1 <= found.at <= len(slip) + 1
        else:
            answer_of(found)(ROW, TODAY)


# -- sizes: refused fast, and never by Python's own limits ------------------------------------

MONSTERS = {
    "ten thousand conditions": " AND ".join(["staff > 1"] * 10_000),
    "conditions within the length": " OR ".join(["in_park"] * 900),
    "deep brackets": "(" * 4_000 + "staff > 1" + ")" * 4_000,
    "deep NOT": "NOT " * 2_000 + "in_park",
    "deep minus": "- " * 3_000 + "staff > 1",
    "deep safe_div": "safe_div(" * 900 + "staff" + ", 2)" * 900 + " > 1",
    "a long sum": " + ".join(["staff"] * 1_200) + " > 1",
    "a long product": " * ".join(["growth"] * 1_000) + " > 1",
    "a huge list": f"staff IN ({', '.join(['1'] * 3_000)})",
    "a huge number": "tax_12m > 1" + "0" * 5_000,
    "a number of many decimals": "tax_12m > 0." + "0" * 5_000 + "1",
    "a huge text": "town = '" + "甲" * 5_000 + "'",
    "a regular expression": "town ~ '" + "(a+)+" * 500 + "'",
    "only brackets": "(" * 9_999,
    "only quotes": "'" * 9_999,
    "only digits": "9" * 9_999,
    "only words": "a " * 4_999,
    "a million characters": "x" * 1_000_000,
}


@pytest.mark.parametrize("name", MONSTERS)
def test_what_is_too_large_is_refused_at_once(name: str) -> None:
    began = time.process_time()
    error = refused(MONSTERS[name])
    assert time.process_time() - began < 0.5
    assert error.code.startswith("criterion_")


def test_what_is_just_small_enough_is_read() -> None:
    read(" AND ".join(["staff > 1"] * MAX_CONDITIONS))
    read(f"staff IN ({', '.join(str(one) for one in range(MAX_VALUES))})")
    read("(" * 30 + "staff > 1" + ")" * 30)
    read("tax_12m > 999999999999999.9999999999")
    assert len(read("staff > 1" + " " * (MAX_CHARACTERS - 9)).text) == MAX_CHARACTERS


def test_a_comparison_that_could_need_39_digits_is_refused_when_it_is_written() -> None:
    read("safe_div(tax_12m, debt) > safe_div(debt, revenue_12m)")
    error = refused("safe_div(tax_12m, debt) * 10000 > safe_div(debt, revenue_12m)")
    assert error.code == "criterion_too_large"
