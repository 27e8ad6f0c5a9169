"""Monitoring of finance by class: one look, as a page with charts, as CSV, as a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from xinrong.accounts import perms
from xinrong.domain.standards.industries import industry
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.sheets import csv_answer, xlsx_answer
from xinrong.pages.words import said
from xinrong.profiles.errors import NoProfile
from xinrong.profiles.services import classes
from xinrong.trust.services import counting

#: The figures that the table shows, in its order; the first is of all, the others are parts.
NEEDS = ("need", "no_need", "need_unknown", "unmet")
LOANS = ("loans_now", "loans_before", "never", "loans_unknown")
COLUMNS = ("enterprises", *NEEDS, *LOANS)
NOTHING = "—"


@require_GET
@page(perms.is_signed_in)
def financing(request: HttpRequest) -> HttpResponse:
    """The figures that the address asks for; what names nothing is refused in words."""
    who = viewer(request)
    context: dict[str, Any] = {
        "can_be_made": classes.can_be_made(),
        "may": classes.can_monitor(who),
        "floor": counting.FLOOR,
        "step": counting.STEP,
        "book": classes.classes_now().book,
    }
    status = 200
    if context["may"]:
        try:
            context |= shown(classes.financing(who, asked(request)))
        except NoProfile:
            context["no_profile"] = True
    elif context["can_be_made"]:
        status = 403
    return render(request, "pages/classes/financing.html", context, status=status)


@require_GET
@page(perms.is_signed_in)
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The same figures as a CSV or a workbook: every class, district, section and month."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    found = classes.financing(viewer(request), asked(request))
    name = f"financing-{found.as_of:%Y-%m-%d}.{kind}"
    headings = [_("Table"), _("Row"), *(figure_title(one) for one in COLUMNS),
                _("also of the class"), _("Balance of loans (yuan)"), _("Yearly rate, percent"),
                _("with a loan at the end of the month"), _("lent to in the month"),
                _("lent to for the first time")]  # fmt: skip
    rows = list(sheet_rows(found))
    if kind == "csv":
        return csv_answer(name, headings, rows)
    return xlsx_answer(name, _("Financing by class"), headings, rows)


def asked(request: HttpRequest) -> classes.FinancingAsk:
    """What the address asks for; a value is as long as a name at most."""
    given = {name: request.GET.get(name, "")[:40] for name in ("district", "section", "class")}
    return classes.FinancingAsk(given["district"], given["section"], given["class"])


@dataclass(frozen=True)
class Row:
    """A line of a table: its title, its figures in order, and where it leads."""

    title: str
    line: classes.Line
    address: str

    @property
    def figures(self) -> list[int | None]:
        """The figures in the order of COLUMNS."""
        return [self.line.figures[name] for name in COLUMNS]

    @property
    def balance(self) -> str:
        """In 10,000 yuan; a dash where it is not told."""
        return NOTHING if self.line.balance is None else f"{self.line.balance / 10_000:,.0f}"

    @property
    def rate(self) -> str:
        """In percent; a dash where it is not told."""
        return NOTHING if self.line.rate is None else f"{self.line.rate:.1f}"


def shown(found: classes.Financing) -> dict[str, Any]:
    """What the page shows of a look."""
    ask = found.ask
    return {
        "found": found,
        "ask": ask,
        "columns": [classes.figures()[one] for one in COLUMNS],
        "definitions": list(classes.figures().values()),
        "lines": [Row(title_of(one.key), one, address(ask, name=one.key)) for one in found.classes],
        "sum_row": Row(_("Total"), found.total, ""),
        "districts": [Row(one.key, one, address(ask, district=one.key)) for one in found.districts],
        "sections": [
            Row(section_title(one.key), one, address(ask, section=one.key))
            for one in found.sections
        ],
        "class_title": title_of(ask.name) if ask.name else "",
        "section_title": section_title(ask.section) if ask.section else "",
        "charts": charts(found),
    }


def address(ask: classes.FinancingAsk, **chosen: str) -> str:
    """The address of the same look with one thing chosen besides."""
    more = replace(ask, **chosen)
    given = {"class": more.name, "district": more.district, "section": more.section}
    return "?" + urlencode({name: value for name, value in given.items() if value})


def title_of(key: str) -> str:
    """What a class is called in the reader's language."""
    return said(classes.classes_now().book.named(key))


def section_title(letter: str) -> str:
    """A section of GB/T 4754 with its letter."""
    return f"{letter} {industry(letter).name}"


def figure_title(figure: str) -> str:
    """What a figure is called in the reader's language."""
    return said(classes.figures()[figure].title)


def charts(found: classes.Financing) -> dict[str, Any]:
    """Both charts; what is not shown is no bar and no point."""
    return {
        "classes": {
            "labels": [title_of(one.key) for one in found.classes],
            "series": [
                {"name": figure_title(name), "values": [one.figures[name] for one in found.classes]}
                for name in LOANS
            ],
        },
        "months": {
            "labels": [f"{one.month:%Y-%m}" for one in found.months],
            "series": [
                {"name": _("with a loan at the end of the month"),
                 "values": [one.running for one in found.months]},
                {"name": _("lent to in the month"), "values": [one.lent for one in found.months]},
                {"name": _("lent to for the first time"),
                 "values": [one.first for one in found.months]},
            ],
        },
    }  # fmt: skip


def sheet_rows(found: classes.Financing) -> Iterator[Sequence[Any]]:
    """Every line of every table, with its table's name first."""
    hidden = _("not shown")

    def cell(figure: int | None) -> Any:
        return hidden if figure is None else figure

    def line(table: str, title: str, one: classes.Line) -> list[Any]:
        figures = [cell(one.figures[name]) for name in COLUMNS]
        rate = "" if one.rate is None else f"{one.rate:.1f}"
        balance = "" if one.balance is None else one.balance
        also = cell(one.also) if table == by_class and one.key in ids else ""
        return [table, title, *figures, also, balance, rate, "", "", ""]

    by_class, by_district, by_section = _("by class"), _("by district"), _("by industry")
    ids = classes.classes_now().book.ids
    for one in found.classes:
        yield line(by_class, title_of(one.key), one)
    yield line(by_class, _("Total"), found.total)
    for one in found.districts:
        yield line(by_district, one.key, one)
    for one in found.sections:
        yield line(by_section, section_title(one.key), one)
    gap = [""] * (len(COLUMNS) + 3)
    for month in found.months:
        told = [cell(month.running), cell(month.lent), cell(month.first)]
        yield [_("by month"), f"{month.month:%Y-%m}", *gap, *told]
