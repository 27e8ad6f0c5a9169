"""Entries for a demonstration: of invented enterprises only, through the process itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import token_urlsafe

from django.conf import settings

from xinrong.accounts.services import (
    Membership,
    Organisation,
    Viewer,
    create_organisation,
    create_person,
    everywhere,
    outside_organisations,
    viewer_of,
)
from xinrong.catalogue.lists import CreditList
from xinrong.catalogue.region import load_region
from xinrong.domain.criteria import Outcome
from xinrong.domain.errors import XinrongError
from xinrong.remedy.listing.catalogue import book
from xinrong.remedy.listing.errors import refuse
from xinrong.remedy.listing.measures import apply
from xinrong.remedy.listing.proposing import Person, Proposed, candidates, propose
from xinrong.work.services import Case, move, tick

#: Days before now at which an invented entry was told, and decided.
TOLD, DECIDED = timedelta(days=45), timedelta(days=25)
TEXT = "演示数据，不涉及真实企业"


def invent_entries(codes: Sequence[str], *, each: int, now: datetime) -> list[Case]:
    """Enter some invented enterprises on every list, in the name of its first department.

    `each`: so many of a list at most, out of these codes; the last of them stays undecided. Raises
    ListingRefused in a region whose enterprises are real.
    """
    if not load_region(settings.REGION).info.invented:
        raise refuse(
            "list_real",
            "演示数据只能用于虚构城市，不能用于真实企业。",
            "Demonstration entries are for an invented city, never for real enterprises.",
        )
    made = []
    for one in book().lists.values():
        officer = _officer(one.departments[0])
        wanted = _wanted(officer, one, codes, each, now - TOLD)
        for place, what in enumerate(wanted):
            case = propose(officer, what, now=now - TOLD if place + 1 < len(wanted) else now)
            made.append(case)
            if place + 1 < len(wanted):
                _decide(officer, case, now - DECIDED)
                _measure(one, case, now - DECIDED)
    return made


def _wanted(
    officer: Viewer, one: CreditList, codes: Sequence[str], each: int, at: datetime
) -> list[Proposed]:
    """Enterprises of whom a record meets a ground, with that record."""
    found: list[Proposed] = []
    for code in codes:
        if len(found) == each:
            break
        try:
            met = candidates(officer, one.list, code, now=at)
        except XinrongError:
            continue
        best = next((each for each in met if each.outcome is Outcome.YES), None)
        if best is not None:
            persons = (Person("虚构人员", "法定代表人"),) if one.responsible.named else ()
            found.append(Proposed(one.list, code, best.ground.id, best.record.ref, TEXT, persons))
    return found


def _decide(officer: Viewer, case: Case, at: datetime) -> None:
    tick(at)
    case.refresh_from_db()
    move(case.number, "enter", officer, version=case.version, now=at, text=TEXT)


def _measure(one: CreditList, case: Case, at: datetime) -> None:
    """The first measure that the catalogue names, by the first department that it names."""
    for measure in book().measures_of(one.list)[:1]:
        officer = _officer(measure.departments[0])
        apply(officer, case.number, measure.id, until=None, why=TEXT, now=at)


def _officer(department: str) -> Viewer:
    """Somebody who acts for a department: who does already, or an invented officer."""
    with outside_organisations():
        rows = everywhere(Membership, because="some officer of an invented department").filter(
            role="data_officer", suspended_at=None, organisation__reference=department
        )
        found = rows.select_related("person").order_by("pk").first()
        if found is not None:
            return viewer_of(found.person)
        office = Organisation.objects.filter(kind="department", reference=department).first()
        if office is None:
            title = load_region(settings.REGION).departments[department].title
            office = create_organisation(f"{title.zh}（演示）", "department", reference=department)
        made = create_person(
            f"{department}.lists@example.cn", token_urlsafe(24), name="演示专员",
            organisation=office, role="data_officer",
        )  # fmt: skip
        return viewer_of(made)
