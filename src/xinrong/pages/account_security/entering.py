"""From the password to a whole session, and asking for the second factor once more."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme

from xinrong.accounts.services import Person, mfa, network_address
from xinrong.domain.errors import XinrongError
from xinrong.pages.errors import of_error, to_sign_in


def destination(request: HttpRequest) -> str:
    """Where to go after signing in: `next`, if it is on this site, else the search."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if safe else resolve_url(settings.LOGIN_REDIRECT_URL)


def with_next(name: str, address: str) -> str:
    """The address of a page that goes on to another one."""
    return f"{reverse(name)}?next={quote(address)}"


def device(request: HttpRequest) -> str:
    """How the browser describes itself."""
    return request.headers.get("User-Agent", "")


def domain(request: HttpRequest) -> str:
    """The domain for which passkeys are made."""
    return settings.PASSKEY_DOMAIN or request.get_host().rsplit(":", 1)[0]


def after_password(request: HttpRequest, person: Person, address: str) -> HttpResponse:
    """Begin a session for somebody whose password (or identity service) is right.

    It is half until a second factor is given or added; without any role there is nothing to
    protect, and it is whole at once.
    """
    login(request, person)
    if not mfa.must_have_factor(person):
        enter(request, person, "")
        return redirect(address)
    return redirect(next_step(person, address))


def next_step(person: Person, address: str) -> str:
    """The page on which a half session becomes whole: give a factor, or add the first one."""
    return with_next("security-verify" if mfa.factors_of(person) else "security-enrol", address)


def enter(request: HttpRequest, person: Person, kind: str) -> None:
    """Make the session whole, or fresh again, after a second factor."""
    if mfa.half_signed_in(request) is None and request.user.is_authenticated and kind:
        mfa.renew(request.session, kind, timezone.now())
        return
    mfa.complete(
        request.session,
        person,
        kind,
        now=timezone.now(),
        device=device(request),
        address=network_address(request),
    )


def somebody(request: HttpRequest) -> Person | None:
    """Who is signed in, wholly or by half."""
    half = mfa.half_signed_in(request)
    if half is not None:
        return half
    return request.user if isinstance(request.user, Person) else None


type View[**P] = Callable[Concatenate[HttpRequest, Person, P], HttpResponse]


def for_somebody[**P](
    *, half: bool = False, fresh: bool = False
) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """A page about one's own sign-in.

    `half`: also for whoever has yet to give the second factor. `fresh`: a whole session gives
    the factor once more when that is long ago.
    """

    def wrap(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            person = somebody(request)
            by_half = mfa.half_signed_in(request) is not None
            if person is None or (by_half and not half):
                return to_sign_in(request)
            if by_half and fresh and mfa.factors_of(person):
                return to_sign_in(request)  # a factor is there: it is asked for, not added to
            if fresh and not by_half and must_renew(request, person):
                back = request.get_full_path() if request.method == "GET" else reverse("security")
                return redirect(with_next("security-verify", back))
            try:
                response = view(request, person, *args, **kwargs)
            except XinrongError as error:
                response = of_error(request, error)
            add_never_cache_headers(response)
            return response

        return guarded

    return wrap


def must_renew(request: HttpRequest, person: Person) -> bool:
    """Whether the second factor was given too long ago to change how one signs in."""
    return bool(mfa.factors_of(person)) and not mfa.is_fresh(request.session, timezone.now())
