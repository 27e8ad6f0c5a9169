"""Looks that need a reason: the queue, the evidence as a timeline, the decision, the export."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xinrong.domain.clock import SystemClock
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.paging import leaf_of
from xinrong.pages.paging import number as whole
from xinrong.trust.services import snooping

ALERTS, LOOKS, LAST = 25, 100, 100_000


@require_GET
@page(snooping.can_see_alerts)
def queue(request: HttpRequest) -> HttpResponse:
    """The alerts about the viewer's institution, open ones first unless asked otherwise."""
    asked = request.GET.get("state", "open")
    state = asked if asked in snooping.AlertState.values else ""
    who = viewer(request)
    leaf = leaf_of(request, snooping.alerts_for(who, state=state), ALERTS)
    context = {
        "leaf": leaf,
        "state": state,
        "states": snooping.AlertState.values,
        "alerts": [(alert, snooping.reasons_of(alert)) for alert in leaf.rows],
        "any": bool(leaf.rows) or snooping.alerts_for(who).exists(),
    }
    return render(request, "pages/compliance/queue.html", context)


@require_GET
@page(snooping.can_see_alerts)
def alert(request: HttpRequest, number: int) -> HttpResponse:
    """The evidence of one alert; that it was opened is logged first."""
    found = snooping.alert_for(viewer(request), number)
    snooping.note_opened(found, viewer(request), now=SystemClock().now())
    return shown(request, found)


def shown(
    request: HttpRequest,
    found: snooping.SnoopAlert,
    *,
    text: str = "",
    chosen: str = "",
    problem: str = "",
) -> HttpResponse:
    """The page of an alert; with a problem, what was typed stands in it still."""
    offset = whole(request.GET.get("offset", ""), 0, LAST) or 0
    total = len(snooping.rows_of(found))
    context = {
        "alert": found,
        "reasons": snooping.reasons_of(found),
        "steps": snooping.timeline(found, offset=offset, limit=LOOKS),
        "acts": snooping.acts_of(found),
        "total": total,
        "previous": max(0, offset - LOOKS) if offset else None,
        "next": offset + LOOKS if offset + LOOKS < total else None,
        "decisions": [state for state in snooping.AlertState.values if state != "open"],
        "longest": snooping.LONGEST_TEXT,
        "text": text,
        "chosen": chosen,
        "problem": problem,
    }
    status = 422 if problem else 200
    return render(request, "pages/compliance/alert.html", context, status=status)


@require_POST
@page(snooping.can_see_alerts)
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Decide an alert, with the reason in words."""
    found = snooping.alert_for(viewer(request), number)
    text, state = request.POST.get("text", ""), request.POST.get("state", "")
    revision = whole(request.POST.get("revision", ""), 0, LAST)
    try:
        snooping.decide(
            viewer(request), number, -1 if revision is None else revision, state, text,
            now=SystemClock().now(),
        )  # fmt: skip
    except snooping.DecisionRefused as refused:
        problem = {
            "snoop_reason_missing": _("Say in a few words what you found out, and from whom."),
            "snoop_changed": _(
                "The alert changed while you were looking. Look again, then decide."
            ),
        }.get(refused.code, _("Choose one of the three decisions."))
        return shown(request, found, text=text, chosen=state, problem=problem)
    messages.success(request, _("The decision on alert %(number)d is recorded.") % {
        "number": number
    })  # fmt: skip
    return redirect("compliance-alert", number=number)


@require_POST
@page(snooping.can_see_alerts)
def export(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """The evidence as CSV, logged; by a form, so that no link leads to it by accident."""
    found = snooping.alert_for(viewer(request), number)
    return StreamingHttpResponse(
        snooping.export(found, viewer(request), now=SystemClock().now()),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="alert-{number}.csv"'},
    )
