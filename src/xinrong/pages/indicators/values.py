"""The indicators of one enterprise, through the gate like every other part of its file."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from xinrong.accounts import perms
from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.pages.bank.opening import ask, opening_of
from xinrong.pages.context import region, viewer
from xinrong.pages.errors import page
from xinrong.pages.indicators.definitions import window_words
from xinrong.profiles.enums import REASON_WORDS, UNIT_WORDS
from xinrong.profiles.services import columns, indicators_of, load_indicators
from xinrong.subjects import services as subjects


@require_GET
@page(perms.can_query_files)
def values(request: HttpRequest, code: str) -> HttpResponse:
    """Every indicator that the viewer may see, by family, with the reason where there is none."""
    who = viewer(request)
    enterprise = subjects.enterprise_by_code(code)
    opening = opening_of(request, who, enterprise)
    if opening is None:
        return ask(request, enterprise, "indicator-values")
    today = day_in_china(SystemClock().now())
    release = indicators_of(who, enterprise.pk, opening.purpose, opening.stage, as_of=today)
    known = load_indicators(settings.REGION)
    families: dict[str, list[dict[str, object]]] = {}
    for one in release.content.shown:
        families.setdefault(one.family, []).append(
            {
                "name": one.name,
                "title": one.title,
                "value": one.value,
                "unit": UNIT_WORDS[one.unit],
                "kind": str(one.unit),
                "window": window_words(columns()[one.name].window),
                "reason": REASON_WORDS[one.reason] if one.reason else None,
                "source": region().contracts[one.category].title,
            }
        )
    context = {
        "enterprise": enterprise,
        "opening": opening,
        "release": release,
        "content": release.content,
        "families": [(known.families[name], name, rows) for name, rows in families.items()],
    }
    return render(request, "pages/indicators/values.html", context)
