"""The best allocation, by SciPy's `milp` (HiGHS): proven to a gap, not hoped for.

For each applicant and rate a binary says whether it is offered, and a sum what is offered above
the least loan: offered = least * binary + sum, sum <= room * binary; at most one rate for each
applicant. Most of these choices never matter. A linear program prices the limits; at those prices
each choice falls short of its applicant's best by so much, and no allocation with the choice earns
more than the program's bound less that. So the few choices that fall short least are solved, and
the others stay out only when their bound lies below what was found: nothing is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from xinrong.domain.allocation.arrays import (
    UNIT,
    Arrays,
    Choice,
    Numbers,
    arrays_of,
    choices_of,
)
from xinrong.domain.allocation.errors import NoAllocation, NotSolved
from xinrong.domain.allocation.plan import Allocation, Offer
from xinrong.domain.allocation.problem import Problem

#: The relative gap that is asked of the solver: a tenth of a yuan in a million.
GAP = 1e-7
#: Seconds after which the best so far is taken.
SECONDS = 60.0
#: Choices of each applicant, on average, that are solved first.
_FIRST = 3
_SOLVED, _OUT_OF_TIME, _INFEASIBLE = 0, 1, 2


def solve(problem: Problem, *, gap: float = GAP, seconds: float = SECONDS) -> Allocation:
    """The allocation that is expected to earn most within the limits.

    Raises NoAllocation when no allocation keeps them all, NotSolved when time ran out before one
    was found.
    """
    choices = choices_of(problem)
    if not choices:
        return _nothing(problem)
    arrays = arrays_of(problem, choices)
    bound, short = _shortfalls(arrays)
    most = _FIRST * (int(arrays.person.max()) + 1)
    few = np.sort(np.argsort(short, kind="stable")[:most])
    found = _milp(arrays.of(few), gap, seconds)
    earned = -found.fun if found.x is not None else -np.inf
    matters = np.flatnonzero(bound - short > earned - gap * abs(earned))
    if not set(matters) <= set(few):
        few = np.union1d(few, matters)
        found = _milp(arrays.of(few), gap, seconds)
    _raise_for(found, seconds)
    left_out = np.delete(short, few)
    beyond = bound - left_out.min() if len(left_out) else -np.inf
    offers = _offers([choices[place] for place in few], found.x)
    return Allocation(problem, tuple(offers), max(-found.mip_dual_bound, beyond) * UNIT)


def _nothing(problem: Problem) -> Allocation:
    empty = Allocation(problem, (), 0.0)
    if not all(use.is_kept for use in empty.uses):
        raise NoAllocation(
            "nobody can be lent to, and something must be", remedy="Lower what must be at least."
        )
    return empty


def _raise_for(found: Any, seconds: float) -> None:
    if found.status == _INFEASIBLE:
        raise _impossible()
    if found.x is None or found.status not in (_SOLVED, _OUT_OF_TIME):
        raise NotSolved(
            f"the solver found nothing in {seconds:.0f} seconds: {found.message}",
            remedy="Give it more time, or fewer rates.",
        )


def _impossible() -> NoAllocation:
    return NoAllocation(
        "no allocation keeps all limits at once",
        remedy="Lower what must be at least, or raise what may be at most.",
    )


def _shortfalls(arrays: Arrays) -> tuple[float, Numbers]:
    """The bound of the linear program, and how far each choice falls short of its applicant's best.

    The bound holds for any prices that are not negative: for each applicant the best choice at
    the prices, or none, and the worth of all limits.
    """
    prices = _prices(arrays)
    a_unit = arrays.earned - prices @ arrays.weights
    worth = a_unit * arrays.least + np.maximum(a_unit, 0) * arrays.room - prices @ arrays.counts
    best = np.zeros(int(arrays.person.max()) + 1)
    np.maximum.at(best, arrays.person, worth)
    return float(prices @ arrays.values + best.sum()), best[arrays.person] - worth


def _prices(arrays: Arrays) -> Numbers:
    """The prices of the limits by the linear program over least and largest loans.

    Raises NoAllocation: where it cannot keep all limits, nothing can.
    """
    from scipy.optimize import linprog
    from scipy.sparse import coo_array, vstack

    sums = np.concatenate([arrays.least, arrays.least + arrays.room])
    twice = np.concatenate([arrays.person, arrays.person])
    people = int(arrays.person.max()) + 1
    one_each = coo_array((np.ones(len(twice)), (twice, np.arange(len(twice)))))
    limits = np.hstack([arrays.weights] * 2) * sums + np.hstack([arrays.counts] * 2)
    matrix: Any = vstack([one_each, coo_array(limits)]).tocsc()  # its types know dense ones alone
    solved = linprog(
        -np.concatenate([arrays.earned] * 2) * sums,
        A_ub=matrix,
        b_ub=np.concatenate([np.ones(people), arrays.values]),
        method="highs",
    )
    if solved.status == _INFEASIBLE:
        raise _impossible()
    if solved.status:
        return np.zeros(len(arrays.values))
    return np.maximum(0.0, -np.asarray(solved.ineqlin.marginals)[people:])


def _milp(arrays: Arrays, gap: float, seconds: float) -> Any:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array, diags_array, hstack, vstack

    count = len(arrays.person)
    # Columns: binaries, then the sums above the least loan.
    within = hstack([diags_array(-arrays.room), diags_array(np.ones(count))])
    one_each = coo_array(
        (np.ones(count), (arrays.person, np.arange(count))),
        shape=(int(arrays.person.max()) + 1, 2 * count),
    )
    limits = np.hstack([arrays.counts + arrays.weights * arrays.least, arrays.weights])
    upper = np.concatenate([np.zeros(count), np.ones(one_each.shape[0]), arrays.values])
    return milp(
        -np.concatenate([arrays.earned * arrays.least, arrays.earned]),
        integrality=np.repeat([1, 0], count),
        bounds=Bounds(0, np.concatenate([np.ones(count), arrays.room])),
        constraints=LinearConstraint(
            vstack([within, one_each, coo_array(limits)]).tocsc(), -np.inf, upper
        ),
        options={"mip_rel_gap": gap, "time_limit": seconds},
    )


def _offers(choices: Sequence[Choice], solution: Numbers) -> list[Offer]:
    """The offers in whole yuan, rounded down so that no limit is overstepped."""
    count = len(choices)
    found = []
    for place, one in enumerate(choices):
        if solution[place] > 0.5:
            above = int(max(0.0, float(solution[count + place])) * UNIT + 1e-4)
            amount = min(one.applicant.most, one.applicant.least + above)
            found.append(Offer(one.applicant, one.k, amount))
    return found
