"""Search by name or code, with results as one types."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from xinrong.accounts import perms
from xinrong.files import services as files
from xinrong.pages.errors import asked_by_htmx, page

LIMIT = 30
SHORTEST = 2  # signs; one Chinese character would match half the register


@page(perms.can_query_files)
def search(request: HttpRequest) -> HttpResponse:
    """The box and what it finds; htmx asks for the results alone."""
    text = " ".join(request.GET.get("q", "").split())[:100]
    hits = files.find(text, limit=LIMIT) if len(text) >= SHORTEST else []
    part = "pages/bank/results.html"
    return render(
        request,
        part if asked_by_htmx(request) else "pages/bank/search.html",
        {"text": text, "hits": hits, "limit": LIMIT, "short": 0 < len(text) < SHORTEST},
    )
