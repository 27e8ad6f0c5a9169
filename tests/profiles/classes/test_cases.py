"""The seven classes over labelled cases: tests/cases/classes/taizhou.csv."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from xinrong.profiles.classes.assigning import assign
from xinrong.profiles.classes.definitions import load_classes

CASES = Path(__file__).parents[2] / "cases" / "classes" / "taizhou.csv"
TODAY = date(2026, 10, 31)
YES_NO = {"yes": True, "no": False, "": None}


def number(text: str, kind: type) -> Any:
    return kind(text) if text else None


def values_of(case: dict[str, str]) -> dict[str, Any]:
    """The columns of the profile that classes read."""
    return {
        "reg_industry": case["industry"] or None,
        "reg_kind": case["kind"] or None,
        "reg_active": YES_NO[case["active"]],
        "rep_staff": number(case["staff"], int),
        "rep_revenue": number(case["revenue"], Decimal),
        "rep_assets": number(case["assets"], Decimal),
        "park_in": YES_NO[case["park"]],
        "chain_in": YES_NO[case["chain"]],
        "tech_listed": YES_NO[case["tech"]],
        "si_persons": number(case["insured"], int),
        "emp_new_share_12m": number(case["new_share"], float),
        "trade_registered": YES_NO[case["customs"]],
        "trade_value_12m": number(case["trade"], Decimal),
    }


def cases() -> list[Any]:
    with CASES.open(encoding="utf-8") as file:
        return [pytest.param(row, id=row["what"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize("case", cases())
def test_a_labelled_case_is_of_its_class(case: dict[str, str], taizhou: None) -> None:
    found = assign(values_of(case), TODAY)
    assert found.primary == case["primary"]
    assert ";".join(found.met) == case["met"]
    assert ";".join(found.undecided) == case["undecided"]


def test_every_class_and_every_other_answer_has_a_case() -> None:
    told = {case.values[0]["primary"] for case in cases()}
    assert told == {*load_classes("taizhou").book.answers, "outside"}


def test_the_reasons_name_what_decides_in_both_languages(taizhou: None) -> None:
    [case] = [one.values[0] for one in cases() if one.values[0]["what"].startswith("园区名单未到")]
    found = assign(values_of(case), TODAY)
    [park] = [one for one in found.judged if one.definition.id == "in_park"]
    assert park.explanation.sentences("en") == [
        "missing: In a park (it is not known) (needed: yes)"
    ]
    assert "在园区内" in park.explanation.sentences("zh")[0]
    assert found.at_the_latest == "technology"
    assert found.size is not None
    assert "小型下限" in found.size.why.zh


def test_a_class_asked_before_it_was_in_force_is_refused(taizhou: None) -> None:
    from xinrong.domain.criteria import CriterionMisused

    with pytest.raises(CriterionMisused, match="not in force on 2016-01-01"):
        assign({}, date(2016, 1, 1))


def test_where_no_department_sends_it_a_size_is_never_guessed(settings: Any) -> None:
    settings.REGION = "beijing"
    found = assign({}, TODAY)
    assert (found.primary, found.met, found.size) == ("cannot_tell", (), None)
    said = [one.explanation.sentences("en")[0] for one in found.judged]
    assert said[0] == "missing: Large (no department sends it) (needed: yes)"
    assert found.undecided == ("large", "medium", "small", "micro")
