"""Background work of files, for whatever backend `TASKS` names. Each task is safe to repeat."""

from __future__ import annotations

from django.tasks import task

from xinrong.domain.clock import SystemClock
from xinrong.files.portable.standing import look_through


@task
def look_through_reports() -> int:
    """End the portable reports of which a record may no longer be shown."""
    return look_through(SystemClock().now())
