"""The store's own restrictive decisions, as the journal holds them and a restore repeats them.

Erasures and suppressions narrow what is shown. Retractions are among them although rows that the
batch had replaced return with one: its department has said that the batch is wrong, and a restore
must not show again what its own source took back. What returns was shown before it, and is itself
subject to every suppression and erasure that is replayed. A lift is never replayed.

The commit of a decision carries the sequence of its journal line, so that a replay knows which
decisions the backup holds already, lifted or not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from xinrong.store.backups.journal import Entry, record
from xinrong.store.backups.replaying import Outcome, replayer
from xinrong.store.models import Batch, Commit, Erasure

ERASED = "erased"
SUPPRESSED = "suppressed"
RETRACTED = "retracted"


def decided(seq: int, kind: str, payload: Mapping[str, Any], at: datetime) -> None:
    """Write the decision that took `seq` to the journal, at the end of its transaction."""
    commit = Commit.objects.get(seq=seq)
    commit.note = f"{commit.note[:170]} (journal {record(kind, payload, at)})"
    commit.save(update_fields=["note"])


def as_lists(records: Sequence[Any]) -> list[list[Any]]:
    """Records (RecordId) as a payload holds them."""
    return [[one.category, one.key, one.subject] for one in records]


def _held(entry: Entry) -> bool:
    """Whether the restored ledger has the commit of this very decision."""
    return Commit.objects.filter(at=entry.at, note__endswith=f"(journal {entry.sequence})").exists()


def _reason(entry: Entry) -> str:
    return f"replayed from the journal, line {entry.sequence}"


def _records(entry: Entry) -> list[Any]:
    from xinrong.store.suppression import RecordId

    return [RecordId(category, key, subject) for category, key, subject in entry.payload["records"]]


@replayer(ERASED)
def erase_again(entry: Entry) -> Outcome:
    """Records erased since are erased, whether the backup holds them or they are sent later."""
    from xinrong.store.erasure import erase

    known: set[tuple[str, int]] = set()
    wanted = _records(entry)
    for start in range(0, len(wanted), 500):
        keys = [one.key for one in wanted[start : start + 500]]
        known |= set(Erasure.objects.filter(key__in=keys).values_list("category", "key"))
    new = [one for one in wanted if (one.category, one.key) not in known]
    if not new:
        return Outcome.PRESENT
    erase(new, article=entry.payload["article"], reason=_reason(entry), at=entry.at)
    return Outcome.APPLIED


@replayer(SUPPRESSED)
def suppress_again(entry: Entry) -> Outcome:
    """Records suppressed since are suppressed, also those whose suppression was lifted later."""
    from xinrong.store.suppression import suppress

    if _held(entry):
        return Outcome.PRESENT
    suppress(
        _records(entry),
        basis=entry.payload["basis"],
        article=entry.payload["article"],
        reason=_reason(entry),
        at=entry.at,
    )
    return Outcome.APPLIED


@replayer(RETRACTED)
def retract_again(entry: Entry) -> Outcome:
    """A batch retracted since is retracted, if the backup holds that very batch."""
    from xinrong.store.retraction import retract_batch

    batch = Batch.objects.filter(
        pk=entry.payload["batch"], source_digest=entry.payload["source_digest"]
    ).first()
    if batch is None or batch.seq is None:
        return Outcome.ABSENT
    if batch.retracted_seq is not None:
        return Outcome.PRESENT
    retract_batch(batch.pk, _reason(entry), entry.at)
    return Outcome.APPLIED
