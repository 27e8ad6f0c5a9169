"""Documents of a case: handing one in within its bound, and reading one as a download."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from xinrong.accounts.services import proof
from xinrong.pages.cases.case import shown
from xinrong.pages.cases.words import refused
from xinrong.pages.context import viewer
from xinrong.pages.downloads import document_answer
from xinrong.pages.errors import page
from xinrong.pages.proof.receiving import fits
from xinrong.pages.words import said
from xinrong.work import services as work


@csrf_exempt  # checked inside, once the size is known to be small enough to read
@require_POST
def give(request: HttpRequest, number: str) -> HttpResponseBase:
    """Hand in one document."""
    return _give(request, number) if fits(request) else _too_large(request, number)


@page(work.can_move)
def _too_large(request: HttpRequest, number: str) -> HttpResponse:
    """The body was not read: nothing of it is known but its length."""
    response = shown(request, number, problem=said(proof.too_large().words))
    response.status_code = 413
    return response


@csrf_protect
@page(work.can_move)
def _give(request: HttpRequest, number: str) -> HttpResponse:
    sent = request.FILES.get("file")
    content = sent.read() if sent is not None else b""
    title = request.POST.get("title", "")
    try:
        work.give_paper(number, viewer(request), title, content, now=timezone.now())
    except proof.ProofRefused as error:
        return shown(request, number, problem=said(error.words))
    except work.CaseRefused as error:
        if error.code == "case_unknown":
            raise
        return shown(request, number, problem=refused(error))
    messages.success(request, _("The document is there."))
    return redirect("case", number=number)


@require_GET
@page(work.can_move)
def read(request: HttpRequest, number: str, paper: int) -> HttpResponse:
    """One document to download, never to be shown within a page; that it was read is logged."""
    found, content = work.read_paper(number, paper, viewer(request), now=timezone.now())
    return document_answer(f"paper-{found.pk}", found.media, content)
