"""Background work of work, for whatever backend `TASKS` names. Each task is safe to repeat."""

from __future__ import annotations

from django.tasks import task

from xinrong.domain.clock import SystemClock
from xinrong.work import clocks, outbox, papers


@task
def deliver_events() -> int:
    """Hand events to their receivers; how many."""
    outbox.begin()
    return outbox.deliver(SystemClock().now())


@task
def sweep_events() -> int:
    """Delete events that arrived everywhere long ago; how many."""
    return outbox.sweep(SystemClock().now())


@task
def tick_clocks() -> int:
    """Fire the clocks of cases that are due; how many alarms."""
    return clocks.tick(SystemClock().now())


@task
def recount_clocks() -> int:
    """Count clocks again over years whose working days have become known; of how many cases."""
    return clocks.recount_when_changed()


@task
def sweep_papers() -> int:
    """Delete documents of cases whose time is over; how many."""
    return papers.sweep_papers(now=SystemClock().now())
