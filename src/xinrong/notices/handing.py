"""One claimed message: is it still to be sent, when, in which words, and what came of it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import F, Q

from xinrong.domain.clock import Clock
from xinrong.domain.process import PLATFORM
from xinrong.notices.channels import Outgoing, Way
from xinrong.notices.composing import code_message, written
from xinrong.notices.confirming import CODE_LASTS, code_of
from xinrong.notices.enums import Channel, MessageState
from xinrong.notices.errors import AddressRefused, ChannelDown, Later, NotSent, Refused
from xinrong.notices.kinds import holds, kind_of
from xinrong.notices.models import Message, Preference
from xinrong.notices.people import Recipient, still_told
from xinrong.notices.states import MESSAGE_PROCESS
from xinrong.notices.telling import choice_of, notify, wants
from xinrong.notices.times import OLDEST, PAUSES, after_quiet, next_summary, pause_after

logger = logging.getLogger(__name__)

#: Messages of one person an hour; what is more waits for the summary of the day.
AN_HOUR = {Channel.MAIL: 20, Channel.SMS: 5}
#: Notices of one summary; the page shows all of them.
SUMMED = 200


class Fate(StrEnum):
    """What became of a message that was due."""

    SENT = "sent"
    FAILED = "failed"
    DEAD = "dead"
    DROPPED = "dropped"
    POSTPONED = "postponed"


def hand_over(message: Message, out: Way, *, clock: Clock) -> Fate:
    """Send a message that this worker has claimed, or say why not.

    Raises ChannelDown when the channel itself does not work; the message is marked by then.
    """
    now = clock.now()
    wanted = Preference.objects.filter(person=message.person_id).first() or Preference(
        person_id=message.person_id
    )
    why = reason_to_drop(message, wanted, now)
    if why:
        return _ended(message, "drop", Fate.DROPPED, why)
    if now - message.made_at > OLDEST:
        return _ended(message, "give_up", Fate.DEAD, "too_old")
    if message.attempts > len(PAUSES):  # the last attempt did not live to say how it ended
        return _ended(message, "give_up", Fate.DEAD, "worker_ended")
    if message.notice is None:
        address = wanted.number
        outgoing = code_message(
            message.name, address, wanted.language, code_of(wanted, wanted.code_at or now)
        )
        return _sent(message, [message], outgoing, wanted, out, clock=clock)
    later = when(message, wanted, now)
    if later is not None:
        Message.objects.filter(pk=message.pk).update(
            due_at=later[0], daily=later[1], claimed_until=None
        )
        return Fate.POSTPONED
    together = [message, *_rest_of_summary(message, wanted, now)] if message.daily else [message]
    notices = [one.notice for one in together if one.notice is not None]
    outgoing = written(message.name, address_of(message, wanted), wanted.language, notices)
    return _sent(message, together, outgoing, wanted, out, clock=clock)


def address_of(message: Message, wanted: Preference) -> str:
    """Where a message goes, as things stand now."""
    return message.person.email if message.channel == Channel.MAIL else wanted.number


def reason_to_drop(message: Message, wanted: Preference, now: datetime) -> str:
    """Why nobody is to be told any more; empty where they are. Asked at the moment of sending."""
    notice = message.notice
    if notice is None:
        fresh = wanted.code_at is not None and now - wanted.code_at < CODE_LASTS
        return "" if fresh and wanted.number_at is None and message.person.is_active else "over"
    if not still_told(notice):
        return "role_ended"
    if notice.read_at is not None:
        return "read"
    if not holds(notice, now):
        return "over"
    if not wants(choice_of(wanted, message.channel), kind_of(notice.kind)):
        return "not_wanted"
    if message.channel == Channel.MAIL and wanted.mail_refused == message.person.email:
        return "address_refused"
    return ""


def when(message: Message, wanted: Preference, now: datetime) -> tuple[datetime, bool] | None:
    """When it leaves instead of now, and whether in the summary: quiet hours, too many of them."""
    quiet = after_quiet(wanted, now)
    if quiet > now:
        return quiet, message.daily
    if message.daily:
        return None
    sent = Message.objects.filter(
        person=message.person_id, channel=message.channel, sent_at__gt=now - timedelta(hours=1)
    )
    many = sent.exclude(sent_as="").values("sent_as").distinct().count()
    return (next_summary(wanted, now), True) if many >= AN_HOUR[Channel(message.channel)] else None


def _rest_of_summary(message: Message, wanted: Preference, now: datetime) -> list[Message]:
    """What else of this person waits for the same summary, claimed with it."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    others = Message.objects.filter(
        free,
        person=message.person_id,
        channel=message.channel,
        daily=True,
        state__in=(MessageState.QUEUED, MessageState.FAILED),
        due_at__lte=now,
    ).exclude(pk=message.pk)
    ids = list(others.order_by("pk").values_list("pk", flat=True)[:SUMMED])
    Message.objects.filter(free, pk__in=ids).update(claimed_until=message.claimed_until)
    mine = Message.objects.filter(pk__in=ids, claimed_until=message.claimed_until)
    kept = []
    for one in mine.select_related("notice", "person").order_by("pk"):
        why = reason_to_drop(one, wanted, now)
        if why:
            _ended(one, "drop", Fate.DROPPED, why)
        else:
            kept.append(one)
    return kept


