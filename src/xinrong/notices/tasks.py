"""Background work of notices, for whatever backend `TASKS` names. Each task is safe to repeat."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.tasks import task

from xinrong.domain.clock import SystemClock
from xinrong.notices.consents import follow_trust
from xinrong.notices.delivering import deliver
from xinrong.notices.models import Message, Notice

#: How long a notice is kept; what it is about has its own log.
KEPT = timedelta(days=366)
AT_ONCE = 10_000


@task
def hand_over_notices() -> int:
    """Read what trust has written since and send what is due; how many messages were sent."""
    clock = SystemClock()
    follow_trust(clock.now())
    return deliver(clock=clock).sent


@task
def sweep_notices() -> int:
    """Delete notices of more than a year ago, with their messages; how many."""
    return sweep(SystemClock().now())


def sweep(now: datetime, *, at_most: int = AT_ONCE) -> int:
    """Delete what is older than it is kept; how many notices."""
    old = Notice.objects.filter(at__lt=now - KEPT).order_by("at")
    ids = list(old.values_list("pk", flat=True)[:at_most])
    gone = Q(notice__in=ids) | Q(notice=None, made_at__lt=now - KEPT)
    Message.objects.filter(gone).delete()
    Notice.objects.filter(pk__in=ids).delete()
    return len(ids)
