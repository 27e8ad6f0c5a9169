"""The last sealed head, which every release carries."""

from __future__ import annotations

import threading
import time

from django.db import DatabaseError

from xinrong.trust.sealing.models import AuditBlock

#: Seconds for which a process goes on naming the head it read: blocks come twice a second.
FRESH = 0.3

_lock = threading.Lock()
_read_at = float("-inf")
_head = ""


def head(*, fresh: bool = False) -> str:
    """The head of the newest block as this process knows it; empty while nothing is sealed.

    Asked of the database at most three times a second, unless `fresh`. Once a release is logged
    nothing may fail any more: when the database does not answer, the head last read stands.
    """
    global _read_at, _head  # noqa: PLW0603 - one value of the process
    if not fresh and time.monotonic() - _read_at < FRESH:
        return _head
    with _lock:
        if not fresh and time.monotonic() - _read_at < FRESH:
            return _head
        try:
            newest = AuditBlock.objects.order_by("-number").values_list("head", flat=True).first()
        except DatabaseError:
            if fresh:
                raise
        else:
            _head = newest or ""
        _read_at = time.monotonic()
        return _head
