"""What every query asks of the identity map, as plain SQL: the builder costs more than the answer.

The same questions as `finding` and `mapping` put; a test holds each to its counterpart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xinrong.store import services as store
from xinrong.subjects.models import Enterprise

_FIELDS = ("id", "code", "name", "folded_name", "kind", "provisional", "cancelled", "cancelled_on")
_COLUMNS = ", ".join(f"e.{name}" for name in _FIELDS)
_NOW = "l.to_seq IS NULL"
_THEN = "l.from_seq <= %s AND (l.to_seq IS NULL OR l.to_seq > %s)"


def answering(code: str, seq: int | None, using: str) -> Enterprise | None:
    """Who answers for a code as of `seq` (now when None), else who has it; None: nobody."""
    when, moments = _at(seq)
    linked = (  # our own names are pasted, never a value
        f"SELECT {_COLUMNS} FROM subjects_subject AS s "  # noqa: S608
        "JOIN subjects_identitylink AS l ON l.subject_id = s.id "
        "JOIN subjects_enterprise AS e ON e.id = l.enterprise_id "
        f"WHERE s.key = %s AND {when} ORDER BY l.id LIMIT 1"
    )
    own = f"SELECT {_COLUMNS} FROM subjects_enterprise AS e WHERE e.code = %s"  # noqa: S608
    first, second = store.answers(
        using,
        store.Question(linked, [f"code:{code}", *moments]),
        store.Question(own, [code]),
    )
    return _read((first or second)[0], using) if first or second else None


def subjects_of_one(enterprise: int, seq: int | None, using: str) -> list[int]:
    """The subjects that an enterprise is as of `seq` (now when None)."""
    when, moments = _at(seq)
    sql = (
        "SELECT l.subject_id FROM subjects_identitylink AS l "  # noqa: S608 (our own names)
        f"WHERE l.enterprise_id = %s AND {when} ORDER BY l.subject_id"
    )
    [found] = store.answers(using, store.Question(sql, [enterprise, *moments]))
    return [subject for (subject,) in found]


def _at(seq: int | None) -> tuple[str, list[int]]:
    return (_NOW, []) if seq is None else (_THEN, [seq, seq])


def _read(row: Sequence[Any], using: str) -> Enterprise:
    """A row as the model; SQLite has no booleans and no dates."""
    *plain, provisional, cancelled, on = row
    standing = [bool(provisional), bool(cancelled), store.day_of(on)]
    return Enterprise.from_db(using, _FIELDS, [*plain, *standing])
