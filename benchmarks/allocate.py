"""The bank's decision aid on problem C of CUMCM 2020: 425 applicants, 100 million yuan.

One budget for the applicants of attachments 1 and 2 (see _allocate_applicants.py for their
probabilities and grades), loans of 100,000 to 1,000,000 yuan, no loan to grade D, the contest's
table of rates against lost customers. The contest gives no loss given default, no cost of funds and
no limit but the budget; 45 %, 2.2 % and the limits below are assumed. Five problems are solved:

- `risk` (judged): the budget counts what is expected to be taken up; at most 1 % of it is expected
  to be lost, at most a fifth goes to grade C.
- `half` (judged): half the budget and no other limit: each yuan should earn more.
- `staff`: as `risk` with at most 200 offers; `budget` and `offered`: no limit but the budget, on
  what is taken up or on what is offered. Here nothing is to be gained over greed, and nothing is:
  at most one limit binds, it counts all largest loans alike, and no rate saves any of it.

`gap` is the largest of all, against the bound, of the offers recomputed in whole yuan; `seconds`
the longest solution; `gain_over_greedy` and `gain_over_one_rate` the smallest of the judged, in
percent over the best of three greedy orders (most profit for a yuan of budget first; most profit
first; safest first; each applicant at the rate that is best for it alone) and over the best plan at
the best single rate for all. `broken` counts limits that a solution oversteps.
"""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal

from benchmarks._allocate_applicants import Absent, Contest, contest, folder
from benchmarks.harness import Figure
from xinrong.domain.allocation import (
    Allocation,
    Applicant,
    Counts,
    Economics,
    Limit,
    Problem,
    greedy,
    one_rate,
    prices,
    sensitivity,
    solve,
)

BUDGET = Decimal(100_000_000)
ASSUMED = Economics(loss_given_default=0.45, cost_of_funds=0.022)
JUDGED = ("risk", "half")


def run(small: bool) -> list[Figure]:
    """The figures; with `small` every fifth applicant, a fifth of the budget and of the limits."""
    try:
        given = contest(folder())
    except Absent as absent:
        print(absent)
        return []
    solved: dict[str, Allocation] = {}
    seconds = []
    for name, problem in problems(given, small=small).items():
        began = time.perf_counter()
        solved[name] = solve(problem)
        seconds.append(time.perf_counter() - began)
        say(name, solved[name], seconds[-1])
    over_greedy = {name: gain(one, greedy(one.problem)) for name, one in solved.items()}
    over_one = {name: gain(one, one_rate(one.problem)) for name, one in solved.items()}
    for name in solved:
        print(
            f"{name}: {over_greedy[name]:.4f} % over greedy, {over_one[name]:.4f} % over one rate"
        )
    priced = prices(solved["risk"])
    for one in priced:
        print(f"risk: one more of {one.limit.name} earns {one.each:,.4f}")
    for tried in sensitivity(solved["risk"], (0.225, 0.45, 0.675), (0.012, 0.022, 0.032)):
        print(f"risk: at {tried.economics} the best plan earns {tried.best.profit:,.0f}, this one"
              f" {tried.kept.profit:,.0f} and oversteps {len(tried.breaks)} limits")  # fmt: skip
    found = solved["risk"]
    return [
        Figure("gap", max(one.gap or 0.0 for one in solved.values()), "", "<= 1e-6"),
        Figure("seconds", max(seconds), "s", "<= 5"),
        Figure("gain_over_greedy", min(over_greedy[name] for name in JUDGED), "%", "> 0"),
        Figure("gain_over_one_rate", min(over_one[name] for name in JUDGED), "%", "> 0"),
        Figure("broken", broken(solved), "limits", "= 0"),
        Figure("applicants", len(found.problem.applicants), "applicants"),
        *(Figure(f"{name}_profit", one.profit, "yuan") for name, one in solved.items()),
        *(Figure(f"{name}_gain_over_greedy", over_greedy[name], "%") for name in solved),
        *(Figure(f"{name}_gain_over_one_rate", over_one[name], "%") for name in solved),
        Figure("risk_offers", len(found.offers), "offers"),
        Figure("risk_mean_rate", 100 * found.mean_rate, "%"),
        Figure("price_of_expected_loss", priced[1].each, "yuan a yuan"),
        Figure("model_auc", given.auc, ""),
        Figure("model_auc_log_sales_alone", given.auc_sales_alone, ""),
    ]


def problems(given: Contest, *, small: bool) -> dict[str, Problem]:
    """The problems by name."""
    applicants: tuple[Applicant, ...] = given.first + given.second
    share = 5 if small else 1
    budget = Limit(Counts.DRAWN, BUDGET / share)
    risk = (
        Limit(Counts.EXPECTED_LOSS, budget.value / 100),
        Limit(Counts.DRAWN, budget.value / 5, grade="C"),
    )
    staff = Limit(Counts.OFFERS, Decimal(200) / share)
    alone = Problem(
        applicants=applicants[::share],
        table=given.table,
        economics=ASSUMED,
        budget=budget,
        never=frozenset("D"),
    )
    return {
        "risk": replace(alone, limits=risk),
        "staff": replace(alone, limits=(*risk, staff)),
        "half": replace(alone, budget=replace(budget, value=budget.value / 2)),
        "budget": alone,
        "offered": replace(alone, budget=replace(budget, counts=Counts.OFFERED)),
    }


def gain(found: Allocation, other: Allocation) -> float:
    """How much more is earned, in percent of the other's profit."""
    return 100 * (found.profit - other.profit) / other.profit


def broken(solved: dict[str, Allocation]) -> int:
    """Limits that are overstepped, and offers outside an applicant's sums or to a barred grade."""
    count = 0
    for found in solved.values():
        count += sum(not use.is_kept for use in found.uses)
        count += len(found.offers) - len({one.applicant.name for one in found.offers})
        count += sum(
            not one.applicant.least <= one.amount <= one.applicant.most
            or one.applicant.grade in found.problem.never
            for one in found.offers
        )
    return count


def say(name: str, found: Allocation, seconds: float) -> None:
    """A line while it runs."""
    print(
        f"{name}: {len(found.offers)} offers of {found.offered:,} yuan, {found.drawn:,.0f} taken up"
        f" at {found.mean_rate:.3%}, earning {found.profit:,.0f}; gap {found.gap:.1e},"
        f" {seconds:.2f} s",
        flush=True,
    )
