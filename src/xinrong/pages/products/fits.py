"""Whom a product fits: a figure for whoever may learn it, names under consent for its lender."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from xinrong.domain.clock import day_in_china
from xinrong.market import services as market
from xinrong.market.perms import can_lend, can_see_fit_names
from xinrong.market.services import needs
from xinrong.pages.context import viewer
from xinrong.pages.errors import error_page, page
from xinrong.pages.paging import number
from xinrong.profiles.errors import NoProfile

#: Beyond so many clients nobody goes by hand.
DEEPEST = 100_000


def fits_of(request: HttpRequest, name: str) -> needs.FitFigure | None:
    """How many enterprises it fits, as far as the viewer may learn it."""
    try:
        return needs.fits_figure(viewer(request), settings.REGION, name)
    except NoProfile:
        return None


@require_http_methods(["GET", "POST"])
@page(can_lend)
def fits(request: HttpRequest, name: str) -> HttpResponse:
    """Who of the bank's clients by consent it fits; asked for, so many are looked at and logged."""
    who, now = viewer(request), timezone.now()
    day = day_in_china(now)
    entry = market.shelf_on(settings.REGION, day).catalogue.entry(name)
    if not can_see_fit_names(who, entry.lender.id):
        return error_page(request, 403)
    context: dict[str, Any] = {"entry": entry, "found": None, "at_once": needs.AT_ONCE}
    if request.method == "POST":
        start = number(request.POST.get("start", ""), 0, DEEPEST) or 0
        context["found"] = needs.fit_names(
            who, settings.REGION, name, start=start, now=now, as_of=day
        )
    return render(request, "pages/products/fits.html", context)
