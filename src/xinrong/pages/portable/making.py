"""My report: choose what goes in, see exactly that, have it signed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinrong.accounts.services import Viewer
from xinrong.domain.clock import day_in_china
from xinrong.domain.errors import XinrongError
from xinrong.domain.portable import LONGEST, PARTS, Part
from xinrong.files.services import portable
from xinrong.pages.context import region, viewer
from xinrong.pages.enterprise.consents import own
from xinrong.pages.errors import page
from xinrong.pages.paging import leaf_of
from xinrong.pages.portable import wording
from xinrong.pages.portable.addresses import outside

ROWS = 20
PERIODS = (7, 14, 30, 60, LONGEST)


def parts_here() -> list[str]:
    """The parts that this platform makes: a grade only where grades are given."""
    return [part for part in PARTS if part != "grade" or "grade" in portable.carried()]


@require_GET
@page(portable.perms.can_see_reports)
def reports(request: HttpRequest) -> HttpResponse:
    """Every report that was made, the newest first."""
    today = day_in_china(timezone.now())
    leaf = leaf_of(request, portable.reports_of(own(request)), ROWS)
    states = portable.states_of(leaf.rows, today)
    return render(
        request,
        "pages/portable/reports.html",
        {
            "leaf": leaf,
            "rows": [(one, *wording.STATES[states[one.number]]) for one in leaf.rows],
            "may_make": portable.perms.can_make_reports(viewer(request)),
        },
    )


@require_http_methods(["GET", "POST"])
@page(portable.perms.can_make_reports)
def new(request: HttpRequest) -> HttpResponse:
    """The form; posted, the preview of exactly what would be signed."""
    if request.method != "POST":
        return form_page(request, wanted_of(request))
    wanted = wanted_of(request)
    try:
        seen = portable.preview(viewer(request), own(request), wanted)
    except XinrongError as error:
        return refused(request, wanted, error)
    return preview_page(request, wanted, seen)


@require_POST
@page(portable.perms.can_make_reports)
def make(request: HttpRequest) -> HttpResponse:
    """Sign what the preview showed; what has changed since is shown again, not signed."""
    who, wanted, enterprise = viewer(request), wanted_of(request), own(request)
    try:
        made = portable.make(
            who,
            enterprise,
            wanted,
            seen=request.POST.get("seen", "")[:64] or "nothing was seen",
            keys_at=outside(request, "public-keys"),
            status_at=outside(request, "report-status"),
        )
    except XinrongError as error:
        if error.code == "report_changed":
            return changed(request, who, enterprise, wanted)
        return refused(request, wanted, error)
    messages.success(request, _("Signed. Download it and hand it on."))
    return redirect("report", number=made.number)


def changed(
    request: HttpRequest, who: Viewer, enterprise: int, wanted: portable.Wanted
) -> HttpResponse:
    """The preview anew."""
    seen = portable.preview(who, enterprise, wanted)
    return preview_page(request, wanted, seen, wording.REFUSALS["report_changed"], 409)


def wanted_of(request: HttpRequest) -> portable.Wanted:
    """What the form says; on its first page what most want."""
    form = request.POST
    if request.method != "POST":
        return portable.Wanted(portable.Choice(frozenset(parts_here()) - {"other"}))
    days = form.get("days", "")
    names = set(portable.categories())
    ticked = names & set(form.getlist("category"))
    return portable.Wanted(
        portable.Choice(
            frozenset(form.getlist("part")),
            frozenset(names - ticked) if "categories" in form else frozenset(),
            deep=form.get("deep") == "1",
        ),
        int(days) if days.isascii() and days.isdigit() and len(days) < 5 else 0,
        portable.addressee(form.get("to", "")[:200]),
    )


def form_page(
    request: HttpRequest, wanted: portable.Wanted, why: Any = "", status: int = 200
) -> HttpResponse:
    """The form with what is chosen."""
    contracts = region().contracts
    return render(
        request,
        "pages/portable/new.html",
        {
            "wanted": wanted,
            "parts": [(one, *wording.PARTS[one]) for one in parts_here()],
            "categories": [(name, contracts[name].title) for name in portable.categories()],
            "periods": PERIODS,
            "most": portable.TO,
            "refusal": why,
        },
        status=status,
    )


def preview_page(
    request: HttpRequest,
    wanted: portable.Wanted,
    seen: portable.Preview,
    why: Any = "",
    status: int = 200,
) -> HttpResponse:
    """Everything that would be signed, part by part."""
    contracts = region().contracts
    return render(
        request,
        "pages/portable/preview.html",
        {
            "wanted": wanted,
            "seen": seen,
            "enterprise": seen.content,
            "parts": shown(seen.parts),
            "ticked": [n for n in portable.categories() if n not in wanted.choice.without],
            "without": [contracts[name].title for name in sorted(wanted.choice.without)],
            "refusal": why,
        },
        status=status,
    )


def shown(parts: list[Part]) -> list[dict[str, Any]]:
    """Parts for a template."""
    return [
        {
            "name": part.name,
            "title": wording.PARTS[part.name][0],
            "included": part.included,
            "claims": [claim.says for claim in part.claims],
            "more": part.more,
        }
        for part in parts
    ]


def refused(request: HttpRequest, wanted: portable.Wanted, error: XinrongError) -> HttpResponse:
    """The form again with what is wrong; what it cannot mend goes on to the page of errors."""
    why = wording.refusal(error.code)
    if why is None:
        raise error
    return form_page(request, wanted, why, 422)
