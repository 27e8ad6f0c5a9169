"""The list of key projects and its figures for everybody; the projects that one keeps or owns."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from xinrong.domain.clock import day_in_china
from xinrong.domain.money import yuan
from xinrong.market.perms import can_keep_projects, can_see_own_projects, can_see_projects
from xinrong.market.services import league, projects
from xinrong.pages.context import region, viewer
from xinrong.pages.errors import page
from xinrong.pages.paging import leaf_of
from xinrong.pages.sheets import csv_answer, xlsx_answer

SIZE = 30


@require_GET
@page()
def index(request: HttpRequest) -> HttpResponse:
    """Today's list without its owners, and what came of it, behind the floor."""
    who, now = viewer(request), timezone.now()
    leaf = leaf_of(request, projects.projects_on(day_in_china(now)), SIZE)
    told = projects.published(now=now)
    context = {
        "leaf": leaf,
        "rows": [(one, yuan(one.amount)) for one in leaf.rows],
        "keeps": can_keep_projects(who),
        "owns": can_see_own_projects(who),
        "invented": region().info.invented,
        "figures": projects.FIGURES,
        "values": [(one, f"{told.figures[one.name]:,.0f}", league.UNIT_WORDS[one.unit])
                   for one in projects.FIGURES if one.name in told.figures],
        "period": told.period,
        "floor": league.FLOOR,
    }  # fmt: skip
    return render(request, "pages/projects/index.html", context)


@require_GET
@page(can_see_projects)
def own(request: HttpRequest) -> HttpResponse:
    """The own list of an officer; of an enterprise, the projects that it owns."""
    return listed(request)


def listed(request: HttpRequest, problem: str = "") -> HttpResponse:
    """The projects that the viewer keeps or owns, and for who keeps them the ways to add more."""
    who, day = viewer(request), day_in_china(timezone.now())
    leaf = leaf_of(request, projects.projects_for(who), SIZE)
    context = {
        "leaf": leaf,
        "rows": [(one, yuan(one.amount), projects.is_listed(one, day)) for one in leaf.rows],
        "keeps": can_keep_projects(who),
        "most": projects.MOST_ROWS,
        "problem": problem,
    }
    return render(request, "pages/projects/own.html", context, status=422 if problem else 200)


@require_GET
@page(can_keep_projects)
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The own list as a sheet, which can be sent back as it is; `empty` has its headings only."""
    found = () if kind == "empty" else projects.projects_for(viewer(request))
    rows = list(projects.rows_of(found))
    headings = list(projects.HEADINGS.values())
    if kind == "csv":
        return csv_answer("projects.csv", headings, rows)
    return xlsx_answer("projects.xlsx", "projects", headings, rows)
