"""The services and how they are answered, for everybody; asking for one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from xinrong.market.errors import MarketRefused
from xinrong.market.perms import can_ask_for_services, can_see_own_requests
from xinrong.market.services import centre, league
from xinrong.pages.context import region, viewer
from xinrong.pages.errors import page
from xinrong.pages.paging import leaf_of
from xinrong.pages.words import said
from xinrong.profiles.services import criteria
from xinrong.work import services as work

SIZE = 30
#: A page of the platform -> the name of its address.
ADDRESSES = {
    centre.Lead.NEEDS: "needs",
    centre.Lead.PRODUCTS: "products",
    centre.Lead.EVENTS: "events",
    centre.Lead.OUTLETS: "outlets",
    centre.Lead.STATISTICS: "statistics",
    centre.Lead.MEASURES: "list-measures",
}


@require_GET
@page()
def index(request: HttpRequest) -> HttpResponse:
    """What the centre offers, by when it answers, and how it kept that."""
    who = viewer(request)
    context: dict[str, Any] = {"asks": can_ask_for_services(who), "own": can_see_own_requests(who)}
    if centre.has_services(settings.REGION):
        book, told = centre.load_services(settings.REGION), centre.published(now=timezone.now())
        context |= {
            "book": book,
            "services": [told_of(one, told) for one in book.services],
            "figures": centre.FIGURES,
            "period": told.period,
            "floor": league.FLOOR,
        }
    return render(request, "pages/centre/index.html", context)


def told_of(one: centre.Service, told: centre.Published | None = None) -> dict[str, Any]:
    """A service in words: who gives it, for whom, where it leads, and its figures."""
    areas = criteria.areas_of(settings.REGION)
    figures = [
        (figure, f"{value:,.0f}")
        for figure in centre.FIGURES
        if told is not None and (value := told.of(one.id, figure.name)) is not None
    ]
    return {
        "id": one.id,
        "title": one.title,
        "gives": one.gives,
        "department": region().departments[one.department].title,
        "area": areas.get(one.area),
        "answer_days": one.answer_days,
        "leads": [(centre.LEAD_WORDS[lead], reverse(ADDRESSES[lead])) for lead in one.leads],
        "figures": figures,
    }


@require_GET
@page(can_see_own_requests)
def own(request: HttpRequest) -> HttpResponse:
    """What the own enterprise asked for, and where each stands."""
    leaf = leaf_of(request, centre.requests_of(viewer(request)), SIZE)
    cases = {
        one.number: one
        for one in work.Case.objects.filter(number__in=[row.number for row in leaf.rows])
    }
    rows = [
        {
            "request": one,
            "title": centre.title_of(one.service),
            "state": centre.SERVICE_REQUEST.state_words.get(cases[one.number].state),
            "due": cases[one.number].due_at,
        }
        for one in leaf.rows
    ]
    return render(request, "pages/centre/own.html", {"leaf": leaf, "rows": rows})


@require_http_methods(["GET", "POST"])
@page(can_ask_for_services)
def ask(request: HttpRequest, service: str) -> HttpResponse:
    """The form; sent, the case in which the department answers."""
    wanted = centre.service_of(settings.REGION, service)
    who, text, problem = viewer(request), request.POST.get("text", "")[:4000], ""
    if request.method == "POST":
        try:
            case = centre.ask(who, wanted.id, text, now=timezone.now())
        except MarketRefused as refusal:
            if refusal.code == "service_role" or refusal.words is None:
                raise
            problem = said(refusal.words)
        else:
            messages.success(request, _("Asked. You will hear of every step."))
            return redirect("case", number=case.number)
    context = {
        "service": told_of(wanted),
        "promise": centre.load_services(settings.REGION).promise,
        "problem": problem,
        "text": text,
        "longest": work.LONGEST_TEXT,
    }
    return render(request, "pages/centre/ask.html", context, status=422 if problem else 200)
