"""A problem of allocation in arrays: applicants at rates, what they earn and count to limits.

Sums are in units of 10,000 yuan, so that numbers stay near 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xinrong.domain.allocation.problem import Applicant, Counts, Limit, Problem

UNIT = 10_000.0

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Choice:
    """An applicant at one rate."""

    applicant: Applicant
    k: int


@dataclass(frozen=True)
class Arrays:
    """For each choice: whose it is, its least sum and the room above it, what a unit earns.

    `counts[j]` is what having the choice at all counts to limit j, `weights[j]` what each unit
    offered counts. `values[j]` is the limit; all are read as `<=`, what must be at least with its
    sign turned.
    """

    person: Places
    least: Numbers
    room: Numbers
    earned: Numbers
    counts: Numbers
    weights: Numbers
    values: Numbers
    at_least: npt.NDArray[np.bool_]

    def of(self, places: Places) -> Arrays:
        """Of some choices alone."""
        return Arrays(
            self.person[places],
            self.least[places],
            self.room[places],
            self.earned[places],
            self.counts[:, places],
            self.weights[:, places],
            self.values,
            self.at_least,
        )


def choices_of(problem: Problem) -> list[Choice]:
    """The applicants at the rates that can be of use.

    Where nothing must be lent, a rate at which a loan earns nothing is of none.
    """
    must = any(limit.at_least for limit in problem.all_limits)
    return [
        Choice(one, k)
        for one in problem.applicants
        if one.grade not in problem.never
        for k in range(len(problem.table.rates))
        if problem.kept_at(one, k) > 0 and (must or problem.margin_at(one, k) > 0)
    ]


def arrays_of(problem: Problem, choices: Sequence[Choice]) -> Arrays:
    """The choices in arrays."""
    people = {name: place for place, name in enumerate(
        dict.fromkeys(one.applicant.name for one in choices))}  # fmt: skip
    least = np.array([one.applicant.least for one in choices]) / UNIT
    signs = np.array([-1.0 if one.at_least else 1.0 for one in problem.all_limits])
    return Arrays(
        person=np.array([people[one.applicant.name] for one in choices]),
        least=least,
        room=np.array([one.applicant.most for one in choices]) / UNIT - least,
        earned=np.array(
            [
                problem.kept_at(one.applicant, one.k) * problem.margin_at(one.applicant, one.k)
                for one in choices
            ]
        ),
        counts=np.array([_counts(one, choices) for one in problem.all_limits]) * signs[:, None],
        weights=np.array([_weights(problem, one, choices) for one in problem.all_limits])
        * signs[:, None],
        values=np.array([_value(one) for one in problem.all_limits]) * signs,
        at_least=signs < 0,
    )


def _counts(limit: Limit, choices: Sequence[Choice]) -> list[float]:
    if limit.counts is not Counts.OFFERS:
        return [0.0] * len(choices)
    return [float(limit.covers(one.applicant)) for one in choices]


def _weights(problem: Problem, limit: Limit, choices: Sequence[Choice]) -> list[float]:
    if limit.counts is Counts.OFFERS:
        return [0.0] * len(choices)
    return [
        problem.weight(limit, one.applicant, one.k) if limit.covers(one.applicant) else 0.0
        for one in choices
    ]


def _value(limit: Limit) -> float:
    value = float(limit.value)
    return value if limit.counts is Counts.OFFERS else value / UNIT
