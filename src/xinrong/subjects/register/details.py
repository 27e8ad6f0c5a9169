"""The versions of an enterprise's records in the register, read from the store."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xinrong.store import services as store


@dataclass(frozen=True, slots=True)
class RecordVersion:
    """A record of the register as one batch left it: a row of the store's schema RECORD."""

    batch: store.BatchInfo
    row: Mapping[str, Any]

    @property
    def record(self) -> tuple[str, int]:
        """Of which record it is a version: category and key."""
        return self.row["category"], self.row["key"]

    @property
    def display(self) -> dict[str, Any]:
        """The fields without a slot, as text; none where its category has no such field."""
        text = self.row.get("display")
        found: dict[str, Any] = json.loads(text) if text else {}
        return found


def versions_in(
    snapshot: store.Snapshot,
    subjects: Sequence[int],
    categories: Sequence[str],
    columns: Sequence[str] | None = None,
) -> list[RecordVersion]:
    """Every version of some subjects' records in some categories, oldest first, as of a snapshot.

    A version of a retracted batch is left out; of a record that is suppressed or erased today,
    all are. Each version costs a look-up as of its seq: meant for one enterprise, not for many.
    """
    today = snapshot.records(subjects, categories, columns)
    pairs = (today[name].to_pylist() for name in ("category", "key"))
    shown = set(zip(*pairs, strict=True))
    if not shown:
        return []
    held = store.versions_of(subjects, snapshot.using).to_pylist()
    numbers = {row["batch"] for row in held if (row["category"], row["key"]) in shown}
    infos = snapshot.batch_infos(sorted(numbers))
    standing = [one for one in infos.values() if _counts(one, snapshot.seq)]
    found = []
    for info in sorted(standing, key=lambda one: one.seq):
        with store.snapshot(info.seq) as past:
            rows = past.records(subjects, [info.category], columns).to_pylist()
        found += [
            RecordVersion(info, row)
            for row in rows
            if (row["category"], row["key"]) in shown and _of(row, info, held)
        ]
    return found


def _counts(info: store.BatchInfo, seq: int) -> bool:
    """Whether a batch was committed by a seq, and not retracted by then."""
    return info.seq <= seq and (info.retracted_seq is None or info.retracted_seq > seq)


def _of(row: Mapping[str, Any], info: store.BatchInfo, held: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a batch holds a version of this very record."""
    key = (row["category"], row["key"], info.batch)
    return any((one["category"], one["key"], one["batch"]) == key for one in held)
