"""Terms: what no loan can be is refused, and says which term and what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from xinrong.domain.loans import (
    BadTerms,
    DayCount,
    Deposit,
    Fee,
    FeeBase,
    FeeTime,
    LoanTerms,
    Repayment,
    amount_from_text,
    between,
    deposit_from_text,
    fee_from_text,
    rate_from_text,
)

GOOD = LoanTerms(Decimal(100_000), Decimal("0.0385"), Repayment.AT_END, months=12)
ONE = Decimal("0.01")


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("amount", {"amount": Decimal(0)}),
        ("amount", {"amount": Decimal(-1)}),
        ("amount", {"amount": Decimal(10) ** 12}),
        ("amount", {"amount": Decimal("0.001")}),
        ("amount", {"amount": Decimal("NaN")}),
        ("amount", {"amount": Decimal("Infinity")}),
        ("rate", {"rate": Decimal(0)}),
        ("rate", {"rate": Decimal("-0.01")}),
        ("rate", {"rate": Decimal("3.85")}),
        ("rate", {"rate": Decimal("NaN")}),
        ("rate", {"interest_free": True}),
        ("term", {"months": None}),
        ("term", {"months": 0}),
        ("term", {"months": -12}),
        ("term", {"months": 601}),
        ("term", {"days": 30}),
        ("term", {"months": None, "days": 0}),
        ("term", {"months": None, "days": 90, "repayment": Repayment.INTEREST_FIRST}),
        ("term", {"since": date(9990, 1, 1)}),
        ("period", {"months_per_period": 5}),
        ("period", {"months_per_period": 0}),
        ("day_count", {"day_count": DayCount.ACTUAL_360}),
        ("deposit", {"deposit": Deposit(share=Decimal(1))}),
        ("deposit", {"deposit": Deposit(yuan=Decimal(100_000))}),
    ],
)
def test_terms_of_no_loan_are_refused_by_name(field: str, change: dict[str, Any]) -> None:
    with pytest.raises(BadTerms) as caught:
        replace(GOOD, **change)
    assert caught.value.place.field == field
    assert caught.value.remedy


@pytest.mark.parametrize(
    "make",
    [
        lambda: Fee("f", FeeTime.AT_END),
        lambda: Fee("f", FeeTime.AT_END, share=ONE, yuan=ONE),
        lambda: Fee("f", FeeTime.AT_END, share=-ONE),
        lambda: Fee("f", FeeTime.AT_END, share=Decimal(2)),
        lambda: Fee("f", FeeTime.AT_END, yuan=Decimal(-5)),
        lambda: Fee("f", FeeTime.AT_END, yuan=Decimal("0.001")),
        lambda: Fee("f", FeeTime.AT_END, yuan=Decimal(10) ** 12),
        lambda: Fee("f", FeeTime.AT_END, share=ONE, of=FeeBase.BALANCE),
        lambda: Fee("f", FeeTime.YEARLY, yuan=ONE, of=FeeBase.BALANCE),
        Deposit,
        lambda: Deposit(share=ONE, yuan=ONE),
        lambda: Deposit(share=Decimal(0)),
        lambda: Deposit(share=-ONE),
        lambda: Deposit(share=ONE, rate=-ONE),
        lambda: fee_from_text(""),
        lambda: fee_from_text("1%"),
        lambda: fee_from_text("sometimes 1%"),
        lambda: fee_from_text("yearly much"),
        lambda: fee_from_text("yearly -1%"),
        lambda: deposit_from_text(""),
        lambda: deposit_from_text("a lot"),
        lambda: deposit_from_text("1% 2% 3%"),
        lambda: rate_from_text("0.0385"),
        lambda: rate_from_text("high"),
        lambda: rate_from_text("=3.85"),
        lambda: amount_from_text("1,00"),
        lambda: amount_from_text("ten"),
        lambda: between(
            date(2026, 3, 1), date(2026, 3, 1), Decimal(1), Decimal("0.05"), Repayment.AT_END
        ),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(make: Any) -> None:
    with pytest.raises(BadTerms) as caught:
        make()
    assert caught.value.place.field
    assert caught.value.remedy


def test_terms_are_read_as_people_write_them() -> None:
    assert rate_from_text("3.85") == rate_from_text("3.85 %".replace(" ", "")) == Decimal("0.0385")
    assert rate_from_text("３．８５％") == Decimal("0.0385")
    assert rate_from_text("0.2%") == Decimal("0.002")
    assert rate_from_text("0") == 0
    assert amount_from_text("500,000.50") == Decimal("500000.5")
    assert fee_from_text("guarantee fee yearly 1% balance") == Fee(
        "guarantee fee", FeeTime.YEARLY, share=ONE, of=FeeBase.BALANCE
    )
    assert fee_from_text("担保费 每年 1% 余额").of is FeeBase.BALANCE
    assert fee_from_text("at_disbursement 800") == Fee(
        "", FeeTime.AT_DISBURSEMENT, yuan=Decimal(800)
    )
    assert deposit_from_text("20% 1.5%") == Deposit(share=Decimal("0.2"), rate=Decimal("0.015"))
    assert deposit_from_text("5000") == Deposit(yuan=Decimal(5000))


def test_an_interest_free_loan_is_one_that_says_so() -> None:
    assert replace(GOOD, rate=Decimal(0), interest_free=True).rate == 0


def test_the_largest_amount_below_a_million_million_is_a_loan() -> None:
    assert replace(GOOD, amount=Decimal(10) ** 12 - ONE).amount_fen == 10**14 - 1
