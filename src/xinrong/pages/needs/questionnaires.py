"""Questionnaires of a district: an institution publishes, enterprises answer in a minute."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinrong.domain.clock import day_in_china
from xinrong.domain.financing import PURPOSE_WORDS, NeedPurpose, NeedRefused
from xinrong.market.errors import MarketRefused
from xinrong.market.perms import can_publish_questionnaires, can_state_needs
from xinrong.market.services import needs
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.needs import words
from xinrong.pages.needs.asking import LONGEST, MOST, choices_of
from xinrong.pages.paging import leaf_of
from xinrong.pages.words import said

SIZE = 30


@require_GET
@page(can_publish_questionnaires)
def index(request: HttpRequest) -> HttpResponse:
    """What the own institution has published."""
    leaf = leaf_of(request, needs.questionnaires.published_by(viewer(request)), SIZE)
    today = day_in_china(timezone.now())
    rows = [(one, words.area_words(one.area), state_of(one, today)) for one in leaf.rows]
    return render(request, "pages/needs/questionnaires.html", {"leaf": leaf, "rows": rows})


def state_of(one: needs.Questionnaire, today: date) -> str:
    """Whether it is open."""
    if one.closed_at is not None or one.closes_on < today:
        return _("over")
    return _("not open yet") if one.opens_on > today else _("still open")


@require_http_methods(["GET", "POST"])
@page(can_publish_questionnaires)
def new(request: HttpRequest) -> HttpResponse:
    """Publish one."""
    given, problem = request.POST, ""
    typed = {name: given.get(name, "")[:LONGEST] for name in
             ("title", "note", "area", "opens_on", "closes_on")}  # fmt: skip
    chosen = [one[:30] for one in given.getlist("questions")[:MOST]]
    if request.method == "POST":
        wanted = needs.questionnaires.Wanted(typed["title"], typed["note"], typed["area"], chosen,
                        day_of(typed["opens_on"]), day_of(typed["closes_on"]))  # fmt: skip
        try:
            made = needs.questionnaires.publish(viewer(request), wanted, now=timezone.now())
        except MarketRefused as refused:
            if refused.words is None:
                raise
            problem = said(refused.words)
        else:
            messages.success(request, _("Published. Enterprises answer it from their needs."))
            return redirect("questionnaire", number=made.number)
    else:
        typed["opens_on"] = day_in_china(timezone.now()).isoformat()
    optional = [needs.QUESTIONS[name] for name in needs.questionnaires.OPTIONAL]
    context = {"typed": typed, "chosen": chosen, "problem": problem, "areas": choices_of("area"),
               "optional": optional}  # fmt: skip
    return render(
        request, "pages/needs/questionnaire_new.html", context, status=422 if problem else 200
    )


def day_of(text: str) -> date | None:
    """A day as 2026-10-01, or None."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


@require_GET
@page(can_publish_questionnaires)
def one(request: HttpRequest, number: str) -> HttpResponse:
    """What a questionnaire came to: figures of the days that are over."""
    found, counted = needs.questionnaires.overview(viewer(request), number, now=timezone.now())
    today = day_in_china(timezone.now())
    context = {
        "one": found,
        "area": words.area_words(found.area),
        "state": state_of(found, today),
        "running": found.closed_at is None and found.closes_on >= today,
        "asked": [needs.QUESTIONS[name] for name in found.questions],
        "counted": counted,
        "tables": tables_of(counted),
    }
    return render(request, "pages/needs/questionnaire.html", context)


def tables_of(
    counted: needs.questionnaires.Overview,
) -> list[tuple[str, list[tuple[str, int | None]]]]:
    """The tables of an overview, with the words of their rows."""
    titles = {"amount": _("Sum needed"), "months": _("Term"), "purpose": _("What for")}
    return [
        (titles[name], [(row_words(name, row), figure) for row, figure in rows.items()])
        for name, rows in counted.tables.items()
    ]


def row_words(name: str, row: str) -> str:
    """A band of sums or terms, or a purpose."""
    if name == "purpose":
        return said(PURPOSE_WORDS[NeedPurpose(row)])
    if row == "more":
        return _("more than that")
    if name == "amount":
        return _("up to %(n)s yuan") % {"n": f"{int(row):,}"}
    return _("up to %(n)s months") % {"n": row}


@require_POST
@page(can_publish_questionnaires)
def close(request: HttpRequest, number: str) -> HttpResponse:
    """End one before its last day."""
    needs.questionnaires.close(viewer(request), number, now=timezone.now())
    messages.success(request, _("The questionnaire is over."))
    return redirect("questionnaire", number=number)


@require_http_methods(["GET", "POST"])
@page(can_state_needs)
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """Answer all its questions on one page; that states the need."""
    who, now = viewer(request), timezone.now()
    found = needs.questionnaires.questionnaire_for(who, number, now=now)
    typed = {
        name: [text[:LONGEST] for text in request.POST.getlist(name)[:MOST]]
        for name in found.questions
    }
    problem, wrong = "", ""
    if request.method == "POST":
        given = None if request.POST.get("nothing") == "1" else typed
        try:
            need = needs.questionnaires.reply(who, number, given, now=now)
        except NeedRefused as refused:
            problem, wrong = said(refused.words), refused.place.field
        else:
            if need is None:
                messages.success(request, _("Thank you: you need nothing now."))
                return redirect("needs")
            messages.success(request, _("Stated. Here is what every product says of it."))
            return redirect("need", number=need.number)
    fields = [(needs.QUESTIONS[name], typed[name], choices_of(name)) for name in found.questions]
    context: dict[str, Any] = {"one": found, "fields": fields, "problem": problem, "wrong": wrong,
                               "area": words.area_words(found.area)}  # fmt: skip
    return render(
        request, "pages/needs/questionnaire_answer.html", context, status=422 if problem else 200
    )
