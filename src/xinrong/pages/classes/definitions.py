"""The classes of the region for everybody: in which order they are asked, by which document."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.domain.criteria import Version
from xinrong.domain.text import Text
from xinrong.pages.context import region, viewer
from xinrong.pages.errors import page
from xinrong.profiles.services import classes


@dataclass(frozen=True)
class Entry:
    """A class with the version in force; None where none is."""

    id: str
    title: Text
    inferred: Text | None
    version: Version | None
    columns: tuple[classes.Asked, ...]


@require_GET
@page()
def index(request: HttpRequest) -> HttpResponse:
    """Every class in its order, and what follows when none holds or one cannot be told."""
    found = classes.classes_now()
    today = day_in_china(SystemClock().now())
    context = {
        "book": found.book,
        "own": found.own,
        "place": region().info.title,
        "entries": [
            Entry(
                one.id,
                one.title,
                one.inferred,
                one.in_force(today),
                classes.columns_asked(one, today),
            )
            for one in found.book.classes
        ],
        "may_monitor": classes.can_monitor(viewer(request)),
    }
    return render(request, "pages/classes/index.html", context)
