"""Needs written down on visits: one at a time, or from the form that was filled in offline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinrong.accounts.services import Viewer
from xinrong.collect.services import FileError
from xinrong.domain.financing import NeedRefused
from xinrong.files import services as files
from xinrong.market.errors import MarketRefused
from xinrong.market.perms import can_enter_needs, can_publish_questionnaires
from xinrong.market.services import needs
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.needs import words
from xinrong.pages.needs.asking import LONGEST, MOST, choices_of
from xinrong.pages.paging import leaf_of
from xinrong.pages.words import said
from xinrong.subjects import services as subjects

SIZE = 30
#: How long a form that was read waits to be entered, in seconds; whose it is stands in it.
LASTS, SALT = 30 * 60, "xinrong.visits"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@page(can_enter_needs)
def index(request: HttpRequest) -> HttpResponse:
    """What the own institution wrote down, and what became of it."""
    return listed(request)


def listed(request: HttpRequest, problem: str = "") -> HttpResponse:
    """The list with the two ways to write down more."""
    rows = needs.needs_entered(viewer(request)).select_related("enterprise", "entered_by")
    leaf = leaf_of(request, rows, SIZE)
    publishes = can_publish_questionnaires(viewer(request))
    context = {"leaf": leaf, "publishes": publishes, "rows": [row_of(one) for one in leaf.rows],
               "most": needs.MOST_ROWS, "problem": problem}  # fmt: skip
    return render(request, "pages/needs/visits.html", context, status=422 if problem else 200)


def row_of(one: needs.StatedNeed) -> tuple[needs.StatedNeed, str, object]:
    """A need as whoever wrote it down may know it: its words until the enterprise changed them."""
    summary = words.summary(one) if one.is_draft and one.version == 1 else ""
    return one, summary, needs.NEED_PROCESS.state_words[one.state]


@require_http_methods(["GET", "POST"])
@page(can_enter_needs)
def new(request: HttpRequest) -> HttpResponse:
    """Write one need down, all questions on a page."""
    asked = needs.questions_for(registered=True)
    given = request.POST
    typed = {one.name: [text[:LONGEST] for text in given.getlist(one.name)[:MOST]] for one in asked}
    who = viewer(request)
    code, problem, wrong = given.get("code", request.GET.get("code", ""))[:40], "", ""
    if request.method == "POST":
        try:
            made = needs.enter(who, code, typed, now=timezone.now())
        except NeedRefused as refused:
            problem, wrong = said(refused.words), refused.place.field
        except subjects.UnknownEnterprise:
            problem, wrong = _("No enterprise here has this code. Check its 18 signs."), "code"
        except MarketRefused as refused:
            if refused.code == "need_role" or refused.words is None:
                raise
            problem = said(refused.words)
        else:
            firm = subjects.enterprise_by_id(made.enterprise_id or 0)
            log_names(who, [needs.FormRow(0, firm.code, firm.pk, firm.name, {})])
            messages.success(
                request,
                _("Written down. It counts once %(name)s confirms it.") % {"name": firm.name},
            )
            return redirect("visits")
    context: dict[str, Any] = {
        "fields": [(one, typed[one.name], choices_of(one.name)) for one in asked],
        "code": code, "problem": problem, "wrong": wrong,
    }  # fmt: skip
    return render(request, "pages/needs/visit.html", context, status=422 if problem else 200)


@require_GET
@page(can_enter_needs)
def form(request: HttpRequest) -> HttpResponse:
    """The empty form as a workbook."""
    return HttpResponse(
        needs.write_form(),
        content_type=XLSX,
        headers={"Content-Disposition": 'attachment; filename="visits.xlsx"'},
    )


@require_POST
@page(can_enter_needs)
def upload(request: HttpRequest) -> HttpResponse:
    """What a filled form comes to, row by row; nothing is entered yet."""
    who, sent = viewer(request), request.FILES.get("file")
    if not isinstance(sent, UploadedFile) or not sent.size:
        return listed(request, problem=_("No file was chosen, or it is empty."))
    try:
        found = needs.read_form(who, sent.name or "", sent.read(), now=timezone.now())
    except FileError as error:
        return listed(request, problem=said(error.words))
    log_names(who, [*found.accepted, *found.duplicates])
    context = {"found": found, "file": (sent.name or "")[:100], "shown": shown_rows(found),
               "sealed": sealed(who, found) if found.accepted else ""}  # fmt: skip
    return render(request, "pages/needs/visits_preview.html", context)


@require_POST
@page(can_enter_needs)
def enter(request: HttpRequest) -> HttpResponse:
    """Enter the rows that the preview accepted."""
    who = viewer(request)
    rows = opened(who, request.POST.get("rows", ""))
    if rows is None:
        return listed(request, problem=_("This preview is no longer valid. Send the form again."))
    made, held = needs.enter_form(who, rows, reference="form", now=timezone.now())
    messages.success(
        request,
        ngettext("%(n)d need was written down.", "%(n)d needs were written down.", len(made))
        % {"n": len(made)},
    )
    for one in held:
        messages.error(request, _("Row %(row)d: %(why)s") % {"row": one.row_no,
                                                              "why": said(one.words)})  # fmt: skip
    return redirect("visits")


@require_POST
@page(can_enter_needs)
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take back what the enterprise has not confirmed yet."""
    needs.withdraw(viewer(request), number, now=timezone.now())
    messages.success(request, _("Withdrawn."))
    return redirect("visits")


def log_names(who: Viewer, rows: Sequence[needs.FormRow]) -> None:
    """Log that codes were looked up: the names shown beside them leave a row, like a search."""
    files.log_listed(
        who,
        [
            files.ListedRow(
                one.row_no, one.code, files.Fate.CLIENT, one.code, one.enterprise, one.name
            )
            for one in rows
        ],
    )


def shown_rows(found: needs.FormRead) -> list[tuple[needs.FormRow, str]]:
    """The accepted rows, each in a line."""
    return [
        (row, _(", ").join(" ".join(given) for given in row.answers.values() if given))
        for row in found.accepted
    ]


def sealed(who: Viewer, found: needs.FormRead) -> str:
    """The accepted rows for this person in this institution, to come back within half an hour."""
    packed = [asdict(row) | {"answers": dict(row.answers)} for row in found.accepted]
    whose = [who.person_id, who.organisation_id]
    return signing.dumps({"whose": whose, "rows": packed}, salt=SALT, compress=True)


def opened(who: Viewer, token: str) -> list[needs.FormRow] | None:
    """The rows that were sealed for this viewer; None for anything else."""
    try:
        found = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    if found["whose"] != [who.person_id, who.organisation_id]:
        return None
    return [needs.FormRow(**row) for row in found["rows"]]
