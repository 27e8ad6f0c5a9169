"""Alarms: opened when a cause is found, closed by themselves when it has gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from xinrong.catalogue.region import Region
from xinrong.collect.errors import UnknownAlarm
from xinrong.collect.models.quality import Alarm, AlarmKind, FieldQuality
from xinrong.collect.models.receipts import Receipt
from xinrong.collect.quality.causes import Cause
from xinrong.collect.quality.history import standing
from xinrong.collect.quality.telling import tell
from xinrong.domain.clock import Clock, day_in_china
from xinrong.store import services as store

LONGEST_NOTE = 500


def settle(receipt: Receipt, causes: Sequence[Cause]) -> None:
    """After a batch: what it shows is open, every other alarm of its feed is closed."""
    at = receipt.received_at
    still = {(cause.kind, cause.field): cause for cause in causes}
    for alarm in Alarm.objects.filter(feed=receipt.feed, closed_at=None):
        cause = still.pop((AlarmKind(alarm.kind), alarm.field), None)
        if cause is None:
            alarm.closed_at = max(at, alarm.opened_at)
        else:
            alarm.seen_at, alarm.receipt, alarm.figures = at, receipt, dict(cause.figures)
        alarm.save()
    opened = Alarm.objects.bulk_create(
        Alarm(
            feed=receipt.feed,
            department=receipt.department,
            category=receipt.category,
            kind=cause.kind,
            field=cause.field,
            figures=dict(cause.figures),
            receipt=receipt,
            opened_at=at,
            seen_at=at,
        )
        for cause in still.values()
    )
    tell(opened)


def watch(region: Region, *, clock: Clock) -> list[Alarm]:
    """Open an alarm for each feed that has fallen silent, and close those whose cause has gone.

    A feed is silent when its last standing batch is older than its freshness allows. One that
    never sent anything is not: it was never heard. What the platform writes itself comes when there
    is something to write. Returns the alarms that are open now.
    """
    now = clock.now()
    today = day_in_china(now)
    with transaction.atomic():
        _close_retracted(now)
        last = dict(standing().values_list("feed").annotate(Max("day")).order_by("feed"))
        open_now = {one.feed: one for one in _open().filter(kind=AlarmKind.SILENT)}
        for name, feed in region.feeds.items():
            if feed.by_platform:
                continue
            age = (today - last[name]).days if name in last else 0
            silent = age > feed.freshness.stale_after_days
            alarm = open_now.get(name)
            figures = {
                "days": age,
                "allowed": feed.freshness.stale_after_days,
                "last": last[name].isoformat() if name in last else "",
            }
            if silent and alarm is None:
                opened = Alarm.objects.create(
                    feed=name,
                    department=feed.department,
                    category=feed.category,
                    kind=AlarmKind.SILENT,
                    figures=figures,
                    opened_at=now,
                    seen_at=now,
                )
                tell([opened])
            elif silent and alarm is not None:
                alarm.figures, alarm.seen_at = figures, now
                alarm.save()
            elif alarm is not None:
                alarm.closed_at = now
                alarm.save()
    return list(open_alarms())


def open_alarms(*, department: str = "", feed: str = "", category: str = "") -> QuerySet[Alarm]:
    """Alarms whose cause stands, those nobody has looked at first, then the newest."""
    found = _open().filter(~Exists(_retracted()))
    for name, value in (("department", department), ("feed", feed), ("category", category)):
        if value:
            found = found.filter(**{name: value})
    return found.select_related("receipt", "acknowledged_by").order_by(
        "acknowledged_at", "-opened_at", "feed", "kind", "field"
    )


def closed_alarms(feed: str) -> QuerySet[Alarm]:
    """The alarms of a feed that are over, the latest first."""
    gone = Q(closed_at__isnull=False)
    return Alarm.objects.filter(gone, feed=feed).select_related("receipt").order_by("-closed_at")


def alarm_of(number: int) -> Alarm:
    """One alarm. Raises UnknownAlarm."""
    found = Alarm.objects.filter(pk=number).first()
    if found is None:
        raise UnknownAlarm(
            f"There is no alarm {number}.", remedy="Open the board; it lists those there are."
        )
    return found


def acknowledge(number: int, *, person: int, note: str, expected: bool, clock: Clock) -> Alarm:
    """A person has looked at an alarm and says what it is.

    `expected` means that the feed is like this from now on: what the field looked like since the
    alarm opened enters its history. Raises UnknownAlarm.
    """
    with transaction.atomic():
        alarm = alarm_of(number)
        alarm.acknowledged_at = clock.now()
        alarm.acknowledged_by_id = person
        alarm.note = note.strip()[:LONGEST_NOTE]
        alarm.expected = expected
        alarm.save()
        if expected and alarm.field:
            since = FieldQuality.objects.filter(
                quality__feed=alarm.feed,
                field=alarm.field,
                quality__receipt__received_at__gte=alarm.opened_at,
            )
            since.update(usual=True)
    return alarm


def _open() -> QuerySet[Alarm]:
    return Alarm.objects.filter(closed_at=None)


def _retracted() -> QuerySet[Any]:
    """The batch of an alarm, when it was retracted: then its cause has gone."""
    return store.Batch.objects.filter(pk=OuterRef("receipt__batch")).exclude(retracted_seq=None)


def _close_retracted(at: datetime) -> None:
    gone: Iterable[Alarm] = list(_open().filter(Exists(_retracted())))
    for alarm in gone:
        alarm.closed_at = max(at, alarm.opened_at)
        alarm.save()
