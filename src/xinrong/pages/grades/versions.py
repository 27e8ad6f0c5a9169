"""Versions of the scorecards for operators: what is in force, what waits, what would change."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xinrong.accounts.services import Viewer
from xinrong.domain.clock import day_in_china
from xinrong.domain.errors import XinrongError
from xinrong.domain.scorecards import CardFault
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.grades.cards import laid
from xinrong.profiles.errors import NoProfile
from xinrong.rating import services as rating

versions = rating.versions
#: Bytes of a document of cards that is read.
LARGEST = 1 << 20


@require_GET
@page(rating.can_manage_cards)
def index(request: HttpRequest) -> HttpResponse:
    """Every version, how grades lie over all enterprises, and the forms that begin a draft."""
    return listed(request)


def listed(request: HttpRequest, problem: str = "", why: str = "") -> HttpResponse:
    """The list; with a problem, what was typed stands in it still."""
    today = day_in_china(timezone.now())
    try:
        standing, words = rating.in_force(today), None
    except (rating.NoCards, rating.CardsNotInForce) as refused:
        standing, words = None, refused.words
    context = {
        "versions": versions.versions(),
        "standing": standing,
        "words": words,
        "graded": rating.is_graded(settings.REGION),
        "spread": versions.distribution(),
        "problem": problem,
        "why": why,
        "longest": versions.LONGEST,
    }
    status = 422 if problem else 200
    return render(request, "pages/grades/versions.html", context, status=status)


@require_GET
@page(rating.can_manage_cards)
def version(request: HttpRequest, number: int) -> HttpResponse:
    """One version: who answers for it, what it changes, who would move, what can be done."""
    return shown(request, number)


def shown(request: HttpRequest, number: int, problem: str = "", typed: str = "") -> HttpResponse:
    """The page of a version."""
    row = versions.version(number)
    who, today = viewer(request), day_in_china(timezone.now())
    book = versions.book_kept(row)
    before = book_before(row)
    context: dict[str, Any] = {
        "row": row,
        "book": book,
        "cards": laid(book),
        "before": before[0] if before else None,
        "differences": versions.differences(before[1] if before else None, book),
        "acts": acts(row, who, today),
        "own": row.proposed_by_id == who.person_id,
        "today": today,
        "problem": problem,
        "typed": typed,
        "longest": versions.LONGEST,
    }
    if before is not None and row.state in ("draft", "proposed"):
        try:
            context["moves"] = versions.moves(before[1], book)
        except NoProfile:
            context["no_profile"] = True
    status = 422 if problem else 200
    return render(request, "pages/grades/version.html", context, status=status)


def book_before(row: versions.CardVersion) -> tuple[int, rating.CardBook] | None:
    """The version that it is compared with: the newest approved one before it."""
    found = versions.approved_before(row.number)
    return (found.number, versions.book_kept(found)) if found is not None else None


def acts(row: versions.CardVersion, who: Viewer, today: date) -> list[str]:
    """What this operator can do with a version now."""
    if row.state == "draft":
        return ["propose", "discard"]
    if row.state == "proposed":
        return ["withdraw"] if row.proposed_by_id == who.person_id else ["approve", "refuse"]
    if row.state == "approved" and row.retired_from is None:
        return ["retire", "back"] if row.since and row.since <= today else ["retire"]
    return ["back"] if row.state == "approved" else []


@require_POST
@page(rating.can_manage_cards)
def draft(request: HttpRequest) -> HttpResponse:
    """Begin a draft: of the region's files, of a document, or of an earlier version."""
    who, now, why = viewer(request), timezone.now(), request.POST.get("why", "")
    of = request.POST.get("of", "")
    try:
        if of == "document":
            made = versions.draft_of_document(who, document(request), why, now=now)
        elif of.isdecimal() and len(of) < 8:
            made = versions.draft_of_version(who, int(of), why, now=now)
        else:
            made = versions.draft_of_files(who, why, now=now)
    except (rating.CardsRefused, rating.CardsBroken) as refused:
        if refused.code == "cards_unknown":
            raise
        return listed(request, said(refused), why)
    messages.success(request, _("Version %(n)d is drafted. Look at it, then propose it.")
                     % {"n": made.number})  # fmt: skip
    return redirect("scorecard", number=made.number)


def document(request: HttpRequest) -> Any:
    """The JSON document that was sent; None for what is none, which is refused in words."""
    sent = request.FILES.get("file")
    if sent is None or (sent.size or 0) > LARGEST:
        return None
    try:
        return json.loads(sent.read().decode("utf-8"))
    except (ValueError, RecursionError):
        return None


@require_POST
@page(rating.can_manage_cards)
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Propose a version, approve it, turn it down, take it back, give it up or retire it."""
    who, now, why = viewer(request), timezone.now(), request.POST.get("why", "")
    do: dict[str, Callable[[], Any]] = {
        "propose": lambda: versions.propose(who, number, day(request), now=now),
        "approve": lambda: versions.approve(who, number, now=now),
        "refuse": lambda: versions.refuse(who, number, why, now=now),
        "withdraw": lambda: versions.refuse(who, number, why, now=now),
        "discard": lambda: versions.discard(who, number, now=now),
        "retire": lambda: versions.retire(who, number, why, now=now),
    }
    what = request.POST.get("do", "")
    try:
        if what in do:
            do[what]()
            messages.success(request, _("Done, and written down with your name."))
    except rating.CardsRefused as refused:
        if refused.code == "cards_unknown":
            raise
        return shown(request, number, said(refused), why)
    return redirect("scorecard", number=number)


def day(request: HttpRequest) -> date:
    """The first day that was chosen; the beginning of time, which is refused, for none."""
    try:
        return date.fromisoformat(request.POST.get("since", ""))
    except ValueError:
        return date.min


@require_GET
@page(rating.can_manage_cards)
def file(request: HttpRequest, number: int) -> HttpResponse:
    """A version as a document, to be changed elsewhere and sent in again."""
    row = versions.version(number)
    answer = JsonResponse(
        versions.book_kept(row).written(),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
    answer["Content-Disposition"] = f'attachment; filename="scorecards-{row.number}.json"'
    return answer


def said(error: XinrongError | CardFault) -> str:
    """An error in the language of the page."""
    words = getattr(error, "words", None)
    return words.in_language(get_language() or "zh-hans") if words is not None else str(error)
