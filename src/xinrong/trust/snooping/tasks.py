"""Background work on snooping, for whatever backend `TASKS` names; a run may be repeated."""

from __future__ import annotations

from django.tasks import task

from xinrong.domain.clock import SystemClock
from xinrong.trust.snooping.running import judge_due


@task
def judge_weeks() -> int:
    """Judge the weeks that are due; how many alerts were raised."""
    return judge_due(clock=SystemClock()).raised
