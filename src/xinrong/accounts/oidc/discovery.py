"""Where an identity service's addresses and keys are: asked of the service, kept for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from xinrong.accounts.oidc.errors import IdentityRefused
from xinrong.accounts.oidc.fetching import fetch, unreachable

KEPT = timedelta(hours=1)
#: An unknown key id asks for the keys anew, but not more often than this: rotation shows within
#: a request, and made-up key ids do not make us hammer the service.
KEYS_AGAIN = timedelta(seconds=10)
WELL_KNOWN = "/.well-known/openid-configuration"


@dataclass
class Known:
    """What a service said of itself, and when."""

    metadata: dict[str, Any]
    asked_at: datetime
    keys: list[dict[str, Any]]
    keys_asked_at: datetime


_known: dict[str, Known] = {}
_lock = Lock()


def metadata(issuer: str, now: datetime) -> dict[str, Any]:
    """The service's own description. Raises IdentityUnreachable, IdentityRefused."""
    return known(issuer, now).metadata


def known(issuer: str, now: datetime) -> Known:
    """What is known of the service, asked for when it is new or old."""
    with _lock:
        held = _known.get(issuer)
    if held is not None and now - held.asked_at < KEPT:
        return held
    said = fetch(issuer.rstrip("/") + WELL_KNOWN)
    # OpenID Connect Discovery 1.0, section 4.3: exactly the issuer that was asked for.
    if said.get("issuer") != issuer:
        raise IdentityRefused("the identity service says that it is another one")
    for needed in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not isinstance(said.get(needed), str):
            raise unreachable(f"its description names no {needed}")
    made = Known(said, now, keys_at(said["jwks_uri"]), now)
    with _lock:
        _known[issuer] = made
    return made


def keys_at(address: str) -> list[dict[str, Any]]:
    """The public keys that stand at an address."""
    keys = fetch(address).get("keys")
    if not isinstance(keys, list):
        raise unreachable("its keys cannot be read")
    return [key for key in keys if isinstance(key, dict)]


def keys_for(issuer: str, kid: str | None, now: datetime) -> list[dict[str, Any]]:
    """The keys with this id (all of them without one), after a rotation the new ones."""
    held = known(issuer, now)
    fitting = [key for key in held.keys if kid is None or key.get("kid") == kid]
    if fitting or now - held.keys_asked_at < KEYS_AGAIN:
        return fitting
    held.keys = keys_at(held.metadata["jwks_uri"])
    held.keys_asked_at = now
    return [key for key in held.keys if kid is None or key.get("kid") == kid]


def forget() -> None:
    """Forget every service, so that it is asked anew."""
    with _lock:
        _known.clear()
