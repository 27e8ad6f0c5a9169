"""The transactional outbox: how an effect reaches a capability above, without an import upwards.

`emit` writes the event in the caller's transaction: no event without the fact, no fact without
the event. `deliver` hands each to every receiver, at least once and in the order of its queue. A
receiver runs in the transaction that marks the event as received, so what it writes to the
database happens exactly once; what leaves the platform (a mail) may be repeated after a crash and
carries the event's id as its idempotency key. What fails is tried again, later each time, then
lies as a dead letter until a person resends it. A dead letter does not hold up what comes after.

What is new is claimed by the hundred and handed over side by side; what failed before is claimed by
itself, since it may have been what ended the worker.

Events of a case (`EventKind`) carry CASE_KEYS and no content:

- case, number: the case's id, and its name in addresses
- process, state, ended: the process's name; the state after the move, and whether it is an end
- path: the deep link, such as /cases/2f0…
- due: when the present state's next deadline is over (ISO 8601), or None
- roles, organisations, person: who must act now: roles within these organisations (ids; an empty
  list: anybody in that role), and the one person who has taken it on, or None
- enterprise: id of the subject enterprise, or None; enterprise_organisation: of its people
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from xinrong.store.services import Question, answers
from xinrong.work.enums import DeliveryState
from xinrong.work.errors import CaseRefused
from xinrong.work.models import Delivery, DeliveryDue, OutboxEvent
from xinrong.work.threads import several
from xinrong.work.writing import delivered, event_told

logger = logging.getLogger(__name__)

CASE_KEYS = (
    "case", "number", "process", "state", "ended", "path", "due", "roles", "organisations",
    "person", "enterprise", "enterprise_organisation",
)  # fmt: skip
#: After so many attempts an event is a dead letter.
ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=30)
#: The longest pause between two attempts: all of them take about two hours and a half.
LONGEST_PAUSE = timedelta(hours=1)
#: How long an event is kept after it arrived: the log of the case is what lasts.
KEPT = timedelta(days=180)
#: So many are claimed together: what a worker that is killed held waits for its first pause.
TOGETHER = 100
ONLY = 1


@dataclass(frozen=True)
class Event:
    """What a receiver is handed. `id` is the same however often it is handed over."""

    id: int
    kind: str
    about: Mapping[str, Any]
    at: datetime


Receiver = Callable[[Event], None]
#: Kind of an event and what it is about -> whether it is to be handed over.
Wanted = Callable[[str, Mapping[str, Any]], bool]
_receivers: dict[str, dict[str, Receiver]] = {}
_wanted: dict[str, Wanted] = {}


class _Overtaken(Exception):
    """Another worker ended this delivery meanwhile: what the receiver wrote is taken back."""


def receives[R: Receiver](
    *kinds: str, name: str = "", wanted: Wanted | None = None
) -> Callable[[R], R]:
    """Register a receiver of these kinds; call it in the `ready` of the app that owns it.

    `name` is stable (it is kept with the deliveries); the function's full name unless given. An
    event reaches the receivers that are registered when it is written. `wanted` looks at the event,
    and at nothing else: what it does not want is not handed over at all.
    """

    def register(receiver: R) -> R:
        key = name or f"{receiver.__module__}.{getattr(receiver, '__name__', '')}"
        if wanted is not None:
            _wanted[key] = wanted
        for kind in kinds:
            _receivers.setdefault(kind, {})[key] = receiver
        return receiver

    return register


def receivers_of(kind: str) -> dict[str, Receiver]:
    """Name -> receiver, of those registered for a kind."""
    return dict(_receivers.get(kind, {}))


def emit(kind: str, about: Mapping[str, Any], *, at: datetime, queue: str = "") -> int:
    """Write an event in the caller's transaction; its id. Events about a case queue by case."""
    written = answers("default", *told(kind, about, at=at, queue=queue))
    number: int = written[0][0][0]
    return number


def told(kind: str, about: Mapping[str, Any], *, at: datetime, queue: str = "") -> list[Question]:
    """What `emit` writes, for whoever writes more in the same trip and transaction."""
    if not queue and "case" in about:
        queue = f"case:{about['case']}"
    names = sorted(name for name in _receivers.get(kind, ()) if _wants(name, kind, about))
    if names:
        transaction.on_commit(_ask_once, robust=True)
    return event_told(kind, queue, about, names, at)


def _wants(name: str, kind: str, about: Mapping[str, Any]) -> bool:
    wanted = _wanted.get(name)
    return wanted is None or wanted(kind, about)


def _ask_once() -> None:
    """Have a worker deliver, once however many commits ask: after the commit, so it sees it."""
    from xinrong.work import tasks  # which knows this module

    if answers("default", Question("SELECT id FROM work_deliverydue WHERE id = %s", [ONLY]))[0]:
        return
    with transaction.atomic():
        _, made = DeliveryDue.objects.get_or_create(pk=ONLY)
        if made:
            tasks.deliver_events.enqueue()


