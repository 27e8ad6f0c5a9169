"""Writing audit rows."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from xinrong.domain.canonical import canonical_json, digest_of
from xinrong.store import services as store
from xinrong.trust.audit.noting import note
from xinrong.trust.audit.parameters import kept
from xinrong.trust.errors import Denied
from xinrong.trust.models import AuditRow, Outcome
from xinrong.trust.quick import IN_FORCE, count_in_force
from xinrong.trust.rules import Question

__all__ = ["canonical_json", "committed", "digest_of", "insert"]


_SUBJECT = "INSERT INTO trust_auditsubject (row_id, enterprise_id) VALUES (%s, %s)"
#: PostgreSQL: a row and whom it is about, unless a consent that it rests on has ended.
_AT_ONCE = (
    "WITH standing AS (SELECT count(*) AS consents {in_force} AND c.id = ANY(%s::bigint[])), "
    "made AS (INSERT INTO trust_auditrow ({columns}) SELECT {values} FROM standing "
    "WHERE standing.consents = %s RETURNING id), "
    "about AS (INSERT INTO trust_auditsubject (row_id, enterprise_id) "
    "SELECT made.id, one.enterprise FROM made, unnest(%s::bigint[]) AS one (enterprise)) "
    "SELECT id FROM made"
)


def committed(*, alone: bool) -> AbstractContextManager[object]:
    """What makes the row durable: on PostgreSQL a row that comes alone is one statement.

    `alone`: nothing else is written with it. Raises RuntimeError inside a transaction.
    """
    one_statement = alone and connection.vendor == "postgresql"
    if one_statement and not connection.in_atomic_block:
        return nullcontext()
    return transaction.atomic(durable=True)


def insert(
    question: Question,
    outcome: Outcome,
    *,
    at: datetime,
    reason: str = "",
    released: Collection[str] = (),
    withheld: Mapping[str, str] | None = None,
    consents: Collection[int] = (),
    resting_on: Collection[int] = (),
    seq: int | None = None,
    digest: str = "",
    support_id: int | None = None,
    bundle: str = "",
) -> AuditRow:
    """Add the row, inside `committed`.

    `consents` it names; those of `resting_on` must still stand at this moment, else it is not
    added: raises Denied (`denied_revoked`). `support_id` is the support session in which an
    operator asked, `bundle` joins the rows of one batch query.
    """
    who = question.who
    values: dict[str, Any] = {
        "at": at,
        "person_id": who.person_id,
        "organisation_id": who.organisation_id,
        "api_key": who.key_id,
        "role": who.role,
        "service": question.service,
        "purpose": question.purpose,
        "stage": question.stage or "",
        "product": question.kind,
        "enterprises": list(question.about),
        "released": sorted(released),
        "withheld": dict(withheld or {}),
        "consents": sorted(consents),
        "seq": seq,
        "digest": digest,
        "outcome": outcome,
        "reason": reason,
        "support_id": support_id,
        "bundle": bundle,
        "parameters": kept(question.parameters),
    }
    at_once = connection.vendor == "postgresql"
    row = (_at_once if at_once else _one_by_one)(values, set(resting_on), question.about)
    note(row.pk)
    return row


def _one_by_one(values: Mapping[str, Any], consents: set[int], about: Collection[int]) -> AuditRow:
    if consents and count_in_force(consents, timezone.now()) != len(consents):
        raise _ended()
    at = connection.ops.adapt_datetimefield_value(values["at"])
    with connection.cursor() as cursor:  # every query writes it: past the query builder
        cursor.execute(_one_row(), [at if name == "at" else one for name, one in _given(values)])
        (number,) = cursor.fetchone()
        if about:
            cursor.executemany(_SUBJECT, [(number, one) for one in about])
    return _as_row(number, values)


def _at_once(values: Mapping[str, Any], consents: set[int], about: Collection[int]) -> AuditRow:
    """The same in one statement, whose check and whose rows see one moment."""
    given = [one for _, one in _given(values)]
    parameters = [timezone.now(), sorted(consents), *given, len(consents), list(about)]
    [found] = store.answers("default", store.Question(_statement(), parameters))
    if not found:
        raise _ended()
    [(number,)] = found
    return _as_row(number, values)


def _given(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Column and what the database takes for it."""
    for name, holds_json in _columns():
        yield name, json.dumps(values[name]) if holds_json else values[name]


def _as_row(number: int, values: Mapping[str, Any]) -> AuditRow:
    return AuditRow.from_db("default", ["id", *values], [number, *values.values()])


@cache
def _columns() -> list[tuple[str, bool]]:
    """The columns of a row apart from its number, and whether one holds JSON."""
    fields = AuditRow._meta.concrete_fields  # noqa: SLF001 - documented by Django
    named = [(field.attname, isinstance(field, models.JSONField)) for field in fields]
    return [one for one in named if one[0] != "id"]


@cache
def _one_row() -> str:
    names = [f'"{name}"' for name, _ in _columns()]
    made = f"({', '.join(names)}) VALUES ({store.marks(names)})"
    return f"INSERT INTO trust_auditrow {made} RETURNING id"


@cache
def _statement() -> str:
    names = [f'"{name}"' for name, _ in _columns()]
    return _AT_ONCE.format(in_force=IN_FORCE, columns=", ".join(names), values=store.marks(names))


def _ended() -> Denied:
    return Denied("a consent ended while this was read", remedy="Ask again.", code="denied_revoked")
