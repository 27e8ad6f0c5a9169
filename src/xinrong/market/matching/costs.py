"""What a product costs a year, everything counted, for a sum and a term (`domain.loans`)."""

from __future__ import annotations

from decimal import Decimal

from xinrong.domain.loans import (
    BadTerms,
    Deposit,
    Fee,
    LoanTerms,
    NoRate,
    RateOutOfRange,
    SeveralRates,
    all_in_annual_cost,
)
from xinrong.market.products.definitions import Terms

#: Where every fee is a share, the cost is that of any sum: it is reckoned for this one.
STANDARD = Decimal(1_000_000)
_HUNDRED = Decimal(100)


def loan_of(terms: Terms, rate: Decimal, amount: Decimal, months: int) -> LoanTerms:
    """The loan that a product makes at a rate (percent). Raises BadTerms."""
    share = terms.deposit_percent
    return LoanTerms(
        amount,
        rate / _HUNDRED,
        terms.repayment,
        months=months,
        months_per_period=terms.months_per_period,
        fees=tuple(
            Fee(
                one.title.zh,
                one.when,
                share=None if one.percent is None else one.percent / _HUNDRED,
                yuan=one.yuan,
                of=one.of,
            )
            for one in terms.fees
        ),
        deposit=None if share is None else Deposit(share=share / _HUNDRED),
    )


def cost_of(terms: Terms, rate: Decimal, amount: Decimal, months: int) -> Decimal | None:
    """The all-in annual cost in percent; None where fees leave nothing that could be reckoned."""
    try:
        annual = all_in_annual_cost(loan_of(terms, rate, amount, months))
    except (BadTerms, NoRate, RateOutOfRange, SeveralRates):
        return None
    return annual * _HUNDRED
