"""How reports stand: withdrawn by the enterprise, overtaken by what became of a record, over.

The list of what ended is signed anew for whoever asks. What ended stays ended: it is written to
the journal first, so that no restore brings a report back to life.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings

from xinrong.catalogue.region import load_region
from xinrong.domain.clock import day_in_china
from xinrong.domain.portable import State, write_status
from xinrong.files.portable.choosing import Choice
from xinrong.files.portable.content import OwnCopies
from xinrong.files.portable.ended import end
from xinrong.files.portable.making import categories, refs_of, report_of
from xinrong.files.portable.models import PortableReport, ReportEnd, StatusMark
from xinrong.store import services as store
from xinrong.subjects.services import subjects_of
from xinrong.trust.services import Permit, Permits, platform_signer

#: Seconds for which the store is not looked through again: asking is open to everybody.
FRESH = timedelta(seconds=20)
#: No report holds more; older records do not fall out of a report because newer ones came.
ALL = 1 << 30


def withdraw(number: str, enterprise: int, *, now: datetime) -> PortableReport:
    """Take a report back: whoever checks it from now on is told. Twice keeps the first time.

    Raises PortableRefused, report_unknown.
    """
    report = report_of(number, enterprise)
    end(report.number, State.WITHDRAWN, report.last_day, now)
    return report


def status_list(now: datetime) -> dict[str, Any]:
    """The signed list of what ended and is not over yet, after a look at what has changed."""
    look_through(now)
    today = day_in_china(now)
    ended = [
        (one.number, State(one.state), day_in_china(one.at))
        for one in ReportEnd.objects.filter(last_day__gte=today)
    ]
    return write_status(ended, platform_signer(), region=settings.REGION, now=now)


def look_through(now: datetime) -> int:
    """End the reports of which a record may no longer be shown or used; returns how many.

    A record may have been repaired, withdrawn, corrected, erased, objected to or past its time.
    Only enterprises of which something changed since the last look are read; on a new day all.
    """
    today, mark = day_in_china(now), StatusMark.objects.filter(pk=1).first()
    if mark is not None and mark.day == today and timedelta() <= now - mark.at < FRESH:
        return 0
    seq = store.last_seq()
    live = list(running(today))
    if mark is not None and mark.day == today:
        live = touched(live, mark.seq, seq)
    found = sum(
        end(report.number, State.SUPERSEDED, report.last_day, now)
        for report in live
        if overtaken(report, today)
    )
    StatusMark.objects.update_or_create(pk=1, defaults={"seq": seq, "day": today, "at": now})
    return found


def running(today: date) -> Iterable[PortableReport]:
    """Reports in their time that nothing has ended."""
    ended = ReportEnd.objects.values("number")
    found = PortableReport.objects.filter(last_day__gte=today).exclude(number__in=ended)
    return found.select_related("choice").order_by("pk")


def touched(reports: Collection[PortableReport], after: int, upto: int) -> list[PortableReport]:
    """Those about enterprises of which a commit changed something."""
    if after == upto or not reports:
        return []
    changed = store.subjects_touched(after, upto)
    by_enterprise = defaultdict(list)
    for one in reports:
        by_enterprise[one.enterprise_id].append(one)
    held = subjects_of(list(by_enterprise))
    return [
        report
        for enterprise, few in by_enterprise.items()
        if changed & set(held[enterprise])
        for report in few
    ]


def overtaken(report: PortableReport, today: date) -> bool:
    """Whether a record inside is shown no more, or is now under objection.

    Read beside the gate: nothing of it is released but that the report ended.
    """
    choice = Choice.of(report.choice.choice)
    region = load_region(settings.REGION)
    readable = set(categories())
    permits = Permits(
        {
            report.enterprise_id: {
                name: Permit(name, name in readable, choice.level) for name in region.contracts
            }
        }
    )
    with store.snapshot() as snapshot:
        product = OwnCopies(today, choice, report.choice_id, ALL)
        content = product.read(snapshot, (report.enterprise_id,), permits)
    return not set(report.refs) <= set(refs_of(content))
