"""Replaying the journal in a restored store: what was revoked, suppressed or erased stays so.

Whoever records a kind of decision says here how it is carried out again. A replayer is
idempotent: entries shortly before the backup are offered too, because a decision is written down
before its transaction commits and the backup may have fallen between the two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from xinrong.store.backups.journal import Entry, Position, read, repeating
from xinrong.store.errors import StoreError

#: A decision that was written down longer than this before the backup has committed or failed.
MARGIN = timedelta(hours=1)


class Outcome(StrEnum):
    """What replaying one decision came to."""

    APPLIED = "applied"
    PRESENT = "present"  # the backup has it already
    ABSENT = "absent"  # it is about something that the backup does not hold


class JournalBehind(StoreError):
    """The journal at hand is not the one that the backup saw, or has lost its end."""

    code = "journal_behind"


class UnknownDecision(StoreError):
    """The journal holds a kind of decision that this program cannot carry out."""

    code = "unknown_decision"


@dataclass
class Replay:
    """What was replayed: kind → outcome → how many, and the sequences that were applied."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    applied: list[int] = field(default_factory=list)

    def add(self, entry: Entry, outcome: Outcome) -> None:
        """Count one entry."""
        self.counts.setdefault(entry.kind, Counter())[outcome.value] += 1
        if outcome == Outcome.APPLIED:
            self.applied.append(entry.sequence)


Replayer = Callable[[Entry], Outcome]
_replayers: dict[str, Replayer] = {}


def replayer(kind: str) -> Callable[[Replayer], Replayer]:
    """Register a function as the one that carries decisions of this kind out again."""

    def register(function: Replayer) -> Replayer:
        _replayers[kind] = function
        return function

    return register


def replay(place: Path, after: Position, taken_at: datetime) -> Replay:
    """Carry out again what the journal in `place` holds since the backup.

    `after` is how far the journal reached when the backup began, at `taken_at`. The whole journal
    is read and its chain checked before anything is done. Raises JournalDamaged, JournalBehind
    and UnknownDecision; nothing was replayed then.
    """
    seen = Position()
    later = []
    for entry in read(place):
        if entry.sequence == after.sequence:
            seen = Position(entry.sequence, entry.digest)
        if entry.sequence > after.sequence or entry.at > taken_at - MARGIN:
            later.append(entry)
    if seen != after:
        raise JournalBehind(
            f"the journal in {place} does not hold line {after.sequence} as the backup saw it",
            remedy="Name the journal that this platform wrote (XINRONG_JOURNAL). Without it, what "
            "was revoked, suppressed or erased since the backup would come back.",
        )
    unknown = sorted({entry.kind for entry in later} - set(_replayers))
    if unknown:
        raise UnknownDecision(
            f"the journal holds decisions of kinds this program does not know: {unknown}",
            remedy="Restore with the release that wrote them, or a later one.",
        )
    done = Replay()
    for entry in later:
        with repeating(entry.sequence):
            done.add(entry, _replayers[entry.kind](entry))
    return done
