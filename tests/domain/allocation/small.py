"""Small problems whose best allocation can be found by trying everything."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import product

from hypothesis import strategies as st

from xinrong.domain.allocation import (
    Allocation,
    Applicant,
    Counts,
    Economics,
    Limit,
    Offer,
    Problem,
    RateTable,
)

TABLE = RateTable(
    (0.04, 0.06, 0.09, 0.12),
    {"A": (0.0, 0.2, 0.45, 0.7), "B": (0.0, 0.15, 0.5, 0.65)},
)
#: Loans of this many yuan, or none: whole steps can be tried one by one.
STEP = 100_000


@st.composite
def problems(draw: st.DrawFn, must: bool = False) -> Problem:
    """Four applicants whose loans are of one size each, a budget and perhaps other limits.

    With `must` something has to be lent, whether or not it can be.
    """
    sizes = draw(st.lists(st.integers(1, 6), min_size=4, max_size=4))
    applicants = tuple(
        Applicant(
            f"E{number}",
            draw(st.sampled_from("AB")),
            draw(st.integers(0, 120)) / 1000,
            size * STEP,
            size * STEP,
            draw(st.sampled_from(["", "first"])),
        )
        for number, size in enumerate(sizes)
    )
    limits = []
    if draw(st.booleans()):
        limits.append(Limit(Counts.OFFERS, Decimal(draw(st.integers(0, 3)))))
    if draw(st.booleans()):
        limits.append(Limit(Counts.EXPECTED_LOSS, Decimal(draw(st.integers(0, 40_000)))))
    if draw(st.booleans()) and any(one.grade == "B" for one in applicants):
        limits.append(Limit(Counts.DRAWN, Decimal(draw(st.integers(0, 6)) * STEP), grade="B"))
    if must:
        counts = draw(st.sampled_from([Counts.DRAWN, Counts.OFFERED, Counts.OFFERS]))
        most = 4 if counts is Counts.OFFERS else 8 * STEP
        limits.append(Limit(counts, Decimal(draw(st.integers(0, most))), at_least=True))
    return Problem(
        applicants,
        TABLE,
        Economics(draw(st.integers(0, 100)) / 100, draw(st.integers(0, 40)) / 1000),
        Limit(
            draw(st.sampled_from([Counts.DRAWN, Counts.OFFERED])),
            Decimal(draw(st.integers(1, 20)) * STEP),
        ),
        tuple(limits),
    )


def everything(problem: Problem) -> Iterator[Allocation]:
    """Every allocation of loans of one size that keeps the limits."""
    rates = [None, *range(len(problem.table.rates))]
    for chosen in product(rates, repeat=len(problem.applicants)):
        offers = tuple(
            Offer(one, k, one.most)
            for one, k in zip(problem.applicants, chosen, strict=True)
            if k is not None and one.grade not in problem.never
        )
        found = Allocation(problem, offers)
        if all(use.is_kept for use in found.uses):
            yield found
