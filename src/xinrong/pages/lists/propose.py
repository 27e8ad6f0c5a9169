"""Telling an enterprise that it would be listed: the record, the persons, the reasons."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xinrong.domain.errors import XinrongError
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.lists import words
from xinrong.pages.words import of, said
from xinrong.remedy.perms import can_list
from xinrong.remedy.services import listing
from xinrong.trust.services import Denied
from xinrong.work.services import LONGEST_TEXT

MOST_RECORDS = 100


@require_http_methods(["GET", "POST"])
@page(can_list)
def propose(request: HttpRequest, name: str) -> HttpResponse:
    """First the enterprise; then its records, the persons and the reasons; then what it does."""
    who, now = viewer(request), timezone.now()
    one = listing.list_of(name)
    source = request.POST if request.method == "POST" else request.GET
    typed = {key: source.get(key, "") for key in ("code", "chosen", "persons", "why")}
    problem = ""
    if request.method == "POST" and typed["chosen"]:
        ground, _at, record = typed["chosen"].partition("@")
        what = listing.Proposed(
            name, typed["code"].strip(), ground, record, _lines(typed["why"]),
            _persons(typed["persons"]),
        )  # fmt: skip
        try:
            listing.check(who, what, now=now)
            if "sure" in request.POST:
                case = listing.propose(who, what, now=now)
                messages.success(
                    request, _("Told. You decide when the time for a statement is over.")
                )
                return redirect("case", number=case.number)
        except listing.ListingRefused as refused:
            problem = said(refused.words)
    elif request.method == "POST":
        problem = _("Choose the record it rests on.")
    context: dict[str, Any] = {
        "list": one,
        "colour": words.COLOURS[one.colour],
        "notice": words.length(one.notice.period),
        "typed": typed,
        "longest": LONGEST_TEXT,
        "most": listing.MOST_PERSONS,
        "measures": listing.book().measures_of(name),
    }
    if typed["code"].strip():
        context |= _records(request, name, typed["code"].strip())
    preview = request.method == "POST" and not problem and "change" not in request.POST
    context |= {"problem": problem or context.get("lost", ""), "preview": preview}
    template = "pages/lists/preview.html" if preview else "pages/lists/propose.html"
    status = 422 if context["problem"] else 200
    return render(request, template, context, status=status)


def _records(request: HttpRequest, name: str, code: str) -> dict[str, Any]:
    """The records of the enterprise that could carry it, as the gate shows them."""
    try:
        found = listing.candidates(viewer(request), name, code, now=timezone.now())
    except listing.ListingRefused:
        raise
    except (XinrongError, Denied) as error:
        return {"lost": str(error), "candidates": None}
    shown = [
        (f"{one.ground.id}@{one.record.ref}", one, of(words.OUTCOMES, str(one.outcome)))
        for one in found[:MOST_RECORDS]
    ]
    return {"candidates": shown, "chosen": {key: one for key, one, _w in shown}}


def _persons(text: str) -> tuple[listing.Person, ...]:
    """One person a line: the name, a comma or blank, the post."""
    found = []
    for line in text.splitlines():
        named = " ".join(line.replace("，", " ").replace(",", " ").split())
        if named:
            person, _blank, post = named.partition(" ")
            found.append(listing.Person(person, post))
    return tuple(found)


def _lines(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.strip().splitlines())
