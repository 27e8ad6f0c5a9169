"""What a loan costs in a year, everything counted: the rate of return of its actual payments.

The People's Bank's notice on showing the yearly rate of loans (中国人民银行公告〔2021〕第3号) has
every lender show a yearly rate over all costs of the loan, interest and fees, on the principal
that is really at the borrower's disposal, by the internal rate of return; a rate counted without
compounding must be called so (the notice's text was not at hand: *inferred*). `annual` is that
rate, compounded. `nominal`, twelve times the monthly rate of return, is the one without
compounding; it is shown beside `annual` and never instead of it.

With a first day the payments count by days/365, as spreadsheets' XIRR does; without one by
months/12, as a monthly IRR compounded over twelve months.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from xinrong.domain.loans.errors import BadTerms, NoRate
from xinrong.domain.loans.planning import (
    Charge,
    Plan,
    charges_of,
    deposit_back,
    plan_of,
    years_of,
)
from xinrong.domain.loans.rates import rate_of_return
from xinrong.domain.loans.terms import LoanTerms
from xinrong.domain.money import fen, yuan


class TimedBy(StrEnum):
    """What the yearly cost counts time by."""

    DAYS = "days"
    """Days over 365."""
    MONTHS = "months"
    """Months over 12."""


@dataclass(frozen=True)
class AllInCost:
    """What a loan costs. Rates are fractions to eight places, sums yuan.

    `received` is what reaches the borrower on the first day: the amount without the fees taken
    then and without the deposit. `fees` is all fees, `deposit_back` what of the deposit comes
    back with its interest. `nominal` is None for terms in days.
    """

    annual: Decimal
    nominal: Decimal | None
    timed_by: TimedBy
    received: Decimal
    interest: Decimal
    fees: Decimal
    kept: Decimal
    deposit_back: Decimal

    @property
    def total(self) -> Decimal:
        """What the loan costs in all, in yuan: interest and fees less the deposit's interest."""
        return self.interest + self.fees - (self.deposit_back - self.kept)


def all_in_annual_cost(terms: LoanTerms) -> Decimal:
    """The effective yearly rate of a loan, as a fraction to eight places.

    Raises BadTerms when nothing reaches the borrower, SeveralRates, RateOutOfRange.
    """
    plan = plan_of(terms)
    net = _net(terms, plan, charges_of(terms, plan))
    return _annual(terms, net)


def all_in_cost(terms: LoanTerms) -> AllInCost:
    """The cost of a loan with its parts. Raises what `all_in_annual_cost` raises."""
    plan = plan_of(terms)
    charges = charges_of(terms, plan)
    net = _net(terms, plan, charges)
    return AllInCost(
        annual=_annual(terms, net),
        nominal=_nominal(terms, net),
        timed_by=TimedBy.MONTHS if terms.months and terms.since is None else TimedBy.DAYS,
        received=yuan(net[0]),
        interest=yuan(sum(plan.interest)),
        fees=yuan(sum(one.fen for one in charges)),
        kept=yuan(terms.held_fen),
        deposit_back=yuan(deposit_back(terms, plan)),
    )


def annual_rate_of_flows(flows: Sequence[tuple[date, Decimal]]) -> Decimal:
    """The effective yearly rate of payments that were really made, by days/365 (XIRR).

    Sums are yuan: above 0 the borrower received, below 0 it paid; the order does not matter.
    Raises NoRate, SeveralRates, RateOutOfRange, and ValueError for parts of a fen.
    """
    net: dict[date, int] = {}
    for day, one in flows:
        net[day] = net.get(day, 0) + fen(one)
    days = sorted(day for day, one in net.items() if one)
    if not days:
        raise NoRate("no money moved", remedy="Give the disbursement and the payments.")
    times = [(day - days[0]).days / 365 for day in days]
    return _rounded(rate_of_return(times, [net[day] for day in days]))


def _net(terms: LoanTerms, plan: Plan, charges: list[Charge]) -> dict[int, int]:
    """What moves at each time, in fen, in order of time."""
    held = terms.held_fen
    net = {0: terms.amount_fen - held}
    for time, principal, interest in zip(plan.times, plan.principal, plan.interest, strict=True):
        net[time] = -principal - interest
    for one in charges:
        net[one.time] = net.get(one.time, 0) - one.fen
    if held:
        net[plan.times[-1]] += deposit_back(terms, plan)
    if net[0] <= 0:
        raise BadTerms(
            "fees",
            f"fees and deposit of the first day leave {yuan(net[0])} yuan of the amount",
            "Look at the fees: nothing would reach the borrower.",
        )
    return net if len(net) == len(plan.times) + 1 else dict(sorted(net.items()))


def _annual(terms: LoanTerms, net: dict[int, int]) -> Decimal:
    times = [years_of(terms, time) for time in net]
    return _rounded(rate_of_return(times, list(net.values())))


def _nominal(terms: LoanTerms, net: dict[int, int]) -> Decimal | None:
    if terms.months is None:
        return None
    yearly = rate_of_return([time / 12 for time in net], list(net.values()))
    return _rounded(12 * ((1 + yearly) ** (1 / 12) - 1))


def _rounded(rate: float) -> Decimal:
    return Decimal(f"{rate:.8f}")