def _sent(
    first: Message,
    together: Sequence[Message],
    outgoing: Outgoing,
    wanted: Preference,
    out: Way,
    *,
    clock: Clock,
) -> Fate:
    """Hand it to the channel and mark what came of it."""
    ids = [one.pk for one in together]
    mine = Message.objects.filter(pk__in=ids)
    mine.update(attempts=F("attempts") + 1)  # before: an attempt that kills the worker counts
    try:
        out.send(outgoing)
    except AddressRefused as error:
        _note_refused(first, wanted, clock.now())
        return _failed(together, error, clock.now())
    except ChannelDown as error:
        _failed(together, error, clock.now())
        raise
    except NotSent as error:
        return _failed(together, error, clock.now())
    mine.update(
        state=_step(first, "send"),
        sent_at=clock.now(),
        sent_as=first.name,
        claimed_until=None,
        why="",
        detail="",
    )
    return Fate.SENT


def _failed(together: Sequence[Message], error: NotSent, now: datetime) -> Fate:
    """Try again after a pause, or give up: refused for good, or tried often enough."""
    fate = Fate.DEAD
    for one in together:
        pause = pause_after(one.attempts + 1)
        over = isinstance(error, Refused) or pause is None
        state = one.state
        if over or state == MessageState.QUEUED:  # what failed and fails again stays where it is
            state = _step(one, "give_up" if over else "fail")
        Message.objects.filter(pk=one.pk).update(
            state=state,
            due_at=now + (pause or timedelta()),
            claimed_until=None,
            why=error.why[:32],
            detail=error.detail[:300],
        )
        if not over:
            fate = Fate.FAILED
    if isinstance(error, Later):
        logger.info("a message waits: %s", error.why)
    return fate


def broke(message: Message, error: Exception, now: datetime) -> Fate:
    """A fault of ours with this message: it is tried again later, and holds up no other."""
    logger.error("message %s could not be handed over", message.pk, exc_info=error)
    Message.objects.filter(pk=message.pk).update(attempts=message.attempts + 1)
    return _failed([message], Later("fault", f"{type(error).__name__}: {error}"), now)


def _ended(message: Message, event: str, fate: Fate, why: str) -> Fate:
    Message.objects.filter(pk=message.pk).update(
        state=_step(message, event), why=why, detail="", claimed_until=None
    )
    return fate


def _step(message: Message, event: str) -> str:
    """The state to which the worker moves a message by this event."""
    return MESSAGE_PROCESS.step(message.state, event, PLATFORM).target


def _note_refused(message: Message, wanted: Preference, now: datetime) -> None:
    """Remember that the address takes nothing, and tell the person in the platform."""
    address = address_of(message, wanted)
    by_mail = message.channel == Channel.MAIL
    marked = {"mail_refused": address} if by_mail else {"number_refused": True}
    Preference.objects.update_or_create(person_id=message.person_id, defaults=marked)
    kind = "address_refused" if by_mail else "number_refused"
    notify(
        kind,
        [Recipient(message.person_id)],
        path="/notices/settings",
        key=f"{kind}:{message.name}",
        at=now,
    )
