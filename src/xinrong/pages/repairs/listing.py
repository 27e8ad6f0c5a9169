"""What can be repaired and from when, for the enterprise; what was repaired, for a department."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from xinrong.accounts.services import Viewer
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.words import TIERS, of, said
from xinrong.remedy.perms import can_see_repairs
from xinrong.remedy.services import repairing

SHOWN = 100  # repairs that a page lists


@dataclass(frozen=True)
class Line:
    """One negative record: whether it can be repaired, from which day, by which rule, or why not.

    `later`: its day has not come.
    `unread`: the rule was not read in the text itself. `longest`: the tier is not known.
    """

    name: str
    category: str
    record: Any
    ready: bool
    later: bool
    why: str
    case: str
    day: Any
    rule: str
    source: str
    tier: str
    unread: bool
    longest: bool
    provisional: bool
    without_pack: str


def line_of(one: repairing.Outlook) -> Line:
    """An outlook in the words of the page."""
    found, rule = one.earliest, one.earliest.rule if one.earliest else None
    shown = found if found is not None and found.day is not None else None
    return Line(
        name=one.name,
        category=said(one.record.category_title),
        record=one.record,
        ready=one.why is repairing.Why.READY,
        later=one.why is repairing.Why.EARLY,
        why=said(repairing.REFUSALS[one.why]) if one.why else "",
        case=one.case,
        day=shown.day if shown else None,
        rule=said(rule.text) if rule else "",
        source=" ".join(part for part in (said(rule.document.title), rule.article) if part)
        if rule
        else "",
        tier=str(of(TIERS, found.tier)) if found is not None and found.tier else "",
        unread=rule is not None and not rule.sourced,
        longest=shown is not None and shown.tier is None,
        provisional=shown is not None and shown.provisional,
        without_pack=", ".join(found.without_pack) if found is not None else "",
    )


@require_GET
@page(can_see_repairs)
def repairs(request: HttpRequest) -> HttpResponse:
    """The own negative records with the day of each, or what the own department repaired."""
    who = viewer(request)
    context = {"decided": list(repairing.decided(who)[:SHOWN])}
    if who.role == "representative":
        context["lines"] = own_lines(who)
        return render(request, "pages/repairs/own.html", context)
    context["mirrored"] = repairing.mirrored(who)[:SHOWN]
    return render(request, "pages/repairs/department.html", context)


def own_lines(who: Viewer) -> list[Any]:
    """What the own file holds against the enterprise, through the gate."""
    return [line_of(one) for one in repairing.outlooks(who, now=timezone.now())]
