"""Joint reward and punishment: a department applies what the catalogue names, and reports on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from xinrong.accounts.services import Viewer
from xinrong.catalogue.lists import Edition, Measure
from xinrong.domain.clock import day_in_china
from xinrong.remedy.listing import writing
from xinrong.remedy.listing.basis import Basis, standings
from xinrong.remedy.listing.catalogue import book, sync
from xinrong.remedy.listing.errors import ListingRefused, refuse
from xinrong.remedy.listing.models import AppliedMeasure, ListEntry
from xinrong.remedy.listing.texts import one_line
from xinrong.remedy.perms import can_list
from xinrong.store import services as store

LONGEST_TEXT = 500


@dataclass(frozen=True)
class Offered:
    """A measure that a department may apply to an entry, by an edition in force."""

    measure: Measure
    edition: Edition


def offered(who: Viewer, name: str, today: date) -> list[Offered]:
    """What the catalogue names for a list and the viewer's department on a day."""
    catalogue = book().catalogue
    if catalogue is None:
        return []
    found = []
    for one in book().measures_of(name):
        editions = catalogue.editions_of(one, today)
        if editions and who.reference in one.departments:
            found.append(Offered(one, editions[0]))
    return found


def standing_entry(case: str, now: datetime, *, lock: bool = False) -> ListEntry:
    """An entry that stands now, with its basis. Raises ListingRefused (measure_entry)."""
    rows = ListEntry.objects.select_related("enterprise")
    if lock:
        rows = rows.select_for_update(of=("self",))
    entry = rows.filter(case=case[:32]).first()
    today = day_in_china(now)
    if entry is not None and entry.state == "entered" and entry.shown_until is not None:
        with store.snapshot() as snapshot:
            basis = standings([entry], snapshot, today)[entry.pk].basis
        if basis is Basis.STANDS and today <= entry.shown_until:
            return entry
    raise refuse(
        "measure_entry",
        "只能对在列的企业采取措施；这条列入记录不存在、已结束或者已中止。",
        "Measures stand on an entry that stands: there is none, or it has ended or is suspended.",
    )


def apply(
    who: Viewer, case: str, measure: str, *, until: date | None, why: str, now: datetime
) -> AppliedMeasure:
    """Apply a measure to an entry, from today to a day within the entry's.

    Raises ListingRefused: not for this viewer, no entry that stands, a measure that the catalogue
    does not name for the list and the department or not in force, days outside the entry's, twice.
    """
    _may(who)
    said, today = _said(why), day_in_china(now)
    sync(now)
    try:
        with transaction.atomic():
            entry = standing_entry(case, now, lock=True)
            chosen = next(
                (one for one in offered(who, entry.list, today) if one.measure.id == measure), None
            )
            if chosen is None:
                raise refuse(
                    "measure_unknown",
                    "措施目录没有为这份名单和本部门写明这项措施，或者它尚未公布、已不再有效。",
                    "The catalogue names no such measure for this list and your department, or it "
                    "is not published or in force.",
                )
            assert entry.shown_until is not None  # as standing_entry says
            assert entry.decided_on is not None
            assert who.organisation_id is not None  # as can_list says
            last = entry.shown_until if until is None else until
            if not today <= last <= entry.shown_until:
                raise refuse(
                    "measure_days",
                    f"措施的最后一日须在今天和{entry.shown_until}之间。",
                    f"The last day of a measure lies between today and {entry.shown_until}.",
                )
            return AppliedMeasure.objects.create(
                entry=entry,
                list=entry.list,
                measure=chosen.measure.id,
                catalogue=chosen.edition.edition,
                department=who.reference,
                organisation_id=who.organisation_id,
                person_id=who.person_id,
                why=said,
                state="applied",
                live=1,
                entered_on=entry.decided_on,
                entry_until=entry.shown_until,
                from_on=today,
                until_on=last,
            )
    except IntegrityError as error:
        raise refuse(
            "measure_again",
            "本部门已对该企业采取这项措施。",
            "Your department applies this measure already.",
        ) from error


def report(who: Viewer, number: int, effect: str, *, now: datetime) -> AppliedMeasure:
    """Say what became of a measure. Raises ListingRefused."""
    said = _said(effect)
    with transaction.atomic():
        found = _own(who, number)
        found.effect, found.reported_on = said, day_in_china(now)
        found.save(update_fields=["effect", "reported_on"])
    return found


def stop(who: Viewer, number: int, why: str, *, now: datetime) -> AppliedMeasure:
    """End a measure before its entry does. Raises ListingRefused."""
    said = _said(why)
    with transaction.atomic():
        found = _own(who, number)
        if found.state == "ended":
            raise refuse("measure_unknown", "这项措施已经终止。", "This measure has ended already.")
        writing.stop(found, day_in_china(now), said[:200])
    return found


def _may(who: Viewer) -> None:
    if not can_list(who):
        raise refuse(
            "list_role",
            "只有部门的工作人员本人可以办理措施。",
            "Only an officer of a department applies measures, in person.",
        )


def _own(who: Viewer, number: int) -> AppliedMeasure:
    """A measure of the viewer's own department, held. Raises ListingRefused."""
    _may(who)
    rows = AppliedMeasure.objects.select_for_update(of=("self",))
    found = rows.filter(pk=number, organisation_id=who.organisation_id or 0).first()
    if found is None:
        raise refuse(
            "measure_unknown", "本部门没有这项措施。", "Your department has no such measure."
        )
    return found


def _said(text: str) -> str:
    said = one_line(text)
    if not said or len(said) > LONGEST_TEXT:
        raise refuse(
            "measure_text",
            f"请用不超过{LONGEST_TEXT}字写明。",
            f"Say it in at most {LONGEST_TEXT} characters.",
        )
    return said


__all__ = [
    "LONGEST_TEXT", "ListingRefused", "Offered", "apply", "offered", "report", "standing_entry",
    "stop",
]  # fmt: skip
