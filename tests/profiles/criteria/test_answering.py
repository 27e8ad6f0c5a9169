"""One enterprise and all give the same answer, also after something has come."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.profiles import city
from xinrong.domain.criteria import Criterion, CriterionMisused, Outcome
from xinrong.domain.text import Text
from xinrong.profiles.criteria.answering import (
    answer_of_enterprise,
    answers_of_all,
    answers_of_enterprise,
    enterprises_admitted,
)
from xinrong.profiles.criteria.errors import CriteriaRefused
from xinrong.profiles.errors import NoProfile
from xinrong.profiles.services import build_profile, catch_up

pytestmark = pytest.mark.django_db

TEXTS = [
    "tax_paid_12m >= 100000 AND si_persons < 300",
    "reg_kind = 'company' OR reg_capital >= 1000000",
    "safe_div(tax_paid_12m, si_persons) >= 2000.5",
    "reg_established_on + 730 <= :as_of",
    "tax_yoy > 0.05 OR pow_use_yoy > 0",
    "known(loan_balance) AND loan_balance <= tax_sales_12m * 2",
    "taxgrade_latest IN ('A', 'B') AND NOT arr_open_now > 0",
    "pow_use_12m BETWEEN 10000 AND 500000.5",
    "hon_high_tech OR pat_invention >= 1",
]


def criterion(text: str, name: str = "c", over: str = "profile", **more: Any) -> Criterion:
    source = {"document": "试验", "article": "一"}
    version = {"text": text, "valid_from": date(2020, 1, 1), "source": source}
    return Criterion.model_validate(
        {"id": name, "over": over, "title": Text(zh=name, en=name), "versions": [version], **more}
    )


CRITERIA = [criterion(text, f"c{number}") for number, text in enumerate(TEXTS)]


def differences() -> list[str]:
    """Where the answer for one is not the answer of the scan."""
    table = answers_of_all(CRITERIA)
    return [
        f"{one.enterprise}: {one.criterion.versions[0].text}"
        for line in table.to_pylist()
        for one in answers_of_enterprise(CRITERIA, line["enterprise"], city.TODAY)
        if one.answer is not line[one.criterion.id]
    ]


def test_one_and_all_give_the_same_answers_also_after_something_has_come(
    filled: dict[str, Any],
) -> None:
    with pytest.raises(NoProfile):
        answers_of_all(CRITERIA)
    build_profile(city.NOW, city.TODAY)
    table = answers_of_all(CRITERIA)
    assert table.column_names == ["enterprise", *(one.id for one in CRITERIA)]
    assert table["enterprise"].to_pylist() == list(range(1, 41))
    seen = {value for one in CRITERIA for value in table[one.id].to_pylist()}
    assert seen == {True, False, None}  # the cases are worth comparing
    assert differences() == []
    big = criterion("tax_paid_3m >= 90000000000", "big")
    assert enterprises_admitted(big) == []
    city.put(
        city.rows_of(
            "tax_payment",
            {"subject": 3, "event_date": date(2026, 10, 20), "amount": 9_900_000_000_000},
        )
    )
    catch_up(city.TODAY)
    assert enterprises_admitted(big) == [3]
    assert differences() == []


def test_one_enterprise_is_answered_with_version_day_reason_and_need(
    filled: dict[str, Any],
) -> None:
    found = answer_of_enterprise(criterion("re_area > 1000000000000"), 5, city.TODAY)
    assert (found.criterion.number_of(found.version), found.as_of) == (1, city.TODAY)
    assert found.outcome == Outcome.NO or found.explanation.missing
    feedless = answer_of_enterprise(criterion("known(re_area) AND re_area < 0"), 9_999, city.TODAY)
    assert feedless.outcome == Outcome.NO
    assert "未掌握" in feedless.explanation.conditions[0].sentence.zh
    one = criterion("need.amount <= 1000000 AND need.months <= 36", over="need")
    asked = {"need.amount": 500_000, "need.months": 12}
    assert answer_of_enterprise(one, 1, city.TODAY, more=asked).outcome == Outcome.YES
    assert answer_of_enterprise(one, 1, city.TODAY).outcome == Outcome.UNKNOWN
    with pytest.raises(CriterionMisused, match="not in force on 2019-12-31"):
        answer_of_enterprise(CRITERIA[0], 1, date(2019, 12, 31))
    build_profile(city.NOW, city.TODAY)
    with pytest.raises(CriteriaRefused, match="over needs"):
        answers_of_all([one])
