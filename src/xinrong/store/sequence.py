"""Taking the next seq. The ledger row's lock makes commit order and seq order the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from xinrong.store.models import CategoryHead, Commit, CommitKind, Ledger


def next_seq(kind: CommitKind, at: datetime, note: str = "") -> int:
    """Take the next number. Must run inside the transaction that it numbers."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a seq is taken inside a transaction")
    ledger, _ = Ledger.objects.select_for_update().get_or_create(pk=1)
    ledger.seq += 1
    ledger.save(update_fields=["seq"])
    Commit.objects.create(seq=ledger.seq, kind=kind, at=at, note=note)
    return ledger.seq


def hold() -> None:
    """Let nobody else commit until the caller's transaction ends."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("the ledger is held inside a transaction")
    Ledger.objects.select_for_update().get_or_create(pk=1)


def heads_of(categories: Iterable[str]) -> dict[str, int]:
    """Category → the last seq that touched it; 0 for one that was never touched."""
    wanted = list(categories)
    found = CategoryHead.objects.filter(category__in=wanted).values_list("category", "seq")
    known = dict(found)
    return {category: known.get(category, 0) for category in wanted}


def touch(categories: Iterable[str], seq: int, *, hides: bool = False) -> None:
    """Note the seq that touched some categories: whoever compared before must compare again."""
    said = {"seq": seq, "hidden_seq": seq} if hides else {"seq": seq}
    for category in categories:
        CategoryHead.objects.update_or_create(category=category, defaults=said)


def shown_at(categories: Iterable[str], seq: int) -> int:
    """Since when new rows of these categories are known not to be of suppressed records.

    `seq` where nothing was ever suppressed; else 0, which means that it must be looked at.
    """
    hiding = CategoryHead.objects.filter(category__in=list(categories), hidden_seq__gt=0)
    return 0 if hiding.exists() else seq


def last_seq() -> int:
    """The number of the last commit; 0 before the first."""
    return Ledger.objects.values_list("seq", flat=True).first() or 0
