"""One case: where it stands, what I can do and what that does, who did what, the whole table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xinrong.accounts.services import Viewer, proof
from xinrong.domain.errors import XinrongError
from xinrong.domain.process import NEW, MoveRefused, MoveRow, rows
from xinrong.domain.text import Text
from xinrong.market.services import applying
from xinrong.pages.cases.panels import panel_of
from xinrong.pages.cases.words import ALARMS, HANDED, refused
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.inbox.words import Left, left
from xinrong.pages.paging import leaf_of
from xinrong.pages.paging import number as whole
from xinrong.pages.words import ROLES, of, said
from xinrong.work import services as work

CASES, LAST = 30, 10**7


@dataclass(frozen=True)
class Act:
    """One thing that the viewer can do: its words, what it does, where it leads."""

    event: str
    words: str
    preview: str
    leads_to: str
    question: str  # what has to be said; empty: nothing
    version: int
    typed: str = ""


@dataclass(frozen=True)
class Happened:
    """One line of the timeline."""

    at: datetime
    what: str
    who: str
    text: str = ""


@dataclass(frozen=True)
class Clock:
    """A clock that runs: what is left, what it rests on, and what happens at its end."""

    left: Left | None
    otherwise: str
    source: str
    agreed: bool
    provisional: bool


@require_GET
@page(work.has_inbox)
def cases(request: HttpRequest) -> HttpResponse:
    """Every case in which the viewer's side takes part, open and over."""
    who = viewer(request)
    found = work.cases_of(who).select_related("enterprise")
    only = request.GET.get("show", "")
    if only in ("open", "over"):
        found = found.filter(ended_at__isnull=only == "open")
    leaf = leaf_of(request, found, CASES)
    listed = [_listed(case) for case in leaf.rows]
    context = {"leaf": leaf, "cases": listed, "show": only if only in ("open", "over") else ""}
    return render(request, "pages/cases/cases.html", context)


def _listed(case: work.Case) -> dict[str, Any]:
    handling = work.handling_of(case.process)
    title = said(handling.process.title)
    if handling.subject is not None:
        title = f"{title}{_(': ')}{said(handling.subject(case))}"
    return {
        "case": case,
        "title": title,
        "state": said(handling.process.state_words.get(case.state)) or case.state,
        "left": left(case.due_at, timezone.now()),
    }


@require_GET
@page(work.has_inbox)
def case(request: HttpRequest, number: str) -> HttpResponse:
    """The page of a case in which the viewer's side takes part; an application has its own."""
    if work.case_for(number, viewer(request)).case.process == applying.NAME:
        return redirect("application", number=number)
    return shown(request, number)


def shown(
    request: HttpRequest, number: str, *, problem: str = "", event: str = "", text: str = ""
) -> HttpResponse:
    """The page; with a problem, what was typed stands in it still."""
    who, now = viewer(request), timezone.now()
    seen = work.case_for(number, who)
    language = get_language() or "zh-hans"
    template, matter = panel_of(seen, who)
    process = seen.process
    mine = seen.side.person_id is not None and seen.side.person_id == who.person_id
    context: dict[str, Any] = {
        "case": seen.case,
        "side": seen.side,
        "title": said(process.title),
        "description": said(process.description),
        "subject": said(seen.handling.subject(seen.case)) if seen.handling.subject else "",
        "state": said(process.state_words.get(seen.case.state)) or seen.case.state,
        "clocks": [clock(one, now) for one in seen.running],
        "acts": [
            one
            for one in _acts(seen, now, event, text)
            if one.event not in matter.get("own_acts", ())
        ],
        "waits_for": waits_for(seen),
        "my_turn": seen.side.turn,
        "timeline": timeline(seen, who),
        "table": _table(seen, language),
        "panel": template,
        "papers": work.papers_of(seen.case),
        "may_give": work.can_move(who) and seen.case.ended_at is None,
        "largest": proof.LARGEST >> 20,
        "problem": problem,
        "longest": work.LONGEST_TEXT,
        "may": work.can_move(who) and seen.case.ended_at is None,
        "mine": mine,
        "taken": seen.side.person if seen.side.person_id and not mine else None,
        "colleagues": _others(who, seen) if work.can_move(who) else [],
        **matter,
    }
    return render(request, "pages/cases/case.html", context, status=422 if problem else 200)


def clock(running: Any, now: datetime) -> Clock:
    """A clock that runs, in words."""
    deadline = running.deadline
    return Clock(
        left(running.due.at, now),
        said(deadline.otherwise),
        str(deadline.source),
        deadline.source.agreed,
        running.due.provisional,
    )


