"""The claimer's side: find the enterprise, claim it, choose the way, follow it to its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinrong.accounts import perms
from xinrong.accounts.services import Person, proof
from xinrong.domain.clock import SystemClock
from xinrong.files import services as files
from xinrong.pages.bank.search import SHORTEST
from xinrong.pages.context import region, viewer
from xinrong.pages.errors import asked_by_htmx, page
from xinrong.pages.proof import words
from xinrong.pages.proof.receiving import fits
from xinrong.subjects import services as subjects

HITS = 10


def person_of(request: HttpRequest) -> Person:
    """Who is signed in; the page has made sure that somebody is."""
    return cast("Person", request.user)


def tell(request: HttpRequest, error: proof.ProofRefused) -> None:
    """Say on the next page what was refused, in its language."""
    messages.error(request, error.words.in_language(request.LANGUAGE_CODE))


@require_GET
@page(perms.can_claim)
def claims(request: HttpRequest) -> HttpResponse:
    """A person's claims and resting roles, and the search for an enterprise to claim."""
    person = person_of(request)
    text = " ".join(request.GET.get("q", "").split())[:100]
    long_enough = len(text) >= SHORTEST
    found = files.find(text, HITS, viewer=viewer(request)) if long_enough else []
    part = "pages/proof/hits.html" if asked_by_htmx(request) else "pages/proof/claims.html"
    return render(
        request,
        part,
        {
            "text": text,
            "hits": found,
            "short": 0 < len(text) < SHORTEST,
            "claims": [(one, words.tag_of(one.state)) for one in proof.claims_of(person)],
            "resting": [
                (one.organisation, one.suspended_at, *words.RESTS[one.suspended_why])
                for one in proof.resting_roles(person)
            ],
        },
    )


@require_http_methods(["GET", "POST"])
@page(perms.can_claim)
def enterprise(request: HttpRequest, code: str) -> HttpResponse:
    """Choose how to prove it and make the claim, with what follows from it said beforehand."""
    facts = subjects.register_facts(region(), code)
    person = person_of(request)
    way = request.POST.get("way", "")
    if request.method == "POST" and way in offered(person, facts) and request.POST.get("true"):
        made = proof.claim_enterprise(person, facts, proof.Way(way), now=timezone.now())
        return redirect("representation", number=made.pk)
    asked = request.method == "POST"
    return render(
        request,
        "pages/proof/enterprise.html",
        {
            "facts": facts,
            "ways": [(way, *words.WAYS[way]) for way in offered(person, facts)],
            "chosen": way,
            "way_missing": asked and way not in offered(person, facts),
            "true_missing": asked and not request.POST.get("true"),
        },
        status=422 if asked else 200,
    )


def offered(person: Person, facts: proof.RegisterFacts) -> list[str]:
    """The ways that are open for this enterprise, the quickest first."""
    found = []
    if proof.named_by_service(person, facts.code, now=timezone.now()):
        found.append(proof.Way.IDENTITY.value)
    found.append(proof.Way.DOCUMENTS.value)
    if facts.registered and subjects.register_categories(region(), subjects.ADDRESS):
        found.append(proof.Way.LETTER.value)
    return found


@require_GET
@page(perms.can_claim)
def claim(request: HttpRequest, number: int) -> HttpResponse:
    """One's own claim: where it stands, what to do next, what was done."""
    return _claim(request, number)


