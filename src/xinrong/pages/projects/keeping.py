"""Keeping the list: one by one, or as a sheet whose every row is shown before it is written."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from xinrong.accounts.services import Viewer
from xinrong.collect.services import FileError
from xinrong.domain.money import yuan
from xinrong.files import services as files
from xinrong.market.errors import MarketRefused
from xinrong.market.perms import can_keep_projects
from xinrong.market.services import projects
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.projects.public import listed
from xinrong.pages.projects.showing import shown
from xinrong.pages.words import said
from xinrong.subjects import services as subjects

#: Refusals that are said beside the form, with what was typed.
SAID = frozenset({"project_wrong", "project_twice", "project_ended"})
#: How long a sheet that was read waits to be written, in seconds; whose it is stands in it.
LASTS, SALT = 30 * 60, "xinrong.projects"


@require_http_methods(["GET", "POST"])
@page(can_keep_projects)
def new(request: HttpRequest) -> HttpResponse:
    """The form; sent, the project is on the list and its owner told."""
    typed = _typed(request)
    if request.method != "POST":
        return _form(request, typed)
    who, now = viewer(request), timezone.now()
    try:
        listing = projects.read_listing(typed)
        owner = projects.check_new(who, typed["code"], listing, now=now)
        made = projects.add(who, typed["code"], listing, now=now)
    except subjects.UnknownEnterprise:
        return _form(request, typed, said(projects.unknown_code(typed["code"])), "code")
    except MarketRefused as refusal:
        if refusal.code not in SAID or refusal.words is None:
            raise
        return _form(request, typed, said(refusal.words), refusal.place.field)
    log_names(who, [owner])
    messages.success(
        request, _("On the list; %(name)s is told if it is here.") % {"name": owner.name}
    )
    return redirect("project", number=made.number)


@require_http_methods(["GET", "POST"])
@page(can_keep_projects)
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """The same form with what stands there; sent, it is corrected and the owner told."""
    who, now = viewer(request), timezone.now()
    project = projects.project_for(who, number)
    if request.method != "POST":
        return _form(request, _standing(project), project=project)
    typed = _typed(request)
    try:
        projects.correct(who, number, projects.read_listing(typed), now=now)
    except MarketRefused as refusal:
        if refusal.code not in SAID or refusal.words is None:
            raise
        return _form(request, typed, said(refusal.words), refusal.place.field, project)
    messages.success(request, _("Corrected."))
    return redirect("project", number=number)


@require_POST
@page(can_keep_projects)
def end(request: HttpRequest, number: str) -> HttpResponse:
    """Take it off the list, with the reason that its owner reads."""
    why = request.POST.get("why", "")[:2_000]
    try:
        projects.end(viewer(request), number, why, now=timezone.now())
    except MarketRefused as refusal:
        if refusal.code not in SAID or refusal.words is None:
            raise
        return shown(request, number, problem=said(refusal.words), why=why)
    messages.success(request, _("Taken off the list."))
    return redirect("project", number=number)


@require_POST
@page(can_keep_projects)
def upload(request: HttpRequest) -> HttpResponse:
    """What a sheet comes to, row by row; nothing is written yet."""
    who, sent = viewer(request), request.FILES.get("file")
    if not isinstance(sent, UploadedFile) or not sent.size:
        return listed(request, _("No file was chosen, or it is empty."))
    try:
        found = projects.read_sheet(who, sent.name or "", sent.read(), now=timezone.now())
    except FileError as error:
        return listed(request, said(error.words))
    log_names(who, [projects.Owner(row.enterprise, row.code, row.name) for row in found.accepted])
    sealed = signing.dumps(
        {"whose": _whose(who), "rows": [[row.row_no, dict(row.told)] for row in found.accepted]},
        salt=SALT, compress=True,
    )  # fmt: skip
    context = {"found": found, "file": (sent.name or "")[:100],
               "sealed": sealed if found.accepted else ""}  # fmt: skip
    return render(request, "pages/projects/preview.html", context)


@require_POST
@page(can_keep_projects)
def enter(request: HttpRequest) -> HttpResponse:
    """Write the rows that the preview accepted."""
    who = viewer(request)
    try:
        packed = signing.loads(request.POST.get("rows", ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        packed = {"whose": None, "rows": []}
    if packed["whose"] != _whose(who):
        return listed(request, _("This preview is no longer valid. Send the sheet again."))
    rows = [projects.SheetRow(row_no, told, 0, "", "") for row_no, told in packed["rows"]]
    made, held = projects.enter_sheet(who, rows, now=timezone.now())
    n = len(made)
    messages.success(
        request,
        ngettext("%(n)d project is on the list.", "%(n)d projects are on the list.", n) % {"n": n},
    )
    for one in held:
        told = {"row": one.row_no, "why": said(one.words)}
        messages.error(request, _("Row %(row)d: %(why)s") % told)
    return redirect("projects-own")


def log_names(who: Viewer, owners: list[projects.Owner]) -> None:
    """Log that codes were looked up: the names shown beside them leave a row, like a search."""
    files.log_listed(
        who,
        [
            files.ListedRow(place, one.code, files.Fate.CLIENT, one.code, one.enterprise, one.name)
            for place, one in enumerate(owners)
        ],
    )


def _whose(who: Viewer) -> list[int | None]:
    return [who.person_id, who.organisation_id]


def _typed(request: HttpRequest) -> dict[str, str]:
    typed = {name: request.POST.get(name, "")[:400].strip() for name in projects.FIELDS}
    return typed | {"code": typed["code"] or request.GET.get("code", "")[:40]}


def _standing(project: projects.KeyProject) -> dict[str, str]:
    """What a project says, as it would be typed."""
    told = {name: str(getattr(project, name)) for name in projects.FIELDS if name != "code"}
    return told | {"code": project.enterprise.code, "amount": f"{yuan(project.amount):f}"}


def _form(
    request: HttpRequest,
    typed: dict[str, str],
    problem: str = "",
    wrong: str = "",
    project: projects.KeyProject | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "typed": typed,
        "problem": problem,
        "wrong": wrong,
        "project": project,
        "titles": projects.TITLES,
        "longest": projects.LONGEST,
    }
    return render(request, "pages/projects/form.html", context, status=422 if problem else 200)
