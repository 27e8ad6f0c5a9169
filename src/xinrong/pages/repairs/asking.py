"""Applying for the repair of one record: what it needs, the proof, the pledge, what follows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from xinrong.accounts.services import Viewer, mfa, proof
from xinrong.pages.cases.words import refused
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.proof.receiving import fits
from xinrong.pages.repairs.listing import line_of
from xinrong.pages.words import said
from xinrong.remedy.perms import can_ask_repair
from xinrong.remedy.services import RemedyRefused, repairing
from xinrong.subjects import services as subjects
from xinrong.work import services as work

FIELDS = ("record", "basis", "why", "ruling", "title", "pledged")


@csrf_exempt  # checked inside, once the size is known to be small enough to read
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponseBase:
    """The form and what it leads to; sent, the case in which the department decides."""
    return _ask(request) if request.method == "GET" or fits(request) else _too_large(request)


@page(can_ask_repair)
def _too_large(request: HttpRequest) -> HttpResponse:
    """The body was not read: nothing of it is known but its length."""
    context = {"problem": said(proof.too_large().words)}
    return render(request, "pages/repairs/ask.html", context, status=413)


@csrf_protect
@page(can_ask_repair)
def _ask(request: HttpRequest) -> HttpResponse:
    who, now = viewer(request), timezone.now()
    given = request.POST if request.method == "POST" else request.GET
    typed = {name: given.get(name, "")[:4000] for name in FIELDS}
    if request.method == "GET":
        return shown(request, who, typed)
    sent = request.FILES.get("file")
    content = sent.read() if sent is not None else b""
    proofs = [repairing.Proof(typed["title"], content)] if content else []
    wanted = repairing.Wanted(
        typed["record"],
        typed["why"],
        typed["pledged"] == "1",
        typed["basis"] or repairing.RepairBasis.FULFILLED,
        typed["ruling"],
    )
    try:
        case = repairing.ask(who, wanted, proofs, now=now)
    except RemedyRefused as error:
        return shown(request, who, typed, problem=said(error.words), wrong=error.code)
    except proof.ProofRefused as error:
        return shown(request, who, typed, problem=said(error.words), wrong="repair_proof")
    except work.CaseRefused as error:
        return shown(request, who, typed, problem=refused(error), wrong="repair_proof")
    if case.state == "to_sign":
        messages.success(request, _("Received. Sign the pledge, then the department decides."))
        return redirect("repair-sign", number=case.number)
    messages.success(request, _("Applied. The department decides here, and you see every step."))
    return redirect("case", number=case.number)


def shown(
    request: HttpRequest, who: Viewer, typed: dict[str, str], *, problem: str = "", wrong: str = ""
) -> HttpResponse:
    """The form; with a problem, what was typed stands in it still."""
    context: dict[str, Any] = {"typed": typed, "problem": problem, "wrong": wrong}
    try:
        found = repairing.find(who, typed["record"], now=timezone.now())
    except RemedyRefused as error:
        context["problem"] = problem or said(error.words)
        return render(request, "pages/repairs/ask.html", context, status=422)
    own = subjects.enterprise_by_code(who.reference)
    words = repairing.pledge_words(own.name, own.code)
    context |= {
        "line": line_of(found),
        "early": found.why is repairing.Why.EARLY,
        "may": found.why in (repairing.Why.READY, repairing.Why.EARLY),
        "pledge": said(words),
        "passkey": mfa.can_sign(who.person_id),
        "longest": repairing.LONGEST_WHY,
        "largest": proof.LARGEST >> 20,
        "right_to": repairing.RIGHT,
    }
    return render(request, "pages/repairs/ask.html", context, status=422 if problem else 200)
