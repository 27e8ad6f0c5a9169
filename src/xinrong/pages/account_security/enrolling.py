"""Adding a second factor: an authenticator app, or a passkey."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from xinrong.accounts.errors import SignInLocked
from xinrong.accounts.services import Person, mfa, network_address
from xinrong.pages.account_security.entering import (
    destination,
    domain,
    enter,
    for_somebody,
    with_next,
)
from xinrong.pages.errors import error_page

SEED = "factor_seed"  # of the app that is being added, sealed
MAKING = "passkey_making"
NEW_CODES = "new_recovery_codes"
LONGEST_NAME = 60


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@for_somebody(half=True, fresh=True)
def enrol(request: HttpRequest, person: Person) -> HttpResponse:
    """The picture for the app, and the code that shows that it works."""
    wrong = ""
    if request.method == "POST":
        try:
            mfa.add_totp(
                person,
                pending_seed(request, person),
                request.POST.get("code", ""),
                now=timezone.now(),
                name=named(request) or _("Authenticator app"),
                address=network_address(request),
            )
        except SignInLocked:
            return error_page(request, 429)
        except mfa.FactorRefused as error:
            wrong = error.code
        else:
            request.session.pop(SEED, None)
            return welcome(request, person, mfa.FactorKind.TOTP)
    return render(
        request,
        "pages/account_security/enrol.html",
        enrolment(request, person) | {"wrong": wrong},
        status=422 if wrong else 200,
    )


def enrolment(request: HttpRequest, person: Person) -> dict[str, Any]:
    """What the page of adding shows."""
    held = mfa.factors_of(person)
    seed = pending_seed(request, person)
    picture = mfa.picture_of(mfa.address_of(seed, account=person.email, issuer="Xinrong"))
    return {
        "person": person,
        "first": not held,
        "has_app": any(factor.kind == mfa.FactorKind.TOTP for factor in held),
        "put_off": not held and mfa.may_put_off(person),
        "seed": " ".join(seed[at : at + 4] for at in range(0, len(seed), 4)),
        "picture": b64encode(picture).decode(),
        "next": destination(request),
    }


def pending_seed(request: HttpRequest, person: Person) -> str:
    """The seed on the page: the same until the app is added, so a reload changes nothing."""
    sealed = request.session.get(SEED)
    if sealed:
        return mfa.unseal(sealed, mfa.owner(person))
    seed = mfa.new_seed()
    request.session[SEED] = mfa.seal(seed, mfa.owner(person))
    return seed


def named(request: HttpRequest) -> str:
    """What the person calls the device."""
    return " ".join(request.POST.get("name", "").split())[:LONGEST_NAME]


def welcome(request: HttpRequest, person: Person, kind: str) -> HttpResponse:
    """After the first factor the session is whole and recovery codes are shown, once."""
    first = len(mfa.factors_of(person)) == 1
    enter(request, person, kind)
    if not first:
        messages.success(request, _("The second factor was added."))
        return redirect("security")
    codes = mfa.make_recovery_codes(person, now=timezone.now(), address=network_address(request))
    request.session[NEW_CODES] = mfa.seal(" ".join(codes), mfa.owner(person))
    return redirect(with_next("security-codes", destination(request)))


@require_POST
@for_somebody(half=True, fresh=True)
def passkey_options(request: HttpRequest, person: Person) -> HttpResponse:
    """What the browser needs in order to make a passkey: JSON."""
    options, state = mfa.begin_adding(person, domain(request))
    request.session[MAKING] = state
    return JsonResponse(options)


@require_POST
@for_somebody(half=True, fresh=True)
def passkey(request: HttpRequest, person: Person) -> HttpResponse:
    """Keep the passkey that the browser made."""
    try:
        mfa.add_passkey(
            person,
            posted_json(request),
            request.session.pop(MAKING, {}),
            domain=domain(request),
            name=named(request) or _("Passkey"),
            now=timezone.now(),
            address=network_address(request),
        )
    except mfa.FactorRefused:
        return render(
            request,
            "pages/account_security/enrol.html",
            enrolment(request, person) | {"wrong": "passkey_refused"},
            status=422,
        )
    return welcome(request, person, mfa.FactorKind.PASSKEY)


def posted_json(request: HttpRequest) -> dict[str, Any]:
    """The browser's answer in the form field `response`; empty when it is none."""
    try:
        answer = json.loads(request.POST.get("response", ""))
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


@require_POST
@for_somebody(half=True)
def put_off(request: HttpRequest, person: Person) -> HttpResponse:
    """Go on without a second factor: demonstration accounts only."""
    if not mfa.may_put_off(person) or mfa.factors_of(person):
        raise PermissionDenied
    enter(request, person, "")
    return redirect(destination(request))
