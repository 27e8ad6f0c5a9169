"""Definitions are made from lower strata, in an order, never in a circle."""

from __future__ import annotations

import pytest

from xinrong.domain.criteria import CriterionMisused, Definition, Stratum, check_strata

REGISTER, INDICATORS, GRADE, FLAGS = Stratum


def test_definitions_come_after_what_they_are_made_of() -> None:
    order = check_strata(
        [
            Definition("watch", FLAGS, ("grade", "tax_growth")),
            Definition("grade", GRADE, ("tax_growth", "founded_on")),
            Definition("tax_growth", INDICATORS, ("tax_12m", "tax_24m")),
            Definition("tax_24m", INDICATORS, ("tax_12m",)),
            Definition("tax_12m", INDICATORS),
            Definition("founded_on", REGISTER),
        ]
    )
    assert order == ("founded_on", "tax_12m", "tax_24m", "tax_growth", "grade", "watch")


@pytest.mark.parametrize(
    ("definitions", "code", "said"),
    [
        ([Definition("a", GRADE, ("a",))], "strata_cycle", "a → a"),
        (
            [
                Definition("a", INDICATORS, ("b",)), Definition("b", INDICATORS, ("c",)),
                Definition("c", INDICATORS, ("a",)),
            ],
            "strata_cycle", "a → b → c → a",
        ),
        (
            [
                Definition("x", INDICATORS, ("a",)), Definition("a", INDICATORS, ("b",)),
                Definition("b", INDICATORS, ("a",)),
            ],
            "strata_cycle", "a → b → a",
        ),
        (
            [Definition("a", INDICATORS, ("g",)), Definition("g", GRADE)],
            "strata_upwards", r"a \(indicators\) reads g \(grade\)",
        ),
        ([Definition("a", INDICATORS, ("b",))], "strata_unknown", "b, which nothing defines"),
        ([Definition("a", GRADE), Definition("a", FLAGS)], "strata_twice", "a is defined twice"),
    ],
)  # fmt: skip
def test_a_wrong_stratum_is_refused_by_name(
    definitions: list[Definition], code: str, said: str
) -> None:
    with pytest.raises(CriterionMisused, match=said) as caught:
        check_strata(definitions)
    assert caught.value.code == code
    assert caught.value.remedy


def test_a_long_chain_is_ordered_and_a_long_circle_found() -> None:
    chain = [Definition(f"i{n}", INDICATORS, (f"i{n + 1}",)) for n in range(5_000)]
    order = check_strata([*chain, Definition("i5000", INDICATORS)])
    assert (order[0], order[-1]) == ("i5000", "i0")
    with pytest.raises(CriterionMisused, match="made of itself"):
        check_strata([*chain, Definition("i5000", INDICATORS, ("i0",))])
