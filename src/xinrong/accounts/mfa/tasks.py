"""What is left of sessions that ended by time."""

from __future__ import annotations

from django.tasks import task

from xinrong.accounts.mfa.sessions import sweep
from xinrong.domain.clock import SystemClock


@task
def sweep_sessions() -> int:
    """Delete sessions whose time is up; how many."""
    return sweep(SystemClock().now())
