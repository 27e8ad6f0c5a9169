"""The dirty queue: commits → enterprises touched → their profiles anew, over the batch.

`follow` reads what commits have touched since it last did and puts it into the queue; `work` takes
from the queue and computes. Both may run in several processes, and be killed, at any moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from xinrong.profiles.building import build_profile, current_batch
from xinrong.profiles.models import DirtyEnterprise, Follower, OverlayRow
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


def work(as_of: date, limit: int = AT_ONCE) -> int:
    """Compute the profiles of enterprises that wait longest; how many there were."""
    taken = list(DirtyEnterprise.objects.order_by("seq", "enterprise")[:limit])
    if not taken:
        return 0
    with snapshot() as snap:
        seq = snap.seq
        enterprises = [one.enterprise for one in taken]
        alive = {one for one, held in subjects_of(enterprises, seq=seq, using=snap.using).items()
                 if held}  # fmt: skip
        rows = []
        for enterprise in enterprises:
            row = profile_now(snap, enterprise, as_of)
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
    _put(rows, enterprises, seq)
    return len(rows)


def _put(rows: Sequence[OverlayRow], enterprises: Sequence[int], seq: int) -> None:
    """Commit what was computed; what was touched again meanwhile stays in the queue."""
    with transaction.atomic():
        newer = OverlayRow.objects.filter(enterprise__in=enterprises, seq__gt=seq)
        later = set(newer.values_list("enterprise", flat=True))
        OverlayRow.objects.bulk_create(
            [row for row in rows if row.enterprise not in later],
            update_conflicts=True,
            unique_fields=["enterprise"],
            update_fields=["seq", "as_of", "values", "reasons", "gone"],
        )
        DirtyEnterprise.objects.filter(enterprise__in=enterprises, seq__lte=seq).delete()


def catch_up(as_of: date) -> int:
    """Follow, and compute all that waits; how many profiles it computed."""
    follow()
    done = 0
    while some := work(as_of):
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
    return catch_up(as_of), False
