"""What the platform says to a bank lies here first, written with the fact that it tells of."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from xinrong.market.linking.models import Conversation, Link, LinkDue, OutMessage, Standing
from xinrong.store.services import Question, answers

ONLY = 1


def conversation_of(
    link: Link, application: str, enterprise: int, *, now: datetime
) -> Conversation:
    """What is said about an application over a link; its row is held until the transaction ends."""
    made, _ = Conversation.objects.select_for_update().get_or_create(
        link=link,
        application=application,
        defaults={"enterprise": enterprise, "opened_at": now},
    )
    return made


def say(
    conversation: Conversation,
    kind: str,
    data: Mapping[str, Any],
    *,
    now: datetime,
    source: str = "",
    ordered: bool = True,
) -> OutMessage | None:
    """Put a message into the queue of an application; None where `source` was told already.

    Call it in the transaction of what it tells of, with the conversation's row held.
    """
    if source and OutMessage.objects.filter(link=conversation.link_id, source=source).exists():
        return None
    sequence = 0
    if ordered:
        sequence = conversation.next_ours
        conversation.next_ours += 1
        conversation.save(update_fields=["next_ours"])
    made = OutMessage.objects.create(
        link_id=conversation.link_id,
        conversation=conversation,
        name=new_name(),
        sequence=sequence,
        type=kind,
        data=dict(data),
        source=source,
        made_at=now,
        not_before=now,
    )
    transaction.on_commit(ask_once, robust=True)
    return made


def tell(link: Link, kind: str, data: Mapping[str, Any], *, now: datetime) -> OutMessage:
    """Put a message that is about no application into the queue."""
    made = OutMessage.objects.create(
        link=link, name=new_name(), type=kind, data=dict(data), made_at=now, not_before=now
    )
    transaction.on_commit(ask_once, robust=True)
    return made


def say_again(conversation: Conversation, after: int, *, now: datetime) -> int:
    """Send the messages with a later number once more, under their names; how many."""
    lost = OutMessage.objects.filter(
        conversation=conversation, sequence__gt=after, state=Standing.DONE
    )
    count = lost.update(state=Standing.WAITING, attempts=0, not_before=now, done_at=None)
    if count:
        transaction.on_commit(ask_once, robust=True)
    return count


def new_name() -> str:
    """The name of a message: the same however often it is sent."""
    return f"msg_{secrets.token_hex(16)}"


def ask_once() -> None:
    """Have a worker send, once however many commits ask."""
    from xinrong.market.linking import tasks  # which knows this module

    if answers("default", Question("SELECT id FROM market_linkdue WHERE id = %s", [ONLY]))[0]:
        return
    with transaction.atomic():
        _, made = LinkDue.objects.get_or_create(pk=ONLY)
        if made:
            tasks.send_to_banks.enqueue()


def ask_at(moment: datetime) -> None:
    """Have a worker send once more, when a pause is over."""
    from xinrong.market.linking import tasks  # which knows this module

    tasks.send_to_banks.using(run_after=moment).enqueue()


def begin() -> None:
    """What comes from now on needs another run."""
    LinkDue.objects.all().delete()
