"""Background work of the intake, for whatever backend `TASKS` names.

A task may run twice (its worker may be killed after the work and before saying so), so each is
safe to repeat: the same bytes come to their first receipt, and an upload past its step is left.
"""

from __future__ import annotations

from django.tasks import task

from xinrong.collect.uploads.receiving import sweep_uploads as sweep
from xinrong.collect.uploads.taking import take_upload as take
from xinrong.domain.clock import SystemClock


@task
def take_upload(key: str) -> None:
    """Take a confirmed upload in."""
    take(key, clock=SystemClock())


@task
def sweep_uploads() -> int:
    """Delete uploads that nobody touched for a day."""
    return sweep(clock=SystemClock())
