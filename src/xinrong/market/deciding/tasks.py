"""Background work of the decision aid. Each task is safe to repeat."""

from __future__ import annotations

from django.tasks import task

from xinrong.domain.clock import SystemClock
from xinrong.market.deciding import planning


@task
def make_plan(key: str) -> None:
    """Solve a plan that was asked for."""
    planning.make(key)


@task
def sweep_plans() -> int:
    """Delete the plans whose hour is over."""
    return planning.sweep(clock=SystemClock())
