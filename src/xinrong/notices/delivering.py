"""Messages leave the platform: claimed, checked once more, sent, marked.

At least once: between the server's yes and our mark a worker may be killed; then the claim runs
out, and the message is sent again under the same name (Message-ID, idempotency key). Nothing here
runs inside anybody's transaction, and a channel that does not work is left alone for a while.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from xinrong.domain.clock import Clock
from xinrong.notices.channels import Way, open_channels, way_of
from xinrong.notices.enums import Channel, MessageState
from xinrong.notices.errors import ChannelDown
from xinrong.notices.handing import Fate, broke, hand_over
from xinrong.notices.models import ChannelPause, Message
from xinrong.notices.times import channel_pause

#: How long a worker may have a message in hand; longer than any channel's timeouts together.
CLAIM = timedelta(minutes=2)
#: One run lasts no longer for a channel: the other one and other background work have their turn.
BUDGET = timedelta(seconds=15)
OPEN = (MessageState.QUEUED, MessageState.FAILED)


@dataclass
class Delivered:
    """What a run came to, by the fate of each message."""

    fates: dict[Fate, int] = field(default_factory=dict)
    down: list[str] = field(default_factory=list)  # channels that do not work

    def count(self, fate: Fate) -> None:
        self.fates[fate] = self.fates.get(fate, 0) + 1

    @property
    def sent(self) -> int:
        return self.fates.get(Fate.SENT, 0)


def deliver(
    *, clock: Clock, way: Callable[[Channel], Way] = way_of, at_most: int = 1_000
) -> Delivered:
    """Send what is due by every channel that is set up and works."""
    done = Delivered()
    for channel in open_channels():
        if is_paused(channel, clock.now()):
            done.down.append(channel)
            continue
        out = way(channel)
        try:
            _send_due(channel, out, done, clock=clock, at_most=at_most)
        finally:
            out.close()
    return done


def due(channel: Channel, now: datetime) -> QuerySet[Message]:
    """What may leave by a channel now, the longest due first; summaries after all else."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    waiting = Message.objects.filter(free, channel=channel, state__in=OPEN, due_at__lte=now)
    return waiting.order_by("daily", "due_at", "pk")


def _send_due(channel: Channel, out: Way, done: Delivered, *, clock: Clock, at_most: int) -> None:
    end = clock.now() + BUDGET
    recovering = ChannelPause.objects.filter(channel=channel).exists()
    for number in list(due(channel, clock.now()).values_list("pk", flat=True)[:at_most]):
        now = clock.now()
        if now >= end:
            return
        message = claim(number, now)
        if message is None:
            continue
        try:
            fate = hand_over(message, out, clock=clock)
        except ChannelDown as error:
            pause(channel, error, clock.now())
            done.count(Fate.FAILED)
            done.down.append(channel)
            return
        except Exception as error:  # noqa: BLE001 - one message must not hold up the others
            fate = broke(message, error, clock.now())
        done.count(fate)
        if recovering and fate == Fate.SENT:
            works(channel)
            recovering = False


def claim(number: int, now: datetime) -> Message | None:
    """Take a message in hand, if no other worker has; whoever claims it sends it."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    mine = Message.objects.filter(free, pk=number, state__in=OPEN, due_at__lte=now)
    if not mine.update(claimed_until=now + CLAIM):
        return None
    return Message.objects.select_related("notice", "person").get(pk=number)


def is_paused(channel: Channel, now: datetime) -> bool:
    """Whether a channel that failed is to be left alone still."""
    return ChannelPause.objects.filter(channel=channel, retry_at__gt=now).exists()


def pause(channel: Channel, error: ChannelDown, now: datetime) -> None:
    """Leave a channel alone for a while, longer each time."""
    row = ChannelPause.objects.filter(channel=channel).first()
    tries = row.tries + 1 if row else 1
    ChannelPause.objects.update_or_create(
        channel=channel,
        defaults={
            "tries": tries,
            "retry_at": now + channel_pause(tries),
            "why": error.why,
            "detail": error.detail[:300],
        },
        create_defaults={
            "channel": channel,
            "since": now,
            "tries": tries,
            "retry_at": now + channel_pause(tries),
            "why": error.why,
            "detail": error.detail[:300],
        },
    )


def works(channel: Channel) -> None:
    """The channel took a message: it works again."""
    ChannelPause.objects.filter(channel=channel).delete()
