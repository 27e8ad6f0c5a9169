"""Posting what waits for banks: in order for each application, again later where it fails.

A bank that cannot be reached is asked with one message at a time, later each time; when it has
failed for as long as the link allows (a day), what has waited as long becomes a dead letter, which
a person sees and resends. A message that a bank will never take becomes one at once. A dead letter
holds up what follows it about the same application, and nothing else.

The name of a message stays the same, so that a bank that has it already says so. A message that
was being posted when the worker was killed is posted again.

Banks are written to side by side: one that is slow holds up nobody else's messages.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from threading import Event
from typing import Any

import httpx2
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from xinrong.domain.clock import Clock
from xinrong.market.linking import filing, queueing, signing
from xinrong.market.linking.errors import LinkBroken
from xinrong.market.linking.keys import secrets_of
from xinrong.market.linking.models import Direction, Link, OutMessage, Standing
from xinrong.market.linking.posting import Said, client_of, post
from xinrong.market.linking.wire import VERSION
from xinrong.work.services import several

logger = logging.getLogger(__name__)

#: How many messages are posted before it is looked again which come next.
CHUNK = 64
#: A message that was claimed and of which nothing was heard is free again after this.
HELD = timedelta(minutes=2)


def send_due(clock: Clock, *, at_once: int = 1, at_most: int = 100_000) -> int:
    """Post what waits and may be tried now, so many at once; how many messages arrived.

    What is beyond `at_most` for one bank is another run's, which is asked for.
    """
    open_now = Link.objects.filter(closed_at=None).select_related("officer")
    links = [link for link in open_now if link.not_before is None or link.not_before <= clock.now()]
    each = max(at_once // max(len(links), 1), 1)
    with several(min(at_once, len(links))) as beside:
        return sum(beside(partial(_send_to, clock=clock, at_once=each, at_most=at_most), links))


def _send_to(link: Link, clock: Clock, at_once: int, at_most: int) -> int:
    """Everything that waits for one bank; what is wrong with a link holds up no other."""
    try:
        return _send_over(link, clock, at_once, at_most)
    except LinkBroken as broken:
        logger.warning("nothing is sent to %s: %s", link.name, broken)
        waiting = OutMessage.objects.filter(link=link, state=Standing.WAITING)
        waiting.update(error=str(broken)[:300])
        link.not_before = clock.now() + timedelta(seconds=link.first_pause)
        _keep(link)
        return 0


def _send_over(link: Link, clock: Clock, at_once: int, at_most: int) -> int:
    """Everything that waits for one bank, until it fails."""
    if not _ready(link, clock.now()).exists():
        return 0
    done = tried = 0
    with client_of(link) as client, several(at_once) as work:
        while tried < at_most:
            mine = _claimed(link, clock.now())
            if not mine:
                return done
            tried += len(mine)
            secrets = secrets_of(link, Direction.OURS, now=clock.now())
            results = list(work(_Given(client, link, secrets, clock).post, mine))
            done += _settled(results, clock.now())
            if not _breathe(link, [said for _, said in results], clock.now()):
                return done
    queueing.ask_once()
    return done


def _ready(link: Link, now: datetime) -> Any:
    """The first that has not arrived of each application, and what stands outside of any order."""
    earlier = OutMessage.objects.filter(
        conversation=OuterRef("conversation"), sequence__gt=0, sequence__lt=OuterRef("sequence")
    ).exclude(state=Standing.DONE)
    return (
        OutMessage.objects.filter(link=link, state=Standing.WAITING, not_before__lte=now)
        .filter(Q(sequence=0) | ~Exists(earlier))
        .select_related("conversation")
        .order_by("pk")
    )


def _claimed(link: Link, now: datetime) -> list[OutMessage]:
    """The next to be posted, claimed so that no other worker posts them at the same time.

    One of a bank that failed last: whether it can be reached again.
    """
    with transaction.atomic():
        ready = _ready(link, now).select_for_update(of=("self",), skip_locked=True)
        mine = list(ready[: 1 if link.failing_since is not None else CHUNK])
        rows = OutMessage.objects.filter(pk__in=[row.pk for row in mine])
        rows.update(attempts=F("attempts") + 1, not_before=now + HELD)
    for row in mine:
        row.attempts += 1
        row.link = link
    return mine


@dataclass(frozen=True)
class Tried:
    """What came of one message, and the body that was posted."""

    said: Said
    body: bytes = b""
    stamp: int = 0
    unasked: bool = False  # it was not posted: the bank has not failed


@dataclass(frozen=True)
class _Given:
    """What posting one message takes. `hangs`: the bank has let one wait for too long."""

    client: httpx2.Client
    link: Link
    secrets: list[str]
    clock: Clock
    hangs: Event = field(default_factory=Event)

    def post(self, row: OutMessage) -> tuple[OutMessage, Tried]:
        """Write it, sign it, post it: nothing is kept of a file that is sent."""
        if self.hangs.is_set():
            return row, _unasked("put off: the bank lets another message wait")
        try:
            body = body_of(self.link, row)
        except LinkBroken as broken:
            return row, _unasked(str(broken))
        # A repeat is signed later than what it repeats, else it could be a copy of it.
        at = max(self.clock.now(), datetime.fromtimestamp(row.stamp + 1, UTC))
        headers = signing.sign(self.secrets, row.name, at, body)
        said = post(self.client, self.link, row.name, body, headers)
        if said.late:
            self.hangs.set()
        return row, Tried(said, body, int(headers["webhook-timestamp"]))


def _unasked(why: str) -> Tried:
    return Tried(Said(arrived=False, error=why[:300]), unasked=True)


def body_of(link: Link, row: OutMessage) -> bytes:
    """The message as JSON; what it holds of an enterprise is asked of the gate now."""
    kind, data = row.type, row.data
    if kind == "file":
        kind, data = filing.filed(link, row)
    message = {
        "version": VERSION,
        "id": row.name,
        "link": link.name,
        "type": kind,
        "at": row.made_at.isoformat(),
        "data": data,
    }
    if row.conversation is not None:
        message["application"] = row.conversation.application
        message["sequence"] = row.sequence
    return json.dumps(message, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _settled(results: Iterable[tuple[OutMessage, Tried]], now: datetime) -> int:
    """Write down how each ended, together; how many arrived."""
    with transaction.atomic():
        return sum(_settle(row, tried, now) for row, tried in results)


def _settle(row: OutMessage, tried: Tried, now: datetime) -> bool:
    """Write down how it ended. Whether it arrived."""
    mine = OutMessage.objects.filter(pk=row.pk, state=Standing.WAITING, attempts=row.attempts)
    if tried.said.arrived:
        found = {
            "state": Standing.DONE,
            "done_at": now,
            "error": "",
            "stamp": tried.stamp,
            "digest": sha256(tried.body).hexdigest(),
        }
        return bool(mine.update(**found))
    state = Standing.DEAD if tried.said.never else Standing.WAITING
    stamp = max(row.stamp, tried.stamp)
    pause = timedelta(seconds=row.link.first_pause) if tried.unasked else timedelta(0)
    mine.update(error=tried.said.error, state=state, not_before=now + pause, stamp=stamp)
    return False


def _breathe(link: Link, results: Iterable[Tried], now: datetime) -> bool:
    """Note whether the bank can be reached; whether to go on at once."""
    told = [one for one in results if not one.unasked]
    failed = [one for one in told if not one.said.arrived and not one.said.never]
    if not told:
        return False
    with transaction.atomic():
        # As it stands: a person may have had everything sent again meanwhile.
        Link.objects.select_for_update().get(pk=link.pk)
        link.refresh_from_db(fields=["failing_since", "failures", "not_before"])
        if not failed:
            if link.failing_since is not None:
                link.failing_since, link.failures, link.not_before = None, 0, None
                _keep(link)
            return True
        link.failing_since = link.failing_since or now
        link.failures += 1
        link.not_before = now + pause_after(link, link.failures)
        _keep(link)
        give_up(link, failed[0].said.error, now)
        queueing.ask_at(link.not_before)
    return False


def _keep(link: Link) -> None:
    link.save(update_fields=["failing_since", "failures", "not_before"])


def pause_after(link: Link, failures: int) -> timedelta:
    """How long to leave a bank alone: twice as long after each failure, up to the longest."""
    seconds = min(link.first_pause << min(failures - 1, 30), link.longest_pause)
    return timedelta(seconds=seconds)


def give_up(link: Link, error: str, now: datetime) -> int:
    """Make dead letters of what has waited too long for a bank that failed all that while."""
    if link.failing_since is None or now - link.failing_since < timedelta(seconds=link.give_up):
        return 0
    waited = OutMessage.objects.filter(
        link=link,
        state=Standing.WAITING,
        made_at__lte=now - timedelta(seconds=link.give_up),
    )
    return waited.update(state=Standing.DEAD, error=error[:300])


def dead_letters(link: Link | None = None) -> Any:
    """What was given up, the oldest first."""
    found = OutMessage.objects.filter(state=Standing.DEAD)
    found = found if link is None else found.filter(link=link)
    return found.select_related("link", "conversation").order_by("pk")


def resend(message: int, *, now: datetime) -> None:
    """Try a dead letter again, and all others about its application, which wait for it.

    Raises LinkBroken (link_message) where it is none.
    """
    with transaction.atomic():
        row = OutMessage.objects.filter(pk=message, state=Standing.DEAD).first()
        if row is None:
            raise LinkBroken(
                "there is no such dead letter", remedy="Load the list again.", code="link_message"
            )
        if row.conversation is None:
            resend_all(row.link, [row.pk], now=now)
            return
        others = OutMessage.objects.filter(conversation=row.conversation, state=Standing.DEAD)
        resend_all(row.link, others.values_list("pk", flat=True), now=now)


def resend_all(link: Link, messages: Iterable[int] | None = None, *, now: datetime) -> int:
    """Try the dead letters of a link again, from now on with all its patience; how many."""
    dead = OutMessage.objects.filter(link=link, state=Standing.DEAD)
    if messages is not None:
        dead = dead.filter(pk__in=list(messages))
    with transaction.atomic():
        count = dead.update(state=Standing.WAITING, attempts=0, not_before=now)
        Link.objects.filter(pk=link.pk).update(failing_since=None, failures=0, not_before=None)
        transaction.on_commit(queueing.ask_once, robust=True)
    return count


def hurry(link: Link, *, now: datetime) -> None:
    """Try what waits for a bank now, and not when its pause is over."""
    with transaction.atomic():
        Link.objects.filter(pk=link.pk).update(not_before=None)
        OutMessage.objects.filter(link=link, state=Standing.WAITING, not_before__gt=now).update(
            not_before=now
        )
