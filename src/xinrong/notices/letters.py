"""Dead letters: what could not be sent, for the operator, who sends it again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Count, QuerySet

from xinrong.notices.enums import MessageState
from xinrong.notices.errors import refused
from xinrong.notices.models import ChannelPause, Message
from xinrong.notices.states import MESSAGE_PROCESS


def dead_letters() -> QuerySet[Message]:
    """What was given up, the newest first."""
    dead = Message.objects.filter(state=MessageState.DEAD)
    return dead.select_related("person", "notice__organisation").order_by("-made_at", "-pk")


def pauses() -> list[ChannelPause]:
    """The channels that do not work now."""
    return list(ChannelPause.objects.order_by("since"))


def counted() -> dict[str, dict[str, int]]:
    """Channel -> state -> how many messages."""
    found: dict[str, dict[str, int]] = {}
    rows = Message.objects.values_list("channel", "state").annotate(Count("pk")).order_by()
    for channel, state, many in rows:
        found.setdefault(channel, {})[state] = many
    return found


def resend(number: int, *, role: str, now: datetime) -> Message:
    """Queue a dead letter again, from its beginning. Raises NoticeError, and MoveRefused."""
    with transaction.atomic():
        found = Message.objects.select_for_update().filter(pk=number).first()
        if found is None:
            raise refused(
                "message_unknown", "没有这条消息。", "there is no such message",
                do_zh="请刷新列表。", do_en="Load the list again.",
            )  # fmt: skip
        step = MESSAGE_PROCESS.step(found.state, "resend", role)
        found.state, found.attempts, found.claimed_until = step.target, 0, None
        found.made_at = found.due_at = now
        found.why = found.detail = ""
        found.save()
    return found


def resend_all(*, role: str, now: datetime, at_most: int = 1_000) -> int:
    """Queue the dead letters again, the newest first; how many."""
    numbers = list(dead_letters().values_list("pk", flat=True)[:at_most])
    for number in numbers:
        resend(number, role=role, now=now)
    return len(numbers)
