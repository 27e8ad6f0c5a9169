"""The builder: every button sends the whole form, so that it works without scripts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xinrong.domain.criteria import CriterionRefused
from xinrong.domain.errors import Place
from xinrong.pages import words
from xinrong.pages.context import viewer
from xinrong.pages.criteria import building
from xinrong.pages.criteria.building import WITHOUT_VALUE, Read, Work
from xinrong.pages.criteria.words import JOINTS, NOT_COUNTED, NOT_KEPT
from xinrong.pages.errors import asked_by_htmx, page
from xinrong.profiles.errors import NoProfile
from xinrong.profiles.services import columns, criteria
from xinrong.trust.services import Denied, Release, Stage, counting

Extra = dict[str, Any]
#: What htmx may ask for alone -> its template.
PARTS = {"told": "told", "columns": "columns", "column": "column"}


@require_http_methods(["GET", "POST"])
@page(criteria.can_build)
def build(request: HttpRequest) -> HttpResponse:
    """The form: as it begins, or after one of its buttons."""
    if request.method == "GET":
        work = begun(request)
        return show(request, work, building.read(work.text))
    work = Work.of(request.POST.dict())
    now = building.read(work.text)
    part = request.GET.get("part", "")
    if asked_by_htmx(request) and part in PARTS:
        return show(request, work, now, part=part)
    verb, _colon, path = request.POST.get("do", "read").partition(":")
    if verb in ("draft", "version"):
        return keep(request, work, now, verb)
    if verb == "count":
        return counted(request, work, now)
    if verb == "add":
        return joined(request, work, now)
    changes = {"remove": building.remove, "turn": building.turn, "edit": building.edit}
    if verb in changes:
        work = changes[verb](work, now, path)
        now = building.read(work.text)
    return show(request, work, now, status=422 if now.refused else 200)


def begun(request: HttpRequest) -> Work:
    """What the address says; `from` names a criterion to go on with, or to copy."""
    work = Work.of(request.GET.dict())
    code = request.GET.get("from", "")
    if not code:
        return work
    found = criteria.listed_of(viewer(request), code)
    last = found.criterion.versions[-1] if found.criterion else None
    return replace(
        work,
        text=found.draft or (last.text if last else ""),
        code=found.code if found.own else "",
        title_zh=found.title.zh,
        title_en=found.title.en,
        document=last.source.document if last else "",
        article=last.source.article if last else "",
        url=last.source.url if last else "",
    )


def joined(request: HttpRequest, work: Work, now: Read) -> HttpResponse:
    """One condition more, or another in its place; what cannot be read is said at the field."""
    if now.refused is not None:
        return show(request, work, now, status=422)
    if work.column not in building.schema():
        extra = {"adding_error": (_("No column is chosen."), _("Choose one from the list."))}
        return show(request, work, now, extra, status=422)
    try:
        work = building.add(work, now)
    except CriterionRefused as error:
        language = get_language() or "zh-hans"
        stop = "." if language.lower().startswith("en") else "。"
        said = (error.problem.in_language(language) + stop, error.advice.in_language(language))
        return show(request, work, now, {"adding_error": said}, status=422)
    return show(request, work, building.read(work.text))


def counted(request: HttpRequest, work: Work, now: Read) -> HttpResponse:
    """How many it admits: one release of the gate, or a refusal; either is in the log."""
    who = viewer(request)
    if now.expression is None:
        return show(request, work, now, status=422)
    stage = Stage(work.stage) if work.stage in set(Stage) and counting.names_stage(who) else None
    try:
        release = criteria.count(who, now.expression, stage=stage)
    except (Denied, NoProfile, criteria.CriteriaRefused) as refusal:
        if refusal.code not in NOT_COUNTED:
            raise
        extra = {"count_refused": NOT_COUNTED[refusal.code],
                 "audit_id": getattr(refusal, "audit_id", None)}  # fmt: skip
        status = {"denied_budget": 429, "denied_column": 403}.get(refusal.code, 422)
        return show(request, work, now, extra, status=status)
    figure = release.content.figure
    extra = {"release": release, "change": change_of(work.before, figure)}
    work = replace(work, before="few" if figure is None else str(figure))
    return show(request, work, now, extra)


def change_of(before: str, figure: int | None) -> str:
    """How the figure differs from the one that was shown before."""
    if not before:
        return ""
    if before == "few" or figure is None or not before.isdecimal() or len(before) > 9:
        return _("The draft before: %(before)s.") % {
            "before": _("fewer than ten") if before == "few" else before
        }
    more = figure - int(before)
    if not more:
        return _("As many as the draft before.")
    shown = f"{abs(more):,}"
    said = _("%(n)s more than the draft before.") if more > 0 else _("%(n)s fewer than before.")
    return said % {"n": shown}


def keep(request: HttpRequest, work: Work, now: Read, verb: str) -> HttpResponse:
    """Save the draft, or put a version in force."""
    who, at = viewer(request), timezone.now()
    if now.expression is None:
        return show(request, work, now, status=422)
    saving = criteria.Saving(work.code, work.title_zh, work.title_en, work.text)
    try:
        if verb == "draft":
            kept = criteria.save_draft(who, saving, now=at)
            messages.info(request, _("The draft is kept. It holds nothing yet."))
        else:
            kept = criteria.save_version(who, saving, basis_of(work), now=at)
            messages.info(request, _("The version is in force from the day that you chose."))
    except criteria.CriteriaRefused as refusal:
        extra = {"keep_refused": NOT_KEPT[refusal.code], "keep_field": refusal.place.field}
        return show(request, work, now, extra, status=422)
    return redirect("criterion", name=kept.code)


def basis_of(work: Work) -> criteria.Basis:
    """Source and days of a version. Raises CriteriaRefused (criteria_day)."""
    first = _day(work.valid_from, "valid_from")
    last = _day(work.valid_until, "valid_until") if work.valid_until else None
    return criteria.Basis(first, work.document, work.article, last, work.url)


def _day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise criteria.CriteriaRefused(
            f"{text[:20]!r} is no day", place=Place(field=name), remedy="Write 2026-11-22.",
            code="criteria_day",
        ) from None  # fmt: skip


def show(
    request: HttpRequest,
    work: Work,
    now: Read,
    extra: Extra | None = None,
    *,
    part: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page, or a part of it."""
    who = viewer(request)
    column = building.schema().get(work.column)
    context: Extra = {
        "work": work,
        "read": now,
        "lines": lines_of(now),
        "joints": JOINTS,
        "families": building.offered(work.q),
        "chosen": column,
        "chosen_is": columns().get(work.column),
        "operators": building.operators_of(column) if column else [],
        "without_value": work.operator in WITHOUT_VALUE,
        "values": list(column.values.items()) if column else [],
        **(extra or {}),
    }
    if not part:
        context |= whole(who, work, now, (extra or {}).get("release"))
    name = PARTS.get(part, "build")
    return render(request, f"pages/criteria/{name}.html", context, status=status)


def whole(who: Any, work: Work, now: Read, release: Release | None) -> Extra:
    """What only the whole page shows: budget, cost, stages."""
    purpose = counting.purpose_of(who)
    closed = criteria.uncountable(purpose, now.expression) if now.expression else ()
    ask = now.expression is not None and not closed and release is None
    return {
        "closed": closed,
        "budget": counting.budget_left(who, now=timezone.now()),
        "cost": criteria.cost_of(who, now.expression) if ask and now.expression else "",
        "floor": counting.FLOOR,
        "step": counting.STEP,
        "stages": [(one.value, words.of(words.STAGES, one)) for one in Stage]
        if counting.names_stage(who)
        else [],
    }


def lines_of(now: Read) -> list[Extra]:
    """The lines of the text, each with its path as buttons send it."""
    if now.expression is None:
        return []
    open_ = building.editable(now.expression.condition, [one.path for one in now.parts])
    return [
        {
            "part": one,
            "path": ".".join(map(str, one.path)) or "whole",
            "depth": min(one.depth, 5),
            "editable": one.path in open_,
        }
        for one in now.parts
    ]
