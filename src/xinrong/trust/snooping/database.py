"""Looks from the audit rows of the operational database, a week at a time.

Looks that people made in a role: not those of the public, of machines (API keys) or of an
enterprise about itself. Ties are consents, asked for or granted.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pyarrow as pa
from django.db.models import Min

from xinrong.accounts.services import Organisation
from xinrong.domain.clock import CHINA, day_in_china, midnight
from xinrong.subjects import services as subjects
from xinrong.trust.consenting.models import ConsentMove, ConsentRequest
from xinrong.trust.models import AuditRow, AuditSubject, Consent
from xinrong.trust.snooping.source import ENDS, FIRMS, LOOKS, TIES

#: Whose looks are watched: staff who act on others' files.
ROLES = ("loan_officer", "guarantee_officer", "operator")
CHUNK = 20_000
#: How long a request for consent is business, whatever becomes of it.
ASKED = timedelta(days=60)
#: The event of the consent's process by which an enterprise says no.
REFUSED = "refuse"


class DatabaseSource:
    """The audit rows and consents of this platform."""

    def __init__(self) -> None:
        self._institutions: dict[int, int] = {
            pk: parent or pk for pk, parent in Organisation.objects.values_list("pk", "parent_id")
        }

    def looks(self, first: date, until: date) -> pa.Table:
        rows = (
            AuditSubject.objects.filter(
                row__at__gte=midnight(first), row__at__lt=midnight(until), row__role__in=ROLES
            )
            .exclude(row__person=None)
            .exclude(row__organisation=None)
            .values_list(
                "row_id", "row__at", "row__person_id", "row__organisation_id", "row__role",
                "enterprise_id", "row__stage", "row__outcome",
            )
        )  # fmt: skip
        batches = []
        held: list[tuple[object, ...]] = []
        for number, at, person, organisation, role, enterprise, stage, outcome in rows.iterator(
            chunk_size=CHUNK
        ):
            moment = at.astimezone(CHINA).replace(tzinfo=None)
            institution = self._institutions.get(organisation, organisation)
            held.append(
                (number, moment, person, organisation, institution, role, enterprise, stage,
                 outcome)
            )  # fmt: skip
            if len(held) == CHUNK:
                batches.append(table_of(held, LOOKS))
                held = []
        batches.append(table_of(held, LOOKS))
        return pa.concat_tables(batches)

    def ties(self, first: date, until: date) -> pa.Table:
        begins, ends = midnight(first), midnight(until)
        granted = Consent.objects.filter(granted_at__lt=ends, valid_until__gt=begins)
        asked = ConsentRequest.objects.filter(asked_at__lt=ends, asked_at__gt=begins - ASKED)
        rows: list[tuple[object, ...]] = [
            (
                self._institutions.get(one.grantee_id, one.grantee_id), one.grantor_id,
                day_in_china(one.granted_at), day_in_china(end_of(one)) + timedelta(days=1),
            )
            for one in granted.only(
                "grantee_id", "grantor_id", "granted_at", "valid_until", "revoked_at",
                "loan_reference",
            ).iterator(chunk_size=CHUNK)
        ]  # fmt: skip
        rows += [
            (self._institutions.get(grantee, grantee), grantor, day_in_china(at),
             day_in_china(at + ASKED))
            for grantor, grantee, at in asked.values_list("grantor_id", "grantee_id", "asked_at")
        ]  # fmt: skip
        return table_of(rows, TIES)

    def ends(self, first: date, until: date) -> pa.Table:
        begins, ends = midnight(first), midnight(until)
        revoked = Consent.objects.filter(revoked_at__gte=begins, revoked_at__lt=ends)
        refused = ConsentMove.objects.filter(event=REFUSED, at__gte=begins, at__lt=ends)
        found = [
            *revoked.values_list("grantor_id", "grantee_id", "revoked_at"),
            *refused.values_list("request__grantor_id", "request__grantee_id", "at"),
        ]
        rows: list[tuple[object, ...]] = [
            (self._institutions.get(grantee, grantee), grantor, day_in_china(at))
            for grantor, grantee, at in found
            if at is not None
        ]
        return table_of(rows, ENDS)

    def firms(self) -> pa.Table:
        batches: list[pa.Table] = []
        held: list[tuple[object, ...]] = []
        for row in subjects.register_order():
            held.append(row)
            if len(held) == CHUNK:
                batches.append(table_of(held, FIRMS))
                held = []
        batches.append(table_of(held, FIRMS))
        return pa.concat_tables(batches)

    def first_day(self) -> date | None:
        found = (
            AuditRow.objects.filter(role__in=ROLES)
            .exclude(person=None)
            .aggregate(first=Min("at"))["first"]
        )
        return day_in_china(found) if found else None


def end_of(consent: Consent) -> datetime:
    """When business under a consent ends: a live loan is serviced after a revocation, too."""
    if consent.revoked_at is None or consent.loan_reference:
        return consent.valid_until
    return min(consent.valid_until, consent.revoked_at)


def table_of(rows: list[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    """Rows as an Arrow table."""
    columns = zip(*rows, strict=True) if rows else [()] * len(schema)
    return pa.table(
        [
            pa.array(list(column), type=field.type)
            for column, field in zip(columns, schema, strict=True)
        ],
        schema=schema,
    )
