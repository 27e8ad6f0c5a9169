"""The schedule of a loan for people: each payment with its day, its parts and what is then owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate

from xinrong.domain.loans.planning import Charge, Plan, charges_of, day_of, deposit_back, plan_of
from xinrong.domain.loans.terms import FeeTime, LoanTerms
from xinrong.domain.money import yuan


class What(StrEnum):
    """What money moves for."""

    PRINCIPAL_OUT = "principal_out"
    DEPOSIT_KEPT = "deposit_kept"
    PRINCIPAL = "principal"
    INTEREST = "interest"
    FEE = "fee"
    DEPOSIT_BACK = "deposit_back"


@dataclass(frozen=True)
class Instalment:
    """One payment, in yuan. `time` is in months or days from disbursement, as the term is."""

    number: int
    time: int
    on: date | None
    principal: Decimal
    interest: Decimal
    fees: Decimal
    owed_after: Decimal

    @property
    def total(self) -> Decimal:
        """What the borrower pays."""
        return self.principal + self.interest + self.fees


@dataclass(frozen=True)
class Flow:
    """One movement of money, in yuan: above 0 the borrower receives, below 0 it pays."""

    time: int
    on: date | None
    what: What
    yuan: Decimal
    name: str = ""


@dataclass(frozen=True)
class Schedule:
    """All payments of a loan. Fees that fall between two payments are in `flows` alone."""

    terms: LoanTerms
    instalments: tuple[Instalment, ...]
    flows: tuple[Flow, ...]


def schedule_of(terms: LoanTerms) -> Schedule:
    """The schedule of a loan."""
    plan = plan_of(terms)
    charges = charges_of(terms, plan)
    return Schedule(terms, _instalments(terms, plan, charges), tuple(_flows(terms, plan, charges)))


def _instalments(terms: LoanTerms, plan: Plan, charges: list[Charge]) -> tuple[Instalment, ...]:
    taken: dict[int, int] = {}
    for one in charges:
        if one.fee.when is not FeeTime.AT_DISBURSEMENT and one.time:
            taken[one.time] = taken.get(one.time, 0) + one.fen
    back = accumulate(plan.principal)
    return tuple(
        Instalment(
            number,
            time,
            day_of(terms, time),
            yuan(principal),
            yuan(interest),
            yuan(taken.get(time, 0)),
            yuan(terms.amount_fen - paid),
        )
        for number, (time, principal, interest, paid) in enumerate(
            zip(plan.times, plan.principal, plan.interest, back, strict=True), 1
        )
    )


def _flows(terms: LoanTerms, plan: Plan, charges: list[Charge]) -> list[Flow]:
    held, last = terms.held_fen, plan.times[-1]
    told: list[tuple[int, What, int, str]] = [(0, What.PRINCIPAL_OUT, terms.amount_fen, "")]
    if held:
        told.append((0, What.DEPOSIT_KEPT, -held, ""))
    told += [(one.time, What.FEE, -one.fen, one.fee.name) for one in charges]
    for time, principal, interest in zip(plan.times, plan.principal, plan.interest, strict=True):
        told += [(time, What.PRINCIPAL, -principal, ""), (time, What.INTEREST, -interest, "")]
    if held:
        told.append((last, What.DEPOSIT_BACK, deposit_back(terms, plan), ""))
    told.sort(key=lambda one: one[0])
    return [
        Flow(time, day_of(terms, time), what, yuan(one), name)
        for time, what, one, name in told
        if one
    ]