def _acts(seen: work.Seen, now: datetime, event: str, text: str) -> list[Act]:
    found = []
    for one in seen.doable:
        if not work.still_open(one, seen.case, now=now):
            continue
        name = one.move.event
        ask: Text | None = seen.handling.asks.get(name)
        words, states = one.process.event_words, one.process.state_words
        found.append(
            Act(
                name,
                said(words.get(name)) or name,
                said(seen.handling.previews.get(name)),
                said(states.get(one.move.target)) or one.move.target,
                said(ask),
                one.version,
                text if name == event else "",
            )
        )
    return found


def waits_for(seen: work.Seen) -> list[str]:
    """Whose turn it is, in words: the organisation, else the role."""
    return [
        str(side.organisation) if side.organisation else str(of(ROLES, side.role))
        for side in seen.sides
        if side.turn
    ]


def _others(who: Viewer, seen: work.Seen) -> list[tuple[int, str]]:
    """Colleagues to whom it can be handed."""
    if seen.case.ended_at is not None:
        return []
    return [one for one in work.colleagues(who) if one[0] not in (who.person_id, None)]


def timeline(seen: work.Seen, who: Viewer) -> list[Happened]:
    """What happened, the newest first: by whom, in which role, with what words.

    The other sides are named by organisation and role; the own one by person as well.
    """
    found = [_moved(row, seen, who) for row in work.log_of(seen.case)]
    found += [
        Happened(alarm.fired_at, str(ALARMS[alarm.kind]), _("the platform"))
        for alarm in work.fired_of(seen.case)
        if alarm.fired_at is not None and alarm.kind in ALARMS
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _moved(row: work.CaseMove, seen: work.Seen, who: Viewer) -> Happened:
    table = seen.process
    parallel = table.parallel_in(seen.case.state)
    words = {**(parallel.table.event_words if parallel else {}), **table.event_words}
    what = str(HANDED.get(row.event, "")) or said(words.get(row.event)) or row.event
    if row.event not in HANDED and row.side_id is None and row.target != row.source:
        what = f"{what} → {said(table.state_words.get(row.target)) or row.target}"
    if row.role == "platform":
        return Happened(row.at, what, _("the platform"), row.text)
    by = str(of(ROLES, row.role))
    if row.organisation is not None:
        by = f"{row.organisation} · {by}"
    if row.person is not None and row.organisation_id == who.organisation_id:
        by = f"{row.person} · {by}"
    return Happened(row.at, what, by, row.text)


def _table(seen: work.Seen, language: str) -> list[tuple[MoveRow, bool]]:
    """The process as a table; true where a move starts from the present state."""
    moves = seen.process.table
    return [
        (row, move.source == seen.case.state != NEW)
        for row, move in zip(rows(seen.process, language), moves, strict=True)
    ]


@require_POST
@page(work.can_move)
def move(request: HttpRequest, number: str) -> HttpResponse:
    """Make a move, with its words, from the version that the page showed."""
    event, text = request.POST.get("event", "")[:32], request.POST.get("text", "")
    version = whole(request.POST.get("version", ""), 0, LAST)
    try:
        work.move(
            number,
            event,
            viewer(request),
            version=-1 if version is None else version,
            now=timezone.now(),
            text=text,
        )
    except (MoveRefused, work.CaseRefused) as error:
        return _refused(request, number, error, event, text)
    messages.success(request, _("Done, and written into the log of the case."))
    return redirect("case", number=number)


def _refused(
    request: HttpRequest, number: str, error: XinrongError, event: str = "", text: str = ""
) -> HttpResponse:
    if error.code == "case_unknown":
        raise error
    return shown(request, number, problem=refused(error), event=event, text=text)


@require_POST
@page(work.can_move)
def hand(request: HttpRequest, number: str) -> HttpResponse:
    """Take a case on or over, give it back, or hand it to a colleague."""
    who, now = viewer(request), timezone.now()
    what = request.POST.get("what", "")
    try:
        if what == "give_back":
            work.give_back(number, who, now=now)
        elif what == "hand_over":
            to = whole(request.POST.get("to", ""), 1, LAST)
            work.hand_over(number, who, to or 0, now=now)
        else:
            over = whole(request.POST.get("over", ""), 1, LAST)
            work.take(number, who, over=over, now=now)
    except work.CaseRefused as error:
        return _refused(request, number, error)
    return redirect("case", number=number)
