"""The journal of restrictive decisions: kept apart from the store, replayed by every restore.

A restore goes back in time, and would bring back what was revoked, suppressed or erased since the
backup. So each such decision also writes a line here, durable *before* its transaction commits.
A decision that then failed to commit stands in the journal all the same: replaying it withholds
more than was asked, never less. Grants and lifts are not written: nothing is ever opened by a
restore.

One line of JSON for each decision: `sequence`, `prev` (SHA-256 of the line before), `at`, `kind`,
`payload`. A payload holds ids, keys and digests, never values. Files are named by the sequence of
their first line and grow to about 16 MB. A last line without its line break was never
acknowledged to anybody: readers pass over it and the next writer removes it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from xinrong.domain.errors import Place
from xinrong.store.errors import StoreError
from xinrong.store.manifest import sync_folder

#: A file that has grown past this is followed by another.
ROTATE_BYTES = 16 << 20
#: What the first line of all names as the line before it.
ORIGIN = "0" * 64
_LOCK = "lock"
_replayed: ContextVar[int] = ContextVar("replayed", default=0)
_TAIL = 1 << 20  # bytes read at a time when looking for the last line


class JournalDamaged(StoreError):
    """A line was changed, removed or put in: what it says cannot be relied on."""

    code = "journal_damaged"


class JournalUnwritable(StoreError):
    """A decision could not be written down, so it was not taken."""

    code = "journal_unwritable"


@dataclass(frozen=True)
class Entry:
    """One decision, and the digest of its own line."""

    sequence: int
    at: datetime
    kind: str
    payload: Mapping[str, Any]
    prev: str
    digest: str


@dataclass(frozen=True)
class Position:
    """How far a journal reaches: the last sequence and the digest of its line."""

    sequence: int = 0
    digest: str = ORIGIN


def folder() -> Path:
    """Where the journal lies: the setting JOURNAL, meant for another disk than the data's."""
    return Path(settings.JOURNAL)


def record(kind: str, payload: Mapping[str, Any], at: datetime) -> int:
    """Write a decision down, durably, and return its sequence.

    Call it inside the transaction that carries the decision out, before its end: when this
    raises JournalUnwritable (or JournalDamaged), let the transaction fail.
    """
    replayed = _replayed.get()
    if replayed:
        return replayed
    place = folder()
    try:
        place.mkdir(parents=True, exist_ok=True)
        with _locked(place):
            path, last = _prepared(place)
            line = _line(last, kind, payload, at)
            new = not path.exists()
            with path.open("ab") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            if new:
                sync_folder(place)
    except OSError as error:
        raise JournalUnwritable(
            f"the journal in {place} cannot be written: {error.strerror or error}",
            remedy="Nothing was decided. Make room or rights there, and decide again.",
        ) from error
    return last.sequence + 1


@contextmanager
def repeating(sequence: int) -> Iterator[None]:
    """A replay carries out the decision of this line: it is not written down again."""
    token = _replayed.set(sequence)
    try:
        yield
    finally:
        _replayed.reset(token)


def _line(last: Position, kind: str, payload: Mapping[str, Any], at: datetime) -> bytes:
    content = {
        "sequence": last.sequence + 1,
        "prev": last.digest,
        "at": at.isoformat(),
        "kind": kind,
        "payload": payload,
    }
    return json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def _prepared(place: Path) -> tuple[Path, Position]:
    """The file to append to, rid of a torn line, and the position to go on from."""
    found = files(place)
    if not found:
        return place / _name(1), Position()
    path = found[-1]
    last = _last_line(path)
    if last is None:  # only a torn first line: the file before it has the position
        os.truncate(path, 0)
        before = _last_line(found[-2]) if len(found) > 1 else None
        return path, Position() if before is None else _position(before[1], found[-2])
    end, line = last
    if end < path.stat().st_size:
        os.truncate(path, end)
    position = _position(line, path)
    if end >= ROTATE_BYTES:
        return place / _name(position.sequence + 1), position
    return path, position


def _position(line: bytes, path: Path) -> Position:
    entry = _parsed(line, path, None)
    return Position(entry.sequence, entry.digest)


def _last_line(path: Path) -> tuple[int, bytes] | None:
    """The end (in bytes) of the last whole line of a file, and that line; None: there is none."""
    with path.open("rb") as file:
        size = start = file.seek(0, os.SEEK_END)
        held = b""
        while start > 0:
            step = min(_TAIL, start)
            start -= step
            file.seek(start)
            held = file.read(step) + held
            end = held.rfind(b"\n")
            begin = held.rfind(b"\n", 0, max(end, 0))
            if end >= 0 and (begin >= 0 or start == 0):
                return size - (len(held) - end - 1), held[begin + 1 : end]
    return None


def files(place: Path) -> list[Path]:
    """The journal's files, oldest first."""
    return sorted(place.glob("journal-*.jsonl")) if place.is_dir() else []


def _name(sequence: int) -> str:
    return f"journal-{sequence:015}.jsonl"


def read(place: Path | None = None) -> Iterator[Entry]:
    """Every decision in order, each checked against the one before. Raises JournalDamaged."""
    last = Position()
    for path in files(place or folder()):
        with path.open("rb") as file:
            for number, raw in enumerate(file, start=1):
                if not raw.endswith(b"\n"):  # torn: it can only be the last of the last file
                    if path != files(path.parent)[-1]:
                        raise _damaged("ends in the middle of a line", path, number)
                    break
                entry = _parsed(raw[:-1], path, number)
                _check_chain(entry, last, path, number)
                last = Position(entry.sequence, entry.digest)
                yield entry


def _check_chain(entry: Entry, last: Position, path: Path, number: int) -> None:
    if entry.sequence != last.sequence + 1:
        wrong = f"has sequence {entry.sequence} where {last.sequence + 1} belongs"
        raise _damaged(wrong, path, number)
    if entry.prev != last.digest:
        raise _damaged("does not follow from the line before it", path, number)


def _parsed(line: bytes, path: Path, number: int | None) -> Entry:
    try:
        found = json.loads(line)
        return Entry(
            sequence=int(found["sequence"]),
            at=datetime.fromisoformat(found["at"]),
            kind=str(found["kind"]),
            payload=dict(found["payload"]),
            prev=str(found["prev"]),
            digest=hashlib.sha256(line).hexdigest(),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged("cannot be read", path, number) from error


def _damaged(wrong: str, path: Path, number: int | None) -> JournalDamaged:
    return JournalDamaged(
        f"the journal's line {wrong}" if number else f"the journal's last line {wrong}",
        place=Place(file=path.name, row=number),
        remedy="Bring the file back from where the journal is copied to. Nothing was replayed.",
    )


def position(place: Path | None = None) -> Position:
    """How far the journal reaches now; reads its last line only."""
    found = files(place or folder())
    for path in reversed(found):
        last = _last_line(path)
        if last is not None:
            return _position(last[1], path)
    return Position()


@contextmanager
def _locked(place: Path) -> Iterator[None]:
    """One writer at a time, of all processes and threads."""
    with (place / _LOCK).open("ab") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
