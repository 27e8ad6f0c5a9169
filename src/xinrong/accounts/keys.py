"""API keys: made once, shown once, kept as a digest, always with an end."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256

from xinrong.accounts.enums import ROLES_OF, SCOPES
from xinrong.accounts.errors import AccountError, KeyRefused
from xinrong.accounts.models import ApiKey, Organisation, Person
from xinrong.accounts.types import Viewer

LONGEST = timedelta(days=366)


def digest_of(token: str) -> str:
    """The digest under which a token is kept."""
    return sha256(token.encode()).hexdigest()


def create_key(
    organisation: Organisation,
    title: str,
    scopes: Collection[str],
    *,
    valid_for: timedelta,
    now: datetime,
    created_by: Person | None = None,
) -> tuple[ApiKey, str]:
    """A new key and its token, which is shown to a person now and never again.

    Raises AccountError for an unknown scope, no scope, or a validity over a year.
    """
    unknown = sorted(set(scopes) - SCOPES.keys())
    if unknown or not scopes:
        raise AccountError(
            f"unknown scope {', '.join(unknown)}" if unknown else "a key needs at least one scope",
            remedy=f"Choose from: {', '.join(SCOPES)}.",
            code="unknown_scope",
        )
    if not timedelta(0) < valid_for <= LONGEST:
        raise AccountError(
            f"a key cannot be valid for {valid_for.days} days",
            remedy=f"Choose between 1 and {LONGEST.days} days and make a new key before it ends.",
            code="key_validity",
        )
    prefix = f"xr_{secrets.token_hex(4)}"
    token = f"{prefix}_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        organisation=organisation,
        role=ROLES_OF[organisation.kind][0],
        title=title,
        prefix=prefix,
        digest=digest_of(token),
        scopes=sorted(set(scopes)),
        created_by=created_by,
        expires_at=now + valid_for,
    )
    return key, token


def key_of(token: str, *, now: datetime) -> ApiKey:
    """The key that a token opens. Raises KeyRefused (key_unknown, key_expired, key_revoked)."""
    key = ApiKey.objects.select_related("organisation").filter(digest=digest_of(token)).first()
    if key is None:
        raise KeyRefused(
            "this API key is not known",
            remedy="Send the whole token, as `Authorization: Bearer <token>`.",
        )
    if key.revoked_at is not None:
        raise KeyRefused(
            f"the API key {key.prefix} was revoked on {key.revoked_at:%Y-%m-%d}",
            remedy="Ask the operator of the platform for a new one.",
            code="key_revoked",
        )
    if key.expires_at <= now:
        raise KeyRefused(
            f"the API key {key.prefix} expired on {key.expires_at:%Y-%m-%d}",
            remedy="Ask the operator of the platform for a new one.",
            code="key_expired",
        )
    return key


def viewer_from(key: ApiKey) -> Viewer:
    """The viewer that a lawful key stands for."""
    organisation = key.organisation
    return Viewer(
        person_id=None,
        organisation_id=organisation.pk,
        organisation=organisation.name,
        kind=organisation.kind,
        role=key.role,
        reference=organisation.reference,
        institution_id=organisation.parent_id,
        key_id=key.pk,
    )


def viewer_of_key(token: str, *, now: datetime) -> Viewer:
    """Who acts when this token is sent. Raises KeyRefused."""
    return viewer_from(key_of(token, now=now))


def revoke_key(key: ApiKey, *, now: datetime) -> None:
    """Ends a key at once; ending it twice keeps the first time."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now)


def key_of_prefix(prefix: str) -> ApiKey:
    """The key whose token begins with this prefix, for those who manage keys. Raises KeyRefused."""
    key = ApiKey.objects.filter(prefix=prefix).first()
    if key is None:
        raise KeyRefused(
            f"there is no API key {prefix}", remedy="`xinrong accounts list` shows those there are."
        )
    return key
