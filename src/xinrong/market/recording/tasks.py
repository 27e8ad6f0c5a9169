"""Background work of the records of loans. Safe to repeat."""

from __future__ import annotations

from django.tasks import task

from xinrong.domain.clock import SystemClock
from xinrong.market.recording import writing


@task
def write_loans() -> int:
    """Write the loans that changed as records; how many were accepted."""
    return writing.write_loans(SystemClock())
