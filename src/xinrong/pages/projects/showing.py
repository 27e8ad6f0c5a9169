"""One project, for who keeps it and for who owns it: its needs, and what became of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xinrong.domain.clock import day_in_china
from xinrong.domain.money import yuan
from xinrong.domain.text import Text
from xinrong.market.perms import (
    can_keep_projects,
    can_see_own_projects,
    can_see_projects,
    can_state_needs,
)
from xinrong.market.services import applying, needs, projects
from xinrong.pages.context import viewer
from xinrong.pages.errors import page


@require_GET
@page(can_see_projects)
def project(request: HttpRequest, number: str) -> HttpResponse:
    """One project that the viewer keeps or owns."""
    return shown(request, number)


def shown(request: HttpRequest, number: str, problem: str = "", why: str = "") -> HttpResponse:
    """The page of a project, with what was wrong with the form that was sent."""
    who = viewer(request)
    found = projects.project_for(who, number)
    listed, keeps = projects.is_listed(found, day_in_china(timezone.now())), can_keep_projects(who)
    context: dict[str, Any] = {
        "project": found,
        "amount": yuan(found.amount),
        "listed": listed,
        "keeps": keeps and found.ended_on is None,
        "owner": can_see_own_projects(who),
        "may_state": listed and can_state_needs(who),
        "needs": [_need(one) for one in projects.needs_told(who, found)],
        "changes": [(one, _was(one)) for one in found.changes.select_related("by")],
        "problem": problem,
        "why": why,
        "longest_why": projects.LONGEST_WHY,
    }
    return render(request, "pages/projects/project.html", context, status=422 if problem else 200)


@require_POST
@page(can_state_needs)
def begin(request: HttpRequest, number: str) -> HttpResponse:
    """Begin a need for it: sum and months are filled in, the other questions are asked."""
    made = projects.begin_need(viewer(request), number, now=timezone.now())
    asked = needs.next_question(made)
    if asked is None:
        return redirect("need-preview", number=made.number)
    return redirect("need-question", number=made.number, name=asked.name)


def _need(one: projects.NeedTold) -> dict[str, Any]:
    return {
        "need": one.need,
        "amount": one.amount,
        "state": needs.NEED_PROCESS.state_words[one.need.state],
        "applications": [
            (row, applying.APPLICATION.state_words.get(row.state)) for row in one.applications
        ],
    }


def _was(change: projects.ProjectChange) -> list[tuple[Text, str]]:
    """What stood there before a correction: the words of the field, and the value."""
    told = []
    for name, value in change.was.items():
        text = f"{yuan(int(value)):,.2f}" if name == "amount" else value
        told.append((projects.TITLES[name], text or _("nothing")))
    return told
