"""Background work of work, for whatever backend `TASKS` names. Each task is safe to repeat."""

from __future__ import annotations

from django.db import connection
from django.tasks import task

from xinrong.domain.clock import SystemClock
from xinrong.work import clocks, outbox, papers

#: Events in one run: seconds, then other work has its turn.
A_RUN = 500
#: How many are handed over side by side, where more than one can write at a time.
AT_ONCE = 4


@task
def deliver_events() -> int:
    """Hand events to their receivers; how many."""
    outbox.begin()
    at_once = AT_ONCE if connection.vendor == "postgresql" else 1
    return outbox.deliver(SystemClock().now(), at_most=A_RUN, at_once=at_once)


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
