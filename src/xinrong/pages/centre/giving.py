"""What an officer does with a request beside its buttons: take it up, arrange something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from xinrong.domain.financing import PURPOSE_WORDS, NeedPurpose
from xinrong.domain.money import yuan
from xinrong.domain.process import MoveRefused
from xinrong.domain.text import Text
from xinrong.market import services as market
from xinrong.market.errors import MarketRefused
from xinrong.market.perms import can_give_services
from xinrong.market.services import centre
from xinrong.pages.cases.case import LAST, shown
from xinrong.pages.cases.words import refused
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.paging import number as whole
from xinrong.work import services as work

FIELDS = ("kind", "event", "need", "product", "held_on", "text")


@require_POST
@page(can_give_services)
def take_up(request: HttpRequest, number: str) -> HttpResponse:
    """Take it up: the days that the service promises begin."""
    version = whole(request.POST.get("version", ""), 0, LAST)
    try:
        centre.take_up(viewer(request), number, version=version or -1, now=timezone.now())
    except (MoveRefused, work.CaseRefused) as error:
        if error.code == "case_unknown":
            raise
        return shown(request, number, problem=refused(error))
    messages.success(request, _("Taken up. The days that the service promises run from today."))
    return redirect("case", number=number)


@require_http_methods(["GET", "POST"])
@page(can_give_services)
def arrange(request: HttpRequest, number: str) -> HttpResponse:
    """The form of what may be arranged; sent, the enterprise is told."""
    who, now = viewer(request), timezone.now()
    seen = work.case_for(number, who)
    asked = centre.request_for(who, number)
    typed = {name: request.POST.get(name, "")[:4000] for name in FIELDS}
    problem = ""
    if request.method == "POST":
        version = whole(request.POST.get("version", ""), 0, LAST)
        wanted = centre.Arranged(typed["kind"], typed.get(typed["kind"], "")[:64], _day(typed))
        try:
            centre.arrange(who, number, wanted, typed["text"], version=version or -1, now=now)
        except (MarketRefused, MoveRefused, work.CaseRefused) as error:
            problem = refused(error)
        else:
            messages.success(request, _("Arranged; the enterprise is told."))
            return redirect("case", number=number)
    context: dict[str, Any] = {
        "case": seen.case,
        "service": centre.title_of(asked.service),
        "may": any(one.move.event == "arrange" for one in seen.doable),
        "version": seen.case.version,
        "typed": typed,
        "problem": problem,
        "events": [(one.number, one.title, one.held_on) for one in centre.events_to_offer(who)],
        "needs": [(one.number, yuan(one.amount or 0), one.months, _purpose(one.purpose))
                  for one in centre.needs_to_offer(who, asked)],
        "products": products(),
        "longest": work.LONGEST_TEXT,
    }  # fmt: skip
    return render(request, "pages/centre/arrange.html", context, status=422 if problem else 200)


def products() -> Sequence[tuple[str, Text, Text]]:
    """The published products: id, title, lender."""
    if not market.has_products(settings.REGION):
        return ()
    found = market.load_products(settings.REGION).products
    return [(name, entry.product.title, entry.lender.title) for name, entry in found.items()]


def _purpose(purpose: str) -> Text | None:
    return PURPOSE_WORDS[NeedPurpose(purpose)] if purpose else None


def _day(typed: dict[str, str]) -> date | None:
    """The day of a visit; what is no day is none, and refused as such."""
    if typed["kind"] != "visit":
        return None
    try:
        return date.fromisoformat(typed["held_on"])
    except ValueError:
        return None
