"""A plan from its question to its deletion: asked, looked at, solved in the background, taken out.

The files themselves are never kept. What was read from them lies here until the plan is solved,
the result for an hour; whoever asked can delete both at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import F, QuerySet

from xinrong.accounts.services import Viewer
from xinrong.domain.allocation import (
    Allocation,
    BadProblem,
    NoAllocation,
    NotSolved,
    Price,
    Problem,
    Tried,
    greedy,
    price,
    sensitivity,
    solve,
)
from xinrong.domain.clock import Clock
from xinrong.market.deciding.models import AllocationPlan, PlanState
from xinrong.market.deciding.packing import packed, unpacked
from xinrong.market.deciding.perms import can_allocate
from xinrong.market.deciding.trying import tried_around
from xinrong.market.deciding.writing import decision_rows, limit_rows, tried_rows
from xinrong.market.errors import MarketRefused

#: How long a plan is kept.
KEPT = timedelta(hours=1)
#: Bounds of a plan that is solved on the platform, and plans that one person may have at once.
MOST_APPLICANTS, MOST_RATES, MOST_LIMITS, MOST_PLANS = 1_000, 60, 6, 5
#: A question is given up after so many workers were killed at it.
MOST_TRIES = 3
#: Of each of the up to seventeen problems: a part in a million, or the best in a quarter minute.
GAP, SECONDS = 1e-6, 15.0


def ask(viewer: Viewer, problem: Problem, *, clock: Clock) -> AllocationPlan:
    """Keep a question until its plan is made. Raises MarketRefused, BadProblem for too large."""
    if not can_allocate(viewer):
        raise MarketRefused(
            "only loan officers and compliance officers of a bank plan here",
            remedy="Sign in with such a role.",
            code="denied_role",
        )
    _check_size(problem)
    now = clock.now()
    own = _own(viewer, now)
    with transaction.atomic():
        for old in list(own[MOST_PLANS - 1 :]):
            old.delete()
        return AllocationPlan.objects.create(
            key=uuid4().hex,
            organisation_id=viewer.organisation_id or 0,
            person_id=viewer.person_id or 0,
            begun_at=now,
            ends_at=now + KEPT,
            given=packed(problem),
        )


def find(viewer: Viewer, key: str, *, clock: Clock) -> AllocationPlan:
    """One's own plan, while it is kept. Raises MarketRefused."""
    found = _own(viewer, clock.now()).filter(key=key).first()
    if found is None or not can_allocate(viewer):
        raise MarketRefused(
            "there is no such plan, or it was deleted",
            remedy="Begin with the files again.",
            code="plan_unknown",
        )
    return found


def plans_of(viewer: Viewer, *, clock: Clock) -> list[AllocationPlan]:
    """One's own plans that are still kept, the newest first; without their rows."""
    mine = _own(viewer, clock.now())
    return list(mine.exclude(state=PlanState.READ).defer("given", "found"))


def start(viewer: Viewer, key: str, *, clock: Clock) -> AllocationPlan:
    """Have a plan made in the background; one that is on its way stays so. Raises MarketRefused."""
    from xinrong.market.deciding import tasks  # which imports this module

    plan = find(viewer, key, clock=clock)
    with transaction.atomic():
        begun = AllocationPlan.objects.filter(pk=plan.pk, state=PlanState.READ).update(
            state=PlanState.WAITING
        )
        if begun:
            transaction.on_commit(lambda: tasks.make_plan.enqueue(plan.key))
    plan.refresh_from_db()
    return plan


def discard(viewer: Viewer, key: str, *, clock: Clock) -> None:
    """Delete a plan with everything in it, at once. Raises MarketRefused."""
    find(viewer, key, clock=clock).delete()


def sweep(*, clock: Clock) -> int:
    """Delete the plans whose hour is over; how many."""
    return AllocationPlan.objects.filter(ends_at__lte=clock.now()).delete()[0]


