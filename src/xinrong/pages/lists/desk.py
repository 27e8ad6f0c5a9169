"""Departments and the operator: the entries that are their business, measures, figures."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xinrong.domain.clock import day_in_china
from xinrong.domain.text import Text
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.lists import words
from xinrong.pages.paging import leaf_of
from xinrong.pages.paging import number as whole
from xinrong.pages.sheets import csv_answer
from xinrong.pages.words import said
from xinrong.remedy.perms import can_list, can_see_listings
from xinrong.remedy.services import listing

ENTRIES = 30
FORM = ("measure", "text", "until")


@require_GET
@page(can_see_listings)
def desk(request: HttpRequest) -> HttpResponse:
    """The entries that are the viewer's business, the newest first, and the figures."""
    who, now = viewer(request), timezone.now()
    leaf = leaf_of(request, listing.desk_rows(who, now=now), ENTRIES)
    context = {
        "leaf": leaf,
        "entries": [words.entered(one) for one in listing.desk_entries(who, leaf.rows, now=now)],
        "lists": listing.lists_of(who) if can_list(who) else [],
        "figures": listing.figures(),
        "operator": who.role == "operator",
    }
    return render(request, "pages/lists/desk.html", context)


@require_GET
@page(can_see_listings)
def figures(request: HttpRequest) -> HttpResponse:
    """The figures as CSV."""
    headings = [
        _("List"), _("Told, not decided"), _("On the list"), _("Suspended"), _("Off the list"),
        _("Not entered"), _("Measures running"), _("Measures ended"), _("Reported on"),
    ]  # fmt: skip
    rows = [
        (
            said(one.list.title),
            *(one.states[s] for s in ("noticed", "entered", "suspended", "ended", "dropped")),
            one.measures["applied"], one.measures["ended"], one.reported,
        )
        for one in listing.figures()
    ]  # fmt: skip
    return csv_answer("lists.csv", headings, rows)


@require_GET
@page(can_see_listings)
def entry(request: HttpRequest, number: str) -> HttpResponse:
    """One entry with its measures, and what this department may apply."""
    return _entry(request, number)


def _entry(
    request: HttpRequest, number: str, problem: Text | None = None, typed: Any = None
) -> HttpResponse:
    who, now = viewer(request), timezone.now()
    found = words.entered(listing.desk_entry(who, number, now=now))
    mine = {one.row.number for one in found.measures if one.row.department == who.reference}
    running = {
        one.row.measure
        for one in found.measures
        if one.row.number in mine and one.row.state != "ended"
    }
    offers = []
    if can_list(who) and found.row.state == "entered":
        offers = [
            (one, [words.source_of(each) for each in one.measure.basis])
            for one in listing.offered(who, found.row.list, day_in_china(now))
            if one.measure.id not in running
        ]
    context = {
        "one": found,
        "mine": mine,
        "offers": offers,
        "problem": said(problem),
        "typed": typed or dict.fromkeys(FORM, ""),
        "longest": listing.LONGEST_TEXT,
        "may": can_list(who),
        "case_mine": found.row.department == who.reference,
    }
    return render(request, "pages/lists/entry.html", context, status=422 if problem else 200)


@require_POST
@page(can_list)
def act(request: HttpRequest, number: str) -> HttpResponse:
    """Apply a measure, report on one, or end it."""
    who, now = viewer(request), timezone.now()
    what, text = request.POST.get("what", ""), request.POST.get("text", "")
    typed = {name: request.POST.get(name, "") for name in FORM}
    try:
        if what == "apply":
            until = _day(request.POST.get("until", ""))
            listing.apply(
                who, number, request.POST.get("measure", ""), until=until, why=text, now=now
            )
        else:
            chosen = whole(request.POST.get("number", ""), 1, 10**9) or 0
            verb = listing.report if what == "report" else listing.stop
            verb(who, chosen, text, now=now)
    except listing.ListingRefused as refused:
        if refused.code in ("entry_unknown", "list_role"):
            raise
        return _entry(request, number, refused.words, typed)
    messages.success(request, _("Done. The enterprise sees it."))
    return redirect("list-entry", number=number)


def _day(text: str) -> Any:
    """A day as typed; None for nothing. Raises ListingRefused for what is no day."""
    if not text.strip():
        return None
    try:
        found = parse_date(text.strip())
    except ValueError:
        found = None
    if found is None:
        raise listing.ListingRefused(
            "measure_days",
            Text(zh="日期请写成2027-06-30的样子。", en="Write the day like 2027-06-30."),
        )
    return found
