"""The objections in which the viewer's side takes part, and the answer in writing."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from xinrong.domain.text import Text
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.inbox.words import Left, left
from xinrong.pages.paging import leaf_of
from xinrong.remedy import services as remedy
from xinrong.remedy.perms import can_see_objections
from xinrong.work import services as work

ROWS = 30


@dataclass(frozen=True)
class Line:
    """One objection: its record, where it stands, and by when."""

    case: work.Case
    objection: remedy.Objection
    category: Text
    state: Text
    left: Left | None


@require_GET
@page(can_see_objections)
def objections(request: HttpRequest) -> HttpResponse:
    """An enterprise's own, a department's that it is asked about, all for the operator."""
    only = request.GET.get("show", "")
    only = only if only in ("open", "over") else ""
    found = work.cases_of(viewer(request)).filter(process=remedy.OBJECTION)
    if only:
        found = found.filter(ended_at__isnull=only == "open")
    leaf = leaf_of(request, found.select_related("enterprise"), ROWS)
    told = remedy.objections_of([case.number for case in leaf.rows])
    states, now = work.handling_of(remedy.OBJECTION).process.state_words, timezone.now()
    lines = [
        Line(
            case,
            told[case.number],
            remedy.category_words(told[case.number].category),
            states[case.state],
            left(case.due_at, now),
        )
        for case in leaf.rows
    ]
    context = {"leaf": leaf, "lines": lines, "show": only}
    return render(request, "pages/objections/list.html", context)


@require_GET
@page(can_see_objections)
def letter(request: HttpRequest, number: str) -> HttpResponse:
    """The answer to an objection that has ended, to print; a case of others is not there."""
    seen = work.case_for(number, viewer(request))
    objection = remedy.objections_of([number]).get(number)
    answer = remedy.letter_of(seen, objection) if objection is not None else None
    if answer is None:
        raise work.CaseRefused("there is no letter", code="case_unknown")
    language = get_language() or "zh-hans"
    complaint = answer.complaint
    context = {
        "letter": answer,
        "reopen_length": answer.reopen_length.in_language(language),
        "complaint_length": complaint.length.in_language(language) if complaint else "",
    }
    return render(request, "pages/objections/letter.html", context)
