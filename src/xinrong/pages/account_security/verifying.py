"""Giving the second factor: at sign-in, and again before the sign-in itself is changed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from xinrong.accounts.errors import SignInLocked
from xinrong.accounts.services import Person, mfa, network_address
from xinrong.pages.account_security.enrolling import posted_json
from xinrong.pages.account_security.entering import (
    destination,
    domain,
    enter,
    for_somebody,
    next_step,
)
from xinrong.pages.errors import error_page

ASKED = "passkey_asked"


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@for_somebody(half=True)
def verify(request: HttpRequest, person: Person) -> HttpResponse:
    """A code of the app, a recovery code, or the passkey."""
    if not mfa.factors_of(person):
        return redirect(next_step(person, destination(request)))
    if request.method == "GET":
        return ask(request, person)
    try:
        kind = mfa.check_code(
            person,
            request.POST.get("code", ""),
            now=timezone.now(),
            address=network_address(request),
        )
    except SignInLocked:
        return error_page(request, 429)
    except mfa.FactorRefused:
        return ask(request, person, wrong="code_wrong")
    enter(request, person, kind)
    return redirect(destination(request))


def ask(request: HttpRequest, person: Person, *, wrong: str = "") -> HttpResponse:
    """The form, with the ways that this person has."""
    kinds = {factor.kind for factor in mfa.factors_of(person)}
    return render(
        request,
        "pages/account_security/verify.html",
        {
            "person": person,
            "app": mfa.FactorKind.TOTP in kinds,
            "passkey": mfa.FactorKind.PASSKEY in kinds,
            "again": mfa.half_signed_in(request) is None,
            "next": destination(request),
            "wrong": wrong,
        },
        status=422 if wrong else 200,
    )


@require_POST
@for_somebody(half=True)
def passkey_options(request: HttpRequest, person: Person) -> HttpResponse:
    """What the browser is to sign: JSON."""
    options, state = mfa.begin_using(person, domain(request))
    request.session[ASKED] = state
    return JsonResponse(options)


@require_POST
@for_somebody(half=True)
def passkey(request: HttpRequest, person: Person) -> HttpResponse:
    """What the browser signed."""
    try:
        mfa.use_passkey(
            person,
            posted_json(request),
            request.session.pop(ASKED, {}),
            domain=domain(request),
            now=timezone.now(),
        )
    except SignInLocked:
        return error_page(request, 429)
    except mfa.FactorRefused:
        return ask(request, person, wrong="passkey_refused")
    enter(request, person, mfa.FactorKind.PASSKEY)
    return redirect(destination(request))
