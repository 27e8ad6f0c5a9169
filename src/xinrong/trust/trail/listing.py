"""A page of the trail and how many rows there are in all, however many millions there are.

Counting millions of rows, or looking through them for the few that fit, takes seconds. The usage
accounts say how many questions an organisation asked on a day, for which purpose and with what
end: they add up to the total, and name the days, and the organisations, that a page is read from.
The newest days, whose rows may not all be counted yet, are read as they are. Rows of one
enterprise or person, and those that were reported, are few and found by their index.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet, Sum

from xinrong.accounts.services import Viewer
from xinrong.domain.clock import day_in_china, midnight
from xinrong.trust.models import AuditRow
from xinrong.trust.sealing.models import AuditSeal
from xinrong.trust.trail.models import UsageDay, UsageState
from xinrong.trust.trail.reading import Search, organisations_of, search

#: A row that is this much older than the last one counted is counted: none commits that late.
SETTLED = timedelta(hours=1)
#: So many organisations of a day are named when its rows are read; of more, all are read through.
FEW = 20


@dataclass(frozen=True)
class Listed:
    """Some rows, newest first, from `offset` on, and how many there are in all."""

    rows: list[AuditRow]
    total: int
    offset: int


def listed(viewer: Viewer, looked_for: Search, *, offset: int = 0, size: int = 30) -> Listed:
    """The rows that a viewer may read and that fit; an offset past the end is the last row.

    Raises Denied for whoever does not read the trail, TrailError where too many people fit.
    """
    rows = search(viewer, looked_for)
    closed = closed_before()
    if closed is None or by_index(viewer, looked_for):
        total = rows.count()
        offset = max(0, min(offset, total - 1))
        return Listed(list(rows[offset : offset + size]), total, offset)
    recent = rows.filter(at__gte=midnight(closed))
    newest = recent.count()
    days = counted_days(viewer, looked_for, closed)
    total = newest + sum(count for _, count in days)
    offset = max(0, min(offset, total - 1))
    found = list(recent[offset : offset + size]) if offset < newest else []
    if len(found) < size:
        sums = counted(viewer, looked_for)
        found += older(rows, sums, days, max(0, offset - newest), size - len(found))
    return Listed(found, total, offset)


def by_index(viewer: Viewer, looked_for: Search) -> bool:
    """Whether the rows that fit are few: those about one enterprise, of few people, reported."""
    narrow = looked_for.person or looked_for.enterprise or looked_for.doubted
    return viewer.role == "representative" or bool(narrow)


def closed_before() -> date | None:
    """All rows of the days before this one are in the usage accounts; None: nothing is sure."""
    state = UsageState.objects.filter(pk=1).first()
    if state is None:
        return None
    last = AuditSeal.objects.filter(block=state.block).order_by("-position")
    at = last.values_list("row__at", flat=True).first()
    return None if at is None else day_in_china(at - SETTLED)


def counted(viewer: Viewer, looked_for: Search) -> QuerySet[UsageDay]:
    """The accounts of those who fit, by day, purpose and organisation."""
    found = UsageDay.objects.all()
    asked = organisations_of(viewer, looked_for)
    if asked is not None:
        found = found.filter(organisation__in=asked)
    if looked_for.purpose:
        found = found.filter(purpose=looked_for.purpose)
    if looked_for.outcome:
        found = found.filter(**{f"{looked_for.outcome}__gt": 0})
    return found


def counted_days(viewer: Viewer, looked_for: Search, closed: date) -> list[tuple[date, int]]:
    """How many rows fit on each day before `closed`, newest first; days without any left out."""
    found = counted(viewer, looked_for).filter(day__lt=closed)
    if looked_for.first:
        found = found.filter(day__gte=looked_for.first)
    if looked_for.last:
        found = found.filter(day__lte=looked_for.last)
    sums = found.values("day").annotate(rows=Sum(looked_for.outcome or "queries"))
    return list(sums.order_by("-day").values_list("day", "rows"))


def older(
    rows: QuerySet[AuditRow],
    sums: QuerySet[UsageDay],
    days: Sequence[tuple[date, int]],
    skip: int,
    size: int,
) -> list[AuditRow]:
    """The rows from place `skip` on among those of the counted days."""
    wanted: list[date] = []
    upto = 0
    for day, count in days:
        if not wanted and count <= skip:
            skip -= count
            continue
        wanted.append(day)
        upto += count
        if upto >= skip + size:
            break
    asking = defaultdict[date, set[int]](set)
    for day, organisation in sums.filter(day__in=wanted).values_list("day", "organisation"):
        asking[day].add(organisation)
    found: list[AuditRow] = []
    for day in wanted:
        of_day = rows.filter(at__gte=midnight(day), at__lt=midnight(day + timedelta(days=1)))
        if len(asking[day]) <= FEW:
            named = Q(organisation__in=asking[day] - {0})
            of_day = of_day.filter(named | Q(organisation=None) if 0 in asking[day] else named)
        found += of_day[skip : skip + size - len(found)]
        skip = 0
    return found
