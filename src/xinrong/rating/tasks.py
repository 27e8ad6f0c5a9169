"""Background work on grades, for whatever backend `TASKS` names. Safe to repeat."""

from __future__ import annotations

from django.tasks import task

from xinrong.domain.clock import SystemClock
from xinrong.rating.kept.following import keep_grades as keep


@task
def keep_grades() -> int:
    """Grade all after a new profile of all or a new version, else those touched; how many."""
    done, _whole = keep(SystemClock().now())
    return done
