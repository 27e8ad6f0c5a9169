"""One question a page, saved as it goes; the last page shows everything before it is stated."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinrong.domain.clock import day_in_china
from xinrong.domain.financing import PURPOSE_WORDS, SECURITY_WORDS, NeedRefused
from xinrong.domain.money import yuan
from xinrong.market.errors import MarketRefused
from xinrong.market.perms import can_draft_needs
from xinrong.market.services import needs
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.needs import words
from xinrong.pages.words import said
from xinrong.profiles.services import criteria

#: Characters of an answer that are read, and answers to one question.
LONGEST, MOST = 2_000, 20


@require_POST
@page(can_draft_needs)
def new(request: HttpRequest) -> HttpResponse:
    """Begin a need; what the file knows is answered already."""
    who, now = viewer(request), timezone.now()
    filled = needs.prefilled_for(who, as_of=day_in_china(now))
    return onward(needs.draft(who, now=now, prefilled=filled))


@require_http_methods(["GET", "POST"])
@page(can_draft_needs)
def question(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Ask one question, and save its answer."""
    who = viewer(request)
    need = needs.need_for(who, number)
    asked = [one for one in needs.asked_of(need) if one.name not in need.prefilled]
    current = next((one for one in needs.asked_of(need) if one.name == name), None)
    if current is None:
        return redirect("need", number=number)
    if not need.is_draft:
        return redirect("need", number=number)
    typed, problem = shown_answer(need, name), ""
    if request.method == "POST":
        typed = [one[:LONGEST] for one in request.POST.getlist(name)[:MOST]]
        try:
            need = needs.answer(who, number, name, {name: typed}, now=timezone.now())
            return onward(need, to_preview=request.GET.get("back") == "preview")
        except NeedRefused as refused:
            problem = said(refused.words)
    place = next((at for at, one in enumerate(asked) if one.name == name), None)
    context: dict[str, Any] = {
        "need": need, "question": current, "typed": typed, "problem": problem,
        "place": None if place is None else place + 1, "total": len(asked),
        "previous": asked[place - 1].name if place else "",
        "source": words.source_of(need, name),
        "choices": choices_of(name),
        "back": request.GET.get("back") == "preview",
        "longest": {"note": needs.LONGEST_NOTE, "planned_name": needs.LONGEST_NAME}.get(name, 30),
    }  # fmt: skip
    return render(request, "pages/needs/question.html", context, status=422 if problem else 200)


@require_GET
@page(can_draft_needs)
def preview(request: HttpRequest, number: str) -> HttpResponse:
    """Everything that would be stated, each answer with where it is from."""
    return previewed(request, needs.need_for(viewer(request), number))


@require_POST
@page(can_draft_needs)
def state(request: HttpRequest, number: str) -> HttpResponse:
    """Give the enterprise's word for what the preview showed."""
    who, typed = viewer(request), request.POST.get("version", "")
    version = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 9 else 0
    try:
        need = needs.state(who, number, version=version, now=timezone.now())
    except (MarketRefused, NeedRefused) as refused:
        if refused.code == "need_unknown" or refused.words is None:
            raise
        found = needs.need_for(who, number)
        return previewed(request, found, problem=said(refused.words))
    messages.success(request, _("Stated. Here is what every product says of it."))
    return redirect("need", number=need.number)


def previewed(request: HttpRequest, need: needs.StatedNeed, problem: str = "") -> HttpResponse:
    """The last page; past it, the need itself."""
    if not need.is_draft:
        return redirect("need", number=need.number)
    context = {
        "need": need,
        "lines": words.lines_of(need),
        "lacking": needs.lacking(need),
        "problem": problem,
    }
    return render(request, "pages/needs/preview.html", context, status=422 if problem else 200)


def onward(need: needs.StatedNeed, *, to_preview: bool = False) -> HttpResponse:
    """To the next question, or where there is none to the preview."""
    following = None if to_preview else needs.next_question(need)
    if following is None:
        return redirect("need-preview", number=need.number)
    return redirect("need-question", number=need.number, name=following.name)


def shown_answer(need: needs.StatedNeed, name: str) -> list[str]:
    """What stands in the form: the answer as somebody would type it."""
    value = getattr(need, name)
    if name == "amount" and value is not None:
        amount = yuan(value)
        return [f"{amount:.0f}" if amount == amount.to_integral_value() else f"{amount:f}"]
    if name == "offers":
        return list(value) or ([needs.NOTHING_TO_OFFER] if name in need.steps else [])
    if name == "max_rate" and value is not None:
        return [f"{value.normalize():f}"]
    if name == "first_time":
        if value is None and name not in need.steps:
            return []
        return [{True: "yes", False: "no", None: ""}[value]]
    return [] if value is None else [str(value)]


def choices_of(name: str) -> list[tuple[str, str]]:
    """What one chooses among, where a question is a choice."""
    if name == "purpose":
        return [(str(one), said(text)) for one, text in PURPOSE_WORDS.items()]
    if name == "offers":
        return [(str(one), said(text)) for one, text in SECURITY_WORDS.items()]
    if name == "first_time":
        return [("yes", _("Yes")), ("no", _("No")), ("", _("I do not know"))]
    if name == "area":
        areas = criteria.areas_of(settings.REGION)
        return [(code, said(text)) for code, text in areas.items()]
    return []