def make(key: str) -> None:
    """Solve a plan step by step; repeated when a worker was killed, given up after three.

    A plan that was deleted meanwhile is left, and nothing of it written.
    """
    mine = AllocationPlan.objects.filter(key=key)
    if not mine.filter(state__in=(PlanState.WAITING, PlanState.RUNNING)).update(
        state=PlanState.RUNNING, steps_done=0, tries=F("tries") + 1
    ):
        return
    plan = mine.first()
    if plan is None:
        return
    if plan.tries > MOST_TRIES:
        _fail(key, NotSolved("the worker ended three times at it").words.model_dump())
        return
    try:
        found = _found(unpacked(plan.given), key)
    except (NoAllocation, NotSolved, BadProblem) as error:
        _fail(key, error.words.model_dump())
        return
    if found is not None:
        mine.filter(state=PlanState.RUNNING).update(state=PlanState.DONE, found=found, given={})


def _own(viewer: Viewer, now: datetime) -> QuerySet[AllocationPlan]:
    return AllocationPlan.objects.filter(
        person_id=viewer.person_id or 0,
        organisation_id=viewer.organisation_id or 0,
        ends_at__gt=now,
    )


def _check_size(problem: Problem) -> None:
    for what, many, most, zh in (
        ("applicants", len(problem.applicants), MOST_APPLICANTS, "申请人"),
        ("rates", len(problem.table.rates), MOST_RATES, "利率档"),
        ("limits", len(problem.limits), MOST_LIMITS, "限额"),
    ):
        if many > most:
            raise BadProblem(
                what,
                f"there are {many:,} {what}, and this page takes {most:,}",
                "Take some out, or use `xinrong market allocate`, which has no such bound.",
                zh=f"共有 {many:,} 个{zh}，本页最多 {most:,} 个。请减少，或使用命令行。",
            )


def _fail(key: str, words: dict[str, str]) -> None:
    AllocationPlan.objects.filter(key=key).update(state=PlanState.FAILED, failure=words, given={})


def _found(problem: Problem, key: str) -> dict[str, Any] | None:
    """The result as it is kept; None where the plan was deleted while it was made."""
    mine = AllocationPlan.objects.filter(key=key)
    losses, costs = tried_around(problem.economics)
    mine.update(steps=2 + len(problem.all_limits) + len(losses) * len(costs))
    allocation = solve(problem, gap=GAP, seconds=SECONDS)
    priced: list[Price] = []
    tried: list[Tried] = []
    baseline = greedy(problem)
    mine.update(steps_done=2)
    for done, one in enumerate(_further(allocation, losses, costs), 3):
        if not mine.update(steps_done=done):
            return None
        if isinstance(one, Price):
            priced.append(one)
        else:
            tried.append(one)
    return _kept(allocation, priced, tried, baseline)


def _further(found: Allocation, losses: list[float], costs: list[float]) -> Iterator[Price | Tried]:
    for limit in found.problem.all_limits:
        yield price(found, limit, gap=GAP, seconds=SECONDS)
    for loss in losses:
        for cost in costs:
            yield from sensitivity(found, [loss], [cost], gap=GAP, seconds=SECONDS)


def _kept(
    found: Allocation, priced: list[Price], tried: list[Tried], baseline: Allocation
) -> dict[str, Any]:
    problem = found.problem
    return {
        "decisions": decision_rows(found),
        "limits": limit_rows(found, priced),
        "tried": tried_rows(tried),
        "applicants": len(problem.applicants),
        "offers": len(found.offers),
        "offered": found.offered,
        "drawn": round(found.drawn, 2),
        "profit": round(found.profit, 2),
        "mean_rate": found.mean_rate,
        "gap": found.gap,
        "greedy": round(baseline.profit, 2),
        "economics": [
            problem.economics.loss_given_default,
            problem.economics.cost_of_funds,
        ],
    }
