"""Counting a draft: conditions are added one by one, then the draft is counted, and logged."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from xinrong.pages.context import region, viewer
from xinrong.pages.counting.building import (
    Adding,
    address_of,
    lines_of,
    offered_to,
    refused_words,
    stages,
)
from xinrong.pages.counting.words import COUNT_DETAILED
from xinrong.pages.errors import asked_by_htmx, page
from xinrong.trust import perms
from xinrong.trust.services import Denied, Release, Stage, counting

#: Why a draft was not counted -> status.
REFUSED = {"denied_budget": 429, "denied_column": 403, "denied_stage": 422, "count_column": 403}


@require_GET
@page(perms.can_count)
def drafts(request: HttpRequest) -> HttpResponse:
    """The draft so far; htmx asks for the fields of a category, or how a field is compared."""
    who, pack = viewer(request), region()
    adding = Adding.of(request.GET.dict(), offered_to(who, pack))
    if asked_by_htmx(request):
        part = "comparison" if request.GET.get("part") == "comparison" else "fields"
        return render(request, f"pages/counting/{part}.html", {"adding": adding})
    texts = request.GET.getlist("c")
    try:
        draft = counting.draft_of(texts, pack.contracts)
    except counting.CountRefused as refusal:
        return show(request, None, adding, refusal=refusal, status=422)
    if "add" not in request.GET:
        return show(request, draft, adding)
    try:
        longer = added(draft, adding)
    except counting.CountRefused as refusal:
        status = REFUSED.get(refusal.code, 422)
        return show(request, draft, adding, refusal=refusal, status=status)
    return redirect(address_of(counting.texts_of(longer.spelled())))


def added(draft: counting.Draft, adding: Adding) -> counting.Draft:
    """The draft with one condition more. Raises CountRefused."""
    found = counting.read(adding.text, region().contracts)
    offered = adding.offered.get(found.category)
    if offered is None or (found.field and found.field not in {one.name for one in offered.fields}):
        raise counting.CountRefused(
            "your role may not learn of this column in aggregate",
            remedy="Choose one that is offered.",
            code="count_column",
        )
    spelled = counting.texts_of(counting.Draft(draft.conditions | {found}).spelled())
    return counting.draft_of(spelled, region().contracts)


@require_POST
@page(perms.can_count)
def count(request: HttpRequest) -> HttpResponse:
    """Count the draft: one release of the gate, or a refusal; either is in the log."""
    who, pack = viewer(request), region()
    adding = Adding.of({}, offered_to(who, pack))
    stage = request.POST.get("stage", "")
    try:
        draft = counting.draft_of(request.POST.getlist("c"), pack.contracts)
    except counting.CountRefused as refusal:
        return show(request, None, adding, refusal=refusal, status=422)
    if not draft.conditions:
        return redirect("counts")
    chosen = Stage(stage) if stage in set(Stage) and counting.names_stage(who) else None
    try:
        release = counting.count(who, draft, stage=chosen)
    except Denied as refusal:
        if refusal.code not in REFUSED:
            raise
        status = REFUSED[refusal.code]
        return show(request, draft, adding, refusal=refusal, stage=stage, status=status)
    return show(request, draft, adding, release=release, stage=stage)


def show(
    request: HttpRequest,
    draft: counting.Draft | None,
    adding: Adding,
    *,
    release: Release | None = None,
    refusal: Exception | None = None,
    stage: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page."""
    who, pack = viewer(request), region()
    lines = lines_of(draft, pack) if draft else []
    code = getattr(refusal, "code", "")
    context: dict[str, Any] = {
        "adding": adding,
        "lines": lines,
        "full": len(lines) >= counting.MOST_CONDITIONS,
        "most": counting.MOST_CONDITIONS,
        "floor": counting.FLOOR,
        "step": counting.STEP,
        "release": release,
        "refusal": refused_words(code) if refusal else None,
        "detail": getattr(refusal, "wrong", "") if code in COUNT_DETAILED else "",
        "audit_id": getattr(refusal, "audit_id", None),
        "stages": stages() if counting.names_stage(who) else [],
        "stage": stage or Stage.PRE_LOAN.value,
        "budget": counting.budget_left(who, now=timezone.now()),
        "cost": counting.cost_of(who, draft) if draft and lines and release is None else "",
        "earlier": earlier(who, pack),
        "purpose": counting.purpose_of(who),
    }
    return render(request, "pages/counting/drafts.html", context, status=status)


def earlier(who: Any, pack: Any) -> list[dict[str, Any]]:
    """The viewer's earlier drafts that the catalogue still knows, each with its address."""
    found = []
    for one in counting.earlier_drafts(who):
        try:
            draft = counting.draft_of(one.texts, pack.contracts)
        except counting.CountRefused:
            continue
        told = [line.words for line in lines_of(draft, pack)]
        found.append({"draft": one, "words": told, "address": address_of(one.texts)})
    return found
