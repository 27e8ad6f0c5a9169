"""The outlets of the region: a list to filter, a sheet of it, and where a need would go."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from xinrong.domain.financing import PURPOSE_WORDS, NeedPurpose
from xinrong.market.services import directory
from xinrong.pages.errors import page
from xinrong.pages.paging import number
from xinrong.pages.sheets import csv_answer
from xinrong.pages.words import said

SIZE, DEEPEST = 50, 100_000
#: Outlets that are named for a need.
NAMED = 8


@require_GET
@page()
def index(request: HttpRequest) -> HttpResponse:
    """The outlets that a filter leaves, and where a need of a district would go."""
    form = asked(request)
    context: dict[str, Any] = {"form": form}
    if not directory.has_outlets(settings.REGION):
        return render(request, "pages/outlets/index.html", context)
    found = directory.load_outlets(settings.REGION)
    rows = rows_for(found, form)
    offset = number(request.GET.get("offset", ""), 0, DEEPEST) or 0
    kinds = Counter(str(one.outlet.kind) for one in rows)
    features = Counter(str(one.outlet.feature) for one in rows if one.outlet.feature)
    context |= {
        "book": found.book,
        "lenders": list({one.lender.id: one.lender for one in found.placed}.values()),
        "districts": found.districts,
        "kinds": directory.KIND_WORDS,
        "features": directory.FEATURE_WORDS,
        "purposes": PURPOSE_WORDS,
        "rows": [_row(one) for one in rows[offset : offset + SIZE]],
        "total": len(rows),
        "away": sum(not one.here for one in rows),
        "places_away": len({one.outlet.area[:2] for one in rows if not one.here}),
        "kind_counts": [(words, kinds[str(kind)]) for kind, words in directory.KIND_WORDS.items()],
        "feature_counts": [
            (words, features[str(one)]) for one, words in directory.FEATURE_WORDS.items()
        ],
        "previous": max(0, offset - SIZE) if offset else None,
        "next": offset + SIZE if offset + SIZE < len(rows) else None,
        "rule": directory.RULE,
        "routed": routed(found, form),
    }
    return render(request, "pages/outlets/index.html", context)


@require_GET
@page()
def export(request: HttpRequest) -> HttpResponse:
    """The same list as CSV, nothing in it a formula."""
    found = directory.load_outlets(settings.REGION)
    headings = [
        _("Outlet"), _("Name"), _("Lender"), _("District or city"), _("Kind of outlet"),
        _("Featured for"), _("In the region"),
    ]  # fmt: skip
    rows = (
        (
            one.outlet.id, said(one.outlet.title), said(one.lender.title), said(one.seat.title),
            said(directory.KIND_WORDS[one.outlet.kind]), said(_feature(one)),
            _("yes") if one.here else _("no"),
        )
        for one in rows_for(found, asked(request))
    )  # fmt: skip
    return csv_answer("outlets.csv", headings, rows)


def asked(request: HttpRequest) -> dict[str, str]:
    """What was chosen, shortened."""
    names = ("lender", "area", "kind", "feature", "where", "need_area", "purpose", "trade")
    return {name: request.GET.get(name, "")[:64] for name in names}


def rows_for(found: directory.Directory, form: dict[str, str]) -> list[directory.Placed]:
    """The outlets that the filter leaves."""
    return [
        one
        for one in found.placed
        if form["lender"] in ("", one.lender.id)
        and form["area"] in ("", one.outlet.area)
        and form["kind"] in ("", one.outlet.kind)
        and form["feature"] in ("", str(one.outlet.feature))
        and form["where"] in ("", "here" if one.here else "away")
    ]


def routed(found: directory.Directory, form: dict[str, str]) -> list[directory.Routed]:
    """Where a need of the district that was chosen would go: the first of each lender."""
    if form["need_area"] not in found.districts:
        return []
    purposes = {str(one): one for one in NeedPurpose}
    features = {str(one): one for one in directory.Feature}
    ranked = directory.serving(
        found, form["need_area"], purposes.get(form["purpose"]), features.get(form["trade"])
    )
    first = {one.placed.lender.id: one for one in reversed(ranked)}
    return [one for one in ranked if first[one.placed.lender.id] is one][:NAMED]


def of_lender(lender: str) -> tuple[list[directory.Placed], int]:
    """Some outlets of a lender in the region, those for small business first; how many it has."""
    if not directory.has_outlets(settings.REGION):
        return [], 0
    found = directory.load_outlets(settings.REGION)
    here = [one for one in found.by_lender.get(lender, ()) if one.here]
    order = list(directory.KIND_WORDS)
    here.sort(key=lambda one: (one.outlet.feature is None, order.index(one.outlet.kind)))
    by_district = {one.outlet.area: one for one in reversed(here)}
    return [one for one in here if by_district[one.outlet.area] is one], len(here)


def _feature(one: directory.Placed) -> Any:
    return directory.FEATURE_WORDS[one.outlet.feature] if one.outlet.feature else None


def _row(one: directory.Placed) -> dict[str, Any]:
    return {
        "outlet": one.outlet, "lender": one.lender, "seat": one.seat, "here": one.here,
        "kind": directory.KIND_WORDS[one.outlet.kind], "feature": _feature(one),
    }  # fmt: skip
