"""The operator's board of quality: what came, how good it is, what is alarming, who is covered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from xinrong.catalogue.region import Region
from xinrong.collect import perms
from xinrong.collect.services import quality
from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.pages.context import region, viewer
from xinrong.pages.errors import page
from xinrong.pages.operator import quality_words as words
from xinrong.pages.words import said

#: Days that the board shows when nobody asks for others, and at most.
SHOWN, MOST = 28, 366


@dataclass(frozen=True)
class FeedRow:
    """One feed on the board; shares as text, changes against the 28 days before."""

    feed: str
    title: str
    department: str
    figures: Any
    validity: str
    validity_change: str
    required: str
    required_change: str
    optional: str
    lag: str
    punctuality: str
    mendable: int
    alarms: int


@dataclass(frozen=True)
class DayRow:
    """One day on the board."""

    day: date
    figures: Any
    validity: str


def scope_of(
    request: HttpRequest, *, department: str | None = None, feed: str = ""
) -> quality.Scope:
    """What the address asks for: a range of days, a department, a category.

    Without days it is the 28 up to today; a range is at most a year and never runs backwards.
    """
    today = day_in_china(SystemClock().now())
    last = _day(request.GET.get("to", "")) or today
    first = _day(request.GET.get("from", "")) or last - timedelta(days=SHOWN - 1)
    first = max(min(first, last), last - timedelta(days=MOST - 1))
    pack = region()
    asked = request.GET.get("department", "")
    category = request.GET.get("category", "")
    return quality.Scope(
        first,
        last,
        department=department if department is not None else asked * (asked in pack.departments),
        feed=feed,
        category=category if category in pack.contracts else "",
    )


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


@page(perms.can_see_all_quality)
def board(request: HttpRequest) -> HttpResponse:
    """Every feed, what to mend first on top; figures of the days asked for."""
    scope = scope_of(request)
    return render(request, "pages/operator/quality.html", board_context(request, scope))


@page(perms.can_see_all_quality)
def export(request: HttpRequest) -> HttpResponse:
    """The board as CSV, a row for each day and feed."""
    scope = scope_of(request)
    name = f"quality-{scope.first}-{scope.last}.csv"
    return HttpResponse(
        quality.export_board(scope),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@page(perms.can_see_all_quality)
def coverage(request: HttpRequest) -> HttpResponse:
    """Which categories enterprises have: by category, and how many of them each has."""
    pack = region()
    found = quality.latest_coverage()
    rows, spread = [], []
    if found:
        whole = found.enterprises
        for category, number in found.by_category.items():
            part = number / whole if number and whole else None
            title = words.category_title(pack, category)
            rows.append((title, category, number, words.percent(part), part or 0.0))
        rows.sort(key=lambda row: (-(row[2] or 0), row[0]))
        spread = [(int(many), number) for many, number in found.spread.items()]
    missing = sorted(
        words.category_title(pack, name)
        for name in pack.contracts
        if found and name not in found.by_category
    )
    chart = {
        "days": [str(many) for many, _number in spread],
        "series": [
            {
                "name": _("enterprises"),
                "kind": "accepted",
                "values": [number or 0 for _many, number in spread],
            }
        ],
    }
    context = {"found": found, "rows": rows, "spread": spread, "missing": missing, "chart": chart}
    return render(request, "pages/operator/quality_coverage.html", context)


def board_context(request: HttpRequest, scope: quality.Scope) -> dict[str, Any]:
    """What both boards show of a scope: totals, days, feeds, alarms."""
    pack = region()
    total, before = quality.figures_of(scope), quality.figures_of(scope.before())
    days = day_rows(scope)
    who = viewer(request)
    alarms = quality.open_alarms(department=scope.department, category=scope.category)
    return {
        "scope": scope,
        "total": total,
        "validity": words.percent(total.validity),
        "validity_change": words.change(total.validity, before.validity),
        "lag": words.days(total.mean_lag),
        "punctuality": words.percent(total.punctuality),
        "duplicate_share": words.percent(total.duplicate_share),
        "days": days,
        "chart": chart_of(days),
        "feeds": feed_rows(scope, pack),
        "alarms": [
            words.alarm_words(
                one, pack, may_acknowledge=perms.can_acknowledge_alarm(who, one.department)
            )
            for one in alarms
        ],
        "departments": _choices(pack.departments),
        "categories": _choices(pack.contracts),
    }


def feed_rows(scope: quality.Scope, pack: Region) -> list[FeedRow]:
    """A row for each feed that sent something, the one with most rows to gain first."""
    before = quality.figures_by(scope.before(), "feed", "department")
    gains = quality.mendable(scope)
    fields, fields_before = _by_feed(scope), _by_feed(scope.before())
    alarms: dict[str, int] = {}
    for one in quality.open_alarms(department=scope.department, category=scope.category):
        alarms[one.feed] = alarms.get(one.feed, 0) + 1
    rows = []
    for (feed, department), figures in quality.figures_by(scope, "feed", "department").items():
        past = before.get((feed, department))
        full = quality.filled(fields.get(feed, []))
        full_before = quality.filled(fields_before.get(feed, []))
        rows.append(
            FeedRow(
                feed,
                words.feed_title(pack, feed),
                words.department_title(pack, department),
                figures,
                words.percent(figures.validity),
                words.change(figures.validity, past.validity if past else None),
                words.percent(full.required),
                words.change(full.required, full_before.required),
                words.percent(full.optional),
                words.days(figures.mean_lag),
                words.percent(figures.punctuality),
                gains.get(feed, 0),
                alarms.get(feed, 0),
            )
        )
    return sorted(rows, key=lambda row: (-row.mendable, -row.alarms, row.title))


def _by_feed(scope: quality.Scope) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for one in quality.field_figures(scope):
        found.setdefault(one.feed, []).append(one)
    return found


def day_rows(scope: quality.Scope) -> list[DayRow]:
    """The days on which something came, the newest first."""
    found = quality.figures_by(scope, "day")
    return [
        DayRow(day, figures, words.percent(figures.validity))
        for (day,), figures in sorted(found.items(), reverse=True)
    ]


def chart_of(days: list[DayRow]) -> dict[str, Any]:
    """The days for the chart, from old to new."""
    ordered = days[::-1]
    series = (
        ("accepted", _("accepted")),
        ("duplicates", _("duplicates")),
        ("quarantined", _("quarantined")),
    )
    return {
        "days": [row.day.isoformat() for row in ordered],
        "series": [
            {
                "name": name,
                "kind": kind,
                "values": [getattr(row.figures, kind) for row in ordered],
            }
            for kind, name in series
        ],
    }


def _choices(things: Any) -> list[tuple[str, str]]:
    return sorted(
        ((name, said(thing.title)) for name, thing in things.items()), key=lambda one: one[1]
    )
