"""A department's own board: what to mend first, its feeds one by one, its alarms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinrong.accounts import perms as accounts
from xinrong.catalogue.region import Region
from xinrong.collect import perms
from xinrong.collect import services as collect
from xinrong.collect.services import quality
from xinrong.domain.clock import SystemClock
from xinrong.domain.text import Text
from xinrong.pages.context import region, viewer
from xinrong.pages.department.batches import QUOTED
from xinrong.pages.errors import page
from xinrong.pages.operator import quality_words as words
from xinrong.pages.operator.quality import board_context, chart_of, day_rows, scope_of

#: Entries of "what to mend first", and alarms of the past, that are shown.
MENDINGS, PAST = 12, 10


@dataclass(frozen=True)
class MendRow:
    """One thing to mend, in the language of the page."""

    one: Any
    feed: str
    field: str
    reason: Text


@dataclass(frozen=True)
class FieldRow:
    """One field of a feed."""

    one: Any
    title: str
    completeness: str
    change: str
    refused: str


@page(perms.can_see_quality)
def mend(request: HttpRequest) -> HttpResponse:
    """What a department should mend first. The operator is led to the board of all."""
    who = viewer(request)
    if perms.can_see_all_quality(who):
        return redirect("quality")
    scope = scope_of(request, department=who.reference)
    rows = mend_rows(scope, region(), quoting=accounts.can_see_quarantine(who, who.reference))
    context = {**board_context(request, scope), "mendings": rows}
    return render(request, "pages/department/quality.html", context)


@page(perms.can_see_quality)
def feed(request: HttpRequest, feed: str) -> HttpResponse:
    """One feed: its fields, the rules its rows break, its days and its alarms."""
    pack = region()
    found = collect.find_feed(pack, feed)
    who = viewer(request)
    if not perms.can_see_quality_of(who, found.department):
        raise PermissionDenied
    scope = scope_of(request, department="", feed=feed)
    total, before = quality.figures_of(scope), quality.figures_of(scope.before())
    days = day_rows(scope)
    may = perms.can_acknowledge_alarm(who, found.department)
    quoting = accounts.can_see_quarantine(who, found.department)
    return render(
        request,
        "pages/department/quality_feed.html",
        {
            "feed": found,
            "scope": scope,
            "department": words.department_title(pack, found.department),
            "total": total,
            "validity": words.percent(total.validity),
            "validity_change": words.change(total.validity, before.validity),
            "lag": words.days(total.mean_lag),
            "punctuality": words.percent(total.punctuality),
            "duplicate_share": words.percent(total.duplicate_share),
            "fields": field_rows(scope, pack, found.category),
            "mendings": mend_rows(scope, pack, quoting=quoting),
            "may_see_rows": quoting,
            "days": days,
            "chart": chart_of(days),
            "alarms": [
                words.alarm_words(one, pack, may_acknowledge=may)
                for one in quality.open_alarms(feed=feed)
            ],
            "past": [words.alarm_words(one, pack) for one in quality.closed_alarms(feed)[:PAST]],
        },
    )


@require_POST
@page(perms.can_see_quality)
def acknowledge(request: HttpRequest, number: int) -> HttpResponse:
    """Say about an alarm what it is; only who may see the feed may say so."""
    alarm = quality.alarm_of(number)
    who = viewer(request)
    if not perms.can_acknowledge_alarm(who, alarm.department):
        raise PermissionDenied
    note = " ".join(request.POST.get("note", "").split())
    if not note:
        messages.error(request, _("Write down what you found."))
    else:
        quality.acknowledge(
            number,
            person=int(who.person_id or 0),
            note=note,
            expected=request.POST.get("expected") == "yes",
            clock=SystemClock(),
        )
        messages.success(request, _("Your note stands beside the alarm now."))
    return redirect("quality-feed", feed=alarm.feed)


def mend_rows(scope: quality.Scope, pack: Region, *, quoting: bool) -> list[MendRow]:
    """What to mend first; what the reasons quote from rows is for their sender only."""
    rows = []
    for one in quality.what_to_mend(scope, MENDINGS):
        reason = one.reason
        if not quoting:
            reason = Text(zh=QUOTED.sub("“…”", reason.zh), en=QUOTED.sub("“…”", reason.en))
        category = pack.feeds[one.feed].category if one.feed in pack.feeds else ""
        title = words.field_title(pack, category, one.field)
        rows.append(MendRow(one, words.feed_title(pack, one.feed), title, reason))
    return rows


def field_rows(scope: quality.Scope, pack: Region, category: str) -> list[FieldRow]:
    """The fields of a feed, required ones first, the emptiest on top."""
    before = {(one.field, one.required): one for one in quality.field_figures(scope.before())}
    rows = []
    for one in quality.field_figures(scope):
        past = before.get((one.field, one.required))
        rows.append(
            FieldRow(
                one,
                words.field_title(pack, category, one.field),
                words.percent(one.completeness),
                words.change(one.completeness, past.completeness if past else None),
                words.percent(one.broken / one.rows if one.rows else None),
            )
        )
    return sorted(rows, key=lambda row: (not row.one.required, row.one.completeness or 0.0))
