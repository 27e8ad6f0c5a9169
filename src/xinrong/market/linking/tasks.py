"""Background work of the links. Each task is safe to repeat."""

from __future__ import annotations

from django.tasks import task

from xinrong.domain.clock import SystemClock
from xinrong.market.linking import forgetting, queueing, reconciling, revoking, sending, taking

#: How many answers are waited for at once, of all banks together.
AT_ONCE = 12
#: Messages to one bank in one run: seconds, then other work has its turn.
A_RUN = 512


@task
def send_to_banks() -> int:
    """Post what waits for banks; how many arrived."""
    queueing.begin()
    return sending.send_due(SystemClock(), at_once=AT_ONCE, at_most=A_RUN)


@task
def follow_revocations() -> int:
    """Tell banks which consents have ended; how many messages."""
    return revoking.follow(SystemClock().now())


@task
def send_ledgers() -> int:
    """Send each bank the platform's ledger of the day before; how many parts."""
    return reconciling.send_ledgers(SystemClock().now())


@task
def forget_bodies() -> int:
    """Empty the bodies of old messages of banks; how many."""
    return forgetting.forget_bodies(SystemClock().now())


@task
def apply_parked() -> int:
    """Apply messages whose turn came while somebody else worked on their application; how many."""
    return taking.apply_parked(SystemClock().now())
