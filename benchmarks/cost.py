"""What loans cost in a year, against hand-worked cases and against numpy-financial's irr.

`max_error_points` is the largest difference, in percentage points, between `annual` and the figure
of a hand-worked case, the compounded irr of a loan timed in months, or (for a loan with dates)
the root that SciPy's brentq finds for the same payments by days/365. Random loans are of every
kind of repayment, term, fee and deposit; irr of numpy-financial looks at all roots of a polynomial,
so that loans of at most five years are put to it. `cost_us` is one cost of a monthly loan of three
years with two fees.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

from benchmarks.harness import Figure
from tests.domain.loans.worked import worked_costs
from xinrong.domain.loans import (
    DayCount,
    Deposit,
    Fee,
    FeeBase,
    FeeTime,
    LoanTerms,
    Repayment,
    all_in_annual_cost,
    all_in_cost,
    schedule_of,
)
from xinrong.domain.money import yuan

SEED = 20261122
LOANS = 2_000


def run(small: bool) -> list[Figure]:
    """The figures; with `small` a tenth of the random loans."""
    cases = worked_costs()
    by_hand = max(abs(all_in_annual_cost(one.terms) - one.annual) for one in cases)
    wanted = LOANS // 10 if small else LOANS
    made = list(islice(random_loans(random.Random(SEED)), wanted))
    undated = [one for one in made if one.since is None and one.months]
    dated = [one for one in made if one.since is not None]
    by_irr = max(abs(float(all_in_cost(one).annual) - by_numpy_financial(one)) for one in undated)
    by_root = max(abs(float(all_in_cost(one).annual) - by_brentq(one)) for one in dated)
    return [
        Figure("max_error_points", 100 * max(float(by_hand), by_irr, by_root), "points", "<= 0.01"),
        Figure("hand_worked", len(cases), "cases"),
        Figure("hand_worked_max_error_points", 100 * float(by_hand), "points"),
        Figure("against_numpy_financial", len(undated), "loans"),
        Figure("numpy_financial_max_error_points", 100 * by_irr, "points"),
        Figure("against_brentq_by_days", len(dated), "loans"),
        Figure("brentq_max_error_points", 100 * by_root, "points"),
        Figure("cost_us", microseconds(), "us"),
    ]


def random_loans(chance: random.Random) -> Iterator[LoanTerms]:
    """Loans of every kind, without end."""
    while True:
        since = date(2024, 1, 1) + timedelta(days=chance.randrange(1500))
        with_dates = chance.random() < 0.5
        each = chance.choice((1, 1, 3))
        in_days = with_dates and chance.random() < 0.3
        fees = tuple(random_fee(chance) for _ in range(chance.randrange(4)))
        kept = Deposit(share=Decimal(chance.randrange(1, 30)) / 100)
        yield LoanTerms(
            amount=yuan(chance.randrange(10**6, 10**11)),
            rate=Decimal(chance.randrange(200, 2400)) / 10_000,
            repayment=chance.choice(list(Repayment)),
            months=None if in_days else each * chance.randrange(1, 21),
            days=chance.randrange(3, 1500) if in_days else None,
            since=since if with_dates else None,
            months_per_period=each,
            day_count=chance.choice(list(DayCount)) if with_dates else None,
            fees=fees,
            deposit=kept if chance.random() < 0.2 else None,
        )


def random_fee(chance: random.Random) -> Fee:
    """A fee of any kind, of up to 2 % or 2,000 yuan."""
    when = chance.choice(list(FeeTime))
    running = when in (FeeTime.YEARLY, FeeTime.EACH_PERIOD)
    if chance.random() < 0.3:
        return Fee("fee", when, yuan=yuan(chance.randrange(200_000)))
    share = Decimal(chance.randrange(20 if running else 200)) / 10_000
    return Fee("fee", when, share=share, of=chance.choice(list(FeeBase)) if running else
               FeeBase.AMOUNT)  # fmt: skip


def by_numpy_financial(terms: LoanTerms) -> float:
    """The irr of the monthly payments, compounded over a year."""
    import numpy_financial

    months = [0.0] * ((terms.months or 0) + 1)
    for flow in schedule_of(terms).flows:
        months[flow.time] += float(flow.yuan)
    return float((1 + numpy_financial.irr(months)) ** 12 - 1)


def by_brentq(terms: LoanTerms) -> float:
    """The root of the payments' worth by days/365."""
    from scipy.optimize import brentq

    since = terms.since
    assert since is not None
    flows = [
        ((one.on - since).days / 365, float(one.yuan))
        for one in schedule_of(terms).flows
        if one.on is not None
    ]

    def worth(rate: float) -> float:
        return float(sum(one / (1 + rate) ** time for time, one in flows))

    high = 1.0
    while worth(high) < 0:
        high *= 4
    return float(brentq(worth, 0.0, high, xtol=1e-13, rtol=1e-14))


def microseconds() -> float:
    """One cost of a usual loan."""
    fees = (
        Fee("guarantee", FeeTime.YEARLY, share=Decimal("0.01"), of=FeeBase.BALANCE),
        Fee("appraisal", FeeTime.AT_DISBURSEMENT, yuan=Decimal(800)),
    )
    terms = LoanTerms(
        Decimal(500_000), Decimal("0.0385"), Repayment.EQUAL_INSTALMENTS, months=36, fees=fees
    )
    began = time.perf_counter()
    for _ in range(500):
        all_in_annual_cost(terms)
    return (time.perf_counter() - began) / 500 * 1e6
