"""What every query asks of the database, as plain SQL: the builder costs more than the answer.

The same questions as `active_consents` and as two saves of the models; a test holds each to its
counterpart.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from xinrong.store.services import Question, answers, day_of, json_of, marks

# A consent that had ended when somebody last asked stays ended, even when the clock goes back; the
# days of the log are indexed.
IN_FORCE = (
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
    [rows] = answers("default", in_force_question(grantors, grantees, purpose, now))
    return [_read(row) for row in rows]


def in_force_question(
    grantors: Collection[int], grantees: Collection[int], purpose: str, now: datetime
) -> Question:
    """What `consents_in_force` asks; there are grantors and grantees."""
    moment = connection.ops.adapt_datetimefield_value(now)
    sql = (
        f"SELECT {_COLUMNS} {IN_FORCE} AND c.granted_at <= %s AND c.purpose = %s "
        f"AND c.grantor_id IN ({marks(grantors)}) AND c.grantee_id IN ({marks(grantees)}) "
        f"AND {_UNUSED} ORDER BY c.id"
    )
    return Question(sql, [moment, moment, purpose, *grantors, *grantees])


def count_in_force(consents: Collection[int], now: datetime) -> int:
    """How many of these consents are in force; a one-time consent that was used is, too."""
    [[(found,)]] = answers("default", stand_question(consents, now))
    return int(found)


def stand_question(consents: Collection[int], now: datetime) -> Question:
    """What `count_in_force` asks."""
    moment = connection.ops.adapt_datetimefield_value(now)
    sql = f"SELECT count(*) {IN_FORCE} AND c.id IN ({marks(consents)})"
    return Question(sql, [moment, *sorted(consents)])


def _read(row: Sequence[Any]) -> InForce:
    pk, grantor, stages, categories, levels, deepest, template, first, last, once = row
    return InForce(
        pk,
        grantor,
        json_of(stages),
        json_of(categories),
        json_of(levels),
        deepest,
        template,
        day_of(first),
        day_of(last),
        bool(once),
    )
