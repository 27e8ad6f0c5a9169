"""The record behind an objection: in which version it stands, and its mark in the store."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from xinrong.files.types import FileRecord
from xinrong.remedy.objecting.models import Objection
from xinrong.store import services as store
from xinrong.store.services import MarkKind, RecordId
from xinrong.subjects import services as subjects

#: Columns that say whose a row is and how it came, not what it says.
_ASIDE = frozenset({"subject", "category", "key", "row_no", "batch", "since"})
_CONTENT = [name for name in store.RECORD.names if name not in _ASIDE]


@dataclass(frozen=True)
class Version:
    """A record as it counts now, and a digest of what it says."""

    record: RecordId
    batch: int
    digest: str


def version_of(record: FileRecord) -> Version | None:
    """The version that counts now of a record of a file; None where it does not any more."""
    category, key, _batch = record.ref.split("/")
    numbers = subjects.subjects_of([record.enterprise])[record.enterprise]
    return _version(category, int(key), list(numbers))


def version_now(objection: Objection) -> Version | None:
    """The version of an objection's record that counts now, suspended or not; None: it is gone."""
    return _version(objection.category, objection.key, [objection.subject])


def _version(category: str, key: int, numbers: list[int]) -> Version | None:
    with store.snapshot(suppressed=True) as snapshot:
        rows = snapshot.records(numbers, [category]).to_pylist()
    for row in rows:
        if row["key"] == key:
            said = repr([(name, row[name]) for name in _CONTENT if row[name] is not None])
            digest = hashlib.sha256(said.encode()).hexdigest()
            return Version(RecordId(category, key, row["subject"]), row["batch"], digest)
    return None


def record_id(objection: Objection) -> RecordId:
    """The record as the store names it."""
    return RecordId(objection.category, objection.key, objection.subject)


def one_mark(objection: Objection, kind: MarkKind, *, on: date, at: datetime) -> None:
    """Mark the record of an objection, with the enterprise's words."""
    store.mark(
        record_id(objection),
        kind=kind,
        on=on,
        statement=objection.statement,
        reference=objection.case,
        at=at,
    )
