"""The cost sheet: everything that is paid, in both languages, on a page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given

from tests.domain.loans.making import fees, loans
from xinrong.domain.loans import (
    LoanTerms,
    Repayment,
    cost_sheet,
    deposit_from_text,
    fee_from_text,
)

TERMS = LoanTerms(
    Decimal(500_000),
    Decimal("0.0385"),
    Repayment.INTEREST_FIRST,
    months=24,
    since=date(2026, 3, 1),
    fees=(fee_from_text("担保费 yearly 1% balance"), fee_from_text("评估费 at_disbursement 800")),
    deposit=deposit_from_text("10% 0.5%"),
)


def test_a_sheet_says_what_arrives_what_is_paid_and_what_it_costs() -> None:
    told = cost_sheet(TERMS).as_text("zh")
    for line in (
        "贷款金额", "500,000.00 元", "24 个月（2026-03-01 至 2028-03-01）", "3.85 %", "先息后本",
        "费用：担保费", "10,000.00 元（每年年初余额的 1 % × 2）", "费用：评估费", "留存保证金",
        "50,000.00 元", "50,500.00 元", "444,200.00 元", "综合年化成本", "内部收益率",
    ):  # fmt: skip
        assert line in told
    english = cost_sheet(TERMS).as_text("en")
    assert "CNY 444,200.00" in english
    assert "all-in annual cost" in english


def test_a_sheet_stays_on_a_page() -> None:
    longest = replace(TERMS, months=600, repayment=Repayment.EQUAL_INSTALMENTS, since=None)
    told = cost_sheet(longest).as_text("en").splitlines()
    assert len(told) < 40
    assert max(map(len, told)) <= 100


@given(loans(fee=fees()))
def test_every_sheet_is_written_in_both_languages(terms: LoanTerms) -> None:
    try:
        sheet = cost_sheet(terms)
    except Exception as error:  # noqa: BLE001
        assert getattr(error, "remedy", "")  # noqa: PT017
        return
    assert sheet.as_text("zh")
    assert all(ord(char) < 128 or char in "…×" for char in sheet.as_text("en"))
