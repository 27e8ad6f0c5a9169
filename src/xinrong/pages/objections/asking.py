"""Objecting to a record of the own file: what is wrong, a preview, then the objection itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xinrong.domain.clock import day_in_china
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.words import said
from xinrong.remedy import services as remedy
from xinrong.remedy.perms import can_object

#: Refusals in which the record itself is out of question: there is nothing to type.
WITHOUT_FORM = frozenset({"objection_record", "objection_open"})


@require_http_methods(["GET", "POST"])
@page(can_object)
def ask(request: HttpRequest) -> HttpResponse:
    """The record as it stands, what is wrong with it, and how the mark will look beside it.

    The first post shows the preview and writes nothing; the second, `step=object`, objects.
    """
    who, now = viewer(request), timezone.now()
    sent = request.POST if request.method == "POST" else request.GET
    what = remedy.Objected(
        record=sent.get("record", "")[:200],
        statement=request.POST.get("statement", ""),
        why=request.POST.get("why", ""),
        fields=tuple(request.POST.getlist("fields")),
        new=request.POST.get("new", ""),
    )
    context: dict[str, Any] = {"typed": what, "problem": "", "wrong": "", "preview": None}
    try:
        record = context["record"] = remedy.find_record(who, what.record, now=now)
        context["again"] = remedy.answered_before(who, record)
        if request.method == "POST" and request.POST.get("step") != "back":
            context["preview"] = remedy.check_objection(who, what, record)
            if request.POST.get("step") == "object":
                case = remedy.object_to(who, what, now=now)
                messages.success(
                    request,
                    _("The record is marked as under objection. You see every step here, and can "
                      "hand in documents."),
                )  # fmt: skip
                return redirect("case", number=case.number)
    except remedy.RemedyRefused as refused:
        context |= {"problem": said(refused.words), "wrong": refused.code, "preview": None}
        if refused.code in WITHOUT_FORM:
            return render(request, "pages/objections/none.html", context, status=422)
    context |= {
        "longest_statement": remedy.LONGEST_STATEMENT,
        "longest_why": remedy.LONGEST_WHY,
        "right_to": remedy.RIGHT_TO_OBJECT,
        "today": day_in_china(now),
    }
    status = 422 if context["problem"] else 200
    return render(request, "pages/objections/ask.html", context, status=status)
