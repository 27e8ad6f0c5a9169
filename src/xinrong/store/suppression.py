"""Suppressing records: all versions of them are not shown, shared or used, from this seq on.

Three reasons: a repaired penalty, an objection under way, a display period that is over. It holds
when the record is sent again or corrected, until it is lifted. A record can be suppressed for
several reasons at once; it is shown again when the last of them is lifted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from xinrong.store.backups.restrictions import SUPPRESSED, as_lists, decided
from xinrong.store.errors import StoreError
from xinrong.store.models import CommitKind, Suppression, SuppressionBasis
from xinrong.store.sequence import next_seq, touch


@dataclass(frozen=True)
class RecordId:
    """Which record: all its versions share category and key. `subject` is whose it is now."""

    category: str
    key: int
    subject: int


class UnknownBasisError(StoreError):
    """Not one of the reasons for which the law knows a suppression."""

    code = "unknown_basis"


def suppress(
    records: Sequence[RecordId], *, basis: str, article: str, reason: str, at: datetime
) -> int:
    """Suppress records; returns the seq. Those suppressed on that basis already stay as they are.

    `article` names document and article that demand it. Raises UnknownBasisError.
    """
    _check(basis)
    with transaction.atomic():
        seq = next_seq(CommitKind.SUPPRESSION, at, f"suppress: {basis}"[:200])
        known = _open(records, basis)
        rows = [
            Suppression(
                category=record.category,
                key=record.key,
                subject=record.subject,
                basis=basis,
                article=article,
                reason=reason,
                from_seq=seq,
            )
            for record in dict.fromkeys(records)
            if (record.category, record.key) not in known
        ]
        Suppression.objects.bulk_create(rows, batch_size=500)
        touch({row.category for row in rows}, seq, hides=True)
        given = {"records": as_lists(records), "basis": basis, "article": article}
        decided(seq, SUPPRESSED, given, at)
    return seq


def lift(records: Sequence[RecordId], *, basis: str, reason: str, at: datetime) -> int:
    """End the suppression of records on one basis; returns the seq. Others keep holding.

    Raises UnknownBasisError.
    """
    _check(basis)
    with transaction.atomic():
        seq = next_seq(CommitKind.SUPPRESSION, at, f"lift {basis}: {reason}"[:200])
        known = _open(records, basis)
        ids = list(known.values())
        for start in range(0, len(ids), 500):
            few = Suppression.objects.filter(pk__in=ids[start : start + 500])
            few.update(to_seq=seq)
        touch({category for category, _ in known}, seq, hides=True)
    return seq


def suppressions_of(subjects: Sequence[int]) -> list[Suppression]:
    """The open suppressions of some subjects' records, oldest first."""
    found = Suppression.objects.filter(subject__in=list(subjects), to_seq=None)
    return list(found.order_by("from_seq", "pk"))


def standing_suppressions(basis: str) -> list[Suppression]:
    """The open suppressions on one basis, oldest first. Raises UnknownBasisError."""
    _check(basis)
    return list(Suppression.objects.filter(basis=basis, to_seq=None).order_by("from_seq", "pk"))


def _open(records: Sequence[RecordId], basis: str) -> dict[tuple[str, int], int]:
    """Record → the suppression that is open on that basis."""
    found: dict[tuple[str, int], int] = {}
    keys: dict[str, list[int]] = {}
    for record in records:
        keys.setdefault(record.category, []).append(record.key)
    for category, wanted in keys.items():
        for start in range(0, len(wanted), 500):
            rows = Suppression.objects.filter(
                category=category, key__in=wanted[start : start + 500], basis=basis, to_seq=None
            )
            found |= {(category, key): pk for key, pk in rows.values_list("key", "pk")}
    return found


def _check(basis: str) -> None:
    if basis not in SuppressionBasis.values:
        raise UnknownBasisError(
            f"a record cannot be suppressed on the basis {basis!r}",
            remedy=f"The bases are {', '.join(SuppressionBasis.values)}.",
        )
