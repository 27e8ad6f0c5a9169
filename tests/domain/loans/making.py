"""Loans made at random, of every kind of repayment, term, fee and deposit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from xinrong.domain.loans import (
    DayCount,
    Deposit,
    Fee,
    FeeBase,
    FeeTime,
    LoanTerms,
    Repayment,
)
from xinrong.domain.money import yuan

AMOUNTS = st.integers(1, 10**13).map(yuan)
RATES = st.integers(1, 3600).map(lambda one: Decimal(one) / 10_000)
SHARES = st.integers(0, 500).map(lambda one: Decimal(one) / 10_000)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@st.composite
def fees(draw: st.DrawFn) -> Fee:
    when = draw(st.sampled_from(FeeTime))
    running = when in (FeeTime.YEARLY, FeeTime.EACH_PERIOD)
    of = draw(st.sampled_from(FeeBase)) if running else FeeBase.AMOUNT
    share = draw(SHARES)
    if when is FeeTime.EACH_PERIOD:
        share /= 10
    return Fee(f"fee {draw(st.integers(1, 9))}", when, share=share, of=of)


@st.composite
def loans(
    draw: st.DrawFn,
    amounts: st.SearchStrategy[Decimal] = AMOUNTS,
    fee: st.SearchStrategy[Fee] | None = None,
    deposits: bool = False,
) -> LoanTerms:
    """Terms that a loan can have; without fees and deposit unless asked for."""
    since = draw(st.none() | DAYS)
    in_months = draw(st.booleans())
    each = draw(st.sampled_from([1, 3]))
    repayment = draw(st.sampled_from(Repayment))
    if in_months:
        counting = draw(st.sampled_from(DayCount)) if since else None
    else:
        counting = draw(st.none() | st.sampled_from(DayCount))
        repayment = repayment if since else Repayment.AT_END
    share = draw(st.integers(1, 3000)) if deposits and draw(st.booleans()) else 0
    return LoanTerms(
        amount=draw(amounts),
        rate=draw(RATES),
        repayment=repayment,
        months=draw(st.integers(1, 20)) * each if in_months else None,
        days=None if in_months else draw(st.integers(1, 1500)),
        since=since,
        months_per_period=each,
        day_count=counting,
        fees=tuple(draw(st.lists(fee, max_size=4))) if fee is not None else (),
        deposit=Deposit(share=Decimal(share) / 10_000) if share else None,
    )
