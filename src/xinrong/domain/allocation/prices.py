"""What a limit costs, and what the answer owes to what is only assumed.

The price of a limit is found by solving again with a little more room: a hundredth of it, or one
more offer. That is what a bank would do with the room: other applicants, other rates. The shadow
price of a linear program with the decisions held fast would say less: nobody could be added.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from xinrong.domain.allocation.plan import Allocation
from xinrong.domain.allocation.problem import Counts, Economics, Limit
from xinrong.domain.allocation.solving import GAP, SECONDS, solve

_STEP = Decimal("0.01")


@dataclass(frozen=True)
class Price:
    """What one more unit of a limit is expected to earn in the year: yuan a yuan, or an offer.

    `step` is the room that was added, `earned` what it earned. For what must be at least, room is
    a lower floor.
    """

    limit: Limit
    step: Decimal
    earned: float

    @property
    def each(self) -> float:
        """For each unit."""
        return self.earned / float(self.step)


@dataclass(frozen=True)
class Tried:
    """Another loss given default or cost of funds: the best plan then, and this one unchanged.

    `kept` may earn more than `best`: where it then oversteps a limit of expected loss.
    """

    economics: Economics
    best: Allocation
    kept: Allocation

    @property
    def breaks(self) -> tuple[Limit, ...]:
        """The limits that the unchanged plan then oversteps."""
        return tuple(use.limit for use in self.kept.uses if not use.is_kept)


def prices(found: Allocation) -> list[Price]:
    """The price of the budget and of each limit. Raises what `solve` raises."""
    return [price(found, limit) for limit in found.problem.all_limits]


def sensitivity(
    found: Allocation,
    losses: Iterable[float],
    costs: Iterable[float],
    *,
    gap: float = GAP,
    seconds: float = SECONDS,
) -> list[Tried]:
    """The best plan for each loss given default and cost of funds, beside this plan unchanged.

    Raises BadProblem for a share that is none, and what `solve` raises.
    """
    tried = []
    funds = list(costs)
    for loss in losses:
        for cost in funds:
            economics = Economics(loss, cost)
            problem = replace(found.problem, economics=economics)
            best = solve(problem, gap=gap, seconds=seconds)
            tried.append(Tried(economics, best, Allocation(problem, found.offers)))
    return tried


def price(found: Allocation, limit: Limit, *, gap: float = GAP, seconds: float = SECONDS) -> Price:
    """The price of one of the problem's limits. Raises what `solve` raises."""
    step = (
        Decimal(1)
        if limit.counts is Counts.OFFERS
        else max(Decimal(1), (limit.value * _STEP).to_integral_value())
    )
    moved = max(Decimal(0), limit.value - step) if limit.at_least else limit.value + step
    step = abs(moved - limit.value) or Decimal(1)
    wider = replace(limit, value=moved)
    problem = found.problem
    if limit is problem.budget:
        problem = replace(problem, budget=wider)
    else:
        limits = tuple(wider if one is limit else one for one in problem.limits)
        problem = replace(problem, limits=limits)
    earned = solve(problem, gap=gap, seconds=seconds).profit - found.profit
    # More room never earns less; what looks so is within the solver's gap and whole yuan.
    return Price(limit, step, max(0.0, earned))
