"""The events that a viewer sees, and planning one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from xinrong.market import services as market
from xinrong.market.errors import MarketRefused
from xinrong.market.services import applying, meeting
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.paging import leaf_of, number
from xinrong.pages.words import said

SIZE = 30


@require_GET
@page(meeting.can_see_meetings)
def index(request: HttpRequest) -> HttpResponse:
    """The events, those that are next first."""
    who = viewer(request)
    return render(
        request,
        "pages/events/index.html",
        {
            "leaf": leaf_of(request, meeting.meetings_for(who), SIZE),
            "states": meeting.MEETING_PROCESS.state_words,
            "organises": meeting.can_organise_meetings(who),
        },
    )


@require_http_methods(["GET", "POST"])
@page(meeting.can_organise_meetings)
def new(request: HttpRequest) -> HttpResponse:
    """The form; sent, the event is planned and its banks are invited."""
    if request.method != "POST":
        return _form(request)
    post = request.POST
    try:
        day = date.fromisoformat(post.get("held_on", ""))
    except ValueError:
        return _form(request, _("Choose the day."), 422)
    planned = meeting.Planned(
        title=" ".join(post.get("title", "").split()),
        place=" ".join(post.get("place", "").split()),
        held_on=day,
        slots=number(post.get("slots", ""), 0, 999) or 0,
        programme=post.get("programme", "")[:64],
        lenders=tuple(post.getlist("lender")),
    )
    try:
        made = meeting.plan(viewer(request), planned, now=timezone.now())
    except MarketRefused as refusal:
        if refusal.code != "event_wrong":
            raise
        return _form(request, said(refusal.words), 422)
    messages.success(request, _("Planned; the banks are invited."))
    return redirect("event", number=made.number)


def banks_here() -> list[tuple[str, Any]]:
    """Lenders of the products that are on the platform."""
    lenders = {one.id: one for one in market.load_products(settings.REGION).lenders}
    here = applying.here(list(lenders))
    return [(name, lenders[name].title) for name in lenders if name in here]


def _form(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    return render(
        request,
        "pages/events/new.html",
        {
            "error": error,
            "given": {name: request.POST.get(name, "")[:200]
                      for name in ("title", "place", "held_on", "slots", "programme")},
            "chosen": request.POST.getlist("lender"),
            "banks": banks_here(),
            "programmes": market.load_products(settings.REGION).book.programmes,
        },
        status=status,
    )  # fmt: skip
