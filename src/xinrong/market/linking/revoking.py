"""A consent that was revoked: the bank's system is told to stop using what it was sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from xinrong.market.linking.models import Conversation, Link, OutMessage
from xinrong.market.linking.queueing import say
from xinrong.trust.services import consenting

#: How far back notices are looked through: longer than any answer to one takes.
BACK = timedelta(days=60)


def follow(now: datetime) -> int:
    """Tell of every notice that has not been told; how many messages."""
    return sum(_follow(link, now) for link in Link.objects.filter(closed_at=None))


def _follow(link: Link, now: datetime) -> int:
    told = set(
        OutMessage.objects.filter(link=link, source__startswith="stop:").values_list(
            "source", flat=True
        )
    )
    notices = consenting.StopNotice.objects.filter(
        request__grantee=link.organisation_id, issued_at__gte=max(link.made_at, now - BACK)
    ).select_related("request")
    return sum(_tell(link, notice, told, now) for notice in notices.order_by("pk"))


def _tell(link: Link, notice: consenting.StopNotice, told: set[str], now: datetime) -> int:
    """One message for each application of the enterprise to this bank."""
    count = 0
    talks = Conversation.objects.filter(link=link, enterprise=notice.request.grantor_id)
    for number in talks.values_list("pk", flat=True):
        source = f"stop:{notice.number}:{number}"
        if source in told:
            continue
        with transaction.atomic():
            talk = Conversation.objects.select_for_update().get(pk=number)
            data = {
                "notice": notice.number,
                "issued_at": notice.issued_at.isoformat(),
                "answer_by": notice.answer_by.isoformat(),
            }
            count += say(talk, "stop_use", data, now=now, source=source) is not None
    return count
