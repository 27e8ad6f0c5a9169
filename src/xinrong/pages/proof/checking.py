"""The operators' side: the queue, both sides of a case, checks, letters, decisions."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xinrong.accounts import perms
from xinrong.accounts.services import proof
from xinrong.files import services as files
from xinrong.pages.context import region, viewer
from xinrong.pages.downloads import document_answer
from xinrong.pages.errors import page
from xinrong.pages.paging import number as whole
from xinrong.pages.proof import words
from xinrong.pages.proof.claims import person_of, tell
from xinrong.subjects import services as subjects
from xinrong.trust.services import Purpose

LAST = 10**9
CHECKS = ("licence", "identity", "authority")


@require_GET
@page(perms.can_check_claims)
def queue(request: HttpRequest) -> HttpResponse:
    """Every claim at which an operator has something to do, longest waiting first."""
    waiting = [
        (one, words.tag_of(one.state), words.WAYS[one.way][0], one.person_id == request.user.pk)
        for one in proof.queue()
    ]
    return render(request, "pages/proof/queue.html", {"waiting": waiting})


@require_GET
@page(perms.can_check_claims)
def case(request: HttpRequest, code: str) -> HttpResponse:
    """One enterprise: every side, its documents and log, and what can be done."""
    found = proof.case_of(code)
    person = person_of(request)
    disputed = found.dispute is not None and found.dispute.decided_at is None
    return render(
        request,
        "pages/proof/case.html",
        {
            "case": found,
            "sides": [
                {
                    "claim": side.claim,
                    "tag": words.tag_of(side.claim.state),
                    "way": words.WAYS[side.claim.way][0],
                    "papers": [(one, words.PAPERS[one.kind][0]) for one in side.papers],
                    "steps": words.steps_of(side, names=True),
                    "own": side.claim.person_id == person.pk,
                    "mine_before": side.claim.checked_by_id == person.pk,
                    "open": side.claim.state in proof.OPEN,
                }
                for side in found.sides
            ],
            "roles": [
                (one, words.RESTS[one.suspended_why][0] if one.suspended_why in words.RESTS else "")
                for one in found.roles
            ],
            "disputed": disputed,
            "proposed": _proposed(found.dispute) if disputed else "",
            "facts": subjects.register_facts(region(), code),
        },
    )


def _proposed(dispute: proof.Dispute | None) -> str:
    if dispute is None or not dispute.outcome:
        return ""
    name = str(dispute.claim.person) if dispute.claim else ""
    return str(words.OUTCOMES[dispute.outcome]) % {"name": name}


def _step(request: HttpRequest, code: str, step: Callable[[], object], said: str) -> HttpResponse:
    try:
        step()
    except proof.ProofRefused as error:
        tell(request, error)
    else:
        messages.success(request, said)
    return redirect("claims-case", code=code)


@require_POST
@page(perms.can_check_claims)
def check(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The documents are in order, each of them ticked, with the name that the licence shows."""
    if not all(request.POST.get(name) for name in CHECKS):
        messages.error(request, _("Tick each of the three when you have looked at it."))
        return redirect("claims-case", code=code)
    facts = subjects.register_facts(region(), code)
    return _step(
        request,
        code,
        lambda: proof.check(
            number,
            person_of(request),
            legal_representative=request.POST.get("legal_representative", "")[:200],
            facts=facts,
            now=timezone.now(),
        ),
        _("Your check is noted."),
    )


@require_POST
@page(perms.can_check_claims)
def send_back(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Ask for better documents."""
    why = request.POST.get("why", "")
    return _step(
        request,
        code,
        lambda: proof.send_back(number, person_of(request), why=why, now=timezone.now()),
        _("The claim went back to the claimer."),
    )


@require_POST
@page(perms.can_check_claims)
def refuse(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """End a claim with reasons."""
    why = request.POST.get("why", "")
    return _step(
        request,
        code,
        lambda: proof.refuse(number, person_of(request), why=why, now=timezone.now()),
        _("The claim is refused; the claimer reads your reasons."),
    )


@require_POST
@page(perms.can_check_claims)
def letter(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A letter to print, with the registered address out of the gate and a code shown this once."""
    facts = subjects.register_facts(region(), code)
    about = subjects.enterprise_by_code(code).pk
    release = files.basic(viewer(request), about, Purpose.OPERATION)
    address = registered_address(release.content)
    if not address:
        messages.error(
            request,
            _("The register gives no address that you may see. Send the claim back: documents."),
        )
        return redirect("claims-case", code=code)
    try:
        claim, secret = proof.print_letter(
            number, person_of(request), query=release.audit_id, facts=facts, now=timezone.now()
        )
    except proof.ProofRefused as error:
        tell(request, error)
        return redirect("claims-case", code=code)
    half = proof.LENGTH // 2
    return render(
        request,
        "pages/proof/letter.html",
        {
            "claim": claim,
            "facts": facts,
            "address": address,
            "parts": (secret[:half], secret[half:]),
            "tries": proof.TRIES,
            "days": proof.VALID.days,
        },
    )


def registered_address(content: object) -> str:
    """The address in the register, as the gate showed it; empty where it is masked or missing."""
    record = getattr(content, "registration", None)
    fields = record.fields if record is not None else ()
    found = (one.value for one in fields if one.name == subjects.ADDRESS and not one.masked)
    return str(next(found, None) or "")


@require_POST
@page(perms.can_check_claims)
def posted(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Another operator has posted the letter."""
    receipt = request.POST.get("receipt", "")[:100]
    return _step(
        request,
        code,
        lambda: proof.post_letter(number, person_of(request), receipt=receipt, now=timezone.now()),
        _("Noted. The code counts from now on."),
    )


@require_POST
@page(perms.can_check_claims)
def decide(request: HttpRequest, code: str) -> HttpResponse:
    """Decide between rivals; a second operator has to decide the same."""
    outcome, _colon, number = request.POST.get("outcome", "").partition(":")
    if outcome not in proof.Outcome.values:
        messages.error(request, _("Choose whom you uphold, or nobody."))
        return redirect("claims-case", code=code)
    facts = subjects.register_facts(region(), code)
    return _step(
        request,
        code,
        lambda: proof.decide(
            code,
            person_of(request),
            proof.Outcome(outcome),
            claim=whole(number, 1, LAST),
            why=request.POST.get("why", ""),
            facts=facts,
            now=timezone.now(),
        ),
        _("Your decision is noted. It holds when another operator decides the same."),
    )


@require_GET
@page(perms.can_check_claims)
def paper(request: HttpRequest, number: int) -> HttpResponse:
    """A document to download, never to be shown inside a page; that it was read is logged."""
    found, content = proof.read_paper(number, person_of(request), now=timezone.now())
    return document_answer(f"claim-{found.claim_id}-{found.kind}", found.media, content)
