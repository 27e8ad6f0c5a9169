"""Search by name or code, with results as one types."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from xinrong.accounts import perms
from xinrong.files import services as files
from xinrong.pages.context import viewer
from xinrong.pages.errors import asked_by_htmx, page
from xinrong.pages.paging import number

LIMIT = 20
DEEPEST = 480  # hits that somebody may turn to: whoever needs more adds to the name
SHORTEST = 2  # signs; one Chinese character would match half the register


def search(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in without a role finds the enterprise to represent; others search."""
    who = viewer(request)
    if who.role == "public" and perms.can_claim(who):
        return redirect("represent")
    return cast("HttpResponse", _search(request))


@page(perms.can_query_files)
def _search(request: HttpRequest) -> HttpResponse:
    """The box and what it finds; htmx asks for the results alone, or for more of them."""
    text = " ".join(request.GET.get("q", "").split())[:100]
    start = number(request.GET.get("start", ""), 0, DEEPEST) or 0
    long_enough = len(text) >= SHORTEST
    found = files.find(text, LIMIT + 1, start, viewer=viewer(request)) if long_enough else []
    part = "pages/bank/hits.html" if start else "pages/bank/results.html"
    return render(
        request,
        part if asked_by_htmx(request) else "pages/bank/search.html",
        {
            "text": text,
            "hits": found[:LIMIT],
            "start": start,
            "first": start + 1,
            "last": start + len(found[:LIMIT]),
            "more": len(found) > LIMIT and start + LIMIT <= DEEPEST,
            "short": 0 < len(text) < SHORTEST,
        },
    )
