"""The list of criteria, a page for each, their files, and what one says of an enterprise."""

from __future__ import annotations

import csv
from datetime import date
from typing import Any

import yaml
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from xinrong.accounts import perms
from xinrong.domain.cells import text_cell
from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.domain.criteria import Over
from xinrong.pages.bank.opening import ask, opening_of
from xinrong.pages.context import viewer
from xinrong.pages.criteria import building
from xinrong.pages.errors import page
from xinrong.profiles.services import criteria
from xinrong.subjects import services as subjects

LONGEST = 60


def today() -> date:
    """The day in China."""
    return day_in_china(SystemClock().now())


@require_GET
@page(criteria.can_build)
def index(request: HttpRequest) -> HttpResponse:
    """The criteria of the region and those of the viewer's organisation, searched by words."""
    asked = " ".join(request.GET.get("q", "").split())[:LONGEST]
    rows = criteria.listed_for(viewer(request))
    context = {
        "rows": [_row(one) for one in rows if _fits(one, asked)],
        "asked": asked,
        "number": len(rows),
        "today": today(),
    }
    return render(request, "pages/criteria/index.html", context)


def _row(one: criteria.Listed) -> dict[str, Any]:
    made = one.criterion
    now = made.in_force(today()) if made else None
    return {"listed": one, "criterion": made, "now": now,
            "versions": len(made.versions) if made else 0}  # fmt: skip


def _fits(one: criteria.Listed, asked: str) -> bool:
    texts = [one.code, one.title.zh, one.title.en, one.draft]
    for version in one.criterion.versions if one.criterion else ():
        texts += [version.text, version.source.document, version.source.article]
    whole = " ".join(texts).lower()
    return all(word in whole for word in asked.lower().split())


@require_GET
@page(criteria.can_build)
def export(request: HttpRequest) -> HttpResponse:
    """Every version of every criterion that the viewer sees, as CSV."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="criteria.csv"'
    response.write("\ufeff")
    out = csv.writer(response)
    out.writerow(["code", "title_zh", "title_en", "version", "valid_from", "valid_until",
                  "document", "article", "text"])  # fmt: skip
    for one in criteria.listed_for(viewer(request)):
        for number, version in enumerate(one.criterion.versions if one.criterion else (), 1):
            cells = [one.code, one.title.zh, one.title.en, str(number),
                     version.valid_from.isoformat(),
                     version.valid_until.isoformat() if version.valid_until else "",
                     version.source.document, version.source.article, version.text]  # fmt: skip
            out.writerow([text_cell(cell) for cell in cells])
    return response


@require_GET
@page(criteria.can_build)
def criterion(request: HttpRequest, name: str) -> HttpResponse:
    """One criterion: its text and sentences on a day, its versions and sources."""
    found = criteria.listed_of(viewer(request), name)
    made = found.criterion
    version = made.in_force(today()) if made else None
    text = version.text if version else (made.versions[-1].text if made else found.draft)
    told = building.read(text) if made is None or made.over == Over.PROFILE else None
    context = {
        "listed": found,
        "criterion": made,
        "version": version,
        "number": made.number_of(version) if made and version else None,
        "text": text,
        "read": told,
        "columns": told.expression.columns if told and told.expression else (),
        "today": today(),
    }
    return render(request, "pages/criteria/criterion.html", context)


@require_GET
@page(criteria.can_build)
def file(request: HttpRequest, name: str) -> HttpResponse:
    """One criterion as a region's pack holds it."""
    found = criteria.listed_of(viewer(request), name)
    if found.criterion is None:
        raise criteria.CriteriaRefused(
            f"{found.code} has no version yet", remedy="Put one in force.", code="criterion_unknown"
        )
    content = yaml.safe_dump(
        {"criteria": [dict(criteria.as_yaml(found.criterion))]}, allow_unicode=True,
        sort_keys=False, width=100,
    )  # fmt: skip
    response = HttpResponse(content, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.code}.yaml"'
    return response


@require_GET
@page(perms.can_query_files)
def answers(request: HttpRequest, code: str) -> HttpResponse:
    """What a criterion says of one enterprise on a day, and why; through the gate."""
    who = viewer(request)
    enterprise = subjects.enterprise_by_code(code)
    opening = opening_of(request, who, enterprise)
    if opening is None:
        return ask(request, enterprise, "criterion-answers")
    offered = [
        one
        for one in criteria.listed_for(who)
        if one.criterion and one.criterion.over == Over.PROFILE
    ]
    name, on = request.GET.get("criterion", ""), _day(request.GET.get("on", ""))
    context: dict[str, Any] = {"enterprise": enterprise, "opening": opening, "offered": offered,
                               "name": name, "on": on or today(), "problem": ""}  # fmt: skip
    if name and on is None and request.GET.get("on"):
        context["problem"] = _("This is no day. Write it as 2026-11-22.")
    elif name:
        context |= _answered(request, who, enterprise, opening, name, on or today())
    status = 422 if context["problem"] else 200
    return render(request, "pages/criteria/answers.html", context, status=status)


def _answered(
    request: HttpRequest, who: Any, enterprise: Any, opening: Any, name: str, on: date
) -> dict[str, Any]:
    made = criteria.listed_of(who, name).criterion
    if made is None or made.in_force(on) is None:
        return {"problem": _("No version of it is in force on this day.")}
    release = criteria.explain(
        who, made, enterprise.pk, opening.purpose, opening.stage, as_of=on
    )  # fmt: skip
    told = release.content
    return {
        "release": release,
        "told": told,
        "number": made.number_of(told.version),
        "conditions": told.explanation.conditions,
        "changes": told.explanation.changes,
        "withheld": [building.schema()[one] for one in told.withheld],
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
