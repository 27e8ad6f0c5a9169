"""API keys: made once, shown once, kept as a digest, always with an end."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import DatabaseError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from xinrong.accounts.enums import ROLES_OF, SCOPES
from xinrong.accounts.errors import AccountError, KeyRefused, closed
from xinrong.accounts.events import What, note
from xinrong.accounts.models import ApiKey, Organisation, Person
from xinrong.accounts.quick import key_of_digest
from xinrong.accounts.scoping import everywhere, of_organisations
from xinrong.accounts.types import Viewer
from xinrong.store import services as store

logger = logging.getLogger(__name__)
LONGEST = timedelta(days=366)
#: How long a key may go on beside the one that replaces it.
LONGEST_OVERLAP = timedelta(days=7)
#: From here on a list warns that a key ends soon.
WARNED_BEFORE = timedelta(days=14)
#: The journal's name for the decision to end a key.
KEY_REVOKED = "key_revoked"


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
    replaces: ApiKey | None = None,
) -> tuple[ApiKey, str]:
    """A new key and its token, which is shown to a person now and never again.

    Raises AccountError for an unknown scope, no scope, a validity over a year, or an organisation
    that is closed.
    """
    if organisation.closed_at is not None:
        raise closed(organisation.name)
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
    with transaction.atomic():
        key = ApiKey.objects.create(
            organisation=organisation,
            role=ROLES_OF[organisation.kind][0],
            title=title,
            prefix=prefix,
            digest=digest_of(token),
            scopes=sorted(set(scopes)),
            created_by=created_by,
            expires_at=now + valid_for,
            replaces=replaces,
        )
        what = What.KEY_MADE if replaces is None else What.KEY_ROTATED
        detail = ", ".join(key.scopes) if replaces is None else f"replaces {replaces.prefix}"
        actor = created_by.pk if created_by else None
        note(organisation.pk, what, prefix, now=now, actor=actor, detail=detail)
    return key, token


def rotate_key(
    key: ApiKey,
    *,
    overlap: timedelta,
    valid_for: timedelta,
    now: datetime,
    by: Person | None = None,
) -> tuple[ApiKey, str]:
    """A new key of the same scopes, and its token; the old one ends after the overlap.

    The overlap is at most LONGEST_OVERLAP and never prolongs the old key. Raises AccountError
    for another overlap, and for a key that has ended already.
    """
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise AccountError(
            f"two keys do not overlap for {overlap.days} days",
            remedy=f"Choose between 0 and {LONGEST_OVERLAP.days} days.",
            code="key_overlap",
        )
    with transaction.atomic():
        old = _all().select_for_update(of=("self",)).select_related("organisation").get(pk=key.pk)
        if old.revoked_at is not None or old.expires_at <= now:
            raise AccountError(
                f"the key {old.prefix} has ended", remedy="Make a new key.", code="key_ended"
            )
        made = create_key(
            old.organisation,
            old.title,
            old.scopes,
            valid_for=valid_for,
            now=now,
            created_by=by,
            replaces=old,
        )
        if overlap:
            _all().filter(pk=old.pk, expires_at__gt=now + overlap).update(expires_at=now + overlap)
        else:
            revoke_key(old, now=now, by=by)
    return made


def keys_of(*organisations: int) -> QuerySet[ApiKey]:
    """The keys of these organisations, the newest first."""
    found = of_organisations(ApiKey, *organisations)
    return found.select_related("created_by", "organisation").order_by("-created_at", "-pk")


def ends_soon(key: ApiKey, *, now: datetime) -> bool:
    """Whether a key that works ends within WARNED_BEFORE."""
    return key.revoked_at is None and now < key.expires_at <= now + WARNED_BEFORE


def _all() -> QuerySet[ApiKey]:
    return everywhere(ApiKey, because="the token, or the operator who names the key, says whose")


def key_of(token: str, *, now: datetime) -> ApiKey:
    """The key that a token opens. Raises KeyRefused (key_unknown, key_expired, key_revoked)."""
    key = key_of_digest(digest_of(token))
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
    if key.suspended_at is not None:
        raise KeyRefused(
            f"the API key {key.prefix} is suspended with the roles of {key.organisation.name}",
            remedy="It works again when the organisation's roles are resumed.",
            code="key_suspended",
        )
    _mark_used(key, now)
    return key


def _mark_used(key: ApiKey, now: datetime) -> None:
    """Keep the day of the last use; a database that takes no rows does not lock anybody out."""
    today = timezone.localdate(now)
    if key.last_used_on is not None and key.last_used_on >= today:
        return
    try:
        with transaction.atomic():
            unmarked = Q(last_used_on=None) | Q(last_used_on__lt=today)
            _all().filter(unmarked, pk=key.pk).update(last_used_on=today)
    except DatabaseError:
        logger.warning("the last use of the key %s could not be written down", key.prefix)


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


def revoke_key(key: ApiKey, *, now: datetime, by: Person | None = None) -> None:
    """Ends a key at once; ending it twice keeps the first time. No restore brings it back."""
    with transaction.atomic():
        live = _all().filter(pk=key.pk, revoked_at=None)
        if live.select_for_update().first() is not None:
            store.record(KEY_REVOKED, {"key": key.pk, "digest": key.digest}, now)
            live.update(revoked_at=now)
            actor = by.pk if by else None
            note(key.organisation_id, What.KEY_REVOKED, key.prefix, now=now, actor=actor)


@store.replayer(KEY_REVOKED)
def revoke_again(entry: store.Entry) -> store.Outcome:
    """A key revoked since the backup is revoked in the restored database, at its own moment."""
    found = _all().filter(pk=entry.payload["key"], digest=entry.payload["digest"])
    if found.filter(revoked_at=None).update(revoked_at=entry.at):
        return store.Outcome.APPLIED
    return store.Outcome.PRESENT if found.exists() else store.Outcome.ABSENT


def key_of_prefix(prefix: str) -> ApiKey:
    """The key whose token begins with this prefix, for those who manage keys. Raises KeyRefused."""
    key = _all().filter(prefix=prefix).first()
    if key is None:
        raise KeyRefused(
            f"there is no API key {prefix}", remedy="`xinrong accounts list` shows those there are."
        )
    return key
