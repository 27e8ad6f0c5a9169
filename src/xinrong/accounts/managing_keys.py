"""Who manages an organisation makes, rotates and revokes its API keys."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from xinrong.accounts.enums import SCOPES_OF
from xinrong.accounts.errors import PeopleRefused, refused
from xinrong.accounts.keys import LONGEST, create_key, keys_of, revoke_key, rotate_key
from xinrong.accounts.managing import managing, not_manager
from xinrong.accounts.models import ApiKey, Organisation, Person
from xinrong.accounts.types import Viewer


def make_key(
    viewer: Viewer,
    organisation: int,
    title: str,
    scopes: Collection[str],
    *,
    days: int,
    now: datetime,
) -> tuple[ApiKey, str]:
    """A key for an organisation managed, and its token, which is shown once.

    Raises PeopleRefused: not a manager, no title, a scope of no use to that kind, no lawful end.
    """
    words = " ".join(title.split())[:100]
    if not words:
        raise refused(
            "title_missing", "请为密钥命名。", "a key needs a title",
            "写明由哪个系统使用。", "Say which system uses it.",
        )  # fmt: skip
    with transaction.atomic():
        who = managing(viewer)
        if organisation not in who.organisations:
            raise not_manager()
        target = Organisation.objects.get(pk=organisation)
        if not scopes or not set(scopes) <= set(SCOPES_OF[target.kind]):
            raise refused(
                "unknown_scope",
                "请至少选择一项该机构可用的权限。",
                "a key needs at least one of the scopes that its organisation can use",
                "请从列出的权限中选择。",
                f"Choose from: {', '.join(SCOPES_OF[target.kind])}.",
            )
        valid_for = _days(days)
        by = Person.objects.get(pk=who.person_id)
        return create_key(target, words, scopes, valid_for=valid_for, now=now, created_by=by)


def replace_key(
    viewer: Viewer, prefix: str, *, overlap_days: int, days: int, now: datetime
) -> tuple[ApiKey, str]:
    """A new key in the place of one, which ends after the overlap (0 to 7 days).

    Raises PeopleRefused: not a manager, no such key, a key that has ended, no lawful time.
    """
    with transaction.atomic():
        who = managing(viewer)
        key = managed_key(viewer, prefix)
        if not 0 <= overlap_days <= 7:
            raise refused(
                "key_overlap", "新旧密钥最多并用 7 天。", "two keys overlap for 7 days at most",
                "请选择 0 到 7 天。", "Choose 0 to 7 days.",
            )  # fmt: skip
        if key.revoked_at is not None or key.expires_at <= now:
            raise refused(
                "key_ended", "该密钥已失效。", "this key has ended",
                "请新建密钥。", "Make a new key.",
            )  # fmt: skip
        return rotate_key(
            key,
            overlap=timedelta(days=overlap_days),
            valid_for=_days(days),
            now=now,
            by=Person.objects.get(pk=who.person_id),
        )


def end_key(viewer: Viewer, prefix: str, *, now: datetime) -> ApiKey:
    """Ends a key at once. Raises PeopleRefused: not a manager, no such key."""
    with transaction.atomic():
        who = managing(viewer)
        key = managed_key(viewer, prefix)
        revoke_key(key, now=now, by=Person.objects.get(pk=who.person_id))
    return key


def managed_key(viewer: Viewer, prefix: str) -> ApiKey:
    """A key of the organisations managed.

    Raises PeopleRefused, in the same words for a key that is absent and for a foreign one.
    """
    found = keys_of(*managing(viewer).organisations).filter(prefix=prefix).first()
    if found is None:
        raise unknown_key()
    return found


def unknown_key() -> PeopleRefused:
    """That there is no such key here."""
    return refused(
        "unknown_key", "没有这个密钥。", "there is no such key",
        "请在密钥列表中查看。", "See the list of keys.",
    )  # fmt: skip


def _days(days: int) -> timedelta:
    if not 1 <= days <= LONGEST.days:
        raise refused(
            "key_validity",
            f"有效期为 1 至 {LONGEST.days} 天。",
            f"a key is valid for 1 to {LONGEST.days} days",
            "请缩短有效期，到期前轮换。",
            "Choose a shorter time and rotate it before the end.",
        )
    return timedelta(days=days)
