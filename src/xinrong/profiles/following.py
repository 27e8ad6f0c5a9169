"""The dirty queue: commits → enterprises touched → their profiles anew, over the batch.

`follow` reads what commits have touched since it last did and puts it into the queue; `work` takes
from the queue and computes. Both may run in several processes, and be killed, at any moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import DatabaseError, transaction

from xinrong.domain.clock import SystemClock
from xinrong.profiles.aside import Failure, due, reason_of, set_aside
from xinrong.profiles.building import build_profile, current_batch
from xinrong.profiles.models import DirtyEnterprise, Follower, OverlayRow, SetAside
from xinrong.profiles.rows import to_json
from xinrong.profiles.single import profile_now
from xinrong.profiles.touched import touched_between
from xinrong.store.services import last_seq, snapshot
from xinrong.subjects.services import subjects_of

#: Enterprises computed in one transaction: what a change waits for at most, besides its own.
AT_ONCE = 50
#: When this share of all enterprises waits, and more than so many, the batch is made anew instead.
MANY_SHARE, MANY = 0.2, 50


@dataclass(frozen=True)
class Followed:
    """What a look at the commits found."""

    seq: int
    touched: int


def follow() -> Followed:
    """Put the enterprises that commits have touched into the queue, once for each commit."""
    with transaction.atomic():
        follower, _ = Follower.objects.select_for_update().get_or_create(pk=1)
        upto = last_seq()
        if upto <= follower.seq:
            return Followed(upto, 0)
        touched = touched_between(follower.seq, upto)
        DirtyEnterprise.objects.bulk_create(
            [DirtyEnterprise(enterprise=one, seq=upto) for one in sorted(touched)],
            batch_size=400,
            update_conflicts=True,
            unique_fields=["enterprise"],
            update_fields=["seq"],
        )
        follower.seq = upto
        follower.save(update_fields=["seq"])
    return Followed(upto, len(touched))


def waiting() -> int:
    """How many enterprises wait."""
    return DirtyEnterprise.objects.count()


def work(as_of: date, limit: int = AT_ONCE, at: datetime | None = None) -> int:
    """Compute the profiles of enterprises that wait longest; how many there were.

    With a time, those set aside that are due by then are tried again too. One that cannot be
    computed is set aside with its reason.
    """
    now = at or SystemClock().now()
    waits = DirtyEnterprise.objects.order_by("seq", "enterprise")
    taken = list(waits.values_list("enterprise", flat=True)[:limit])
    again = [one for one in due(now, limit - len(taken)) if one not in taken] if at else []
    enterprises = taken + again
    if not enterprises:
        return 0
    rows, failures = [], []
    with snapshot() as snap:
        seq = snap.seq
        alive = {one for one, held in subjects_of(enterprises, seq=seq, using=snap.using).items()
                 if held}  # fmt: skip
        for enterprise in enterprises:
            try:
                row = profile_now(snap, enterprise, as_of)
            except DatabaseError:  # not this enterprise: nothing can be read
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, others must not wait
                failures.append(Failure(enterprise, seq, reason_of(error)))
                continue
            rows.append(
                OverlayRow(
                    enterprise=enterprise,
                    seq=seq,
                    as_of=as_of,
                    values=to_json(row.values),
                    reasons=row.reasons,
                    gone=enterprise not in alive,
                )
            )
    _put(rows, failures, as_of, seq, now)
    return len(enterprises)


def _put(
    rows: Sequence[OverlayRow], failures: Sequence[Failure], as_of: date, seq: int, now: datetime
) -> None:
    """Commit what was computed; what was touched again meanwhile stays in the queue."""
    enterprises = [row.enterprise for row in rows]
    with transaction.atomic():
        newer = OverlayRow.objects.filter(
            enterprise__in=[*enterprises, *(one.enterprise for one in failures)], seq__gt=seq
        )
        later = set(newer.values_list("enterprise", flat=True))
        OverlayRow.objects.bulk_create(
            [row for row in rows if row.enterprise not in later],
            update_conflicts=True,
            unique_fields=["enterprise"],
            update_fields=["seq", "as_of", "values", "reasons", "gone"],
        )
        DirtyEnterprise.objects.filter(enterprise__in=enterprises, seq__lte=seq).delete()
        SetAside.objects.filter(enterprise__in=enterprises, seq__lte=seq).delete()
        set_aside((one for one in failures if one.enterprise not in later), as_of, now)


def catch_up(as_of: date, at: datetime | None = None) -> int:
    """Follow, and compute all that waits; how many profiles it looked at."""
    follow()
    done = 0
    while some := work(as_of, at=at):
        done += some
    return done


def keep_up(at: datetime, as_of: date) -> tuple[int, bool]:
    """Bring profiles up to date; how many were computed, and whether as a new batch.

    A batch is made where there is none, where the day has changed, and where many wait.
    """
    follow()
    batch = current_batch()
    many = batch is not None and waiting() > max(MANY, MANY_SHARE * batch.rows)
    if batch is None or batch.as_of < as_of or many:
        return build_profile(at, as_of).rows, True
    return catch_up(as_of, at), False
