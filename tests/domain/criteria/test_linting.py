"""Contradictions, what is always so, repetitions, unlawful values, units that look wrong."""

from __future__ import annotations

import time
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.criteria.made import Maker
from tests.domain.criteria.sample import TODAY, read
from xinrong.domain.criteria import Severity, answer_of, lint


def found(text: str) -> list[tuple[str, int]]:
    return [(one.code, one.at) for one in lint(read(text))]


@pytest.mark.parametrize(
    "text",
    [
        "staff > 10 AND staff < 5",
        "staff > 10 AND staff < 11",
        "tax_12m > 5000 AND tax_12m < 5000.01",
        "staff < 0",
        "staff BETWEEN 20 AND 10",
        "staff = 10.5",
        "staff IN (1, 2) AND staff IN (3, 4)",
        "staff IN (1, 2) AND staff NOT IN (1, 2)",
        "staff BETWEEN 3 AND 4 AND staff <> 3 AND staff <> 4",
        "in_park AND NOT in_park",
        "in_park = TRUE AND in_park = FALSE",
        "state = 'normal' AND state = 'revoked'",
        "state NOT IN ('normal', 'cancelled', 'revoked')",
        "industry BETWEEN 'D' AND 'C'",
        "industry > 'C' AND industry < 'B'",
        "town = '甲镇' AND town = '乙镇'",
        "established_on > DATE '2026-01-01' AND established_on < DATE '2026-01-02'",
        "established_on < :as_of AND established_on > :as_of",
        "debt > tax_12m AND tax_12m > debt",
        "safe_div(tax_12m, debt) > 0.2 AND safe_div(tax_12m, debt) < 0.1",
        "NOT known(staff) AND staff > 1",
        "known(staff) AND NOT known(staff)",
        "(staff > 10 OR staff > 20) AND staff < 5",
        "(staff > 10 OR in_park) AND NOT in_park AND staff < 5",
        "NOT (staff > 5 OR staff <= 5)",
    ],
)  # fmt: skip
def test_a_contradiction_is_an_error(text: str) -> None:
    findings = lint(read(text))
    assert ("never_yes", Severity.ERROR) in {(one.code, one.severity) for one in findings}


@pytest.mark.parametrize(
    "text",
    [
        "staff >= 0",
        "staff > 5 OR staff <= 5",
        "staff > 5 OR staff < 10",
        "in_park OR NOT in_park",
        "known(staff) OR NOT known(staff)",
        "state IN ('normal', 'cancelled', 'revoked')",
        "NOT (staff > 10 AND staff < 5)",
        "staff NOT BETWEEN 20 AND 10",
        "debt >= tax_12m OR tax_12m > debt",
    ],
)
def test_what_keeps_nobody_out_is_an_error(text: str) -> None:
    assert "never_no" in {one.code for one in lint(read(text))}


@pytest.mark.parametrize(
    "text",
    [
        "staff > 10 AND staff < 12",
        "tax_12m > 5000 AND tax_12m < 5000.02",
        "growth > 0.1 AND growth < 0.100002",
        "staff > 10 AND penalties < 5",
        "tax_12m < 0 AND debt > 5000",
        "industry > 'C' AND industry < 'D'",
        "staff NOT BETWEEN 10 AND 20",
        "established_on <= :as_of AND established_on >= :as_of",
        "in_park AND NOT listed",
        "known(staff) AND NOT known(debt)",
        "safe_div(tax_12m, debt) > 0.1 AND safe_div(tax_12m, debt) < 0.2",
    ],
)
def test_what_can_be_met_and_can_fail_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_a_part_that_is_always_answered_alike_is_found_where_it_stands() -> None:
    assert found("staff > 10 OR (debt > 5000 AND debt < 4000)") == [("part_never_yes", 16)]
    assert found("staff > 10 AND penalties >= 0") == [("part_never_no", 26)]
    assert found("in_park OR staff = 11.5") == [("part_never_yes", 18)]


def test_a_condition_that_stands_twice_is_found() -> None:
    assert found("staff > 10 AND in_park AND staff > 10") == [("repeated", 34)]
    assert found("in_park OR (staff > 10 AND debt > 5000 AND staff > 10.0)") == [("repeated", 50)]


def test_a_value_that_is_not_lawful_is_an_error() -> None:
    assert ("value_unlawful", 9) in found("state = 'nromal'")
    assert found("state IN ('normal', 'gone')") == [("value_unlawful", 21)]


def test_an_amount_that_looks_like_ten_thousands_is_a_hint() -> None:
    (one,) = lint(read("tax_12m >= 50"))
    assert (one.code, one.severity, one.at) == ("small_amount", Severity.HINT, 12)
    assert "500000" in one.text.zh
    assert found("tax_12m >= 5000") == []
    assert found("tax_12m > 0") == []


def test_a_ratio_that_looks_like_percent_is_a_hint() -> None:
    (one,) = lint(read("debt_ratio <= 70"))
    assert (one.code, one.at) == ("large_ratio", 15)
    assert "0.7" in one.text.en


@given(random=st.randoms(use_true_random=False))
def test_what_is_called_a_contradiction_is_never_met(random: Random) -> None:
    maker = Maker(random)
    expression = maker.expression()
    codes = {one.code for one in lint(expression)}
    said = {answer_of(expression)(maker.lawful_row(), TODAY) for _ in range(20)}
    assert not ("never_yes" in codes and True in said), expression.text
    assert not ("never_no" in codes and False in said), expression.text


WORST = {
    "a hundred choices of two": " AND ".join(
        f"(staff > {one} OR tax_12m > {one * 1000})" for one in range(1, 101)
    ),
    "a hundred choices that exclude each other": " AND ".join(
        f"(staff = {one} OR staff = {one + 1})" for one in range(0, 200, 2)
    ),
    "two hundred holes": " AND ".join(f"staff <> {one}" for one in range(200)),
    "two hundred that differ": " AND ".join(f"debt > tax_12m * {one}" for one in range(2, 202)),
    "nested choices": "(" * 20 + "in_park" + "".join(
        f" OR staff > {one}) AND (debt > {one} OR growth > {one})" for one in range(20)
    ),
    "a list of a thousand": f"staff IN ({', '.join(map(str, range(990)))}) AND staff > 5000",
}  # fmt: skip


@pytest.mark.parametrize("name", WORST)
def test_the_worst_is_linted_within_two_seconds(name: str) -> None:
    began = time.process_time()
    lint(read(WORST[name]))
    assert time.process_time() - began < 2


def test_what_branches_too_much_to_be_followed_is_said_to_be() -> None:
    choices = [f"(tax_12m > {one * 5000} OR debt > {one * 5000})" for one in range(1, 41)]
    hidden = "(staff > 10 OR staff > 20) AND (staff < 5 OR staff < 6)"
    text = " AND ".join([*choices, hidden])
    (one,) = lint(read(text))
    assert (one.code, one.severity) == ("too_branched", Severity.HINT)
    assert found(hidden) == [("never_yes", 1)]
