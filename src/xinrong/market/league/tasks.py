"""Background work of the figures of financing. Each task is safe to repeat."""

from __future__ import annotations

from django.tasks import task

from xinrong.domain.clock import SystemClock
from xinrong.market.league.approving import count_approvals


@task
def count_approvals_of_the_day() -> int:
    """Count what lenders decided before today; 1 where the figures are other ones."""
    return int(count_approvals(SystemClock().now()) is not None)
