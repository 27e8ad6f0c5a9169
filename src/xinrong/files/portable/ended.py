"""What ended before its time: written to the journal first, so that no restore revives it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from xinrong.domain.portable import State
from xinrong.files.portable.models import PortableReport, ReportEnd
from xinrong.store import services as store

ENDED = "report_ended"


def end(number: str, state: State, last_day: date, now: datetime) -> bool:
    """Write an end down, once. Returns whether it is new."""
    if ReportEnd.objects.filter(pk=number).exists():
        return False
    told = {"number": number, "state": str(state), "last_day": last_day.isoformat()}
    with transaction.atomic():
        store.record(ENDED, told, now)
        _, new = ReportEnd.objects.get_or_create(
            number=number, defaults={"state": str(state), "at": now, "last_day": last_day}
        )
    return new


@store.replayer(ENDED)
def end_again(entry: store.Entry) -> store.Outcome:
    """A report that ended since the backup has ended in the restored store, known there or not."""
    told = entry.payload
    _, new = ReportEnd.objects.get_or_create(
        number=told["number"],
        defaults={
            "state": told["state"],
            "at": entry.at,
            "last_day": date.fromisoformat(told["last_day"]),
        },
    )
    return store.Outcome.APPLIED if new else store.Outcome.PRESENT


def state_of(report: PortableReport, today: date) -> str:
    """running, withdrawn, superseded, or over."""
    return states_of([report], today)[report.number]


def states_of(reports: Collection[PortableReport], today: date) -> dict[str, str]:
    """Number → how each stands."""
    numbers = [report.number for report in reports]
    ended = dict(ReportEnd.objects.filter(pk__in=numbers).values_list("number", "state"))
    return {
        one.number: ended.get(one.number) or ("over" if today > one.last_day else "running")
        for one in reports
    }


def superseded_of(code: str, today: date) -> list[tuple[PortableReport, datetime]]:
    """An enterprise's superseded reports that would still be valid, and since when they are.

    Those after which it had another one made that holds are left out: it knows.
    """
    own = PortableReport.objects.filter(enterprise__code=code, last_day__gte=today)
    ended = {one.number: one for one in ReportEnd.objects.filter(pk__in=own.values("number"))}
    newest = max((one.issued_at for one in own if one.number not in ended), default=None)
    return [
        (one, ended[one.number].at)
        for one in own.order_by("issued_at")
        if one.number in ended
        and ended[one.number].state == State.SUPERSEDED
        and (newest is None or newest < one.issued_at)
    ]
