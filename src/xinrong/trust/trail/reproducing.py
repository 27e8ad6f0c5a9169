"""What a query released, read again at the state of the store it was read at, and compared.

For auditors, who see whether it is the same and never the content; each time is logged like any
question. The row says which product was asked for and how (`trust.audit.parameters`). The permits
are those of that moment: what was withheld then is withheld again, and consents count as they
stood, ended ones included.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from xinrong.accounts.services import PUBLIC, Organisation, Viewer
from xinrong.catalogue.region import Region
from xinrong.domain.clock import day_in_china
from xinrong.domain.errors import XinrongError
from xinrong.trust import audit, gate
from xinrong.trust.consenting.fair_use import allowed_now
from xinrong.trust.consents import Covered, serves
from xinrong.trust.counting.drafts import Condition, Draft
from xinrong.trust.counting.models import CountDraft
from xinrong.trust.counting.product import Count
from xinrong.trust.errors import Denied
from xinrong.trust.models import AuditRow, Consent, Outcome
from xinrong.trust.parties import Parties
from xinrong.trust.perms import can_audit
from xinrong.trust.rules import Question, permit_of
from xinrong.trust.trail.reading import TrailError, query_of
from xinrong.trust.types import CONSENTED, Permit, Permits, Product, Purpose, Service, Stage
from xinrong.trust.using import ConsentUse


class Verdict(StrEnum):
    """How what is read again compares with what was released."""

    SAME = "same"
    ERASED = "erased"  # the law had records of it erased since
    DIFFERS = "differs"  # or it was asked with filters, and its row is too old to keep them
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Reproduced:
    """The verdict on one query; `logged` is the audit row of this very look."""

    audit_id: int
    seq: int | None  # None: a list, which no state of the store holds
    digest: str  # as it was released
    verdict: Verdict
    logged: int


def released(auditor: Viewer, number: int) -> AuditRow:
    """The row of a query that released something, for an auditor. Raises Denied, TrailError."""
    if not can_audit(auditor):
        raise Denied("only an auditor has a query reproduced", code="denied_role")
    row = query_of(auditor, number)
    if row.outcome != Outcome.RELEASED or not row.digest:
        raise TrailError(f"query {number} released nothing", code="nothing_released")
    return row


def reproduce(
    auditor: Viewer,
    number: int,
    products: Sequence[Product],
    *,
    now: datetime,
    listed: Sequence[Any] = (),
) -> Reproduced:
    """Read again what a query released and compare the digests.

    `products` are what it may have asked for, tried in turn; of a query that read no state of the
    store `listed` is what it may have shown, read anew. Raises Denied for anybody but an auditor,
    TrailError for a query that released nothing, and for a search.
    """
    row = released(auditor, number)
    if row.service == Service.SEARCH:
        raise TrailError(
            f"query {number} searched what was known at that moment, which is kept nowhere",
            remedy=f"Ask whether it searched for certain words: xinrong audit searched {number}.",
            code="not_reproducible",
        )
    verdict = compare(row, products) if row.seq is not None else compare_listed(row, listed)
    logged = log_look(auditor, row, {"query": number, "verdict": verdict}, "reproduced", now=now)
    return Reproduced(number, row.seq, row.digest, verdict, logged.pk)


def searched(auditor: Viewer, number: int, words: str, *, now: datetime) -> bool:
    """Whether a query searched for exactly these words; the look is logged.

    Raises Denied for anybody but an auditor, TrailError for what is no search or an old row.
    """
    row = released(auditor, number)
    kept = (row.parameters or {}).get("words")
    if kept is None:
        raise TrailError(f"query {number} keeps no words of a search", code="no_search")
    same: bool = audit.words_digest(words.strip()[:100]) == kept
    log_look(auditor, row, {"query": number, "same_words": same}, "words asked", now=now)
    return same


def log_look(
    auditor: Viewer, row: AuditRow, found: dict[str, Any], what: str, *, now: datetime
) -> AuditRow:
    """Commit the row of an auditor's look at a query."""
    question = Question(
        auditor,
        tuple(row.enterprises),
        row.product,
        Service(row.service),
        Purpose.OVERSIGHT,
        None,
        parameters={"product": "reproduction", "query": row.pk},
    )
    with gate.written(), transaction.atomic(durable=True):
        return audit.insert(
            question,
            Outcome.RELEASED,
            at=now,
            seq=row.seq,
            digest=audit.digest_of(found),
            reason=f"{what} {row.pk}"[:32],
            support_id=auditor.support_id,
        )


