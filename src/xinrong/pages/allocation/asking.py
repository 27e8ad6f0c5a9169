"""The question: two files, a budget, limits; then a look at what was read."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinrong.domain.allocation import BadProblem
from xinrong.domain.clock import SystemClock
from xinrong.market.services import AllocationPlan, deciding, planning
from xinrong.pages.allocation import forms, words
from xinrong.pages.context import viewer
from xinrong.pages.errors import page

#: Applicants that the preview shows, and faults that are named one by one.
SHOWN, MOST_FAULTS = 20, 50


@require_http_methods(["GET", "POST"])
@page(deciding.can_allocate)
def form(request: HttpRequest) -> HttpResponse:
    """The form; sent, what was read from it, or what is wrong with it."""
    if request.method != "POST":
        return _form(request, forms.empty())
    sent = forms.read(request)
    if sent.problem is not None:
        try:
            plan = planning.ask(viewer(request), sent.problem, clock=SystemClock())
            return redirect("allocation-plan", key=plan.key)
        except BadProblem as error:
            sent.faults.append(forms.fault_of(error))
    return _form(request, sent, 422)


def _form(request: HttpRequest, sent: forms.Form, status: int = 200) -> HttpResponse:
    return render(
        request,
        "pages/allocation/form.html",
        {
            "form": sent,
            "faults": sent.faults[:MOST_FAULTS],
            "more": max(0, len(sent.faults) - MOST_FAULTS),
            "counts": words.COUNTS,
            "sides": words.SIDES,
            "whom": words.WHOM,
            "kept": words.KEPT,
            "most": planning.MOST_APPLICANTS,
            "plans": planning.plans_of(viewer(request), clock=SystemClock()),
            "states": words.STATES,
        },
        status=status,
    )


@require_GET
@page(deciding.can_allocate)
def template(request: HttpRequest) -> HttpResponse:
    """A workbook to fill in: a sheet of applicants, a sheet of rates."""
    content = deciding.workbook_of(
        ("applicants", words.APPLICANTS, words.APPLICANT_ROWS)
        if request.GET.get("of") != "rates"
        else ("rates", words.RATES, words.RATE_ROWS)
    )
    name = "rates.xlsx" if request.GET.get("of") == "rates" else "applicants.xlsx"
    return sheet_answer(name, content)


def sheet_answer(name: str, content: bytes) -> HttpResponse:
    """A workbook, or CSV, as a download."""
    media = (
        "text/csv; charset=utf-8"
        if name.endswith(".csv")
        else "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    return HttpResponse(
        content,
        content_type=media,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def preview(request: HttpRequest, plan: AllocationPlan) -> HttpResponse:
    """What was read: by grade, the rates, the first applicants."""
    given = plan.given
    applicants = given["applicants"]
    by_grade = Counter(one[1] for one in applicants)
    grades: list[dict[str, Any]] = [
        {
            "grade": grade,
            "count": count,
            "default": sum(one[2] for one in applicants if one[1] == grade) / count * 100,
            "most": sum(one[4] for one in applicants if one[1] == grade),
            "never": grade in given["never"],
        }
        for grade, count in sorted(by_grade.items())
    ]
    table = [
        (rate * 100, [shares[k] * 100 for shares in given["lost"].values()])
        for k, rate in enumerate(given["rates"])
    ]
    return render(
        request,
        "pages/allocation/preview.html",
        {
            "plan": plan,
            "grades": grades,
            "lost": list(given["lost"]),
            "table": table,
            "applicants": [(*one[:2], one[2] * 100, *one[3:]) for one in applicants[:SHOWN]],
            "more": max(0, len(applicants) - SHOWN),
            "total": len(applicants),
            "limits": [
                (one[0], f"{Decimal(one[1]):,.2f}".removesuffix(".00"), *one[2:])
                for one in given["limits"]
            ],
            "counts": words.COUNTS,
            "kept": words.KEPT,
        },
    )


@require_POST
@page(deciding.can_allocate)
def start(request: HttpRequest, key: str) -> HttpResponse:
    """Have the plan made."""
    planning.start(viewer(request), key, clock=SystemClock())
    return redirect("allocation-plan", key=key)
