"""Taking the next seq. The ledger row's lock makes commit order and seq order the same."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xinrong.store.models import Commit, CommitKind, Ledger


def next_seq(kind: CommitKind, at: datetime, note: str = "") -> int:
    """Take the next number. Must run inside the transaction that it numbers."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a seq is taken inside a transaction")
    ledger, _ = Ledger.objects.select_for_update().get_or_create(pk=1)
    ledger.seq += 1
    ledger.save(update_fields=["seq"])
    Commit.objects.create(seq=ledger.seq, kind=kind, at=at, note=note)
    return ledger.seq


def last_seq() -> int:
    """The number of the last commit; 0 before the first."""
    return Ledger.objects.values_list("seq", flat=True).first() or 0
