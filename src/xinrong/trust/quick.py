"""What every query asks of the database, as plain SQL: the builder costs more than the answer.

The same questions as `active_consents` and as two saves of the models; a test holds each to its
counterpart.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from xinrong.store.services import day_of, marks

# A consent that had ended when somebody last asked stays ended, even when the clock goes back; the
# days of the log are indexed.
_IN_FORCE = (
    "FROM trust_consent AS c WHERE c.revoked_at IS NULL AND c.ended_at IS NULL "
    "AND c.valid_until > %s "
    "AND c.valid_until > coalesce((SELECT max(a.at) FROM trust_auditrow AS a), c.granted_at)"
)
_COLUMNS = (
    "c.id, c.grantor_id, c.stages, c.categories, c.levels, c.max_level, c.template, "
    "c.data_from, c.data_to, c.one_time"
)
_UNUSED = "NOT EXISTS (SELECT 1 FROM trust_consentuse AS u WHERE u.consent_id = c.id)"


class InForce(NamedTuple):
    """A consent in force, as far as the gate needs it."""

    pk: int
    grantor_id: int
    stages: list[str]
    categories: list[str]
    levels: dict[str, int]
    max_level: int
    template: str
    data_from: date | None
    data_to: date | None
    one_time: bool


def consents_in_force(
    grantors: Collection[int], grantees: Collection[int], purpose: str, now: datetime
) -> list[InForce]:
    """Consents of some to others for a purpose, whatever the stage, oldest first."""
    if not grantors or not grantees:
        return []
    moment = connection.ops.adapt_datetimefield_value(now)
    sql = (
        f"SELECT {_COLUMNS} {_IN_FORCE} AND c.granted_at <= %s AND c.purpose = %s "
        f"AND c.grantor_id IN ({marks(grantors)}) AND c.grantee_id IN ({marks(grantees)}) "
        f"AND {_UNUSED} ORDER BY c.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [moment, moment, purpose, *grantors, *grantees])
        return [_read(row) for row in cursor.fetchall()]


def count_in_force(consents: Collection[int], now: datetime) -> int:
    """How many of these consents are in force; a one-time consent that was used is, too."""
    moment = connection.ops.adapt_datetimefield_value(now)
    sql = f"SELECT count(*) {_IN_FORCE} AND c.id IN ({marks(consents)})"
    with connection.cursor() as cursor:
        cursor.execute(sql, [moment, *consents])
        return int(cursor.fetchone()[0])


def _read(row: Sequence[Any]) -> InForce:
    pk, grantor, stages, categories, levels, deepest, template, first, last, once = row
    return InForce(
        pk,
        grantor,
        _json(stages),
        _json(categories),
        _json(levels),
        deepest,
        template,
        day_of(first),
        day_of(last),
        bool(once),
    )


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
