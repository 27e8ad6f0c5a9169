"""The figures of financing: published for everybody, exact for a bank about itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from xinrong.accounts.services import Organisation
from xinrong.domain.clock import day_in_china
from xinrong.market import services as market
from xinrong.market.services import applying, league
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.sheets import csv_answer
from xinrong.pages.words import said
from xinrong.profiles.services import criteria

#: Periods that may be asked for: a name, and how many days it is long.
PERIODS = {"year": 365, "half": 183, "quarter": 92}
#: Rows of a table on the page; the sheet has them all.
SHOWN = 100
PUBLIC = ("all", "bank", "product", "area")


@require_GET
@page()
def statistics(request: HttpRequest) -> HttpResponse:
    """The figures of all banks, behind the floor."""
    by, period, name = asked(request, PUBLIC)
    made = league.published(by, now=timezone.now(), period=period)
    return render(request, "pages/league/statistics.html", _context(request, made, name, PUBLIC))


@require_GET
@page()
def export(request: HttpRequest) -> HttpResponse:
    """The same as CSV, with names, units and definitions beneath."""
    by, period, _name = asked(request, PUBLIC)
    return _sheet(league.published(by, now=timezone.now(), period=period), "statistics.csv")


@require_GET
@page(league.can_see_own_league)
def own(request: HttpRequest) -> HttpResponse:
    """A bank's own figures, exactly, beside those of all banks."""
    names = ("all", "outlet", "product", "area")
    by, period, name = asked(request, names)
    who, now = viewer(request), timezone.now()
    context = _context(request, league.own(who, by, now=now, period=period), name, names)
    every = league.published(league.By.ALL, now=now, period=period)
    context["every"] = {
        one.name: _value(every.of("all", one.name), one) or "—" for one in league.FIGURES
    }
    context["bank"] = who.organisation
    return render(request, "pages/league/own.html", context)


@require_GET
@page(league.can_see_own_league)
def own_export(request: HttpRequest) -> HttpResponse:
    """A bank's own figures as CSV."""
    by, period, _name = asked(request, ("all", "outlet", "product", "area"))
    made = league.own(viewer(request), by, now=timezone.now(), period=period)
    return _sheet(made, "league.csv")


def asked(request: HttpRequest, names: tuple[str, ...]) -> tuple[league.By, league.Period, str]:
    """What the table is by, and of which period; what names nothing is the whole, of a year."""
    by = request.GET.get("by", "")
    name = request.GET.get("period", "")
    name = name if name in PERIODS else "year"
    today = day_in_china(timezone.now())
    period = league.Period(today - timedelta(days=PERIODS[name] - 1), today)
    return league.By(by if by in names else names[0]), period, name


def titles_of(made: league.League) -> dict[str, str]:
    """The rows' names in words."""
    if made.by is league.By.ALL:
        return {"all": _("All banks") if not made.exact else _("The whole bank")}
    if made.by is league.By.AREA:
        known = {code: said(words) for code, words in criteria.areas_of(settings.REGION).items()}
        return {row: known.get(row, _("elsewhere or not said")) for row in made.rows}
    if made.by is league.By.OUTLET:
        numbers = [int(row) for row in made.rows if row.isdigit()]
        rows = Organisation.objects.filter(pk__in=numbers).values_list("pk", "name")
        return {str(number): name for number, name in rows}
    if not market.has_products(settings.REGION):
        return {}
    catalogue = market.load_products(settings.REGION)
    if made.by is league.By.BANK:
        return {one.id: said(one.title) for one in catalogue.lenders}
    return {name: said(entry.product.title) for name, entry in catalogue.products.items()}


def _context(
    request: HttpRequest, made: league.League, period: str, names: tuple[str, ...]
) -> dict[str, Any]:
    titles = titles_of(made)
    order = request.GET.get("order", "")
    rows = league.order(made, order if order in league.BY_NAME else "applications",
                        descending=order not in ("answer_days", "decision_days", "all_in_cost",
                                                 "lowest_rate", "silent"))  # fmt: skip
    return {
        "made": made,
        "figures": league.FIGURES,
        "units": league.UNIT_WORDS,
        "by_words": [(name, league.BY_WORDS[league.By(name)]) for name in names],
        "periods": [(name, words) for name, words in period_words().items()],
        "period": period,
        "order": order if order in league.BY_NAME else "applications",
        "rows": [
            (titles.get(row, row), [(one, _value(made.of(row, one.name), one))
                                    for one in league.FIGURES])
            for row in rows[:SHOWN]
        ],
        "more": max(0, len(rows) - SHOWN),
        "unexplained": _value(made.of("all", "unexplained"), league.UNEXPLAINED)
        if made.by is league.By.ALL else "",
        "reasons": _reasons(made, titles),
        "definitions": [
            (one, league.UNIT_WORDS[one.unit], one.query(made.by))
            for one in (*league.FIGURES, league.UNEXPLAINED)
        ],
        "reasons_definition": league.REASONS_DEFINITION,
        "reasons_query": league.REASONS_QUERY.format(column=league.COLUMN[made.by]),
        "floor": league.FLOOR,
        "step": league.STEP,
        "invented": market.has_products(settings.REGION)
        and market.load_products(settings.REGION).book.invented,
    }  # fmt: skip


def period_words() -> dict[str, str]:
    """The periods in words."""
    return {"year": _("a year"), "half": _("half a year"), "quarter": _("a quarter")}


def _value(value: float | None, figure: league.Figure) -> str:
    if value is None:
        return ""
    decimals = {"share": 0, "days": 1, "percent": 2, "mark": 1}.get(str(figure.unit), 0)
    return f"{value:,.{decimals}f}"


def _reasons(made: league.League, titles: dict[str, str]) -> list[tuple[str, str, str]]:
    """Row, reason in words, and how often; the most frequent of each row first."""
    found = []
    for row in made.reasons:
        told = sorted(made.reasons[row].items(), key=lambda one: (one[1] is None, -(one[1] or 0)))
        for reason, value in told:
            known = applying.REASONS.get(reason)
            words = said(known.words) if known else reason
            count = "" if value is None else f"{value:,.0f}"
            found.append((titles.get(row, row), words, count))
    return found[: SHOWN * 2]


def _sheet(made: league.League, name: str) -> HttpResponse:
    titles = titles_of(made)
    headings = [said(league.BY_WORDS[made.by])]
    headings += [f"{said(one.title)} ({said(league.UNIT_WORDS[one.unit])})"
                 for one in league.FIGURES]  # fmt: skip
    rows: list[list[str]] = [
        [titles.get(row, row), *(_value(made.of(row, one.name), one) for one in league.FIGURES)]
        for row in made.rows
    ]
    rows += [[]]
    rows += [[_("Refused because"), row, reason, count]
             for row, reason, count in _reasons(made, titles)]  # fmt: skip
    rows += [[], [_("Applications sent from"), _day(made.period.since), _("to"),
                  _day(made.period.until)]]  # fmt: skip
    rows += [[said(one.title), said(one.definition), one.query(made.by)]
             for one in league.FIGURES]  # fmt: skip
    return csv_answer(name, headings, rows)


def _day(day: date) -> str:
    return day.isoformat()
