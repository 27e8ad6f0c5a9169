"""Which decisions about identity a restore repeats, as lines of the journal.

A split, or a merge that is undone, takes records out of a file that were never that enterprise's:
a restore must not put them back. Successions that people set or took back stay as they said. A
merge or a link adds to a file and is decided again: nothing is opened by a restore.

A subject with a code is named by its key, one with a name only by the digest of its key.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from xinrong.store import services as store
from xinrong.subjects.judging.ledger import digest_of
from xinrong.subjects.models import Enterprise, Subject
from xinrong.subjects.register.models import Succession

#: Kinds of lines in the journal of restrictive decisions.
PARTED = "identity_parted"
SUCCESSION_SET, SUCCESSION_UNDONE = "succession_set", "succession_undone"


def part(moved: Iterable[tuple[Subject, Enterprise]], at: datetime) -> None:
    """Write down where subjects went that had been another enterprise's."""
    pairs = [[mark_of(subject), target.code] for subject, target in moved]
    if pairs:
        store.record(PARTED, {"moved": pairs}, at)


def mark_of(subject: Subject) -> str:
    """By what the journal knows a subject."""
    return subject.key if subject.code else digest_of(subject.key)


def succeed(
    before: Enterprise, after: Enterprise, kind: str, on: date | None, at: datetime
) -> None:
    """Write down that a person said: one enterprise follows another."""
    since = on.isoformat() if on else ""
    payload = {"before": before.code, "after": after.code, "kind": kind, "on": since}
    store.record(SUCCESSION_SET, payload, at)


def unsucceed(taken_back: Succession, at: datetime) -> None:
    """Write down that a person took a succession back, wherever it had been read."""
    payload = {
        "before": taken_back.predecessor.code,
        "after": taken_back.successor.code,
        "kind": taken_back.kind,
        "source": taken_back.source,
    }
    store.record(SUCCESSION_UNDONE, payload, at)
