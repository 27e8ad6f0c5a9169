"""Which losses and costs are tried beside those that a bank assumes."""

from __future__ import annotations

from xinrong.domain.allocation import Allocation, Economics, Tried, sensitivity

#: Of the loss given default: a half less and a half more, kept within 0 and 1.
_LOSSES = (0.5, 1.0, 1.5)
#: Of the cost of funds: a point less and a point more, kept at 0 or above.
_FUNDS = (-0.01, 0.0, 0.01)


def sensitivity_of(found: Allocation) -> list[Tried]:
    """The best plan, and this one, for lower and higher losses and costs of funds."""
    return sensitivity(found, *tried_around(found.problem.economics))


def tried_around(given: Economics) -> tuple[list[float], list[float]]:
    """The losses and the costs of funds that are tried around what a bank assumes."""
    losses = dict.fromkeys(round(min(1.0, given.loss_given_default * one), 6) for one in _LOSSES)
    costs = dict.fromkeys(max(0.0, round(given.cost_of_funds + one, 6)) for one in _FUNDS)
    return list(losses), list(costs)
