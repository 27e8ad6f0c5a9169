"""What whoever looks after links sees: how each stands, what was given up, refused, disputed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Min

from xinrong.market.linking.models import (
    Conversation,
    Difference,
    InMessage,
    Link,
    OutMessage,
    Standing,
    Taken,
)
from xinrong.market.linking.wire import read_object

#: How long a bank may say nothing about an application that it has acknowledged, before it is
#: listed here. The process's own clocks run besides, and escalate.
SILENT = timedelta(hours=24)
LATELY = timedelta(days=30)


@dataclass(frozen=True)
class Health:
    """How a link stands."""

    link: Link
    waiting: int
    oldest: datetime | None
    dead: int
    parked: int
    refused: int
    differences: int
    last_sent: datetime | None
    last_heard: datetime | None


def health_of(link: Link, *, now: datetime) -> Health:
    """Counts and moments of one link."""
    said = OutMessage.objects.filter(link=link)
    heard = InMessage.objects.filter(link=link)
    waiting = said.filter(state=Standing.WAITING).aggregate(n=Count("pk"), first=Min("made_at"))
    return Health(
        link=link,
        waiting=waiting["n"],
        oldest=waiting["first"],
        dead=said.filter(state=Standing.DEAD).count(),
        parked=heard.filter(outcome=Taken.PARKED).count(),
        refused=heard.filter(outcome=Taken.REFUSED, at__gte=now - LATELY).count(),
        differences=Difference.objects.filter(link=link, resolved_at=None).count(),
        last_sent=said.aggregate(at=Max("done_at"))["at"],
        last_heard=heard.aggregate(at=Max("at"))["at"],
    )


def refused_lately(link: Link, *, now: datetime) -> Any:
    """Messages of a bank that were refused, the newest first."""
    found = InMessage.objects.filter(link=link, outcome=Taken.REFUSED, at__gte=now - LATELY)
    return found.select_related("conversation").order_by("-pk")


def disputes(link: Link) -> Any:
    """What a bank disputes: what is not settled first, then the newest."""
    found = InMessage.objects.filter(link=link, type="dispute", outcome=Taken.APPLIED)
    rows = found.select_related("conversation", "settled_by")
    return rows.order_by(F("settled_at").desc(nulls_first=True), "-pk")


def data_of(row: InMessage) -> dict[str, Any]:
    """What stands in a message that was taken; nothing once its body is no longer kept."""
    if not row.body:
        return {}
    found: dict[str, Any] = read_object(row.body.encode()).get("data", {})
    return found


def silent_of(link: Link, *, now: datetime) -> Any:
    """Applications that a bank's system acknowledged and has not said a word about."""
    return Conversation.objects.filter(
        link=link,
        next_theirs=1,
        said__type="application",
        said__state=Standing.DONE,
        said__done_at__lte=now - SILENT,
    ).order_by("pk")
