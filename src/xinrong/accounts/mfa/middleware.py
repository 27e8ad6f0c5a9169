"""Every request of a signed-in session: is it still standing, and is it more than half?"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from xinrong.accounts.mfa.sessions import Standing, standing, touch
from xinrong.accounts.models import Person

#: Where a request keeps who gave the password and has yet to give the second factor.
HALF = "half_signed_in"


class SecondFactorRequired:
    """Lets nobody be somebody with half a sign-in, and ends sessions by time.

    A request without a session's cookie (a visitor, an API key) costs nothing here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            self.look_at(request)
        return self.get_response(request)

    def look_at(self, request: HttpRequest) -> None:
        """Hide who is signed in when the session is half, end it when its time is up."""
        person = request.user
        if not isinstance(person, Person):
            return
        now = timezone.now()
        found = standing(request.session, person, now)
        if found is Standing.WHOLE and touch(request.session, now):
            return
        request.user = AnonymousUser()
        if found is Standing.HALF:
            setattr(request, HALF, person)
        else:
            request.session.flush()


def half_signed_in(request: HttpRequest) -> Person | None:
    """Who gave the password, and not yet the second factor."""
    found = getattr(request, HALF, None)
    return found if isinstance(found, Person) else None
