"""What a criterion may not say: each is refused with its place and what to write instead."""

from __future__ import annotations

import time

import pytest

from tests.cases.reading import labelled
from tests.domain.criteria.sample import SCHEMA, read
from xinrong.domain.criteria import Column, CriterionRefused, parse
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
