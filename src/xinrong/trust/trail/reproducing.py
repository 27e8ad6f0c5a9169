"""What a query released, read again at the state of the store it was read at, and compared.

For auditors, who see whether it is the same and never the content; each time is logged like any
question. The permits are those of that moment: what was withheld then is withheld again, and
consents count as they stood, ended ones included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Q

from xinrong.accounts.services import PUBLIC, Organisation, Viewer
from xinrong.catalogue.region import Region
from xinrong.domain.errors import XinrongError
from xinrong.trust import audit, gate
from xinrong.trust.consents import Covered
from xinrong.trust.errors import Denied
from xinrong.trust.models import AuditRow, Consent, Outcome
from xinrong.trust.perms import can_audit
from xinrong.trust.rules import Question, permit_of
from xinrong.trust.trail.reading import TrailError, query_of
from xinrong.trust.types import Permit, Permits, Product, Purpose, Service, Stage


class Verdict(StrEnum):
    """How what is read again compares with what was released."""

    SAME = "same"
    ERASED = "erased"  # the law had records of it erased since
    DIFFERS = "differs"  # or it was asked with filters, which the row does not keep
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Reproduced:
    """The verdict on one query; `logged` is the audit row of this very look."""

    audit_id: int
    seq: int
    digest: str  # as it was released
    verdict: Verdict
    logged: int


def reproduce(
    auditor: Viewer, number: int, products: Sequence[Product], *, now: datetime
) -> Reproduced:
    """Read again what a query released and compare the digests.

    `products` are what it may have asked for, tried in turn. Raises Denied for anybody but an
    auditor, TrailError for a query that released nothing.
    """
    if not can_audit(auditor):
        raise Denied("only an auditor has a query reproduced", code="denied_role")
    row = query_of(auditor, number)
    if row.outcome != Outcome.RELEASED or row.seq is None:
        raise TrailError(f"query {number} released nothing", code="nothing_released")
    verdict = compare(row, products)
    question = Question(
        auditor,
        tuple(row.enterprises),
        row.product,
        Service(row.service),
        Purpose.OVERSIGHT,
        None,
    )
    with gate.written(), transaction.atomic(durable=True):
        logged = audit.insert(
            question,
            Outcome.RELEASED,
            at=now,
            seq=row.seq,
            digest=audit.digest_of({"query": number, "verdict": verdict}),
            reason=f"reproduced {number}"[:32],
            support_id=auditor.support_id,
        )
    return Reproduced(number, row.seq, row.digest, verdict, logged.pk)


def compare(row: AuditRow, products: Sequence[Product]) -> Verdict:
    """Each product, read at the row's seq under the row's permits."""
    region = gate.region_now()
    stage = Stage(row.stage) if row.stage else None
    question = Question(
        PUBLIC,
        tuple(row.enterprises),
        row.product,
        Service(row.service),
        Purpose(row.purpose),
        stage,
    )
    permits = permits_then(row, region)
    verdict = Verdict.UNREADABLE
    for product in products:
        try:
            content, spelled, _ = gate.read(question, product, permits, region, row.seq)
        except XinrongError:
            continue
        if sha256(spelled).hexdigest() == row.digest:
            return Verdict.SAME
        verdict = Verdict.ERASED if erased_since(content) else Verdict.DIFFERS
    return verdict


def erased_since(content: Any) -> bool:
    """Whether the content says that records of it were erased."""
    return bool(getattr(getattr(content, "coverage", None), "erased", ()))


def permits_then(row: AuditRow, region: Region) -> Permits:
    """The permits of the moment of the row."""
    purpose = Purpose(row.purpose)
    organisation = Organisation.objects.filter(pk=row.organisation_id or 0).first()
    department = organisation.reference if organisation and purpose == Purpose.SUPERVISION else ""
    fed = region.fed_by(department) if department else frozenset()
    found: dict[int, dict[str, Permit]] = {}
    for enterprise in row.enterprises:
        covered = covered_then(row, organisation, enterprise)
        found[enterprise] = {}
        for name, contract in region.contracts.items():
            feeding = department if name in fed else ""
            permit = permit_of(contract, purpose, feeding, covered.get(name))
            if name in row.withheld and len(row.enterprises) == 1:
                permit = Permit(name, False, reason=row.withheld[name])
            found[enterprise][name] = permit
    return Permits(found)


def covered_then(
    row: AuditRow, organisation: Organisation | None, enterprise: int
) -> dict[str, Covered]:
    """Category -> the consent that reached deepest at that moment."""
    if organisation is None:
        return {}
    grantees = [organisation.pk, *([organisation.parent_id] if organisation.parent_id else [])]
    consents = Consent.objects.filter(
        Q(revoked_at=None) | Q(revoked_at__gt=row.at),
        grantor=enterprise,
        grantee__in=grantees,
        purpose=row.purpose,
        granted_at__lte=row.at,
        valid_until__gt=row.at,
    ).order_by("pk")
    found: dict[str, Covered] = {}
    for one in consents:
        if row.stage not in one.stages:
            continue
        for category in one.categories:
            level = one.levels.get(category, 0) if one.levels else one.max_level
            if level and (category not in found or level > found[category].max_level):
                found[category] = Covered(one.pk, level, one.data_from, one.data_to, one.one_time)
    return found
