"""Reading what a capability below has written, each row once, and none left out.

Numbers are given out before their transactions commit, so a row may appear below one that was
read already. Therefore rows above a floor are remembered one by one, and the floor rises only
over rows that were seen an hour ago: whoever took a number before them has committed by then, or
never will.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet

from xinrong.notices.models import Followed, FollowedRow

logger = logging.getLogger(__name__)

#: No transaction that writes such a row lasts as long.
SETTLED = timedelta(hours=1)
AT_ONCE = 200


def follow(
    source: str,
    rows: QuerySet[Any],
    tell: Callable[[Any], object],
    *,
    now: datetime,
    at_most: int = 2_000,
) -> int:
    """Hand every row that is new to `tell`, in the order of numbers; how many.

    A row and that it is done commit together: what `tell` cannot do now is left for the next run,
    and holds up no other.
    """
    cursor, _made = Followed.objects.get_or_create(source=source)
    done, left, last = 0, None, cursor.floor
    while done < at_most:
        seen = FollowedRow.objects.filter(source=cursor).values("number")
        new = list(rows.filter(pk__gt=last).exclude(pk__in=seen).order_by("pk")[:AT_ONCE])
        for row in new:
            last = row.pk
            if _told(cursor, row, tell, now):
                done += 1
            else:
                left = min(left or row.pk, row.pk)
        if len(new) < AT_ONCE:
            _raise_floor(cursor, now, below=left)
            break
    return done


def _told(cursor: Followed, row: Any, tell: Callable[[Any], object], now: datetime) -> bool:
    """Tell of one row and mark it, both or neither."""
    try:
        with transaction.atomic():
            _row, mine = FollowedRow.objects.get_or_create(
                source=cursor, number=row.pk, defaults={"seen_at": now}
            )
            if mine:
                tell(row)
    except Exception:
        logger.exception("%s %s could not be told yet", cursor.source, row.pk)
        return False
    return True


def _raise_floor(cursor: Followed, now: datetime, *, below: int | None) -> None:
    """Forget rows one by one where nothing can appear between them any more.

    Never as far as a row that is left for the next run.
    """
    settled = FollowedRow.objects.filter(source=cursor, seen_at__lte=now - SETTLED)
    if below is not None:
        settled = settled.filter(number__lt=below)
    floor = settled.aggregate(last=Max("number"))["last"]
    if floor is None:
        return
    with transaction.atomic():
        Followed.objects.filter(pk=cursor.pk, floor__lt=floor).update(floor=floor)
        FollowedRow.objects.filter(source=cursor, number__lte=floor).delete()
