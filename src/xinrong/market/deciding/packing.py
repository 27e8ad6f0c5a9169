"""A problem of allocation as JSON, for the worker that solves it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from xinrong.domain.allocation import Applicant, Counts, Economics, Limit, Problem, RateTable


def packed(problem: Problem) -> dict[str, Any]:
    """Everything that is given, as JSON."""
    return {
        "applicants": [
            [one.name, one.grade, one.default, one.least, one.most, one.group]
            for one in problem.applicants
        ],
        "rates": list(problem.table.rates),
        "lost": {grade: list(shares) for grade, shares in problem.table.lost.items()},
        "economics": [
            problem.economics.loss_given_default,
            problem.economics.cost_of_funds,
        ],
        "limits": [_packed(one) for one in problem.all_limits],
        "never": sorted(problem.never),
    }


def unpacked(given: dict[str, Any]) -> Problem:
    """The problem again. Raises BadProblem."""
    budget, *limits = (_unpacked(one) for one in given["limits"])
    return Problem(
        tuple(
            Applicant(name, grade, default, least, most, group)
            for name, grade, default, least, most, group in given["applicants"]
        ),
        RateTable(
            tuple(given["rates"]),
            {grade: tuple(shares) for grade, shares in given["lost"].items()},
        ),
        Economics(*given["economics"]),
        budget,
        tuple(limits),
        frozenset(given["never"]),
    )


def _packed(limit: Limit) -> list[Any]:
    return [str(limit.counts), str(limit.value), limit.at_least, limit.grade, limit.group]


def _unpacked(packed_limit: list[Any]) -> Limit:
    counts, value, at_least, grade, group = packed_limit
    return Limit(Counts(counts), Decimal(value), at_least, grade, group)
