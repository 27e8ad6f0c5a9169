"""A loan as it is made against the loan as it was promised: what differs is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from tests.domain.loans.making import loans
from xinrong.domain.loans import LoanTerms, Repayment, differences, fee_from_text

PROMISED = LoanTerms(
    Decimal(500_000),
    Decimal("0.0385"),
    Repayment.EQUAL_INSTALMENTS,
    months=12,
    fees=(fee_from_text("appraisal at_disbursement 800"),),
)


@given(loans())
def test_a_loan_that_is_made_as_promised_differs_in_nothing(terms: LoanTerms) -> None:
    assert differences(terms, terms) == ()


def test_a_promise_without_a_day_is_kept_on_any_day() -> None:
    assert differences(PROMISED, replace(PROMISED, since=date(2026, 11, 23))) == ()


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"amount": Decimal(400_000)}, {"amount", "reaches the borrower", "interest in all"}),
        ({"rate": Decimal("0.0435")}, {"contract rate", "all-in annual cost", "interest in all"}),
        ({"months": 24}, {"term", "interest in all"}),
        ({"repayment": Repayment.AT_END}, {"repayment", "interest in all"}),
        ({"fees": ()}, {"fee: appraisal", "fees in all", "reaches the borrower"}),
        (
            {"fees": (*PROMISED.fees, fee_from_text("appraisal at_disbursement 500"))},
            {"fee: appraisal", "fees in all", "all-in annual cost"},
        ),
    ],
)
def test_every_term_that_is_changed_is_named(change: dict[str, Any], names: set[str]) -> None:
    found = differences(PROMISED, replace(PROMISED, **change))
    assert names <= {one.name.en for one in found}
    assert all(one.promised != one.made for one in found)


def test_a_fee_that_was_not_promised_is_told_as_none_before() -> None:
    added = replace(PROMISED, fees=(*PROMISED.fees, fee_from_text("service yearly 1%")))
    found = {one.name.en: one for one in differences(PROMISED, added)}
    assert found["fee: service"].promised.zh == "（无）"
    assert "5,000.00" in found["fee: service"].made.en