def _claim(
    request: HttpRequest, number: int, error: proof.ProofRefused | None = None
) -> HttpResponse:
    side = proof.own_side(number, person_of(request))
    lacking = proof.missing(side.claim)
    context: dict[str, Any] = {
        "claim": side.claim,
        "tag": words.tag_of(side.claim.state),
        "way": words.WAYS[side.claim.way],
        "papers": [
            (
                kind,
                *words.PAPERS[kind],
                next((one for one in side.papers if one.kind == kind), None),
            )
            for kind in proof.Paper
        ],
        "complete": not lacking,
        "steps": words.steps_of(side, names=False),
        "open": side.claim.state in proof.OPEN,
        "ways": offered(person_of(request), subjects.register_facts(region(), side.claim.code)),
        "tries_left": proof.TRIES - side.claim.tries,
        "largest": proof.LARGEST >> 20,
        "kept_days": proof.KEPT_AFTER.days,
        "error": error.words if error else None,
    }
    return render(request, "pages/proof/claim.html", context, status=422 if error else 200)


def _step(
    request: HttpRequest, number: int, step: Callable[[], object], said: str = ""
) -> HttpResponse:
    """Take a step; what is refused is said on the page of the claim."""
    try:
        step()
    except proof.ProofRefused as error:
        return _claim(request, number, error)
    if said:
        messages.success(request, said)
    return redirect("representation", number=number)


@csrf_exempt  # checked inside, once the size is known to be small enough to read
@require_POST
def paper(request: HttpRequest, number: int) -> HttpResponseBase:
    """Hand in one document."""
    return _paper(request, number) if fits(request) else _too_large(request, number)


@page(perms.can_claim)
def _too_large(request: HttpRequest, number: int) -> HttpResponse:
    """The body was not read: nothing of it is known but its length."""
    response = _claim(request, number, proof.too_large())
    response.status_code = 413
    return response


@csrf_protect
@page(perms.can_claim)
def _paper(request: HttpRequest, number: int) -> HttpResponse:
    sent = request.FILES.get("file")
    kind = request.POST.get("kind", "")
    if kind not in proof.Paper.values:
        return redirect("representation", number=number)
    content = sent.read() if sent is not None else b""
    return _step(
        request,
        number,
        lambda: proof.give_paper(
            number, person_of(request), proof.Paper(kind), content, now=timezone.now()
        ),
        _("The document is there."),
    )


@require_POST
@page(perms.can_claim)
def hand_in(request: HttpRequest, number: int) -> HttpResponse:
    """All documents are there: let the operators check them."""
    return _step(
        request,
        number,
        lambda: proof.hand_in(number, person_of(request), now=timezone.now()),
        _("Your documents were handed in. Two operators check them, one after the other."),
    )


@require_POST
@page(perms.can_claim)
def enter(request: HttpRequest, number: int) -> HttpResponse:
    """The code of the letter."""
    person = person_of(request)
    side = proof.own_side(number, person)
    facts = subjects.register_facts(region(), side.claim.code)
    typed = request.POST.get("code", "")
    return _step(
        request,
        number,
        lambda: proof.enter_code(number, person, typed, facts=facts, now=SystemClock().now()),
        _("You represent this enterprise now."),
    )


@require_POST
@page(perms.can_claim)
def identify(request: HttpRequest, number: int) -> HttpResponse:
    """What the identity service says at this moment."""
    person = person_of(request)
    side = proof.own_side(number, person)
    facts = subjects.register_facts(region(), side.claim.code)
    return _step(
        request,
        number,
        lambda: proof.prove_by_identity(number, person, facts=facts, now=timezone.now()),
        _("You represent this enterprise now."),
    )


@require_POST
@page(perms.can_claim)
def change_way(request: HttpRequest, number: int) -> HttpResponse:
    """Prove it in another way."""
    person = person_of(request)
    side = proof.own_side(number, person)
    way = request.POST.get("way", "")
    if way not in offered(person, subjects.register_facts(region(), side.claim.code)):
        return redirect("representation", number=number)
    return _step(
        request,
        number,
        lambda: proof.change_way(number, person, proof.Way(way), now=timezone.now()),
    )


@require_POST
@page(perms.can_claim)
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Give the claim up."""
    return _step(
        request,
        number,
        lambda: proof.withdraw(number, person_of(request), now=timezone.now()),
        _("The claim is withdrawn and its documents are deleted."),
    )
