"""Signing in through an identity service of the province, and linking one to one's account."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xinrong.accounts.services import Person, network_address, oidc
from xinrong.pages.account_security.entering import (
    after_password,
    destination,
    for_somebody,
)
from xinrong.pages.errors import page, to_sign_in

PENDING = "identity_pending"


@require_GET
@never_cache
@page()
def begin(request: HttpRequest, service: str) -> HttpResponse:
    """Send the browser to the service, to sign in."""
    return away(request, service, "sign_in", destination(request))


@require_GET
@for_somebody(fresh=True)
def begin_linking(request: HttpRequest, person: Person, service: str) -> HttpResponse:
    """Send the browser to the service, to link it to the account that is signed in."""
    return away(request, service, f"link {person.pk}", reverse("security"))


def away(request: HttpRequest, service: str, purpose: str, address: str) -> HttpResponse:
    """To the service; the session remembers what for."""
    chosen = oidc.service_named(service)
    back = request.build_absolute_uri(reverse("identity-back", args=[chosen.id]))
    there, pending = oidc.begin(chosen, back, now=timezone.now(), purpose=purpose)
    request.session[PENDING] = pending | {"next": address}
    return redirect(there)


@require_GET
@never_cache
@page()
def back(request: HttpRequest, service: str) -> HttpResponse:
    """Back from the service with its answer, which counts once."""
    pending = request.session.pop(PENDING, None)
    chosen = oidc.service_named(service)
    said = oidc.finish(chosen, pending, request.GET.dict(), now=timezone.now())
    if pending["purpose"] == "sign_in":
        person = oidc.person_of(said, now=timezone.now())
        return after_password(request, person, pending["next"])
    if not isinstance(request.user, Person) or pending["purpose"] != f"link {request.user.pk}":
        return to_sign_in(request)
    oidc.link(request.user, said, now=timezone.now(), address=network_address(request))
    messages.success(request, _("You can sign in through this identity service from now on."))
    return redirect("security")
