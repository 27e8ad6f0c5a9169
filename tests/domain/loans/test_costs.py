"""What a loan costs in a year: as worked by hand, never less for more fees."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st

from tests.domain.loans.making import fees, loans
from tests.domain.loans.worked import WorkedCost, worked_costs
from xinrong.domain.loans import (
    AllInCost,
    BadTerms,
    Deposit,
    Fee,
    FeeTime,
    LoanTerms,
    NoRate,
    RateOutOfRange,
    Repayment,
    TimedBy,
    all_in_annual_cost,
    all_in_cost,
    annual_rate_of_flows,
    schedule_of,
)
from xinrong.domain.money import yuan

TEN_THOUSAND = st.integers(10**6, 10**11).map(yuan)
#: A hundredth of a point.
CLOSE = Decimal("0.0001")
A_YEAR = LoanTerms(Decimal(100_000), Decimal("0.06"), Repayment.AT_END, months=12)


@pytest.mark.parametrize("worked", worked_costs(), ids=lambda one: one.why)
def test_a_hand_worked_loan_costs_what_was_worked_out(worked: WorkedCost) -> None:
    assert abs(float(worked.annual) - worked.recomputed) < 1e-8
    assert abs(all_in_annual_cost(worked.terms) - worked.annual) <= Decimal("0.000001")


@pytest.mark.parametrize(
    "worked", [one for one in worked_costs() if one.flows], ids=lambda one: one.why
)
def test_what_moves_is_what_was_written_down(worked: WorkedCost) -> None:
    last = worked.terms.months or worked.terms.days
    written: dict[int, Decimal] = {}
    for place, one in enumerate(worked.flows.split()):
        told, _, time = one.partition("@")
        written[int(time) if time else last * (place > 0)] = Decimal(told)
    moved: dict[int, Decimal] = {}
    for flow in schedule_of(worked.terms).flows:
        moved[flow.time] = moved.get(flow.time, Decimal(0)) + flow.yuan
    assert moved == written


@given(loans(TEN_THOUSAND))
def test_a_loan_by_months_without_fees_costs_its_monthly_rate_compounded(terms: LoanTerms) -> None:
    assume(terms.months is not None and terms.repayment is not Repayment.AT_END)
    told = all_in_cost(replace(terms, since=None, day_count=None))
    each = float(terms.rate) * terms.months_per_period / 12
    assert abs(float(told.annual) - ((1 + each) ** (12 / terms.months_per_period) - 1)) < 1e-4
    assert told.timed_by is TimedBy.MONTHS
    if terms.months_per_period == 1:
        assert abs(told.nominal - terms.rate) < CLOSE


def reckoned(terms: LoanTerms) -> AllInCost:
    """What a loan costs; one so short and dear that its rate is refused is not asked about."""
    try:
        return all_in_cost(terms)
    except RateOutOfRange:
        reject()


@given(loans(TEN_THOUSAND, fees()), fees())
def test_one_more_fee_never_makes_a_loan_cheaper(terms: LoanTerms, fee: Fee) -> None:
    dearer = replace(terms, fees=(*terms.fees, fee))
    before, after = reckoned(terms), reckoned(dearer)
    assert after.annual >= before.annual
    assert after.total >= before.total
    if after.total > before.total + 1:
        assert after.annual > before.annual


@given(loans(TEN_THOUSAND, fees()), st.integers(1, 3000))
def test_a_deposit_without_interest_never_makes_a_loan_cheaper(
    terms: LoanTerms, share: int
) -> None:
    kept = replace(terms, deposit=Deposit(share=Decimal(share) / 10_000))
    assert reckoned(kept).annual >= reckoned(terms).annual - Decimal("0.00001")


@given(loans(TEN_THOUSAND, fees(), deposits=True))
def test_the_cost_balances_what_moved(terms: LoanTerms) -> None:
    told = reckoned(terms)
    flows = schedule_of(terms).flows
    assert told.received == sum(one.yuan for one in flows if not one.time)
    assert told.total == -sum(one.yuan for one in flows)
    if terms.since is not None:
        assert told.timed_by is TimedBy.DAYS
        assert annual_rate_of_flows([(one.on, one.yuan) for one in flows]) == told.annual
        worth = sum(
            float(one.yuan) / (1 + float(told.annual)) ** ((one.on - terms.since).days / 365)
            for one in flows
        )
        assert abs(worth) <= 1e-6 * float(terms.amount)


def test_fees_that_take_everything_are_refused() -> None:
    everything = Fee("fee", FeeTime.AT_DISBURSEMENT, share=Decimal(1))
    with pytest.raises(BadTerms, match=r"fees and deposit of the first day leave 0\.00 yuan"):
        all_in_cost(replace(A_YEAR, fees=(everything,)))
    half = Fee("fee", FeeTime.AT_DISBURSEMENT, share=Decimal("0.5"))
    with pytest.raises(BadTerms, match=r"leave -10000\.00 yuan"):
        all_in_cost(replace(A_YEAR, fees=(half,), deposit=Deposit(share=Decimal("0.6"))))


def test_a_deposit_that_earns_more_than_the_loan_costs_makes_it_cheaper() -> None:
    earning = replace(A_YEAR, deposit=Deposit(share=Decimal("0.5"), rate=Decimal("0.10")))
    assert all_in_annual_cost(earning) == Decimal("0.02")  # 106,000 - 55,000 for 50,000


def test_payments_that_were_made_have_their_rate() -> None:
    began = date(2026, 1, 1)
    made = [(began + timedelta(days=365), Decimal(-106)), (began, Decimal(100))]
    assert annual_rate_of_flows(made) == Decimal("0.06")
    assert annual_rate_of_flows([*made, (began, Decimal(-50)), (began, Decimal(50))]) == Decimal(
        "0.06"
    )


@pytest.mark.parametrize(
    "flows",
    [
        [],
        [(date(2026, 1, 1), Decimal(0))],
        [(date(2026, 1, 1), Decimal(100))],
        [(date(2026, 1, 1), Decimal(-100)), (date(2026, 2, 1), Decimal(-1))],
        [(date(2026, 1, 1), Decimal(100)), (date(2026, 1, 1), Decimal(-100))],
    ],
)
def test_payments_one_way_have_no_rate(flows: list[tuple[date, Decimal]]) -> None:
    with pytest.raises(NoRate) as caught:
        annual_rate_of_flows(flows)
    assert caught.value.remedy


@given(loans(TEN_THOUSAND, fees()))
def test_the_monthly_rate_is_that_of_numpy_financial(terms: LoanTerms) -> None:
    npf = pytest.importorskip("numpy_financial")

    assume(terms.months is not None)
    by_months = replace(terms, since=None, day_count=None)
    months = [0.0] * (terms.months + 1)
    for flow in schedule_of(by_months).flows:
        months[flow.time] += float(flow.yuan)
    told = all_in_cost(by_months)
    assert abs(float(told.annual) - ((1 + npf.irr(months)) ** 12 - 1)) < 1e-6
    assert abs(float(told.nominal) - 12 * npf.irr(months)) < 1e-6