def begin() -> None:
    """What comes from now on needs another run."""
    DeliveryDue.objects.all().delete()


def deliver(now: datetime, *, at_most: int = 10_000, at_once: int = 1) -> int:
    """Hand over what waits and may be tried now, so many at once; how many it handed over.

    What is beyond `at_most` is another run's, which is asked for: other work has its turn between.
    """
    done = tried = 0
    with several(at_once) as work:
        while tried < at_most:
            mine = _claimed(now, min(TOGETHER, at_most - tried))
            if not mine:
                return done
            tried += len(mine)
            done += sum(work(partial(_hand_over, now=now), mine))
    _ask_once()
    return done


def _claimed(now: datetime, most: int) -> list[Delivery]:
    """The next to be handed over, claimed so that no other worker does it at the same time."""
    with transaction.atomic():
        ready = list(_ready(now).select_for_update(of=("self",), skip_locked=True)[:most])
        alone = bool(ready) and ready[0].attempts > 0
        mine = ready[:1] if alone else [one for one in ready if not one.attempts]
        if mine:
            pause = pause_after(mine[0].attempts + 1)
            rows = Delivery.objects.filter(pk__in=[one.pk for one in mine])
            rows.update(attempts=F("attempts") + 1, not_before=now + pause)
    for one in mine:
        one.attempts += 1
    return mine


def _ready(now: datetime) -> Any:
    """The first of each queue, where its pause is over.

    A pause longer than any we give was given by a clock that has gone back since: it is over.
    """
    earlier = Delivery.objects.filter(
        receiver=OuterRef("receiver"),
        queue=OuterRef("queue"),
        state=DeliveryState.WAITING,
        pk__lt=OuterRef("pk"),
    )
    over = Q(not_before__lte=now) | Q(not_before__gt=now + LONGEST_PAUSE)
    return (
        Delivery.objects.filter(over, state=DeliveryState.WAITING)
        .filter(Q(queue="") | ~Exists(earlier))
        .select_related("event")
        .order_by("pk")
    )


def _hand_over(delivery: Delivery, now: datetime) -> bool:
    """Hand over what was claimed. Whether its receiver took it."""
    if delivery.attempts > ATTEMPTS:  # the last attempt did not live to say how it ended
        _failed(delivery, delivery.error or "the worker ended")
        return False
    receiver = receivers_of(delivery.event.kind).get(delivery.receiver)
    if receiver is None:
        _failed(delivery, f"nothing here is called {delivery.receiver}")
        return False
    try:
        _receive(delivery, receiver, now)
    except _Overtaken:
        return False
    except Exception as error:
        logger.exception("event %s not taken by %s", delivery.event_id, delivery.receiver)
        _failed(delivery, f"{type(error).__name__}: {error}")
        return False
    return True


def _receive(delivery: Delivery, receiver: Receiver, now: datetime) -> None:
    """What the receiver writes and that it has received, in one transaction."""
    event = delivery.event
    with transaction.atomic():
        receiver(Event(event.pk, event.kind, event.about, event.at))
        if not answers("default", delivered(delivery.pk, delivery.attempts, now))[0]:
            raise _Overtaken


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: twice as long each time, up to an hour."""
    return min(FIRST_PAUSE * (1 << (attempts - 1)), LONGEST_PAUSE)


def _failed(delivery: Delivery, why: str) -> None:
    mine = Delivery.objects.filter(
        pk=delivery.pk, state=DeliveryState.WAITING, attempts=delivery.attempts
    )
    over = delivery.attempts >= ATTEMPTS
    mine.update(error=why[:500], state=DeliveryState.DEAD if over else DeliveryState.WAITING)


def dead_letters() -> list[Delivery]:
    """What was given up, the oldest first: for whoever looks after the platform."""
    dead = Delivery.objects.filter(state=DeliveryState.DEAD).select_related("event")
    return list(dead.order_by("pk"))


def resend(delivery: int, *, now: datetime) -> None:
    """Try a dead letter again from the beginning. Raises CaseRefused if it is none."""
    dead = Delivery.objects.filter(pk=delivery, state=DeliveryState.DEAD)
    if not dead.update(state=DeliveryState.WAITING, attempts=0, not_before=now):
        raise CaseRefused(
            "there is no such dead letter", remedy="Load the list again.", code="delivery_unknown"
        )
    transaction.on_commit(_ask_once, robust=True)


def sweep(now: datetime) -> int:
    """Delete events that arrived everywhere KEPT ago; how many. Dead letters stay."""
    before = now - KEPT
    Delivery.objects.filter(state=DeliveryState.DONE, done_at__lt=before).delete()
    old = OutboxEvent.objects.filter(at__lt=before, deliveries=None)
    return old.delete()[0]
