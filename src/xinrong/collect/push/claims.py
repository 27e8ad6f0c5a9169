"""Who holds an idempotency key: one attempt at a time, until it commits or dies.

A claim is a row. It lasts as long as a push could take; when its process is known to be dead it
ends at once. A claim that outlives its time is taken over by the next attempt, and should the
first be alive after all, its commit finds that it is not the last attempt and is undone.
"""

from __future__ import annotations

import math
import os
import socket
from datetime import datetime, timedelta
from pathlib import Path

from django.db import IntegrityError, transaction

from xinrong.collect.errors import KeyReused, PushRunning
from xinrong.collect.models import Push, Receipt
from xinrong.domain.errors import Place

#: How long an attempt holds its key unheard: many times what the largest push takes.
LEASE = timedelta(seconds=60)


def claim(department: str, feed: str, key: str, digest: str, by: str, now: datetime) -> Push:
    """Hold the key for a new attempt; a push that was committed comes back with its batch.

    Raises KeyReused for other records, PushRunning while another attempt is at work.
    """
    try:
        with transaction.atomic():
            return Push.objects.create(
                department=department,
                feed=feed,
                key=key,
                digest=digest,
                by=by,
                process=this_process(),
                claimed_at=now,
            )
    except IntegrityError:
        held = Push.objects.filter(department=department, feed=feed, key=key).first()
    if held is None:  # its attempt failed and let go in this moment
        raise PushRunning(key, 1)
    if held.digest != digest:
        raise KeyReused(
            f"the key {key} was used before for other records",
            place=Place(field="Idempotency-Key"),
            remedy="Use a new key for new records; to repeat a push, send exactly the records "
            "that came with its key first.",
        )
    return held if held.batch is not None else _taken_over(held, by, now)


def _taken_over(held: Push, by: str, now: datetime) -> Push:
    left = held.claimed_at + LEASE - now
    if left > timedelta(0) and not is_dead(held.process):
        raise PushRunning(held.key, math.ceil(left.total_seconds()))
    mine = Push.objects.filter(pk=held.pk, attempt=held.attempt, batch=None).update(
        attempt=held.attempt + 1, by=by, process=this_process(), claimed_at=now
    )
    if not mine:
        raise PushRunning(held.key, 1)
    held.attempt += 1
    return held


def settle(held: Push, receipt: Receipt) -> None:
    """Inside the commit: this attempt made the batch. Raises PushRunning when it is not the last.

    The error undoes the commit.
    """
    mine = Push.objects.filter(pk=held.pk, attempt=held.attempt, batch=None)
    if not mine.update(batch=receipt.batch):
        raise PushRunning(held.key, 1)


def let_go(held: Push) -> None:
    """The attempt failed: the key is free again, for other records too."""
    Push.objects.filter(pk=held.pk, attempt=held.attempt, batch=None).delete()


def this_process() -> str:
    """Host, process and the moment it started (in ticks), so that no later one is taken for it."""
    pid = os.getpid()
    return f"{socket.gethostname()[:150]} {pid} {_started(pid)}"


def is_dead(process: str) -> bool:
    """Whether a process is known to have ended: of another host nothing is known."""
    host, pid, started = process.split(" ")
    if host != socket.gethostname()[:150] or not started:
        return False
    return _started(int(pid)) != started


def _started(pid: int) -> str:
    """When a process of this host started; empty when there is none, or nobody can tell."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    state, *rest = stat.rpartition(")")[2].split()
    return "" if state in "ZX" else rest[18]
