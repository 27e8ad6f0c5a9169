"""Asking for a correction, and what a department has agreed to and not sent yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from xinrong.accounts.services import Viewer
from xinrong.domain.text import Text
from xinrong.files import services as files
from xinrong.pages.context import region, viewer
from xinrong.pages.errors import page
from xinrong.pages.sheets import csv_answer
from xinrong.pages.words import said
from xinrong.remedy import services as remedy
from xinrong.remedy.perms import can_ask_correction, can_carry_corrections
from xinrong.subjects import services as subjects
from xinrong.trust.services import Denied, Purpose


@dataclass(frozen=True)
class Line:
    """One field of the register data: what stands there now, as the enterprise's file shows it."""

    key: str  # category.field, as the form names it
    title: Text
    category: Text
    stands: str


def lines_of(who: Viewer) -> list[Line]:
    """Every field that can be corrected, with what stands there, through the gate."""
    enterprise = subjects.enterprise_by_code(who.reference)
    stands: dict[str, str] = {}
    fields = remedy.correctable(region())
    for category in dict.fromkeys(one.category for one in fields):
        stands |= _standing(who, enterprise.pk, category)
    return [
        Line(
            f"{one.category}.{one.field.name}",
            one.field.title,
            one.category_title,
            enterprise.name
            if one.field.name == "enterprise_name"
            else stands.get(f"{one.category}.{one.field.name}", ""),
        )
        for one in fields
    ]


def _standing(who: Viewer, enterprise: int, category: str) -> dict[str, str]:
    """category.field → what the enterprise's own file shows of its newest record."""
    try:
        release = files.comprehensive(who, enterprise, Purpose.SELF, category=category, limit=1)
    except Denied:
        return {}
    found: dict[str, str] = {}
    for record in release.content.records:
        for field in record.fields:
            value = said(field.words) if field.words is not None else field.value
            found[f"{category}.{field.name}"] = "" if value is None else str(value)
    return found


@require_http_methods(["GET", "POST"])
@page(can_ask_correction)
def ask(request: HttpRequest) -> HttpResponse:
    """What the register says, field by field; choose one, say what is right and why."""
    who = viewer(request)
    lines = lines_of(who)
    typed = {name: request.POST.get(name, "") for name in ("field", "right", "why")}
    problem, wrong = "", ""
    if request.method == "POST":
        chosen = next((one for one in lines if one.key == typed["field"]), None)
        category, _dot, field = typed["field"].partition(".")
        wanted = remedy.Wanted(
            category, field, chosen.stands if chosen else "", typed["right"], typed["why"]
        )
        try:
            case = remedy.ask(who, wanted, region=region(), now=timezone.now())
        except remedy.RemedyRefused as refused:
            problem, wrong = said(refused.words), refused.code
        else:
            messages.success(
                request, _("Asked. The department answers here, and you see every step.")
            )
            return redirect("case", number=case.number)
    context: dict[str, Any] = {
        "lines": lines,
        "typed": typed,
        "problem": problem,
        "wrong": wrong,
        "longest_value": remedy.LONGEST_VALUE,
        "longest_why": remedy.LONGEST_WHY,
        "right_to": remedy.RIGHT,
    }
    return render(request, "pages/cases/ask.html", context, status=422 if problem else 200)


@require_GET
@page(can_carry_corrections)
def to_carry(request: HttpRequest) -> HttpResponse:
    """What the own department agreed to and has to send."""
    found = remedy.to_carry(viewer(request))
    shown = [(one, remedy.field_words(one.category, one.field)) for one in found]
    return render(request, "pages/cases/to_carry.html", {"rows": shown})


@require_GET
@page(can_carry_corrections)
def export(request: HttpRequest) -> HttpResponse:
    """The same as a table, for whoever mends the register."""
    headings = [
        _("Code"), _("Enterprise"), _("Field"), _("What stands"), _("What is right"),
        _("Agreed on"), _("Number"),
    ]  # fmt: skip
    rows = [
        (
            one.enterprise.code, one.enterprise.name,
            said(remedy.field_words(one.category, one.field)), one.stands, one.right,
            timezone.localdate(one.accepted_at).isoformat() if one.accepted_at else "", one.case,
        )
        for one in remedy.to_carry(viewer(request))
    ]  # fmt: skip
    return csv_answer("corrections.csv", headings, rows)
