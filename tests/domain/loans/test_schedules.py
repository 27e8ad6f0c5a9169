"""Schedules: what is lent comes back to the fen, on days that the calendar has."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given

from tests.domain.loans.making import fees, loans
from tests.domain.loans.worked import WorkedSchedule, worked_schedules
from xinrong.domain.loans import (
    Fee,
    FeeBase,
    FeeTime,
    LoanTerms,
    Repayment,
    What,
    between,
    schedule_of,
)


@pytest.mark.parametrize("worked", worked_schedules(), ids=lambda one: one.why)
def test_a_hand_worked_loan_is_paid_as_worked(worked: WorkedSchedule) -> None:
    told = schedule_of(worked.terms).instalments
    assert [(one.principal, one.interest, one.owed_after) for one in told] == worked.payments


@given(loans(fee=fees(), deposits=True))
def test_the_principal_comes_back_exactly(terms: LoanTerms) -> None:
    told = schedule_of(terms).instalments
    assert sum(one.principal for one in told) == terms.amount
    assert told[-1].owed_after == 0
    owed = terms.amount
    for one in told:
        assert one.principal >= 0
        assert one.interest >= 0
        owed -= one.principal
        assert one.owed_after == owed
        assert one.total == one.principal + one.interest + one.fees


@given(loans(fee=fees(), deposits=True))
def test_the_flows_are_the_payments(terms: LoanTerms) -> None:
    told = schedule_of(terms)
    sums = {what: sum(one.yuan for one in told.flows if one.what is what) for what in What}
    assert sums[What.PRINCIPAL_OUT] == terms.amount == -sums[What.PRINCIPAL]
    assert sums[What.INTEREST] == -sum(one.interest for one in told.instalments)
    assert sums[What.DEPOSIT_KEPT] == -sums[What.DEPOSIT_BACK]
    assert -sums[What.FEE] >= sum(one.fees for one in told.instalments)
    assert [one.time for one in told.flows] == sorted(one.time for one in told.flows)


@given(loans())
def test_days_of_payment_rise_and_end_with_the_term(terms: LoanTerms) -> None:
    told = schedule_of(terms).instalments
    assert told[-1].time == (terms.months or terms.days)
    days = [one.on for one in told if one.on is not None]
    assert days == sorted(set(days))
    assert len(days) == (len(told) if terms.since else 0)


@given(loans())
def test_equal_instalments_are_equal_but_for_the_last(terms: LoanTerms) -> None:
    if terms.since is None and terms.months is None:
        return
    told = schedule_of(replace(terms, repayment=Repayment.EQUAL_INSTALMENTS)).instalments
    if terms.amount >= 10_000:
        assert len({one.total for one in told[:-1]}) <= 1
        assert abs(told[-1].total - told[0].total) <= Decimal("0.01") * 2 ** len(told)
    if terms.months is not None and terms.since is None and terms.amount >= 10_000:
        assert abs(told[-1].total - told[0].total) <= Decimal("0.05") * len(told)


def test_the_last_days_of_months_are_kept() -> None:
    terms = LoanTerms(
        Decimal(1000), Decimal("0.06"), Repayment.INTEREST_FIRST, months=4, since=date(2027, 10, 31)
    )
    assert [str(one.on) for one in schedule_of(terms).instalments] == [
        "2027-11-30",
        "2027-12-31",
        "2028-01-31",
        "2028-02-29",
    ]


def test_a_yearly_fee_is_taken_at_the_start_of_each_year_that_begins() -> None:
    fee = Fee("guarantee", FeeTime.YEARLY, share=Decimal("0.01"), of=FeeBase.BALANCE)
    terms = LoanTerms(
        Decimal(30_000), Decimal("0.06"), Repayment.EQUAL_PRINCIPAL, months=30, fees=(fee,)
    )
    taken = [(one.time, one.yuan) for one in schedule_of(terms).flows if one.what is What.FEE]
    assert taken == [(0, Decimal(-300)), (12, Decimal(-180)), (24, Decimal(-60))]
    assert not [one for one in schedule_of(replace(terms, months=12)).flows
                if one.what is What.FEE and one.time]  # fmt: skip


def test_a_loan_between_two_days_counts_its_days() -> None:
    terms = between(
        date(2026, 1, 15), date(2026, 3, 1), Decimal(100_000), Decimal("0.036"), Repayment.AT_END
    )
    assert schedule_of(terms).instalments[0].interest == Decimal(450)
    assert schedule_of(terms).instalments[0].on == date(2026, 3, 1)
