"""The register's figures for everybody: a table by one or two dimensions, its chart, as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.domain.standards.industries import industry
from xinrong.domain.standards.regions import region as division
from xinrong.domain.standards.size import WORDS, Size
from xinrong.pages import words
from xinrong.pages.bank.cube import heat_of
from xinrong.pages.context import region, viewer
from xinrong.pages.errors import page
from xinrong.pages.paging import number
from xinrong.pages.sheets import csv_answer
from xinrong.pages.words import said
from xinrong.subjects.services import ELSEWHERE, RegisterAsk, RegisterTable
from xinrong.trust.services import counting

FIRST_YEAR, LAST_YEAR = 1900, 2100


@dataclass(frozen=True)
class Line:
    """A row of the table as it is shown."""

    title: str
    cells: tuple[tuple[int | None, int], ...]  # figure and how dark it is
    total: int | None


@require_GET
@page()
def figures(request: HttpRequest) -> HttpResponse:
    """The table that the address asks for, with its chart."""
    made, offered = asked(request)
    table = made.table
    lines = lines_of(table)
    return render(
        request,
        "pages/counting/figures.html",
        {
            "table": table,
            "ask": table.ask,
            "audit_id": made.audit_id,
            "lines": lines,
            "columns": titles(table.ask.columns, table.columns) if table.ask.columns else [],
            "offered": [(name, words.REGISTER_DIMENSIONS[name]) for name in offered],
            "measures": words.REGISTER_MEASURES,
            "bars": bars(table, lines) if not table.ask.columns else None,
            "map": heat_map(table, lines) if table.ask.columns else None,
            "floor": counting.FLOOR,
            "step": counting.STEP,
        },
    )


@require_GET
@page()
def export(request: HttpRequest) -> HttpResponse:
    """The same as CSV."""
    made, _offered = asked(request)
    table = made.table
    ask = table.ask
    total = _("Total")
    heading = str(words.REGISTER_DIMENSIONS[ask.rows])
    columns = [*titles(ask.columns, table.columns), total] if ask.columns else [total]
    hidden = _("not shown")

    def cells(figures: Sequence[int | None]) -> list[str]:
        return [hidden if one is None else str(one) for one in figures]

    rows = [
        [line.title, *cells([figure for figure, _heat in line.cells]), *cells([line.total])]
        for line in lines_of(table)
    ]
    rows.append([total, *cells(table.column_totals), *cells([table.total])])
    name = f"register-{ask.measure}-{ask.through:%Y-%m}.csv"
    return csv_answer(name, [heading, *columns], rows)


def asked(request: HttpRequest) -> tuple[counting.RegisterFigures, tuple[str, ...]]:
    """The figures that the address asks for, and the dimensions that the viewer may choose.

    What names nothing is taken as not given; a dimension that the viewer may not learn of is
    refused.
    """
    who, given, clock = viewer(request), request.GET, SystemClock()
    offered = counting.dimensions_for(who, region())
    rows = given.get("rows", "")
    rows = rows if rows in words.REGISTER_DIMENSIONS else "time"
    columns = given.get("columns", "")
    columns = columns if columns in words.REGISTER_DIMENSIONS and columns != rows else ""
    measure = given.get("measure", "")
    ask = RegisterAsk(
        as_of=day_of(given.get("as_of", "")) or day_in_china(clock.now()),
        measure=measure if measure in words.REGISTER_MEASURES else "new",
        rows=rows,
        columns=columns,
        year=number(given.get("year", ""), FIRST_YEAR, LAST_YEAR),
    )
    return counting.register_figures(who, ask, clock=clock), offered


def day_of(text: str) -> date | None:
    """A day as 2026-11-22, or None."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def lines_of(table: RegisterTable) -> list[Line]:
    """The rows, with their heat where there are columns."""
    most = max((one for row in table.figures for one in row if one is not None), default=0)
    inside = table.figures or ((),) * len(table.rows)
    return [
        Line(
            title,
            tuple((one, 0 if one is None else heat_of(one, most)) for one in row),
            total,
        )
        for title, row, total in zip(
            titles(table.ask.rows, table.rows), inside, table.row_totals, strict=True
        )
    ]


def titles(dimension: str, values: Sequence[str]) -> list[str]:
    """What the values of a dimension are called."""
    return [title_of(dimension, value) for value in values]


def title_of(dimension: str, value: str) -> str:
    """What one value is called; codes stay where the standards have no name."""
    if value == "":
        return _("the register does not say")
    if dimension == "district":
        return _("elsewhere") if value == ELSEWHERE else _district(value)
    if dimension == "section":
        return f"{value} {industry(value).name}"
    if dimension == "form":
        return str(words.of(words.KINDS, value))
    if dimension == "size":
        return said(WORDS[Size(value)])
    return value


def _district(code: str) -> str:
    """Its name; with the code where the standard has it no more."""
    found = division(code)
    return found.name if found.known else f"{found.name} {code}".strip()


def bars(table: RegisterTable, lines: Sequence[Line]) -> dict[str, Any]:
    """The figures by one dimension for the chart; what is hidden has no bar."""
    return {
        "days": [line.title for line in lines],
        "series": [
            {
                "name": str(words.REGISTER_MEASURES[table.ask.measure]),
                "kind": "accepted",
                "values": [line.total for line in lines],
            }
        ],
    }


def heat_map(table: RegisterTable, lines: Sequence[Line]) -> dict[str, Any]:
    """The figures by two dimensions for the chart; what is hidden stays blank."""
    return {
        "columns": titles(table.ask.columns, table.columns),
        "rows": [line.title for line in lines],
        "cells": [
            [x, y, figure, heat, ""]
            for y, line in enumerate(lines)
            for x, (figure, heat) in enumerate(line.cells)
            if figure is not None
        ],
        "label": str(words.REGISTER_MEASURES[table.ask.measure]),
    }
