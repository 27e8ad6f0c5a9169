"""One page for every role: what is mine, by when, and what happens if I do nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from xinrong.domain.clock import day_in_china
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.inbox.sources import SOURCES, tasks_of
from xinrong.pages.inbox.tasks import Task
from xinrong.pages.inbox.words import Left, left
from xinrong.pages.paging import number as whole
from xinrong.pages.sheets import csv_answer
from xinrong.pages.words import said
from xinrong.work import services as work

ROWS, LAST = 50, 10_000
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Row:
    """A task and how long is left."""

    task: Task
    left: Left | None


@dataclass(frozen=True)
class Chosen:
    """What the filters ask for."""

    text: str
    source: str
    taken: bool

    @property
    def any(self) -> bool:
        """Whether something is asked for."""
        return bool(self.text or self.source or self.taken)


def chosen(request: HttpRequest) -> Chosen:
    """The filters of the address."""
    text = " ".join(request.GET.get("q", "").split())[:LONGEST_SEARCH]
    return Chosen(text, request.GET.get("kind", "")[:48], request.GET.get("taken") == "1")


def narrowed(tasks: list[Task], by: Chosen) -> list[Task]:
    """The tasks that the filters leave."""
    text = by.text.casefold()
    return [
        one
        for one in tasks
        if (not by.source or one.source == by.source)
        and (not text or any(text in part.casefold() for part in (one.title, one.about, one.state)))
    ]


def kinds(tasks: list[Task]) -> list[tuple[str, Promise | str]]:
    """The kinds of tasks there are, in words."""
    words: dict[str, Promise | str] = {source.name: source.words for source in SOURCES}
    words |= {name: said(one.process.title) for name, one in work.handled().items()}
    there = dict.fromkeys(one.source for one in tasks)
    return sorted(((name, words.get(name, name)) for name in there), key=lambda one: str(one[1]))


@require_GET
@page(work.has_inbox)
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for the viewer, the most urgent first."""
    who, now, by = viewer(request), timezone.now(), chosen(request)
    every = tasks_of(who, now, taken=by.taken)
    found = narrowed(every, by)
    offset = min(whole(request.GET.get("offset", ""), 0, LAST) or 0, max(0, len(found) - 1))
    shown = [Row(one, left(one.due, now)) for one in found[offset : offset + ROWS]]
    context: dict[str, Any] = {
        "rows": shown,
        "total": len(found),
        "first": offset + 1 if shown else 0,
        "last": offset + len(shown),
        "previous": max(0, offset - ROWS) if offset else None,
        "next": offset + ROWS if offset + ROWS < len(found) else None,
        "chosen": by,
        "kinds": kinds(every),
        "overdue": sum(1 for one in found if one.due is not None and one.due <= now),
        "acts": who.organisation_id is not None,
        "today": sum(1 for one in found if (when := left(one.due, now)) and when.near),
    }
    return render(request, "pages/inbox/inbox.html", context)


@require_GET
@page(work.has_inbox)
def export(request: HttpRequest) -> HttpResponse:
    """The same as a table for a spreadsheet, with the filters of the address."""
    who, now, by = viewer(request), timezone.now(), chosen(request)
    headings = [
        _("Task"), _("About"), _("State"), _("Last day"), _("Left"), _("If nobody acts"),
        _("Escalated"), _("Taken on by"), _("Since"), _("Number"),
    ]  # fmt: skip
    rows = [_cells(one, now) for one in narrowed(tasks_of(who, now, taken=by.taken), by)]
    return csv_answer("inbox.csv", headings, rows)


def _cells(one: Task, now: datetime) -> tuple[str, ...]:
    when = left(one.due, now)
    return (
        one.title, one.about, one.state,
        when.last_day.isoformat() if when else "", when.words if when else "",
        one.otherwise, _("yes") if one.escalated else _("no"), one.taken_by,
        day_in_china(one.since).isoformat() if one.since else "", one.number,
    )  # fmt: skip
