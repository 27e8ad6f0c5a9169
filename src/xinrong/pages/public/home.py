"""The home page: what this is, and how much of it is here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from xinrong.pages.context import region
from xinrong.pages.errors import page
from xinrong.subjects import services as subjects


@page()
def home(request: HttpRequest) -> HttpResponse:
    """What the platform is, its coverage in figures, and the way in."""
    pack = region()
    counted = subjects.count_enterprises()
    return render(
        request,
        "pages/public/home.html",
        {
            "enterprises": counted["enterprises"],
            "categories": len(pack.contracts),
            "feeds": len(pack.feeds),
            "departments": len({feed.department for feed in pack.feeds.values()}),
        },
    )
