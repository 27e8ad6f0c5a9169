"""Up to four products of a need side by side: the cost sheet of each, at its highest rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from xinrong.domain.financing import Need
from xinrong.domain.loans import (
    BadTerms,
    CostSheet,
    NoRate,
    RateOutOfRange,
    SeveralRates,
    cost_sheet,
)
from xinrong.market import services as market
from xinrong.market.perms import can_see_own_needs
from xinrong.market.services import needs
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.needs.answers import Answer, answer_of, desks_of, match_of, stated_need
from xinrong.pages.words import said

#: So many fit side by side on a page.
MOST, LEAST = 4, 2


@dataclass(frozen=True)
class Column:
    """One product with its sheet; `sheet` is None where its fees leave nothing to reckon."""

    answer: Answer
    sheet: CostSheet | None


@require_GET
@page(can_see_own_needs)
def compare(request: HttpRequest, number: str) -> HttpResponse:
    """The products that the address names; fewer than two or more than four are sent back."""
    who = viewer(request)
    one = stated_need(who, number)
    wanted = list(dict.fromkeys(name[:64] for name in request.GET.getlist("product")))
    found = match_of(who, one).found
    fits = {fit.name: fit for fit in (*found.admitted, *found.open)}
    chosen = [fits[name] for name in wanted[: MOST + 1] if name in fits]
    if not LEAST <= len(chosen) <= MOST:
        messages.error(
            request, _("Choose two to four products that admit the need, or of which it is open.")
        )
        return redirect("need", number=number)
    need = needs.need_of(one)
    desks = desks_of(found)
    columns = [Column(answer_of(one, fit, desks), sheet_of(fit, need)) for fit in chosen]
    context: dict[str, Any] = {"need": one, "columns": columns, "rows": rows_of(columns)}
    return render(request, "pages/needs/compare.html", context)


def sheet_of(fit: market.Fit, need: Need) -> CostSheet | None:
    """The cost sheet of a product at its highest rate."""
    offered = fit.offered
    try:
        return cost_sheet(market.loan_of(offered.terms, offered.high, need.amount, need.months))
    except (BadTerms, NoRate, RateOutOfRange, SeveralRates):
        return None


def rows_of(columns: list[Column]) -> list[tuple[str, list[str]]]:
    """Line by line what the sheets say; a product without such a line has an empty cell."""
    sheets = [{} if one.sheet is None else _lines(one.sheet) for one in columns]
    names: list[str] = []
    for sheet in sheets:
        for place, name in enumerate(sheet):
            if name not in names:
                names.insert(min(place, len(names)), name)
    return [(name, [sheet.get(name, "") for sheet in sheets]) for name in names]


def _lines(sheet: CostSheet) -> dict[str, str]:
    """The lines of a sheet; several fees of one name stand together."""
    found: dict[str, str] = {}
    for line in sheet.lines:
        name, value = said(line.name), said(line.value)
        found[name] = f"{found[name]}; {value}" if name in found else value
    return found
