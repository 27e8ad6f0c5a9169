"""One report that was signed: fetch the paper and the file, hand on a part, take it back."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinrong.domain.clock import day_in_china
from xinrong.domain.portable import hand_on, open_core
from xinrong.files import services as files
from xinrong.files.services import portable
from xinrong.pages.context import region, viewer
from xinrong.pages.enterprise.consents import own
from xinrong.pages.errors import page
from xinrong.pages.portable import wording
from xinrong.pages.portable.addresses import outside

KINDS = {"pdf": "application/pdf", "json": "application/json; charset=utf-8"}


@require_GET
@page(portable.perms.can_see_reports)
def report(request: HttpRequest, number: str) -> HttpResponse:
    """What it says openly, how it stands, and what can be done with it."""
    return show(request, portable.report_of(number, own(request)))


def show(
    request: HttpRequest, found: portable.PortableReport, why: Any = "", status: int = 200
) -> HttpResponse:
    """The page of a report."""
    core, contracts = open_core(found.envelope["payload"]), region().contracts
    state = portable.state_of(found, day_in_china(timezone.now()))
    without = sorted({name for part in core.parts for name in part.without})
    qr = portable.qr_of(found, verify_at(request))
    return render(
        request,
        "pages/portable/report.html",
        {
            "report": found,
            "core": core,
            "state": state,
            "standing": wording.STATES[state],
            "parts": [
                (part, wording.PARTS[part.name][0], len(part.digests)) for part in core.parts
            ],
            "without": [contracts[name].title for name in without if name in contracts],
            "may": portable.perms.can_make_reports(viewer(request)),
            "code": picture(qr),
            "qr": qr,
            "refusal": why,
        },
        status=status,
    )


def picture(qr: str) -> str:
    """The code as a picture within the page."""
    image = b64encode(portable.code_image(qr).encode()).decode()
    return f"data:image/svg+xml;base64,{image}"


def verify_at(request: HttpRequest) -> str:
    """The address of the page on which anybody verifies."""
    return outside(request, "verify")


@require_POST
@page(portable.perms.can_make_reports)
def fetch(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """The paper or the file, read again through the gate: a row of its own in the log."""
    if kind not in KINDS:
        raise Http404
    found = portable.report_of(number, own(request))
    keep = request.POST.getlist("part")
    try:
        handed = portable.hand_out(viewer(request), found)
        if kind == "pdf":
            language = request.POST.get("language") or get_language() or "zh-hans"
            made = portable.paper(handed, check_at=verify_at(request), language=language)
        else:
            file = hand_on(handed.file, keep) if keep else handed.file
            made = json.dumps(file, ensure_ascii=False, indent=1).encode()
    except portable.PortableRefused as error:
        why = wording.STALE if error.code == "report_changed" else wording.refusal(error.code)
        return show(request, found, why or str(error), 409)
    except files.PaperError:
        busy = _("The paper could not be made just now. Try again in a minute.")
        return show(request, found, busy, 503)
    part = "-part" if keep and kind == "json" else ""
    return HttpResponse(
        made,
        content_type=KINDS[kind],
        headers={
            "Content-Disposition": f'attachment; filename="report-{found.number}{part}.{kind}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


@require_http_methods(["GET", "POST"])
@page(portable.perms.can_make_reports)
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """What would happen; pressed, it is withdrawn."""
    found = portable.report_of(number, own(request))
    if request.method == "POST":
        portable.withdraw(found.number, own(request), now=timezone.now())
        messages.success(request, _("Withdrawn. Whoever checks it from now on is told."))
        return redirect("report", number=found.number)
    state = portable.state_of(found, day_in_china(timezone.now()))
    return render(request, "pages/portable/withdraw.html", {"report": found, "state": state})
