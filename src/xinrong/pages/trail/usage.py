"""The usage accounts: who asked how much. Queries are free and counted all the same."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.pages import words
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.sheets import csv_answer
from xinrong.trust import perms
from xinrong.trust.services import trail

MOST_MONTHS = 36
#: Lines that a page shows; the download has all.
SHOWN = 500


def month_of(text: str) -> date | None:
    """A month as 2026-11, its first day; None for anything else."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


def accounts(request: HttpRequest) -> tuple[date, date, list[dict[str, Any]]]:
    """First and last month asked for, and the lines that the viewer may see."""
    who = viewer(request)
    today = day_in_china(SystemClock().now()).replace(day=1)
    last = month_of(request.GET.get("to", "")) or today
    first = min(month_of(request.GET.get("from", "")) or last, last)
    months = (last.year - first.year) * 12 + last.month - first.month
    if months >= MOST_MONTHS:
        first = first.replace(year=last.year - MOST_MONTHS // 12, month=last.month)
    own = trail.own_side(who) if who.role == "compliance_officer" else None
    lines = trail.usage(first, last, own)
    names = trail.organisation_names({line.organisation for line in lines})
    nobody = _("nobody signed in")
    found = []
    for line in lines:
        organisation, institution = names.get(line.organisation, (nobody, nobody))
        found.append({"line": line, "organisation": organisation, "institution": institution})
    return (
        first,
        last,
        sorted(
            found,
            key=lambda one: (
                -one["line"].month.toordinal(),
                one["institution"],
                one["organisation"] != one["institution"],
                one["organisation"],
            ),
        ),
    )


@require_GET
@page(perms.can_see_usage)
def usage(request: HttpRequest) -> HttpResponse:
    """The accounts of the months asked for."""
    first, last, lines = accounts(request)
    totals = {
        name: sum(getattr(one["line"], name) for one in lines)
        for name in ("queries", "released", "denied", "failed")
    }
    return render(
        request,
        "pages/trail/usage.html",
        {
            "first": first,
            "last": last,
            "lines": lines[:SHOWN],
            "more": max(0, len(lines) - SHOWN),
            "totals": totals,
        },
    )


@require_GET
@page(perms.can_see_usage)
def export(request: HttpRequest) -> HttpResponse:
    """The same as CSV."""
    first, last, lines = accounts(request)
    headings = (
        _("Month"),
        _("Institution"),
        _("Organisation"),
        _("Purpose"),
        _("Stage"),
        _("Queries"),
        _("Answered"),
        _("Refused"),
        _("Failed"),
        _("Users"),
        _("Enterprises"),
    )
    return csv_answer(
        f"usage-{first:%Y-%m}-{last:%Y-%m}.csv",
        headings,
        (
            (
                f"{one['line'].month:%Y-%m}",
                one["institution"],
                one["organisation"],
                words.of(words.PURPOSES, one["line"].purpose),
                words.of(words.STAGES, one["line"].stage) if one["line"].stage else "",
                one["line"].queries,
                one["line"].released,
                one["line"].denied,
                one["line"].failed,
                one["line"].users,
                one["line"].enterprises,
            )
            for one in lines
        ),
    )
