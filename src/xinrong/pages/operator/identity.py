"""The review queue of names: one at a time, both sides, decided in two keys, taken back in one."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xinrong.domain.clock import SystemClock, day_in_china, midnight
from xinrong.domain.errors import XinrongError
from xinrong.files import services as files
from xinrong.pages.context import region, viewer
from xinrong.pages.errors import page
from xinrong.pages.operator import identity_words as words
from xinrong.pages.operator.quality_words import department_title
from xinrong.pages.paging import number as whole
from xinrong.subjects.perms import can_review_identity
from xinrong.subjects.services import judging
from xinrong.trust.services import Purpose

RECENT = 8
LONGEST_WHY = 300
LAST = 10**6
#: Kept where the person who decides gives no reason of their own.
REVIEWED = "人工复核 review"


@require_GET
@page(can_review_identity)
def queue(request: HttpRequest) -> HttpResponse:
    """The name that comes next, or the one asked for; what is left; the last decisions."""
    department = _department(request.GET.get("department", ""))
    wanted = whole(request.GET.get("item", ""), 1, LAST)
    item = judging.next_item(department, number=wanted) if wanted else None
    item = item or judging.next_item(department)
    context: dict[str, Any] = {
        "item": item,
        "department": department,
        "departments": [
            (key, department_title(region(), key), many)
            for key, many in judging.departments_waiting().items()
        ],
        "progress": judging.progress(_since(), department),
        "recent": [words.recent(act, str(request.user)) for act in judging.recent_acts(RECENT)],
        "waiting": judging.counts()["waiting"],
        "longest": LONGEST_WHY,
        "release": None,
        "sides": None,
        "records": [],
        "candidates": [],
    }
    if item is not None:
        context |= _sides(request, item)
    return render(request, "pages/operator/identity.html", context)


def _sides(request: HttpRequest, item: judging.Item) -> dict[str, Any]:
    """Both sides, through the gate: whoever may be meant finds it in who looked."""
    title = department_title(region(), item.subject.department)
    if not item.choices:
        return {"sent_by": title}
    about = [choice.enterprise.pk for choice in item.choices]
    release = files.meant(viewer(request), item.subject.pk, about, Purpose.OPERATION)
    content = release.content
    return {
        "sent_by": title,
        "release": release,
        "sides": content,
        "records": [(record, words.fields(record)) for record in content.records],
        "candidates": words.shown(item.subject.name, item.choices, content.candidates),
    }


@require_POST
@page(can_review_identity)
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Take a decision: one of the candidates, none of them, or unsure. Then the next name."""
    department = _department(request.POST.get("department", ""))
    named = judging.numbered(number)
    chosen = _chosen(named, request.POST.get("choice", ""))
    if chosen is None:
        messages.error(request, _("Choose a candidate, or none of them, before you confirm."))
        return redirect(_address(department, item=number))
    verdict, code = chosen
    why = " ".join(request.POST.get("why", "").split())[:LONGEST_WHY]
    try:
        judging.decide(
            number,
            _revision(request),
            verdict,
            code=code,
            by=str(request.user),
            why=why or REVIEWED,
            at=SystemClock().now(),
        )
    except judging.AlreadyJudged:
        messages.error(
            request,
            _("“%(name)s” changed while you were looking: somebody else decided it, or there "
              "are new candidates. Your decision was not taken.") % {"name": named.subject.name},
        )  # fmt: skip
        return redirect(_address(department, item=number))
    messages.success(request, _said(named, verdict, code))
    return redirect(_address(department))


def _chosen(item: judging.Item, choice: str) -> tuple[judging.Judged, str] | None:
    if choice == "unsure":
        return judging.Judged.UNSURE, ""
    place = whole(choice, 0, len(item.choices))
    if place is None:
        return None
    if place == 0:
        return judging.Judged.DIFFERENT, ""
    return judging.Judged.SAME, item.choices[place - 1].enterprise.code


def _revision(request: HttpRequest) -> int:
    found = whole(request.POST.get("revision", ""), 0, LAST)
    return -1 if found is None else found


def _said(item: judging.Item, verdict: judging.Judged, code: str) -> str:
    name = item.subject.name
    if verdict == judging.Judged.SAME:
        return _("“%(name)s” is linked to %(code)s.") % {"name": name, "code": code}
    if verdict == judging.Judged.DIFFERENT:
        return _("“%(name)s” is none of them; it waits.") % {"name": name}
    return _("“%(name)s” was put at the end.") % {"name": name}


@require_POST
@page(can_review_identity)
def undo(request: HttpRequest) -> HttpResponse:
    """Take back what was decided in one go; the name is shown again."""
    department = _department(request.POST.get("department", ""))
    try:
        act = uuid.UUID(request.POST.get("act", ""))
    except ValueError:
        return redirect(_address(department))
    try:
        judging.take_back(act, by=str(request.user), why=REVIEWED, at=SystemClock().now())
    except XinrongError as refused:
        messages.error(request, _("This cannot be taken back: %(why)s") % {"why": refused})
        return redirect(_address(department))
    messages.success(request, _("Taken back."))
    again = judging.item_of_act(act)
    return redirect(_address(department, item=again))


@require_GET
@page(can_review_identity)
def export(request: HttpRequest) -> StreamingHttpResponse:
    """Every judgement as CSV."""
    return StreamingHttpResponse(
        judging.export_judgements(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="judgements.csv"'},
    )


def _department(text: str) -> str:
    return text if text in region().departments else ""


def _address(department: str, *, item: int | None = None) -> str:
    asked = {"department": department, "item": item}
    query = urlencode({key: value for key, value in asked.items() if value})
    return reverse("identity") + (f"?{query}" if query else "")


def _since() -> datetime:
    """The beginning of today, in China."""
    return midnight(day_in_china(SystemClock().now()))
