"""Enterprises whose profile could not be computed: set aside with the reason, tried again later.

One such enterprise must not hold up the others that wait. It has no profile meanwhile: the old one
is no longer true. Each try that fails doubles the wait for the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from xinrong.domain.errors import XinrongError
from xinrong.profiles.models import DirtyEnterprise, OverlayRow, SetAside

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(days=1)
LONGEST_REASON = 300
#: What a database says of a value that it could not read is the value itself: nobody's to see.
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|\d{3,}")


@dataclass(frozen=True)
class Failure:
    """An enterprise whose profile could not be computed, and why."""

    enterprise: int
    seq: int
    reason: str


def reason_of(error: Exception) -> str:
    """Why, in words that tell no value of a record."""
    if isinstance(error, XinrongError):
        return str(error)[:LONGEST_REASON]
    first = str(error).strip().split("\n", maxsplit=1)[0]
    return f"{type(error).__name__}: {_QUOTED.sub('…', first)}"[:LONGEST_REASON]


def set_aside(failures: Iterable[Failure], as_of: date, at: datetime) -> None:
    """Take enterprises out of the queue, inside the caller's transaction, and say when to retry.

    One that was touched again meanwhile stays in the queue.
    """
    for one in failures:
        before = SetAside.objects.filter(enterprise=one.enterprise).first()
        tries = before.tries + 1 if before else 1
        wait = min(FIRST_WAIT * 2 ** min(tries - 1, 20), LONGEST_WAIT)
        SetAside.objects.update_or_create(
            enterprise=one.enterprise,
            defaults={"seq": one.seq, "reason": one.reason, "tries": tries, "last_at": at,
                      "again_at": at + wait, "first_at": before.first_at if before else at},
        )  # fmt: skip
        OverlayRow.objects.update_or_create(
            enterprise=one.enterprise,
            defaults={"seq": one.seq, "as_of": as_of, "values": {}, "reasons": "",
                      "gone": True},
        )  # fmt: skip
        DirtyEnterprise.objects.filter(enterprise=one.enterprise, seq__lte=one.seq).delete()


def due(at: datetime, limit: int) -> list[int]:
    """The enterprises to be tried again by now, those that waited longest first."""
    rows = SetAside.objects.filter(again_at__lte=at).order_by("again_at", "enterprise")
    return list(rows.values_list("enterprise", flat=True)[:limit])


def aside() -> list[SetAside]:
    """Those set aside, the oldest first."""
    return list(SetAside.objects.order_by("first_at", "enterprise"))


def retry_all(at: datetime) -> int:
    """Let every enterprise set aside be tried at the next look; how many there are."""
    return SetAside.objects.update(again_at=at)
