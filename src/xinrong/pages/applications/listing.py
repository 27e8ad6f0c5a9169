"""Applications in lists: the enterprise's own, a lender's desk by the clock, what is late."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xinrong.accounts.services import Viewer
from xinrong.domain.loans import cost_sheet
from xinrong.market.perms import (
    can_see_own_needs,
    can_see_stuck,
    can_state_needs,
    can_work_applications,
)
from xinrong.market.services import applying, evaluating
from xinrong.pages.applications import words
from xinrong.pages.applications.borrowers import loans_desk
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.paging import leaf_of
from xinrong.pages.words import said
from xinrong.work import services as work

ROWS = 30
#: What a lender's desk shows.
SHOWS = ("waiting", "open", "loans", "over")
RUNNING = ("disbursed", "repaying")


@require_GET
@page(can_see_own_needs)
def own(request: HttpRequest) -> HttpResponse:
    """The own applications, the newest first, with other lenders that are proposed."""
    who, now = viewer(request), timezone.now()
    leaf = leaf_of(request, applying.applications_of(who), ROWS)
    lines = words.lines_of(leaf.rows, now)
    offered = {line.application.need for line in lines if line.key == "offered"}
    proposals = [
        (one, words.product_name(one.product), words.lender_name(one.application))
        for one in applying.proposals_of(who)
    ]
    context = {
        "leaf": leaf, "lines": lines, "offered": sorted(offered), "proposals": proposals,
        "may": can_state_needs(who),
    }  # fmt: skip
    return render(request, "pages/applications/own.html", context)


@require_POST
@page(can_state_needs)
def leave(request: HttpRequest, number: int) -> HttpResponse:
    """Not to ask the lender that was proposed."""
    applying.leave(viewer(request), number, now=timezone.now())
    messages.success(request, _("Left. Nothing was sent to that lender."))
    return redirect("applications")


@require_GET
@page(can_work_applications)
def desk(request: HttpRequest) -> HttpResponse:
    """A lender's desk: what waits for it by the clock, its open files, loans, what is over."""
    who, now = viewer(request), timezone.now()
    show = request.GET.get("show", "")
    show = show if show in SHOWS else SHOWS[0]
    counts = {one: desk_rows(who, one).count() for one in SHOWS}
    if show == "loans":
        return loans_desk(request, who, counts, now)
    leaf = leaf_of(request, desk_rows(who, show), ROWS)
    numbers = [case.number for case in leaf.rows]
    rows = applying.applications_of_bank(who.grantees).filter(number__in=numbers)
    found = {one.number: one for one in rows}
    lines = words.lines_of([found[name] for name in numbers if name in found], now)
    bank = lines[0].application.lender if lines else ""
    context = {
        "leaf": leaf, "lines": lines, "show": show, "counts": counts, "now": now,
        "outcomes": _outcomes(bank) if bank else None,
        "judged": evaluating.judged(bank) if bank else None,
    }  # fmt: skip
    return render(request, "pages/applications/desk.html", context)


def desk_rows(who: Viewer, show: str) -> QuerySet[work.Case]:
    """The cases of applications on a lender's desk, the first due first."""
    own_sides = work.sides_of(who)
    if show == "waiting":
        own_sides = work.waiting_for(who, taken=True)
    rows = work.Case.objects.filter(process=applying.NAME, pk__in=own_sides.values("case"))
    if show == "loans":
        return applying.running_loans(who)
    if show != "waiting":
        rows = rows.filter(ended_at__isnull=show == "open").exclude(state__in=RUNNING)
    return rows.order_by("due_at", "-moved_at", "pk")


def _outcomes(lender: str) -> list[tuple[str, int]]:
    found = evaluating.outcomes_of(lender)
    names = applying.APPLICATION.state_words
    return [(said(names[state]), many) for state, many in found.states.most_common()]


@require_GET
@page(can_see_stuck)
def stuck(request: HttpRequest) -> HttpResponse:
    """Deals that are late with whichever lender, the longest first; and every other one."""
    now = timezone.now()
    show = "all" if request.GET.get("show") == "all" else "late"
    rows = work.Case.objects.filter(process=applying.NAME)
    if show == "late":
        rows = rows.filter(state__in=sorted(applying.OVERDUE))
    leaf = leaf_of(request, rows.order_by("entered_at", "pk"), ROWS)
    found = {
        one.number: one
        for one in applying.Application.objects.select_related(
            "enterprise", "organisation", "institution"
        ).filter(number__in=[case.number for case in leaf.rows])
    }
    lines = words.lines_of([found[case.number] for case in leaf.rows if case.number in found], now)
    context = {
        "leaf": leaf, "lines": lines, "show": show, "unserved": unserved(now)[:ROWS],
    }  # fmt: skip
    return render(request, "pages/applications/stuck.html", context)


def unserved(_now: datetime) -> list[Any]:
    """Needs for which nobody else could be proposed: the operator looks for a way."""
    rows = applying.Proposal.objects.filter(product="", answer="")
    return list(rows.select_related("application__enterprise").order_by("made_at"))


@require_GET
@page(can_see_own_needs)
def offers(request: HttpRequest, number: str) -> HttpResponse:
    """The offers for one need side by side, each with the whole of its cost sheet."""
    who, now = viewer(request), timezone.now()
    mine = applying.applications_of(who).filter(need=number[:32]).order_by("pk")
    lines = [
        line for line in words.lines_of(list(mine), now) if line.key in ("offered", "chosen")
    ]  # fmt: skip
    columns = [(line, applying.offer_of(line.application.number)) for line in lines]
    sheets = [
        {said(row.name): said(row.value) for row in cost_sheet(applying.terms_of(offer)).lines}
        for _line, offer in columns
        if offer is not None
    ]
    names = list(dict.fromkeys(name for sheet in sheets for name in sheet))
    context = {
        "columns": [(line, offer) for line, offer in columns if offer is not None],
        "rows": [(name, [sheet.get(name, "—") for sheet in sheets]) for name in names],
        "need": number[:32], "may": can_state_needs(who),
    }  # fmt: skip
    return render(request, "pages/applications/offers.html", context)
