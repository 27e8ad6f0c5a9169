"""Background work of trust, for whatever backend `TASKS` names. Each task is safe to repeat."""

from __future__ import annotations

from django.tasks import task

from xinrong.domain.clock import SystemClock
from xinrong.trust.consenting.ending import settle_all


@task
def settle_consents() -> int:
    """Write down which consents and requests have ended; the gate never waits for this."""
    return settle_all(now=SystemClock().now())
