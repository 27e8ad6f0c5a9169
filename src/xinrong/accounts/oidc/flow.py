"""The authorisation code flow with PKCE: out to the identity service, and back with its word.

RFC 9700 (best practice): PKCE with S256, a state and a nonce for each sign-in, an exact redirect
address, and the issuer compared when the answer comes (RFC 9207), so that one service cannot
answer for another.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import urlencode

from xinrong.accounts.oidc.config import IdentityService
from xinrong.accounts.oidc.discovery import metadata
from xinrong.accounts.oidc.errors import IdentityRefused
from xinrong.accounts.oidc.fetching import fetch
from xinrong.accounts.oidc.tokens import refused, verified

LASTS = timedelta(minutes=10)  # from going out to coming back
Pending = dict[str, Any]


class Said(NamedTuple):
    """What a genuine token said, in our words."""

    issuer: str
    subject: str
    name: str
    enterprise_code: str
    role: str


def begin(
    service: IdentityService, redirect: str, *, now: datetime, purpose: str
) -> tuple[str, Pending]:
    """The address to send the browser to, and what its session keeps until it comes back.

    `purpose` is what the sign-in is for: `sign_in`, or `link` for somebody who is signed in.
    """
    pending: Pending = {
        "service": service.id,
        "state": secrets.token_urlsafe(32),
        "nonce": secrets.token_urlsafe(32),
        "verifier": secrets.token_urlsafe(64),
        "redirect": redirect,
        "purpose": purpose,
        "at": now.timestamp(),
    }
    challenge = urlsafe_b64encode(sha256(pending["verifier"].encode()).digest()).rstrip(b"=")
    asked = {
        "response_type": "code",
        "client_id": service.client_id,
        "redirect_uri": redirect,
        "scope": " ".join(service.description.scopes),
        "state": pending["state"],
        "nonce": pending["nonce"],
        "code_challenge": challenge.decode(),
        "code_challenge_method": "S256",
    }
    endpoint = metadata(service.issuer, now)["authorization_endpoint"]
    joint = "&" if "?" in endpoint else "?"
    return f"{endpoint}{joint}{urlencode(asked)}", pending


def finish(
    service: IdentityService, pending: Pending | None, answer: Mapping[str, str], *, now: datetime
) -> Said:
    """What the service says of whoever came back. Raises IdentityRefused, IdentityUnreachable.

    The caller has taken `pending` out of the session for good: an answer counts once.
    """
    if not pending or now.timestamp() - pending["at"] >= LASTS.total_seconds():
        raise stale()
    same = hmac.compare_digest(answer.get("state", "").encode(), pending["state"].encode())
    if not same or pending["service"] != service.id:
        raise stale()
    said = metadata(service.issuer, now)
    issuer = answer.get("iss")
    named = said.get("authorization_response_iss_parameter_supported") is True
    if issuer != service.issuer and (issuer is not None or named):
        raise refused("comes from another service")
    if "error" in answer or not answer.get("code"):
        raise IdentityRefused(
            "the identity service did not sign you in",
            remedy="Begin again, or sign in with e-mail address and password.",
            code="identity_declined",
        )
    token = exchanged(service, said, pending, answer["code"])
    return in_our_words(service, verified(service, token, pending["nonce"], now))


def exchanged(service: IdentityService, said: dict[str, Any], pending: Pending, code: str) -> str:
    """The ID token that the code is good for."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": pending["redirect"],
        "code_verifier": pending["verifier"],
        "client_id": service.client_id,
    }
    methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    credentials: tuple[str, str] | None = (service.client_id, service.client_secret)
    if "client_secret_basic" not in methods:
        form["client_secret"] = service.client_secret
        credentials = None
    answer = fetch(said["token_endpoint"], form=form, credentials=credentials)
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise refused("has no ID token")
    return token


def in_our_words(service: IdentityService, claims: dict[str, Any]) -> Said:
    """The claims that the region's file names; a role that it does not know is none."""
    paths, roles = service.description.claims, service.description.roles
    return Said(
        issuer=service.issuer,
        subject=claims["sub"],
        name=at(claims, paths.name)[:100],
        enterprise_code=at(claims, paths.enterprise_code)[:18].upper(),
        role=str(roles.get(at(claims, paths.role), "")),
    )


def at(claims: Any, path: str) -> str:
    """The text that stands at a path of names joined by dots; empty when there is none."""
    if not path:
        return ""
    for name in path.split("."):
        claims = claims.get(name) if isinstance(claims, dict) else None
    return claims.strip() if isinstance(claims, str) else ""


def stale() -> IdentityRefused:
    """The same answer for a sign-in that was never begun here, was used, or is too old."""
    return IdentityRefused(
        "this sign-in was not begun here, is used up, or took longer than ten minutes",
        remedy="Begin again from the page for signing in.",
        code="identity_stale",
    )
