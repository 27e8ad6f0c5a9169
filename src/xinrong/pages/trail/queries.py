"""The queries, listed and one by one: for the enterprise, the compliance officer, the auditor."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xinrong.catalogue.region import Region
from xinrong.domain.clock import SystemClock
from xinrong.files import services as files
from xinrong.pages import words
from xinrong.pages.context import region, viewer
from xinrong.pages.errors import page
from xinrong.pages.paging import LAST, Leaf, number
from xinrong.pages.sheets import csv_answer
from xinrong.pages.templatetags.xinrong import moment
from xinrong.pages.words import said
from xinrong.trust import perms
from xinrong.trust.services import trail

PER_PAGE = 30
#: Rows of a download; more is an export of the trail (`xinrong audit export`).
MOST_ROWS = 20_000


def looked_for(request: HttpRequest) -> trail.Search:
    """What the address asks for; what names nothing known counts as not given."""
    given = request.GET
    purpose, outcome = given.get("purpose", ""), given.get("outcome", "")
    return trail.Search(
        first=day_of(given.get("from", "")),
        last=day_of(given.get("to", "")),
        purpose=purpose if purpose in words.PURPOSES else "",
        outcome=outcome if outcome in words.OUTCOMES else "",
        person=short(given.get("person", "")),
        enterprise=short(given.get("enterprise", "")),
        organisation=short(given.get("organisation", "")),
        doubted=given.get("doubted") == "yes",
    )


def day_of(text: str) -> date | None:
    """A day as 2026-11-22, or None."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


def short(text: str) -> str:
    """What somebody typed into a field, without surplus spaces and length."""
    return " ".join(text.split())[:100]


@require_GET
@page(perms.can_see_trail)
def queries(request: HttpRequest) -> HttpResponse:
    """Who asked, newest first."""
    who, search = viewer(request), looked_for(request)
    offset = number(request.GET.get("offset", ""), 0, LAST) or 0
    try:
        found, many = trail.listed(who, search, offset=offset, size=PER_PAGE), False
    except trail.TrailError:  # of so many people none is shown; the page asks for more of the name
        found, many = trail.Listed([], 0, 0), True
    leaf = Leaf(found.rows, found.total, found.offset, PER_PAGE)
    return render(
        request,
        "pages/trail/queries.html",
        {
            "search": search,
            "filtered": search != trail.Search(),
            "many": many,
            "leaf": leaf,
            "rows": trail.shown(who, leaf.rows),
            "purposes": words.PURPOSES,
            "outcomes": words.OUTCOMES,
        },
    )


@require_GET
@page(perms.can_see_trail)
def export(request: HttpRequest) -> HttpResponse:
    """The same as CSV."""
    who = viewer(request)
    rows = trail.shown(who, trail.listed(who, looked_for(request), size=MOST_ROWS).rows)
    pack = region()
    headings = (
        _("Query"),
        _("Time"),
        _("Institution"),
        _("Organisation"),
        _("Person"),
        _("Purpose"),
        _("Stage"),
        _("Service"),
        _("Enterprise"),
        _("Shown"),
        _("Withheld"),
        _("Consents"),
        _("Outcome"),
    )
    return csv_answer(
        "queries.csv",
        headings,
        (
            (
                row.audit_id,
                moment(row.at),
                row.institution,
                row.organisation,
                row.person,
                words.of(words.PURPOSES, row.purpose),
                words.of(words.STAGES, row.stage) if row.stage else "",
                words.of(words.SERVICES, row.service),
                "; ".join(f"{code} {name}" for code, name in row.enterprises),
                "; ".join(title(pack, one) for one in row.released),
                "; ".join(title(pack, one) for one, _why in row.withheld),
                " ".join(map(str, row.consents)),
                words.of(words.OUTCOMES, row.outcome),
            )
            for row in rows
        ),
    )


def title(pack: Region, category: str) -> str:
    """The title of a category; one that is gone keeps its name."""
    contract = pack.contracts.get(category)
    return said(contract.title) if contract else category


@require_GET
@page(perms.can_see_trail)
def query(request: HttpRequest, number: int) -> HttpResponse:
    """One query: what was shown and withheld, under which consent, and what was doubted."""
    return show(request, number)


@require_POST
@page(perms.can_audit)
def reproduce(request: HttpRequest, number: int) -> HttpResponse:
    """The auditor has it read again at its state of the store, and compared; logged."""
    done = files.reproduce(viewer(request), number, clock=SystemClock())
    return show(request, number, done)


def show(
    request: HttpRequest, number: int, reproduced: trail.Reproduced | None = None
) -> HttpResponse:
    """The page of one query."""
    who = viewer(request)
    row = trail.query_of(who, number)
    [one] = trail.shown(who, [row])
    pack = region()
    return render(
        request,
        "pages/trail/query.html",
        {
            "one": one,
            "released": [title(pack, name) for name in one.released],
            "withheld": withheld(pack, one.withheld),
            "doubts": trail.doubts_of(row, who),
            "place": trail.place_of(row) if perms.can_audit(who) else None,
            "may_doubt": perms.can_doubt(who),
            "may_answer": perms.can_answer_doubts(who),
            "may_audit": perms.can_audit(who),
            "reproduced": reproduced,
        },
    )


def withheld(pack: Region, pairs: tuple[tuple[str, str], ...]) -> list[tuple[Any, list[str]]]:
    """Why something was withheld, with the titles of the categories."""
    grouped: dict[str, list[str]] = {}
    for category, reason in pairs:
        grouped.setdefault(reason, []).append(title(pack, category))
    unknown = words.WITHHELD["role"]
    return [(words.WITHHELD.get(reason, unknown)[0], titles) for reason, titles in grouped.items()]


@require_POST
@page(perms.can_doubt)
def doubt(request: HttpRequest, number: int) -> HttpResponse:
    """The enterprise reports a query that it doubts."""
    trail.doubt(viewer(request), number, request.POST.get("text", ""), now=timezone.now())
    return redirect("trail-query", number=number)


@require_POST
@page(perms.can_answer_doubts)
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """The compliance officer answers a report."""
    made = trail.answer_doubt(
        viewer(request), number, request.POST.get("text", ""), now=timezone.now()
    )
    return redirect("trail-query", number=made.row_id)
