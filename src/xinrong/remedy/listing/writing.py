"""What a decision about an entry writes, in the transaction of the move that it belongs to.

What ends or suspends an entry is written to the journal too, so that no restore brings it back;
entering somebody is not: a restore never lists anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings

from xinrong.catalogue.law_packs import law_for
from xinrong.catalogue.lists import CreditList, ExitKind
from xinrong.catalogue.region import load_region
from xinrong.domain.clock import day_in_china
from xinrong.domain.law import Matter, Start, Tier, Topic, end_of
from xinrong.remedy.listing.models import AppliedMeasure, ListEntry
from xinrong.store import services as store
from xinrong.work.services import Event, receives

ENDED, SUSPENDED = "listing_ended", "listing_suspended"
#: Why measures end.
WITH_ENTRY = "entry"


def shown_until(one: CreditList, decided: date, *, personal: bool) -> date:
    """The last day on which an entry is shown: the list's period, or the law's where shorter."""
    law = law_for(load_region(settings.REGION).info.jurisdictions)
    days = [end_of(decided, one.display.period, law.calendar).day]
    if one.law_kind:
        asked = Matter(
            Topic.DISPLAY, decided, personal=personal, kind=one.law_kind, tier=Tier.SERIOUS
        )
        days += [
            end_of(decided, rule.period, law.calendar).day
            for rule in law.applying(asked)
            if rule.start is Start.DETERMINED
        ]
    return min(days)


def enter(entry: ListEntry, one: CreditList, now: datetime) -> None:
    """The enterprise is on the list from today."""
    today = day_in_china(now)
    entry.state, entry.live = "entered", 1
    entry.decided_on = today
    entry.shown_until = shown_until(one, today, personal=entry.enterprise.personal)
    entry.save(update_fields=["state", "live", "decided_on", "shown_until"])


def drop(entry: ListEntry, now: datetime) -> None:
    """It is not entered."""
    entry.state, entry.decided_on = "dropped", day_in_china(now)
    entry.save(update_fields=["state", "decided_on"])


def end(entry: ListEntry, kind: ExitKind, now: datetime) -> None:
    """The enterprise is off the list, and every measure that stood on it ends."""
    store.record(ENDED, {"case": entry.case, "by": str(kind)}, now)
    _end(entry, kind, day_in_china(now))


def _end(entry: ListEntry, kind: str, today: date) -> None:
    assert entry.decided_on is not None
    for measure in entry.measures.exclude(state="ended"):
        stop(measure, today, WITH_ENTRY)
    entry.state, entry.live = "ended", None
    entry.ended_on, entry.ended_by = max(today, entry.decided_on), str(kind)
    entry.save(update_fields=["state", "live", "ended_on", "ended_by"])


def stop(measure: AppliedMeasure, today: date, why: str) -> None:
    """A measure ends."""
    measure.state, measure.live = "ended", None
    measure.ended_on, measure.ended_why = max(today, measure.from_on), why
    measure.save(update_fields=["state", "live", "ended_on", "ended_why"])


def suspend(entry: ListEntry, now: datetime) -> None:
    """The entry and its measures carry nothing for now."""
    store.record(SUSPENDED, {"case": entry.case}, now)
    _suspend(entry)


def _suspend(entry: ListEntry) -> None:
    entry.measures.filter(state="applied").update(state="suspended", live=None)
    entry.state, entry.live = "suspended", None
    entry.save(update_fields=["state", "live"])


def resume(entry: ListEntry) -> None:
    """They stand again, within the days that they had."""
    entry.state, entry.live = "entered", 1
    entry.save(update_fields=["state", "live"])
    entry.measures.filter(state="suspended").update(state="applied", live=1)


@store.replayer(ENDED)
def end_again(one: store.Entry) -> store.Outcome:
    """An entry that ended since the backup ends in the restored store, on its own day."""
    found = _restored(one.payload["case"], ("entered", "suspended"))
    if isinstance(found, store.Outcome):
        return found
    _end(found, one.payload["by"], day_in_china(one.at))
    return store.Outcome.APPLIED


@store.replayer(SUSPENDED)
def suspend_again(one: store.Entry) -> store.Outcome:
    """An entry suspended since the backup is again; the worker resumes what its basis carries."""
    found = _restored(one.payload["case"], ("entered",))
    if isinstance(found, store.Outcome):
        return found
    _suspend(found)
    return store.Outcome.APPLIED


def _restored(case: str, states: Sequence[str]) -> ListEntry | store.Outcome:
    found = ListEntry.objects.filter(case=case).first()
    if found is None:
        return store.Outcome.ABSENT
    return found if found.state in states else store.Outcome.PRESENT


@receives("case_ended", name="remedy.listing.ended")
def lapsed(event: Event) -> None:
    """What the department did not decide in time is dropped: the clock's end has no guard."""
    about, at = event.about, event.at
    if about["state"] != "lapsed" or not about["process"].startswith("list_"):
        return
    entry = ListEntry.objects.filter(case=about["number"], state="noticed").first()
    if entry is not None:
        drop(entry, at)
