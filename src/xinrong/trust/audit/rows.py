"""Writing audit rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import connection

from xinrong.domain.canonical import canonical_json, digest_of
from xinrong.trust.audit.noting import note
from xinrong.trust.audit.parameters import kept
from xinrong.trust.models import AuditRow, Outcome
from xinrong.trust.rules import Question

__all__ = ["canonical_json", "digest_of", "insert"]


_SUBJECT = "INSERT INTO trust_auditsubject (row_id, enterprise_id) VALUES (%s, %s)"


def insert(
    question: Question,
    outcome: Outcome,
    *,
    at: datetime,
    reason: str = "",
    released: Collection[str] = (),
    withheld: Mapping[str, str] | None = None,
    consents: Collection[int] = (),
    seq: int | None = None,
    digest: str = "",
    support_id: int | None = None,
    bundle: str = "",
) -> AuditRow:
    """Add the row; the caller's transaction makes it durable.

    `support_id` is the support session in which an operator asked, `bundle` joins the rows of
    one batch query.
    """
    who = question.who
    row = AuditRow.objects.create(
        at=at,
        person_id=who.person_id,
        organisation_id=who.organisation_id,
        api_key=who.key_id,
        role=who.role,
        service=question.service,
        purpose=question.purpose,
        stage=question.stage or "",
        product=question.kind,
        enterprises=list(question.about),
        released=sorted(released),
        withheld=dict(withheld or {}),
        consents=sorted(consents),
        seq=seq,
        digest=digest,
        outcome=outcome,
        reason=reason,
        support_id=support_id,
        bundle=bundle,
        parameters=kept(question.parameters),
    )
    if question.about:
        with connection.cursor() as cursor:  # every query writes it: past the query builder
            cursor.executemany(_SUBJECT, [(row.pk, one) for one in question.about])
    note(row.pk)
    return row
