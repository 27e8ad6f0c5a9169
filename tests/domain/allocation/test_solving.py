"""Allocations: the best one, within every limit, and never worse than what is done by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings

from tests.domain.allocation.small import TABLE, everything, problems
from xinrong.domain.allocation import (
    Applicant,
    BadProblem,
    Counts,
    Economics,
    Limit,
    NoAllocation,
    NotSolved,
    Problem,
    RateTable,
    Why,
    greedy,
    one_rate,
    prices,
    sensitivity,
    solve,
)

MILLION = Decimal(1_000_000)
GOOD = Applicant("good", "A", 0.01, 100_000, 1_000_000)
FAIR = Applicant("fair", "B", 0.04, 100_000, 1_000_000)
POOR = Applicant("poor", "B", 0.6, 100_000, 1_000_000)
BARRED = Applicant("barred", "D", 0.01, 100_000, 1_000_000)
PROBLEM = Problem(
    (GOOD, FAIR, POOR, BARRED),
    TABLE,
    Economics(0.45, 0.02),
    Limit(Counts.DRAWN, MILLION),
    never=frozenset("D"),
)


@settings(max_examples=25, deadline=None)
@given(problems())
def test_nothing_that_can_be_tried_earns_more(problem: Problem) -> None:
    found = solve(problem)
    best = max(one.profit for one in everything(problem))
    assert found.profit == pytest.approx(best, abs=1.0)
    assert all(use.is_kept for use in found.uses)
    assert found.bound is not None
    assert found.bound >= best - 1.0


@settings(max_examples=25, deadline=None)
@given(problems(must=True))
def test_what_must_be_lent_is_lent_in_the_best_way_or_refused(problem: Problem) -> None:
    best = max((one.profit for one in everything(problem)), default=None)
    if best is None:
        with pytest.raises(NoAllocation):
            solve(problem)
        return
    found = solve(problem)
    assert found.profit == pytest.approx(best, abs=1.0)
    assert all(use.is_kept for use in found.uses)


@settings(max_examples=12, deadline=None)
@given(problems())
def test_no_baseline_earns_more(problem: Problem) -> None:
    free = replace(
        problem,
        applicants=tuple(replace(one, least=50_000) for one in problem.applicants),
    )
    found = solve(free)
    for other in (greedy(free), one_rate(free)):
        assert all(use.is_kept for use in other.uses)
        assert found.profit >= other.profit - 1.0


@settings(max_examples=15, deadline=None)
@given(problems())
def test_more_of_a_limit_never_earns_less(problem: Problem) -> None:
    wider = replace(problem, budget=replace(problem.budget, value=problem.budget.value * 2))
    assert solve(wider).profit >= solve(problem).profit - 1.0


def test_each_applicant_is_told_why() -> None:
    tight = replace(PROBLEM, limits=(Limit(Counts.OFFERS, Decimal(1)),))
    rows = {row.applicant.name: row for row in solve(tight).rows()}
    assert rows["good"].why is Why.OFFERED
    assert rows["fair"].why is Why.OTHERS_FIRST
    assert rows["poor"].why is Why.EARNS_NOTHING
    assert rows["barred"].why is Why.NEVER
    assert rows["good"].amount <= 1_000_000
    assert rows["good"].drawn == pytest.approx(rows["good"].amount * rows["good"].taken_up)


def test_a_tight_budget_is_lent_at_higher_rates() -> None:
    # One applicant, less likely to take up an offer at a higher rate: alone it is offered 9 %, but
    # where a fifth of a million is all there is, each yuan taken up should earn more.
    wide = replace(PROBLEM, applicants=(GOOD,), never=frozenset())
    tight = replace(wide, budget=Limit(Counts.DRAWN, MILLION * 2 / 10))
    assert solve(tight).mean_rate > solve(wide).mean_rate
    assert solve(tight).profit > greedy(tight).profit


def test_amounts_are_whole_yuan_that_overstep_nothing() -> None:
    odd = replace(PROBLEM, budget=Limit(Counts.DRAWN, Decimal("333333.33")))
    found = solve(odd)
    assert found.drawn <= 333_333.34
    assert all(isinstance(one.amount, int) for one in found.offers)
    assert found.gap is not None
    assert found.gap < 1e-4


def test_what_must_be_lent_is_lent_though_it_earns_nothing() -> None:
    first = replace(POOR, group="first")
    forced = replace(
        PROBLEM,
        applicants=(GOOD, first),
        never=frozenset(),
        limits=(Limit(Counts.OFFERS, Decimal(1), at_least=True, group="first"),),
    )
    rows = {row.applicant.name: row for row in solve(forced).rows()}
    assert rows["poor"].amount == first.least
    assert rows["poor"].profit < 0


def test_limits_that_cannot_be_kept_together_are_told() -> None:
    with pytest.raises(NoAllocation) as caught:
        solve(replace(PROBLEM, limits=(Limit(Counts.DRAWN, MILLION * 2, at_least=True),)))
    assert caught.value.remedy
    only_barred = replace(PROBLEM, applicants=(BARRED,))
    assert solve(only_barred).offers == ()
    with pytest.raises(NoAllocation):
        solve(replace(only_barred, limits=(Limit(Counts.OFFERS, Decimal(1), at_least=True),)))


def test_a_solver_without_time_says_that_it_found_nothing() -> None:
    many = tuple(Applicant(f"E{n}", "AB"[n % 2], n / 4000, 100_000, 900_000) for n in range(80))
    hard = replace(
        PROBLEM,
        applicants=many,
        never=frozenset(),
        limits=(Limit(Counts.DRAWN, MILLION * 4 / 5, at_least=True),),
    )
    with pytest.raises(NotSolved) as caught:
        solve(hard, seconds=1e-9)
    assert caught.value.remedy


def test_the_price_of_a_limit_is_what_room_earns() -> None:
    tight = replace(
        PROBLEM,
        budget=Limit(Counts.DRAWN, MILLION / 4),
        limits=(Limit(Counts.OFFERS, Decimal(3)), Limit(Counts.DRAWN, MILLION, grade="B")),
    )
    budget, offers, grade = prices(solve(tight))
    assert 0.01 < budget.each < 0.12  # more than nothing, less than the highest rate
    assert offers.each == pytest.approx(0, abs=1.0)
    assert grade.each == pytest.approx(0, abs=1e-6)


def test_another_loss_makes_another_plan() -> None:
    found = solve(PROBLEM)
    tried = sensitivity(found, [0.2, 0.45, 0.9], [0.02])
    assert [one.economics.loss_given_default for one in tried] == [0.2, 0.45, 0.9]
    assert tried[1].best.profit == pytest.approx(found.profit, abs=1.0)
    assert tried[1].kept.profit == pytest.approx(found.profit, abs=1e-6)
    assert tried[0].best.profit > tried[1].best.profit > tried[2].best.profit
    assert not any(one.breaks for one in tried)
    assert all(one.best.profit >= one.kept.profit - 1.0 for one in tried)


def test_a_plan_that_would_overstep_a_limit_of_losses_says_so() -> None:
    loss = Limit(Counts.EXPECTED_LOSS, Decimal(2_000))
    found = solve(replace(PROBLEM, limits=(loss,)))
    (worse,) = sensitivity(found, [0.9], [0.02])
    assert worse.breaks == (loss,)
    assert all(use.is_kept for use in worse.best.uses)


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: replace(GOOD, name=""), "applicant"),
        (lambda: replace(GOOD, default=-0.1), "probability_of_default"),
        (lambda: replace(GOOD, default=1.1), "probability_of_default"),
        (lambda: replace(GOOD, default=float("nan")), "probability_of_default"),
        (lambda: replace(GOOD, least=0), "least"),
        (lambda: replace(GOOD, most=50_000), "least"),
        (lambda: RateTable((), {"A": ()}), "rate"),
        (lambda: RateTable((0.04,), {}), "rate"),
        (lambda: RateTable((0.0,), {"A": (0.0,)}), "rate"),
        (lambda: RateTable((4.0,), {"A": (0.0,)}), "rate"),
        (lambda: RateTable((0.05, 0.05), {"A": (0.0, 0.1)}), "rate"),
        (lambda: RateTable((0.04, 0.05), {"A": (0.0,)}), "A"),
        (lambda: RateTable((0.04,), {"A": (1.5,)}), "A"),
        (lambda: RateTable((0.04,), {"A": (float("nan"),)}), "A"),
        (lambda: Economics(1.1, 0.02), "loss_given_default"),
        (lambda: Economics(-0.1, 0.02), "loss_given_default"),
        (lambda: Economics(0.45, -0.01), "cost_of_funds"),
        (lambda: Economics(0.45, float("nan")), "cost_of_funds"),
        (lambda: Limit(Counts.DRAWN, Decimal(-1)), "drawn at most"),
        (lambda: replace(PROBLEM, applicants=()), "applicant"),
        (lambda: replace(PROBLEM, applicants=(GOOD, GOOD)), "applicant"),
        (lambda: replace(PROBLEM, never=frozenset()), "grade"),
        (lambda: replace(PROBLEM, budget=Limit(Counts.DRAWN, Decimal(0))), "budget"),
        (lambda: replace(PROBLEM, limits=(Limit(Counts.OFFERS, MILLION, grade="Z"),)), "limit"),
    ],
)
def test_numbers_that_allow_no_allocation_are_refused(make: object, field: str) -> None:
    with pytest.raises(BadProblem) as caught:
        make()
    assert caught.value.place.field == field
    assert caught.value.remedy
