"""What a run of retention leaves behind: a signed certificate, which anybody can check.

It holds days, rules with their articles, numbers by category and digests of which records they
were; nothing of what the records said. Each names the digest of the one before, so that none can
be taken away unseen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from xinrong.catalogue.law_terms import RecordLaw
from xinrong.domain.canonical import digest_of
from xinrong.domain.law import LawRule
from xinrong.domain.signatures import open_envelope, seal
from xinrong.remedy.retaining.errors import CertificateWrong
from xinrong.remedy.retaining.models import RetentionRun
from xinrong.store import services as store
from xinrong.store.models import Erasure, Suppression
from xinrong.trust.services import platform_signer, public_keys

TYPE = "xinrong-retention/1"
FEW = 400


def certify(row: RetentionRun, law: RecordLaw, *, now: datetime) -> None:
    """End a run, with its certificate."""
    row.ended_at, row.open, row.seq_after = now, None, store.last_seq()
    row.certificate = seal(_payload(row, law), platform_signer())
    row.save()


def _payload(row: RetentionRun, law: RecordLaw) -> dict[str, Any]:
    before = RetentionRun.objects.filter(pk__lt=row.pk).exclude(ended_at=None).first()
    assert row.ended_at is not None
    used = {str(rule) for _, _, rule, _ in row.done} - {""}
    return {
        "type": TYPE,
        "region": settings.REGION,
        "jurisdictions": list(law.region.info.jurisdictions),
        "run": row.pk,
        "day": row.day.isoformat(),
        "began_at": row.began_at.isoformat(),
        "ended_at": row.ended_at.isoformat(),
        "seq_before": row.seq_before,
        "seq_after": row.seq_after,
        "rules": [_rule(rule) for rule in law.law.rules if rule.id in used],
        "done": [
            {"what": what, "category": category, "rule": rule, "records": records}
            for what, category, rule, records in sorted(row.done)
        ],
        "digests": digests_of(row.seqs),
        "erasure_orders": sorted(row.orders),
        "previous": digest_of(before.certificate) if before is not None else "",
    }


def _rule(rule: LawRule) -> dict[str, str]:
    return {
        "rule": rule.id,
        "jurisdiction": rule.jurisdiction,
        "document": rule.document.title.zh,
        "in_force": rule.document.in_force.isoformat(),
        "article": rule.article,
        "evidence": rule.evidence.value,
        "says": rule.text.zh,
    }


def digests_of(seqs: Iterable[int]) -> list[dict[str, Any]]:
    """Of what the commits of these numbers did: for each category how many records, and which.

    The digest is SHA-256 over `category/key` of each record, in the order of their keys.
    """
    asked = sorted(set(seqs))
    found = []
    for what, fields in (
        ("suppressed", ("from_seq", Suppression)),
        ("lifted", ("to_seq", Suppression)),
        ("erased", ("seq", Erasure)),
    ):
        keys: dict[str, list[int]] = {}
        for few in batched(asked, FEW):
            for category, key in _rows(fields[1], fields[0], few):
                keys.setdefault(category, []).append(key)
        for category in sorted(keys):
            lines = "".join(f"{category}/{key}\n" for key in sorted(keys[category]))
            sha256 = hashlib.sha256(lines.encode()).hexdigest()
            records = len(keys[category])
            found.append({"what": what, "category": category, "records": records, "sha256": sha256})
    return found


def _rows(model: Any, column: str, seqs: Iterable[int]) -> Iterator[tuple[str, int]]:
    rows: QuerySet[Any] = model.objects.filter(**{f"{column}__in": list(seqs)})
    if model is Suppression:
        rows = rows.filter(basis="display_over")
    yield from rows.values_list("category", "key").iterator()


@dataclass(frozen=True)
class Checked:
    """A certificate that this platform has signed, and what its ledger says of it.

    `differs` says where the ledger of this platform says otherwise; `known`: it holds the run.
    """

    payload: dict[str, Any]
    known: bool
    differs: tuple[str, ...]


def check(envelope: Any) -> Checked:
    """Check signature, kind and, where the ledger holds the run, what it did.

    Raises SignatureError, and CertificateWrong for a signed document of another kind.
    """
    payload = open_envelope(envelope, public_keys())
    if not isinstance(payload, dict) or payload.get("type") != TYPE:
        raise CertificateWrong(
            "this is a signed document, but no certificate of retention",
            remedy="Give the file that `xinrong retention certificates --show` prints.",
        )
    row = RetentionRun.objects.filter(pk=payload["run"], day=payload["day"]).first()
    if row is None or row.certificate is None or payload["region"] != settings.REGION:
        return Checked(payload, known=False, differs=())
    differs = []
    if row.certificate["payload"] != payload:
        differs.append("the run's own certificate says otherwise")
    if digests_of(row.seqs) != payload["digests"]:
        differs.append("the records that the ledger holds for the run are others")
    before = RetentionRun.objects.filter(pk__lt=row.pk).exclude(ended_at=None).first()
    if payload["previous"] != (digest_of(before.certificate) if before is not None else ""):
        differs.append("the certificate before it is another one")
    return Checked(payload, known=True, differs=tuple(differs))
