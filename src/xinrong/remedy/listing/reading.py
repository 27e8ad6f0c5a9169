"""Looking at lists: what everybody finds, what an enterprise sees of itself, what offices do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from xinrong.accounts.services import Viewer
from xinrong.catalogue.lists import CreditList
from xinrong.domain.clock import day_in_china
from xinrong.domain.names import fold
from xinrong.remedy.listing.catalogue import book, list_of
from xinrong.remedy.listing.errors import refuse
from xinrong.remedy.listing.measures import offered
from xinrong.remedy.listing.models import AppliedMeasure, ListEntry
from xinrong.remedy.listing.products import Entries, ShownEntry, Way
from xinrong.remedy.listing.texts import one_line
from xinrong.remedy.perms import can_see_own_listings
from xinrong.subjects import services as subjects
from xinrong.trust.gate import disclose, log_shown
from xinrong.trust.services import Purpose, Service, words_digest

#: Entries of one page, and of an export; characters of a search.
PAGE, MOST, LONGEST_WORDS = 30, 500, 100
PERSONAL = (subjects.EnterpriseKind.SOLE_TRADER, subjects.EnterpriseKind.FARM_HOUSEHOLD)
_OFFICES = {"data_officer": Purpose.SUPERVISION, "operator": Purpose.OPERATION}


@dataclass(frozen=True)
class Found:
    """A page of entries; `more`: others come after it."""

    entries: tuple[ShownEntry, ...]
    more: bool = False


def public_lists() -> list[CreditList]:
    """The lists of the region, the black ones first."""
    return sorted(book().lists.values(), key=lambda one: (one.colour, one.list))


def public_entries(
    who: Viewer, name: str, words: str = "", *, offset: int = 0, size: int = PAGE, now: datetime
) -> Found:
    """Who stands on a list today, as everybody may see it, the newest first; logged.

    `words` are a part of a name, or a code. The audit row names the enterprises that were shown
    and keeps a digest of the words. Raises ListingRefused (list_unknown): no such public list.
    """
    one, today = list_of(name), day_in_china(now)
    if not one.publicity.shown:
        raise refuse("list_unknown", "这份名单不公开。", "This list is not published.")
    asked = one_line(words)[:LONGEST_WORDS]
    rows = _standing(one, today)
    if asked:
        named = Q(enterprise__code=asked.upper())
        if fold(asked):
            named |= Q(enterprise__folded_name__contains=fold(asked))
        rows = rows.filter(named)
    numbers = list(
        rows.order_by("-decided_on", "-pk").values_list("enterprise_id", flat=True)[
            offset : offset + size + 1
        ]
    )
    more, numbers = len(numbers) > size, numbers[:size]
    product = Entries(Way.PUBLIC, today, one.list, words_digest(asked) if asked else "")
    if not numbers:
        log_shown(
            who, [], service=Service.LISTS, purpose=Purpose.PUBLIC, parameters=product.parameters
        )
        return Found(())
    release = disclose(who, numbers, product, Service.LISTS, Purpose.PUBLIC)
    return Found(release.content.entries, more)


def _standing(one: CreditList, today: date) -> QuerySet[ListEntry]:
    rows = ListEntry.objects.filter(
        list=one.list, state="entered", decided_on__lte=today, shown_until__gte=today
    )
    return rows if one.publicity.persons else rows.exclude(enterprise__kind__in=PERSONAL)


def own_entries(who: Viewer, *, now: datetime) -> tuple[ShownEntry, ...]:
    """Everything about the viewer's own enterprise, over or not. Raises ListingRefused, Denied."""
    if not can_see_own_listings(who):
        raise refuse("list_role", "这是企业代表的页面。", "This is for representatives.")
    enterprise = subjects.enterprise_by_code(who.reference)
    product = Entries(Way.OWN, day_in_china(now))
    release = disclose(who, [enterprise.pk], product, Service.LISTS, Purpose.SELF)
    found: tuple[ShownEntry, ...] = release.content.entries
    return found


def desk_rows(who: Viewer, *, now: datetime) -> QuerySet[ListEntry]:
    """The entries that are a department's business: its own, and those it may apply measures to.

    The operator's are all that were decided.
    """
    rows = ListEntry.objects.select_related("enterprise").order_by("-noticed_on", "-pk")
    if who.role == "operator":
        return rows.exclude(state__in=["noticed", "dropped"])
    today = day_in_china(now)
    addressed = [name for name in book().lists if offered(who, name, today)]
    mine = Q(department=who.reference) | Q(list__in=addressed, state__in=["entered", "suspended"])
    return rows.filter(mine)


def desk_entries(who: Viewer, rows: Sequence[ListEntry], *, now: datetime) -> list[ShownEntry]:
    """These entries as the viewer's office may see them, in their order. Raises Denied."""
    wanted = [one.case for one in rows]
    numbers = sorted({one.enterprise_id for one in rows})
    purpose = _OFFICES.get(who.role)
    if not numbers or purpose is None:
        return []
    way = Way.WATCH if who.role == "operator" else Way.OFFICE
    release = disclose(who, numbers, Entries(way, day_in_china(now)), Service.LISTS, purpose)
    found = {one.case: one for one in release.content.entries}
    return [found[case] for case in wanted if case in found]


def desk_entry(who: Viewer, case: str, *, now: datetime) -> ShownEntry:
    """One of them. Raises ListingRefused (entry_unknown): it is none of the viewer's business."""
    rows = list(desk_rows(who, now=now).filter(case=case[:32])[:1])
    found = desk_entries(who, rows, now=now)
    if not found:
        raise refuse(
            "entry_unknown",
            "没有这条列入记录，或者它与本部门无关，或者作为依据的记录已停止使用。",
            "There is no such entry for you, or the record it rests on may be used no longer.",
        )
    return found[0]


def entry_of_case(case: str) -> ListEntry | None:
    """The entry of a case, for the page of the case, which its sides see."""
    return ListEntry.objects.select_related("enterprise").filter(case=case).first()


def unmet(who: Viewer, *, now: datetime) -> QuerySet[ListEntry]:
    """Entries that stand and on which the viewer's department has not said yet what it does."""
    today = day_in_china(now)
    addressed = [name for name in book().lists if offered(who, name, today)]
    done = AppliedMeasure.objects.filter(department=who.reference).values("entry")
    rows = ListEntry.objects.filter(list__in=addressed, state="entered", shown_until__gte=today)
    return rows.exclude(pk__in=done).select_related("enterprise").order_by("decided_on", "pk")


@dataclass(frozen=True)
class Figures:
    """Of one list: entries by state, ways off, measures by state, those reported on."""

    list: CreditList
    states: Counter[str]
    exits: Counter[str]
    measures: Counter[str]
    reported: int


def figures() -> list[Figures]:
    """How many of what, list by list: for departments and the operator."""
    entries = ListEntry.objects.values_list("list", "state", "ended_by")
    measures = AppliedMeasure.objects.values_list("list", "state", "reported_on")
    found = {one.list: Figures(one, Counter(), Counter(), Counter(), 0) for one in public_lists()}
    reported: Counter[str] = Counter()
    for name, state, by in entries:
        if name in found:
            found[name].states[state] += 1
            found[name].exits[by or ""] += 1 if by else 0
    for name, state, day in measures:
        if name in found:
            found[name].measures[state] += 1
            reported[name] += day is not None
    return [
        Figures(one.list, one.states, +one.exits, one.measures, reported[name])
        for name, one in found.items()
    ]
