"""What a bank does without a solver: one after the other, and one rate for everybody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from xinrong.domain.allocation.errors import NoAllocation
from xinrong.domain.allocation.plan import Allocation, Offer, best_rate, profit_of, used
from xinrong.domain.allocation.problem import Counts, Problem, RateTable
from xinrong.domain.allocation.solving import solve


def greedy(problem: Problem) -> Allocation:
    """One applicant after the other, each at the rate that earns most with it, as much as fits.

    The best of three orders: most profit for a yuan of budget first, most profit first, safest
    first. Limits of what must be at least are not looked at.
    """
    orders: Sequence[Callable[[Offer], float]] = (
        lambda one: -_worth(problem, one),
        lambda one: -profit_of(problem, one),
        lambda one: one.applicant.default,
    )
    wanted = [
        Offer(one, k, one.most)
        for one in problem.applicants
        if (k := best_rate(problem, one)) is not None and problem.margin_at(one, k) > 0
    ]
    filled = [_fill(problem, sorted(wanted, key=order)) for order in orders]
    return max(filled, key=lambda one: one.profit)


def one_rate(problem: Problem) -> Allocation:
    """The best allocation at one rate for everybody, over all rates of the table.

    Raises NoAllocation when no single rate keeps the limits.
    """
    best: Allocation | None = None
    for k, rate in enumerate(problem.table.rates):
        lost = {grade: (shares[k],) for grade, shares in problem.table.lost.items()}
        try:
            found = solve(replace(problem, table=RateTable((rate,), lost)))
        except NoAllocation:
            continue
        if best is None or found.profit > best.profit:
            best = found
    if best is None:
        raise NoAllocation("no single rate keeps all limits", remedy="Lower what must be at least.")
    return best


def _worth(problem: Problem, offer: Offer) -> float:
    """Profit for each yuan of the budget."""
    weight = (
        1.0 / offer.amount
        if problem.budget.counts is Counts.OFFERS
        else problem.weight(problem.budget, offer.applicant, offer.k)
    )
    earned = problem.kept_at(offer.applicant, offer.k) * problem.margin_at(offer.applicant, offer.k)
    return earned / weight if weight else float("inf")


def _fill(problem: Problem, wanted: Sequence[Offer]) -> Allocation:
    taken: list[Offer] = []
    left = {limit: float(limit.value) for limit in problem.all_limits if not limit.at_least}
    for one in wanted:
        amount = one.amount
        for limit, rest in left.items():
            if not limit.covers(one.applicant):
                continue
            if limit.counts is Counts.OFFERS:
                amount = amount if rest >= 1 else 0
            elif weight := problem.weight(limit, one.applicant, one.k):
                amount = min(amount, int(rest / weight))
        if amount < one.applicant.least:
            continue
        offer = replace(one, amount=amount)
        taken.append(offer)
        for limit in left:
            left[limit] -= used(problem, limit, [offer])
    return Allocation(problem, tuple(taken))
