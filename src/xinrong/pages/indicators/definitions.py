"""The list of indicators, and a page for each: definition, lineage, distribution, drift."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from xinrong.domain.text import Text
from xinrong.pages import words
from xinrong.pages.context import region, viewer
from xinrong.pages.errors import page
from xinrong.pages.words import said
from xinrong.profiles.enums import (
    DIRECTION_WORDS,
    REASON_WORDS,
    UNIT_WORDS,
    Reason,
    Unit,
)
from xinrong.profiles.perms import can_see_aside
from xinrong.profiles.services import (
    Column,
    Published,
    aside,
    columns,
    load_indicators,
    may_see_distribution,
    published,
)
from xinrong.trust.services import counting

#: What is looked for is as long as a title at most.
LONGEST = 60


@dataclass(frozen=True)
class Entry:
    """One indicator in the list."""

    column: Column
    unit: Text
    window: str
    category: Text


@require_GET
@page()
def index(request: HttpRequest) -> HttpResponse:
    """Every indicator by family; searched by words, narrowed by category."""
    asked = " ".join(request.GET.get("q", "").split())[:LONGEST]
    category = request.GET.get("category", "")
    category = category if category in region().contracts else ""
    families: dict[str, list[Entry]] = {}
    for one in columns().values():
        if category in ("", one.category) and fits(one, asked):
            families.setdefault(one.family, []).append(entry(one))
    known = load_indicators(settings.REGION)
    read = {one.category for one in columns().values()}
    context = {
        "families": [(known.families[name], name, rows) for name, rows in families.items()],
        "asked": asked,
        "category": category,
        "categories": [(name, one.title) for name, one in region().contracts.items()
                       if name in read],
        "found": sum(len(rows) for rows in families.values()),
        "number": len(columns()),
        "aside": aside() if can_see_aside(viewer(request)) else [],
    }  # fmt: skip
    return render(request, "pages/indicators/index.html", context)


def fits(one: Column, asked: str) -> bool:
    """Whether every word stands in the name, a title or the definition."""
    texts = (one.name, one.title.zh, one.title.en, one.definition.zh, one.definition.en)
    whole = " ".join(texts).lower()
    return all(word in whole for word in asked.lower().split())


def entry(one: Column) -> Entry:
    """An indicator with its words."""
    title = region().contracts[one.category].title
    return Entry(one, UNIT_WORDS[one.unit], window_words(one.window), title)


def window_words(window: str) -> str:
    """A window in words: `12 months`."""
    if window == "all":
        return _("all time")
    length = int(window[:-1])
    return (_("%(n)d months") if window[-1] == "m" else _("%(n)d days")) % {"n": length}


@require_GET
@page()
def indicator(request: HttpRequest, name: str) -> HttpResponse:
    """One indicator: what it is made of, who may see it, how it lies over all enterprises."""
    found = published(name, viewer(request))
    one = columns()[name]
    definition = load_indicators(settings.REGION).named(name)
    contract = region().contracts[one.category]
    context = {
        "entry": entry(one),
        "column": one,
        "definition": definition,
        "contract": contract,
        "fields": [
            (contract.field(field).title, words.LEVELS[contract.field(field).level])
            for _category, field in sorted(one.fields)
            if field
        ],
        "level": words.LEVELS[one.level],
        "direction": DIRECTION_WORDS[one.direction],
        "published": found,
        "may_see": may_see_distribution(viewer(request), one),
        "reasons": reasons(found) if found else [],
        "quantiles": quantiles(found, one) if found else [],
        "charts": charts(found) if found else None,
        "floor": counting.FLOOR,
        "step": counting.STEP,
    }
    return render(request, "pages/indicators/indicator.html", context)


def reasons(found: Published) -> list[tuple[Text, int | None]]:
    """Why how many enterprises have no value."""
    return [(REASON_WORDS[Reason(why)], count) for why, count in found.reasons.items()]


def quantiles(found: Published, one: Column) -> list[tuple[str, str]]:
    """Words and figure of each quantile that is told."""
    names = {
        5: (_("5 % have less"), _("a quarter has less"), _("median"), _("a quarter has more"),
            _("5 % have more")),
        1: (_("median"),),
    }  # fmt: skip
    unit = said(UNIT_WORDS[one.unit])
    shown = "" if one.unit in (Unit.RATIO, Unit.DATE, Unit.CODE, Unit.YEAR) else f" {unit}"
    words_of = names.get(len(found.quantiles), ())
    return [(label, f"{value}{shown}") for label, value in zip(words_of, found.quantiles,
                                                              strict=True)]  # fmt: skip


def charts(found: Published) -> dict[str, Any]:
    """The figures of both charts; what may not be shown is no bar."""
    return {
        "bins": {
            "labels": [one.label for one in found.bins],
            "values": [one.figure for one in found.bins],
            "name": _("enterprises"),
        },
        "months": {
            "labels": [one.month for one in found.months],
            "values": [one.known for one in found.months],
            "name": _("enterprises with a value"),
            "line": [one.median for one in found.months],
            "line_name": _("median"),
        },
    }
