"""What banks wrote is not kept longer than it is needed: the bodies of old messages are emptied.

A body is read again only while its application lives: what waits for its turn is applied from it,
and a bank that lost something is told what it said. A dispute is kept until it is settled. What
became of a message, its digest and its
answer stay, so that one that comes again is still known. What moved stands in the application.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from xinrong.market.applying.services import Application
from xinrong.market.linking.models import InMessage, Taken

#: After the end of the application, or after the message came where it is of none
#: (docs/how-to/connect-a-bank.md). Refused messages are shown for 30 days.
KEPT = timedelta(days=90)
#: Rows that one statement empties.
AT_ONCE = 2_000


def forget_bodies(now: datetime) -> int:
    """Empty the bodies whose time is over; how many."""
    before = now - KEPT
    ended = Application.objects.filter(ended_at__lt=before).values("number")
    old = InMessage.objects.filter(
        Q(conversation=None) | Q(conversation__application__in=ended), at__lt=before
    ).exclude(outcome=Taken.PARKED)
    old = old.exclude(type="dispute", outcome=Taken.APPLIED, settled_at=None)
    emptied = 0
    while part := list(old.exclude(body="").values_list("pk", flat=True)[:AT_ONCE]):
        emptied += InMessage.objects.filter(pk__in=part).update(body="")
    return emptied
