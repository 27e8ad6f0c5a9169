"""What everybody sees: which lists there are, on what they rest, who stands on those published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from xinrong.catalogue.lists import Exit
from xinrong.domain.law import Period
from xinrong.domain.text import Text
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.lists import words
from xinrong.pages.paging import number
from xinrong.pages.sheets import csv_answer
from xinrong.pages.words import said
from xinrong.remedy.services import listing

DEEPEST = 3_000  # entries to which somebody may turn: who needs more searches


@dataclass(frozen=True)
class Way:
    """A way off a list in words."""

    title: Text
    how: Text
    after: Text | None  # None: at once
    source: words.Source


@dataclass(frozen=True)
class Named:
    """A measure of the catalogue in words."""

    measure: listing.Measure
    departments: tuple[Text, ...]
    lists: tuple[Text, ...]
    basis: tuple[words.Source, ...]
    editions: tuple[tuple[Text, words.Source], ...]


def way_of(way: Exit) -> Way:
    """A way off in words."""
    after = words.length(way.earliest) if way.earliest != Period() else None
    return Way(way.title, way.how, after, words.source_of(way.source))


@require_GET
@page()
def index(request: HttpRequest) -> HttpResponse:
    """The lists of the region, published or not, with the law they rest on."""
    lists = [
        (one, words.COLOURS[one.colour], [words.source_of(each) for each in one.basis])
        for one in listing.public_lists()
    ]
    return render(request, "pages/lists/index.html", {"lists": lists})


@require_GET
@page()
def measures(request: HttpRequest) -> HttpResponse:
    """The catalogue of measures: what is not in it cannot be applied."""
    return render(request, "pages/lists/measures.html", {"measures": named()})


def named() -> list[Named]:
    """Every measure, rewards first."""
    book = listing.book()
    return [
        Named(
            one,
            tuple(words.department_of(name) for name in one.departments),
            tuple(book.lists[name].title for name in one.lists),
            tuple(words.source_of(each) for each in one.basis),
            tuple(
                (edition.title, words.source_of(edition.source))
                for edition in (book.catalogue.editions if book.catalogue else ())
                if edition.edition in one.editions
            ),
        )
        for one in sorted(book.measures.values(), key=lambda each: each.sense)
    ]


@require_GET
@page()
def one(request: HttpRequest, name: str) -> HttpResponse:
    """A list: what it is, and who stands on it where it is published."""
    found = listing.list_of(name)
    text = " ".join(request.GET.get("q", "").split())[:100]
    offset = number(request.GET.get("offset", ""), 0, DEEPEST) or 0
    context: dict[str, Any] = {
        "list": found,
        "colour": words.COLOURS[found.colour],
        "basis": [words.source_of(each) for each in found.basis],
        "grounds": [(each, words.source_of(each.source)) for each in found.grounds],
        "departments": [words.department_of(each) for each in found.departments],
        "notice": (words.length(found.notice.period), words.source_of(found.notice.source)),
        "display": (words.length(found.display.period), words.source_of(found.display.source)),
        "ways": [way_of(each) for each in found.exits],
        "measures": listing.book().measures_of(name),
        "responsible": words.source_of(found.responsible.source),
        "text": text,
    }
    if found.publicity.shown:
        who = viewer(request)
        page_of = listing.public_entries(who, name, text, offset=offset, now=timezone.now())
        context |= {
            "entries": [words.entered(each) for each in page_of.entries],
            "previous": max(0, offset - listing.PAGE) if offset else None,
            "next": offset + listing.PAGE if page_of.more and offset < DEEPEST else None,
        }
    return render(request, "pages/lists/one.html", context)


@require_GET
@page()
def export(request: HttpRequest, name: str) -> HttpResponse:
    """The same as CSV, nothing in it a formula."""
    text = request.GET.get("q", "")
    found = listing.public_entries(
        viewer(request), name, text, size=listing.MOST, now=timezone.now()
    )
    headings = [
        _("Code"), _("Enterprise"), _("Ground"), _("Department"), _("Entered on"),
        _("Shown until"), _("Persons responsible"),
    ]  # fmt: skip
    rows = [
        (
            each.row.code, each.row.name, said(each.ground), said(each.department),
            str(each.row.entered_on or ""), str(each.row.shown_until or ""),
            "; ".join(f"{person} {post}".strip() for person, post in each.row.responsible),
        )
        for each in map(words.entered, found.entries)
    ]  # fmt: skip
    return csv_answer(f"{name}.csv", headings, rows)
