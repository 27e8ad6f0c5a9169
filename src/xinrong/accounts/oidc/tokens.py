"""ID tokens: what has to be true of one before a word of it counts (OpenID Connect Core, 3.1.3.7).

Every check is made here although the token came straight from the service: the signature over
the connection's TLS is no substitute, since the connection may end at a proxy.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from typing import Any

import jwt

from xinrong.accounts.oidc.config import IdentityService
from xinrong.accounts.oidc.discovery import keys_for
from xinrong.accounts.oidc.errors import IdentityRefused

#: Signatures by a private key only: neither `none` nor one that our own secret could make.
ALGORITHMS = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC", "EdDSA": "OKP"}
CLOCKS_DIFFER = timedelta(seconds=60)
OLDEST = timedelta(minutes=10)  # since the token was made; it comes straight from the service
LONGEST_SUBJECT = 255


def verified(service: IdentityService, token: str, nonce: str, now: datetime) -> dict[str, Any]:
    """The claims of a genuine ID token for this sign-in. Raises IdentityRefused."""
    claims = signed_claims(service, token, now)
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if claims.get("iss") != service.issuer:
        raise refused("comes from another service")
    if service.client_id not in audiences:
        raise refused("is meant for somebody else")
    if claims.get("azp", service.client_id) != service.client_id or (
        len(audiences) > 1 and "azp" not in claims
    ):
        raise refused("was made for another platform")
    check_times(claims, now)
    said = claims.get("nonce")
    if not isinstance(said, str) or not hmac.compare_digest(said.encode(), nonce.encode()):
        raise refused("belongs to another sign-in")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise refused("names nobody")
    return claims


def signed_claims(service: IdentityService, token: str, now: datetime) -> dict[str, Any]:
    """The claims, once the signature is that of a key of the service."""
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError:
        raise refused("cannot be read") from None
    algorithm, kid = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS or not (kid is None or isinstance(kid, str)):
        raise refused("is not signed in a way that counts")
    for key in keys_for(service.issuer, kid, now):
        if key.get("kty") != ALGORITHMS[algorithm] or key.get("use", "sig") != "sig":
            continue
        if key.get("alg", algorithm) != algorithm:
            continue
        try:
            return jwt.decode(
                token,
                jwt.PyJWK(key, algorithm),
                algorithms=[algorithm],
                # Looked at below, by the clock that was handed in.
                options={
                    "verify_exp": False, "verify_iat": False, "verify_nbf": False,
                    "verify_aud": False, "verify_iss": False,
                },
            )  # fmt: skip
        except jwt.PyJWTError:
            continue
    raise refused("is not signed by the service")


def check_times(claims: dict[str, Any], now: datetime) -> None:
    """Neither expired, nor from the future, nor old. Raises IdentityRefused."""
    moment, leeway = now.timestamp(), CLOCKS_DIFFER.total_seconds()
    expires, made = seconds(claims.get("exp")), seconds(claims.get("iat"))
    begins = seconds(claims.get("nbf", 0))
    if moment >= expires + leeway or moment - made > OLDEST.total_seconds():
        raise refused("has expired")
    if made > moment + leeway or begins > moment + leeway:
        raise refused("comes from the future")


def seconds(value: object) -> float:
    """A moment as a token says it; True and False are none. Raises IdentityRefused."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise refused("says not when it was made and when it ends")
    return value


def refused(why: str) -> IdentityRefused:
    """The error, with what to do."""
    return IdentityRefused(
        f"the answer of the identity service {why}",
        remedy="Begin again from the page for signing in; if it comes back, tell the operator.",
    )
