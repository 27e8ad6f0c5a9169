"""The plan: how far it is, what came of it, a sheet of it, and its deletion."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xinrong.domain.clock import SystemClock
from xinrong.market.errors import MarketRefused
from xinrong.market.services import AllocationPlan, deciding, planning
from xinrong.pages.allocation import words
from xinrong.pages.allocation.asking import preview, sheet_answer
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.words import of, said

#: Rows of decisions on the page; the sheet has them all.
SHOWN = 100
#: Figures at the head of a result, in whole yuan or offers.
FIGURES = ("profit", "offers", "offered", "drawn")


@require_GET
@page(deciding.can_allocate)
def plan(request: HttpRequest, key: str) -> HttpResponse:
    """A plan in whatever state it is."""
    found = planning.find(viewer(request), key, clock=SystemClock())
    if found.state == "read":
        return preview(request, found)
    if found.state in ("waiting", "running"):
        return render(request, "pages/allocation/waiting.html", {"plan": found})
    if found.state == "failed":
        return render(request, "pages/allocation/failed.html", {"plan": found}, status=422)
    return _result(request, found)


@require_GET
@page(deciding.can_allocate)
def progress(request: HttpRequest, key: str) -> HttpResponse:
    """How far it is, for htmx; at the end the page is loaded anew."""
    found = planning.find(viewer(request), key, clock=SystemClock())
    if found.state in ("waiting", "running"):
        return render(request, "pages/allocation/progress.html", {"plan": found})
    return HttpResponse(headers={"HX-Redirect": reverse("allocation-plan", args=[key])})


@require_POST
@page(deciding.can_allocate)
def discard(request: HttpRequest, key: str) -> HttpResponse:
    """Delete it now."""
    planning.discard(viewer(request), key, clock=SystemClock())
    messages.success(request, _("Deleted, with everything in it."))
    return redirect("allocation")


@require_GET
@page(deciding.can_allocate)
def sheet(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """Every row of the result as XLSX or CSV. Raises MarketRefused before there is one."""
    found = planning.find(viewer(request), key, clock=SystemClock())
    if found.state != "done" or kind not in ("csv", "xlsx"):
        raise MarketRefused(
            "there is nothing to take out", remedy="Wait until it is made.", code="plan_unknown"
        )
    kept = found.found
    if kind == "csv":
        return sheet_answer("plan.csv", deciding.csv_of(kept["decisions"]))
    content = deciding.xlsx_of(kept["decisions"], kept["limits"], kept["tried"])
    return sheet_answer("plan.xlsx", content)


def _result(request: HttpRequest, found: AllocationPlan) -> HttpResponse:
    kept = found.found
    rows = [_decision(one) for one in kept["decisions"]]
    rows.sort(key=lambda row: -row["profit"])
    more = kept["profit"] - kept["greedy"]
    return render(
        request,
        "pages/allocation/result.html",
        {
            "plan": found,
            "kept_words": words.KEPT,
            "result": {name: round(kept[name]) for name in FIGURES}
            | {"applicants": kept["applicants"]},
            "mean_rate": kept["mean_rate"] * 100,
            "gap": None if kept["gap"] is None else kept["gap"] * 100,
            "more": round(more) if kept["greedy"] > 0 and more >= 1 else None,
            "rows": rows[:SHOWN],
            "hidden": max(0, len(rows) - SHOWN),
            "limits": [_limit(one) for one in kept["limits"]],
            "tried": [_tried(one, kept["economics"]) for one in kept["tried"]],
            "chart": _chart(kept["tried"]),
        },
    )


def _decision(cells: list[Any]) -> dict[str, Any]:
    name, grade, group, default, why, amount, rate, taken, drawn, profit = cells
    return {
        "name": name, "grade": grade, "group": group, "default": default * 100,
        "why": said(deciding.WHY_WORDS[why]), "offered": why == "offered",
        "amount": amount, "rate": None if rate is None else rate * 100,
        "taken": taken * 100, "drawn": drawn, "profit": round(profit),
    }  # fmt: skip


def limit_words(name: str) -> str:
    """A limit's name, such as `drawn at most, grade C`, in the reader's language."""
    head, _comma, whom = name.partition(", ")
    counts, _at, side = head.partition(" at ")
    told = f"{of(words.COUNTS, counts)} {of(words.SIDES, side)}"
    kind, _space, which = whom.partition(" ")
    return f"{told} · {of(words.WHOM, kind)} {which}" if whom else told


def _limit(cells: list[Any]) -> dict[str, Any]:
    name, value, used, step, earns, each = cells
    return {
        "words": limit_words(name), "value": round(value), "used": round(used), "step": step,
        "earns": earns,
        "each": each,
    }  # fmt: skip


def _tried(cells: list[Any], given: list[float]) -> dict[str, Any]:
    loss, funds, best, kept, breaks, _drawn, offers, rate = cells
    return {
        "loss": loss * 100, "funds": funds * 100, "best": round(best), "kept": round(kept),
        "breaks": [limit_words(one) for one in breaks.split("; ") if one], "offers": offers,
        "rate": rate * 100, "given": [loss, funds] == given,
    }  # fmt: skip


def _chart(tried: list[list[Any]]) -> dict[str, Any]:
    """By cost of funds, a pair of lines for each loss: the best plan then, and this one."""
    funds = list(dict.fromkeys(one[1] for one in tried))
    losses = list(dict.fromkeys(one[0] for one in tried))
    return {
        "labels": [f"{one:.2%}" for one in funds],
        "axis": _("Cost of funds"),
        "lines": [
            {
                "name": _("Best plan, loss %(loss)s") % {"loss": f"{loss:.0%}"},
                "kept": _("This plan, loss %(loss)s") % {"loss": f"{loss:.0%}"},
                "best_values": [one[2] for one in tried if one[0] == loss],
                "kept_values": [one[3] for one in tried if one[0] == loss],
            }
            for loss in losses
        ],
    }