def compare(row: AuditRow, products: Sequence[Product]) -> Verdict:
    """Each product, read at the row's seq under the row's permits.

    What has been suppressed since counts as it did then. Nobody is shown it: the digest is compared
    and the content thrown away.
    """
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
            content, spelled, _ = gate.read(question, product, permits, region, row.seq, then=True)
        except XinrongError:
            continue
        if sha256(spelled).hexdigest() == row.digest:
            return Verdict.SAME
        verdict = Verdict.ERASED if erased_since(content) else Verdict.DIFFERS
    return verdict


def compare_listed(row: AuditRow, listed: Sequence[Any]) -> Verdict:
    """Whether one of these lists is the one that was shown."""
    if not listed:
        return Verdict.UNREADABLE
    same = any(audit.digest_of(one) == row.digest for one in listed)
    return Verdict.SAME if same else Verdict.DIFFERS


def count_again(row: AuditRow) -> Count | None:
    """The count that a row answered: its draft is the one of this asker with that digest."""
    wanted = (row.parameters or {}).get("draft")
    asker = f"person {row.person_id}" if row.person_id is not None else f"key {row.api_key}"
    for spelled in CountDraft.objects.filter(asker=asker).values_list("draft", flat=True):
        draft = Draft(frozenset(Condition(*one) for one in spelled))
        if sha256(draft.key).hexdigest() == wanted:
            return Count(draft, gate.region_now(), day_in_china(row.at))
    return None


def erased_since(content: Any) -> bool:
    """Whether the content says that records of it were erased."""
    return bool(getattr(getattr(content, "coverage", None), "erased", ()))


def permits_then(row: AuditRow, region: Region) -> Permits:
    """The permits of the moment of the row."""
    purpose = Purpose(row.purpose)
    organisation = Organisation.objects.filter(pk=row.organisation_id or 0).first()
    department = organisation.reference if organisation and purpose == Purpose.SUPERVISION else ""
    fed = region.fed_by(department) if department else frozenset()
    covered = covered_then(row, organisation, row.enterprises)
    found: dict[int, dict[str, Permit]] = {}
    for enterprise in row.enterprises:
        found[enterprise] = {}
        for name, contract in region.contracts.items():
            feeding = department if name in fed else ""
            permit = permit_of(contract, purpose, feeding, covered[enterprise].get(name))
            if name in row.withheld and len(row.enterprises) == 1:
                permit = Permit(name, False, reason=row.withheld[name])
            found[enterprise][name] = permit
    parties = Parties(lambda others: covered_then(row, organisation, others))
    return Permits(found, all_parties=purpose == Purpose.SELF, parties=parties)


def covered_then(
    row: AuditRow, organisation: Organisation | None, enterprises: Collection[int]
) -> dict[int, dict[str, Covered]]:
    """Enterprise -> category -> the consent that reached deepest at that moment.

    As `covered_categories` chose; one-time consents that another query had used did not count.
    """
    purpose, stage = Purpose(row.purpose), Stage(row.stage) if row.stage else None
    found: dict[int, dict[str, Covered]] = {one: {} for one in enterprises}
    if organisation is None or purpose not in CONSENTED:
        return found
    grantees = [organisation.pk, *([organisation.parent_id] if organisation.parent_id else [])]
    for one in consents_then(row, enterprises, grantees):
        if not serves(one.stages, purpose, stage):
            continue
        mine, allowed = found[one.grantor_id], allowed_now(one.template, purpose, stage)
        for category in one.categories:
            level = one.levels.get(category, 0) if one.levels else one.max_level
            if allowed is not None:
                level = min(level, allowed.get(category, 0))
            known = mine.get(category)
            rank = (level, not one.one_time)
            if level and (known is None or rank > (known.max_level, not known.one_time)):
                mine[category] = Covered(one.pk, level, one.data_from, one.data_to, one.one_time)
    return found


def consents_then(
    row: AuditRow, enterprises: Collection[int], grantees: Collection[int]
) -> QuerySet[Consent]:
    """The consents of some to others for the row's purpose, in force at its moment."""
    return (
        Consent.objects.filter(
            Q(revoked_at=None) | Q(revoked_at__gt=row.at),
            Q(ended_at=None) | Q(ended_at__gt=row.at),
            grantor__in=enterprises,
            grantee__in=grantees,
            purpose=row.purpose,
            granted_at__lte=row.at,
            valid_until__gt=row.at,
        )
        .exclude(Exists(ConsentUse.objects.filter(consent=OuterRef("pk"), row__lt=row.pk)))
        .defer("artefact", "texts")
        .order_by("pk")
    )
