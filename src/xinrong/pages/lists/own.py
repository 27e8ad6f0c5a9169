"""An enterprise's own entries: where it stands, what follows from that, how it gets off."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.lists import words
from xinrong.pages.lists.public import Way, way_of
from xinrong.remedy.perms import can_see_own_listings
from xinrong.remedy.services import listing


@dataclass(frozen=True)
class Own:
    """An entry with the ways off its list."""

    entry: words.Entered
    ways: tuple[Way, ...]


@require_GET
@page(can_see_own_listings)
def own(request: HttpRequest) -> HttpResponse:
    """Open entries first, then those that are over."""
    found = [words.entered(one) for one in listing.own_entries(viewer(request), now=timezone.now())]
    shown = [
        Own(
            one,
            tuple(way_of(each) for each in one.list.exits),
        )
        for one in found
    ]
    open_ = [one for one in shown if one.entry.row.state in ("noticed", "entered", "suspended")]
    over = [one for one in shown if one not in open_]
    return render(request, "pages/lists/own.html", {"open": open_, "over": over})
