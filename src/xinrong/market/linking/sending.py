"""Posting what waits for banks: in order for each application, again later where it fails.

A bank that cannot be reached is asked with one message at a time, later each time; when it has
failed for as long as the link allows (a day), what has waited as long becomes a dead letter, which
a person sees and resends. A message that a bank will never take becomes one at once. A dead letter
holds up what follows it about the same application, and nothing else.

The name of a message stays the same, so that a bank that has it already says so. A message that
was being posted when the worker was killed is posted again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import httpx2
from django.db import connections, transaction
from django.db.models import Exists, F, OuterRef, Q

from xinrong.domain.clock import Clock
from xinrong.market.linking import filing, queueing, signing
from xinrong.market.linking.errors import LinkBroken
from xinrong.market.linking.keys import secrets_of
from xinrong.market.linking.models import Direction, Link, OutMessage, Standing
from xinrong.market.linking.posting import Said, client_of, post
from xinrong.market.linking.wire import VERSION

logger = logging.getLogger(__name__)

#: How many messages are posted before it is looked again which come next.
CHUNK = 64
#: A message that was claimed and of which nothing was heard is free again after this.
HELD = timedelta(minutes=2)


def send_due(clock: Clock, *, at_once: int = 1, at_most: int = 100_000) -> int:
    """Post what waits and may be tried now; how many messages arrived."""
    done = 0
    for link in Link.objects.filter(closed_at=None).select_related("officer"):
        if link.not_before is not None and link.not_before > clock.now():
            continue
        try:
            done += _send_over(link, clock, at_once, at_most - done)
        except LinkBroken as broken:  # its own configuration: the others go on
            logger.warning("nothing is sent to %s: %s", link.name, broken)
            waiting = OutMessage.objects.filter(link=link, state=Standing.WAITING)
            waiting.update(error=str(broken)[:300])
            link.not_before = clock.now() + timedelta(seconds=link.first_pause)
            _keep(link)
    return done


def _send_over(link: Link, clock: Clock, at_once: int, at_most: int) -> int:
    """Everything that waits for one bank, until it fails."""
    done = 0
    with client_of(link) as client, _workers(at_once) as work:
        while done < at_most:
            probing = link.failing_since is not None
            rows = list(_ready(link, clock.now())[: 1 if probing else CHUNK])
            mine = [row for row in rows if _claim(row, clock.now())]
            if not mine:
                return done
            secrets = secrets_of(link, Direction.OURS, now=clock.now())
            given = _Given(client, link, secrets, clock)
            results = list(work(given.post, mine))
            arrived = [_settle(row, said, clock.now()) for row, said in results]
            done += sum(arrived)
            if not _breathe(link, [said for _, said in results], clock.now()):
                return done
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


def _claim(row: OutMessage, now: datetime) -> bool:
    """So that no other worker posts it at the same time."""
    mine = OutMessage.objects.filter(pk=row.pk, state=Standing.WAITING, attempts=row.attempts)
    row.attempts += 1
    return bool(mine.update(attempts=F("attempts") + 1, not_before=now + HELD))


@dataclass(frozen=True)
class Tried:
    """What came of one message, and the body that was posted."""

    said: Said
    body: bytes = b""
    stamp: int = 0
    ours: bool = False  # it is our own fault: the bank has not failed


@dataclass(frozen=True)
class _Given:
    """What posting one message takes."""

    client: httpx2.Client
    link: Link
    secrets: list[str]
    clock: Clock

    def post(self, row: OutMessage) -> tuple[OutMessage, Tried]:
        """Write it, sign it, post it: nothing is kept of a file that is sent."""
        try:
            body = body_of(self.link, row)
        except LinkBroken as broken:
            return row, Tried(Said(arrived=False, error=str(broken)[:300]), ours=True)
        # A repeat is signed later than what it repeats, else it could be a copy of it.
        at = max(self.clock.now(), datetime.fromtimestamp(row.stamp + 1, UTC))
        headers = signing.sign(self.secrets, row.name, at, body)
        said = post(self.client, self.link, row.name, body, headers)
        return row, Tried(said, body, int(headers["webhook-timestamp"]))


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
    pause = timedelta(seconds=row.link.first_pause) if tried.ours else timedelta(0)
    mine.update(error=tried.said.error, state=state, not_before=now + pause, stamp=stamp)
    return False


def _breathe(link: Link, results: Iterable[Tried], now: datetime) -> bool:
    """Note whether the bank can be reached; whether to go on at once."""
    told = [one for one in results if not one.ours]
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


class _workers:  # noqa: N801 - read as a word: `with _workers(8) as work`
    """Maps in so many threads; in this one where it is one thread."""

    def __init__(self, at_once: int) -> None:
        self._pool = ThreadPoolExecutor(at_once) if at_once > 1 else None

    def __enter__(self) -> Callable[..., Iterable[Any]]:
        if self._pool is None:
            return map
        pool = self._pool

        def work(job: Callable[[Any], Any], rows: list[Any]) -> Iterable[Any]:
            return pool.map(lambda row: _closing(job, row), rows)

        return work

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown()


def _closing(job: Callable[[Any], Any], row: Any) -> Any:
    """The job, leaving no connection of this thread open that nobody would close."""
    try:
        return job(row)
    finally:
        connections.close_all()
