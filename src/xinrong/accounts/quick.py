"""What every query asks of accounts, as plain SQL: the builder costs more than the answer.

The same questions as the models put; a test holds each to its counterpart.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from xinrong.accounts.models import ApiKey, Organisation
from xinrong.accounts.types import Viewer
from xinrong.store import services as store

_PERSON_HOLDS = (
    "SELECT 1 FROM accounts_membership AS m "
    "JOIN accounts_person AS p ON p.id = m.person_id "
    "JOIN accounts_organisation AS o ON o.id = m.organisation_id "
    "WHERE p.id = %s AND p.is_active = %s "
    "AND m.organisation_id = %s AND m.role = %s AND m.suspended_at IS NULL "
    "AND o.kind = %s AND o.reference = %s AND coalesce(o.parent_id, 0) = %s"
)
_KEY_HOLDS = (
    "SELECT 1 FROM accounts_apikey AS k "
    "JOIN accounts_organisation AS o ON o.id = k.organisation_id "
    "WHERE k.id = %s AND k.expires_at > %s AND k.revoked_at IS NULL "
    "AND k.organisation_id = %s AND k.role = %s AND k.suspended_at IS NULL "
    "AND o.kind = %s AND o.reference = %s AND coalesce(o.parent_id, 0) = %s"
)
#: Who names neither person nor key is nobody: no row.
_NOBODY = store.Question("SELECT 1 FROM accounts_organisation AS o WHERE o.id IS NULL", ())


def key_of_digest(digest: str) -> ApiKey | None:
    """The key of that digest with its organisation, whichever it is: the token says whose."""
    sql = (
        f"SELECT {store.columns_of(ApiKey, 'k')}, "  # noqa: S608 (our own names)
        f"{store.columns_of(Organisation, 'o')} FROM accounts_apikey AS k "
        "JOIN accounts_organisation AS o ON o.id = k.organisation_id WHERE k.digest = %s"
    )
    [rows] = store.answers("default", store.Question(sql, [digest]))
    if not rows:
        return None
    width = store.width_of(ApiKey)
    key = store.read_row(ApiKey, rows[0][:width], "default")
    key.organisation = store.read_row(Organisation, rows[0][width:], "default")
    return key


def holds(viewer: Viewer, now: datetime) -> store.Question:
    """Whether the role of a person or a key holds now: it does when there is a row."""
    who: list[Any]
    if viewer.organisation_id is None:
        return _NOBODY
    if viewer.key_id is not None:
        sql, who = _KEY_HOLDS, [viewer.key_id, connection.ops.adapt_datetimefield_value(now)]
    elif viewer.person_id is not None:
        sql, who = _PERSON_HOLDS, [viewer.person_id, True]
    else:
        return _NOBODY
    of = (viewer.organisation_id, viewer.role, viewer.kind, viewer.reference)
    return store.Question(sql, [*who, *of, viewer.institution_id or 0])
