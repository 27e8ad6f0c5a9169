"""Loans: their terms, their schedule, what they cost in a year with everything counted."""

from xinrong.domain.loans.cost import (
    AllInCost,
    TimedBy,
    all_in_annual_cost,
    all_in_cost,
    annual_rate_of_flows,
)
from xinrong.domain.loans.differing import Difference, differences
from xinrong.domain.loans.errors import BadTerms, NoRate, RateOutOfRange, SeveralRates
from xinrong.domain.loans.kept import from_kept, kept
from xinrong.domain.loans.rates import rate_of_return
from xinrong.domain.loans.schedule import Flow, Instalment, Schedule, What, schedule_of
from xinrong.domain.loans.sheet import CostSheet, Line, cost_sheet, percent
from xinrong.domain.loans.terms import (
    DayCount,
    Deposit,
    Fee,
    FeeBase,
    FeeTime,
    LoanTerms,
    Repayment,
    between,
)
from xinrong.domain.loans.written import (
    amount_from_text,
    deposit_from_text,
    fee_from_text,
    rate_from_text,
)

__all__ = [
    "AllInCost",
    "BadTerms",
    "CostSheet",
    "DayCount",
    "Deposit",
    "Difference",
    "Fee",
    "FeeBase",
    "FeeTime",
    "Flow",
    "Instalment",
    "Line",
    "LoanTerms",
    "NoRate",
    "RateOutOfRange",
    "Repayment",
    "Schedule",
    "SeveralRates",
    "TimedBy",
    "What",
    "all_in_annual_cost",
    "all_in_cost",
    "amount_from_text",
    "annual_rate_of_flows",
    "between",
    "cost_sheet",
    "deposit_from_text",
    "differences",
    "fee_from_text",
    "from_kept",
    "kept",
    "percent",
    "rate_from_text",
    "rate_of_return",
    "schedule_of",
]
