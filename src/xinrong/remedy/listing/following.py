"""Entries follow the records they rest on: what is repaired, suspended or gone takes them along.

A page reads the basis anew, so nothing is shown meanwhile; this closes the entries and their cases,
and is safe to repeat.
"""

from __future__ import annotations

import logging
from datetime import datetime
from itertools import batched

from django.db import transaction
from django.db.models import QuerySet

from xinrong.catalogue.lists import ExitKind
from xinrong.domain.clock import day_in_china
from xinrong.domain.process import MoveRefused
from xinrong.remedy.listing import writing
from xinrong.remedy.listing.basis import Basis, standings
from xinrong.remedy.listing.models import OPEN, AppliedMeasure, ListEntry
from xinrong.remedy.listing.table import ENDING
from xinrong.remedy.telling.telling import CORRECTED, ENDED, LIFTED, REPAIRED, SUSPENDED
from xinrong.store import services as store
from xinrong.work.services import CaseRefused, Event, move_as_platform, receives

logger = logging.getLogger(__name__)
AT_ONCE = 500
_BY = {
    Basis.REPAIRED: ExitKind.REPAIRED,
    Basis.OVER: ExitKind.BASIS_GONE,
    Basis.GONE: ExitKind.BASIS_GONE,
}
_EVENT = {kind: event for event, kind in ENDING.items()}


def follow_listings(*, now: datetime) -> int:
    """Close or suspend what its basis carries no longer, end what is over; how many changed."""
    rows = ListEntry.objects.filter(state__in=OPEN)
    return _follow_all(rows, now) + _over_measures(now)


@receives(REPAIRED, SUSPENDED, LIFTED, CORRECTED, ENDED, name="remedy.listing.record")
def heard(event: Event) -> None:
    """What became of a record: the entries that rest on it follow at once."""
    category, key = str(event.about["category"]), int(event.about["key"])
    rows = ListEntry.objects.filter(basis_category=category, basis_key=key, state__in=OPEN)
    _follow_all(rows, event.at)


def _follow_all(rows: QuerySet[ListEntry], now: datetime) -> int:
    today, changed = day_in_china(now), 0
    ordered = rows.select_related("enterprise").order_by("pk")
    for few in batched(ordered, AT_ONCE):
        with store.snapshot() as snapshot:
            found = standings(few, snapshot, today)
        for entry in few:
            try:
                with transaction.atomic():
                    changed += _follow(entry.pk, found[entry.pk].basis, now)
            except (MoveRefused, CaseRefused):
                logger.info("the case of entry %s was moved meanwhile", entry.pk)
    return changed


def _follow(number: int, basis: Basis, now: datetime) -> bool:
    """Bring one entry in line with its basis and its days; whether it changed."""
    rows = ListEntry.objects.select_related("enterprise").select_for_update(of=("self",))
    entry = rows.get(pk=number)
    if entry.state not in OPEN:
        return False
    if entry.state == "noticed":
        if basis in _BY:
            writing.drop(entry, now)
            move_as_platform(entry.case, "lose_basis", now=now)
        return basis in _BY
    kind = _BY.get(basis)
    if entry.shown_until is not None and day_in_china(now) > entry.shown_until:
        kind = ExitKind.EXPIRED
    if kind is not None:
        writing.end(entry, kind, now)
        move_as_platform(entry.case, _EVENT[kind], now=now)
        return True
    if basis is Basis.SUSPENDED and entry.state == "entered":
        writing.suspend(entry, now)
        return True
    if basis is Basis.STANDS and entry.state == "suspended":
        writing.resume(entry)
        return True
    return False


def _over_measures(now: datetime) -> int:
    """End the measures whose own last day is over."""
    today = day_in_china(now)
    over = AppliedMeasure.objects.exclude(state="ended").filter(until_on__lt=today)
    with transaction.atomic():
        found = list(over.select_for_update())
        for one in found:
            writing.stop(one, today, "over")
    return len(found)
