"""Who asserts one record, since when, and while it was hidden: for whoever decides on it."""

from __future__ import annotations

from xinrong.store.book import BatchInfo
from xinrong.store.engine import Files, engine
from xinrong.store.models import KEY_KINDS, HotKey, HotRow, Suppression
from xinrong.store.schema import KEY
from xinrong.store.snapshot import Snapshot

_SAID = "SELECT DISTINCT batch FROM key_part WHERE category = $category AND key = $key"


def brought_by(snap: Snapshot, category: str, key: int) -> list[BatchInfo]:
    """Every batch that brought a record by a snapshot, retracted ones too, the oldest first.

    A batch whose row repeated what was stored brought it as well as the first one. For a single
    record: the whole key index is looked into.
    """
    found: set[int] = set()
    paths = tuple(snap.path_of(part) for part in snap.parts(*KEY_KINDS))
    if paths:
        params = {"category": category, "key": key}
        table = engine().query(_SAID, {"key_part": Files(paths, KEY)}, params)
        found.update(table["batch"].to_pylist())
    for held in (
        HotRow.objects.using(snap.using).filter(category=category, key=key),
        HotKey.objects.using(snap.using).filter(category=category, key=key),
    ):
        found.update(held.values_list("batch", flat=True))
    infos = snap.batch_infos(sorted(found)).values()
    return sorted((one for one in infos if one.seq <= snap.seq), key=lambda one: one.seq)


def asserted_by(snap: Snapshot, category: str, key: int) -> list[BatchInfo]:
    """The batches that stand among them: whoever sent one says that the record is so."""
    return [one for one in brought_by(snap, category, key) if one.retracted_seq is None]


def hidden_spells(category: str, key: int) -> list[tuple[int, int | None]]:
    """The seqs from which, and up to which, a record was suppressed; None: it still is."""
    rows = Suppression.objects.filter(category=category, key=key).order_by("from_seq", "pk")
    return list(rows.values_list("from_seq", "to_seq"))
