"""Who calls: an API key in the Authorization header, or the session of the site."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import APIKeyCookie, HttpBearer

from xinrong.accounts.services import KeyRefused, Viewer, key_of, viewer_from, viewer_in


@dataclass(frozen=True)
class Caller:
    """Who calls, and by which name the calls are counted."""

    viewer: Viewer
    name: str


class ApiKey(HttpBearer):
    """`Authorization: Bearer <key>`; the key must have the scope of the operation."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        """Raises KeyRefused for a key that is unknown, ended, or lacks the scope."""
        key = key_of(token, now=timezone.now())
        if self.scope not in key.scopes:
            raise KeyRefused(
                f"the API key {key.prefix} does not have the scope {self.scope!r}",
                remedy="Ask the operator of the platform for a key that has it.",
                code="scope_missing",
            )
        return Caller(viewer_from(key), f"key {key.pk}")


class Session(APIKeyCookie):
    """The cookie of somebody who signed in on the site."""

    def __init__(self) -> None:
        self.param_name = settings.SESSION_COOKIE_NAME
        super().__init__()

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        """The person signed in, acting as on the pages; None for nobody."""
        if not request.user.is_authenticated:
            return None
        return Caller(viewer_in(request), f"person {request.user.pk}")


def signed_in(scope: str) -> list[ApiKey | Session]:
    """Either way in; a key needs the scope."""
    return [ApiKey(scope), Session()]


def caller_of(request: HttpRequest) -> Caller | None:
    """Who called, once the operation's checks have run; None on public operations."""
    found = getattr(request, "auth", None)
    return found if isinstance(found, Caller) else None


def viewer(request: HttpRequest) -> Viewer:
    """Who called, on an operation that nobody may use without signing in."""
    found = caller_of(request)
    if found is None:
        raise TypeError("this operation is public and has no viewer")
    return found.viewer
