"""How much to lend to whom at what rate, within a budget and limits, and what each limit costs."""

from xinrong.domain.allocation.baselines import greedy, one_rate
from xinrong.domain.allocation.errors import BadProblem, NoAllocation, NotSolved
from xinrong.domain.allocation.plan import Allocation, Offer, Row, Use, Why
from xinrong.domain.allocation.prices import Price, Tried, price, prices, sensitivity
from xinrong.domain.allocation.problem import (
    Applicant,
    Counts,
    Economics,
    Limit,
    Problem,
    RateTable,
)
from xinrong.domain.allocation.solving import GAP, SECONDS, solve

__all__ = [
    "GAP",
    "SECONDS",
    "Allocation",
    "Applicant",
    "BadProblem",
    "Counts",
    "Economics",
    "Limit",
    "NoAllocation",
    "NotSolved",
    "Offer",
    "Price",
    "Problem",
    "RateTable",
    "Row",
    "Tried",
    "Use",
    "Why",
    "greedy",
    "one_rate",
    "price",
    "prices",
    "sensitivity",
    "solve",
]
