"""Retracting a batch: it never counted, from this seq on.

What counts of a record afterwards follows from who still stands by it. Batches assert contents, in
the order of their seq; the content of the last assertion that stands is the record's. Its row is
the first that was kept in the unbroken run of equal assertions at the end; when none of that run
was kept, because each only repeated what was stored, the first of them is given the row
(*promoted*). What was superseded by the retracted batch counts again that way.

What changes is found before the transaction, as for a batch: when somebody else changes one of the
records meanwhile, it is found again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.db import transaction
from django.db.models import F

from xinrong.domain.disks import disk_told
from xinrong.store import hot
from xinrong.store.assertions import outcome_of, rows_given
from xinrong.store.backups.restrictions import RETRACTED, decided
from xinrong.store.damage import damage_told
from xinrong.store.dead import bury
from xinrong.store.discarding import discard
from xinrong.store.engine import engine
from xinrong.store.errors import BatchNotRetractable, Overtaken
from xinrong.store.following import Retracted, follow
from xinrong.store.manifest import layout, sync_folder
from xinrong.store.models import Batch, CommitKind, PartKind
from xinrong.store.parts import GIVEN, RUN_GROUP, WrittenPart, new_name, write_keys, write_part
from xinrong.store.recheck import untouched
from xinrong.store.sequence import heads_of, hold, next_seq, shown_at, touch
from xinrong.store.snapshot import snapshot

ATTEMPTS = 5


@dataclass(frozen=True)
class RetractionPreview:
    """What a retraction would do, before anybody confirms it."""

    batch: int
    disappear: int  # rows of the batch that stop counting
    return_again: int  # rows superseded by this batch that count again
    already_superseded: int  # rows that a later batch has replaced anyway
    promoted: int  # records that stay, in the name of another batch that sent the same


@damage_told()
def preview_retraction(batch: int) -> RetractionPreview:
    """What would change. Raises BatchNotRetractable."""
    _retractable(batch)
    with snapshot() as snap:
        outcome = outcome_of(snap, batch)
    return RetractionPreview(
        batch=batch,
        disappear=outcome.counting - len(outcome.promoted),
        return_again=outcome.revived,
        already_superseded=outcome.superseded,
        promoted=len(outcome.promoted),
    )


@disk_told()
@damage_told()
def retract_batch(batch: int, reason: str, at: datetime) -> int:
    """Retract; returns the seq. Raises BatchNotRetractable.

    When others of the same category came first too often, nobody else commits meanwhile.
    """
    for _ in range(ATTEMPTS):
        with suppress(Overtaken):
            return _retract(batch, reason, at)
    with transaction.atomic():
        hold()
        return _retract(batch, reason, at)


def _retract(batch: int, reason: str, at: datetime) -> int:
    row = _retractable(batch)
    with snapshot() as snap:
        outcome = outcome_of(snap, batch)
        given = rows_given(snap, outcome.promoted)
    with _cleaned() as written, transaction.atomic():
        hold()
        heads = heads_of(sorted({row.category, *outcome.categories}))
        if max(heads.values()) > snap.seq and not untouched([outcome.keys], heads, snap.seq):
            raise Overtaken("another upload of the same category was committed meanwhile")
        seq = next_seq(CommitKind.RETRACTION, at, f"batch {batch}")
        row = _retractable(batch)
        _give(given, seq, written)
        bury(outcome.deaths, seq)
        for number, rows in outcome.promotions.items():
            Batch.objects.filter(pk=number).update(rows=F("rows") + rows)
        touch(heads, seq)
        row.retracted_seq = seq
        row.retraction_reason = reason
        row.save(update_fields=["retracted_seq", "retraction_reason"])
        assert row.seq is not None
        told = (batch, row.category, row.seq, seq, outcome.subjects, outcome.stands)
        follow(Retracted(*told))
        decided(seq, RETRACTED, {"batch": batch, "source_digest": row.source_digest}, at)
    return seq


def _give(rows: pa.Table, seq: int, written: list[Path]) -> None:
    """Write promoted rows (schema hot.HOT), which count from this seq on; many of them as a part.

    Inside the transaction, because they carry its seq: a promotion of a million rows keeps other
    writers waiting for some seconds, and is rare.
    """
    place = rows.schema.get_field_index("since")
    since = pa.array([seq] * len(rows), pa.int64())
    rows = rows.set_column(place, rows.schema.field(place), since)
    if len(rows) < settings.STORE_HOT_ROWS:
        if len(rows):
            hot.insert(rows, seq)
        return
    shown = shown_at(pc.unique(rows["category"]).to_pylist(), seq)
    for kind, part in _parts(rows):
        written.append(part.path)
        part.ledger_row(kind, seq, shown).save()
    sync_folder(layout().parts)


@contextmanager
def _cleaned() -> Iterator[list[Path]]:
    """Files named in the list are deleted at the end, unless the ledger names them."""
    written: list[Path] = []
    try:
        yield written
    finally:
        discard(written)


def _parts(rows: pa.Table) -> Iterator[tuple[PartKind, WrittenPart]]:
    place = layout()
    whole = (0, place.buckets - 1)
    cursor = engine().cursor()
    try:
        cursor.register("given", rows)
        source = f"SELECT *, (subject % {place.buckets})::SMALLINT AS bucket FROM given"
        part = write_part(cursor, source, place.parts / new_name(GIVEN), whole, RUN_GROUP)
        keys = "SELECT category, key, digest, subject, batch, NULL::INTEGER AS row_no FROM given"
        index = write_keys(cursor, keys, place.parts / new_name("k"), whole)
        if part and index:
            yield PartKind.CURRENT, part
            yield PartKind.KEYS, index
    finally:
        cursor.close()


def _retractable(batch: int) -> Batch:
    row = Batch.objects.filter(pk=batch).first()
    if row is None or row.seq is None:
        raise BatchNotRetractable(
            f"batch {batch} was never committed", remedy="Look up its number on the receipt."
        )
    if row.retracted_seq is not None:
        raise BatchNotRetractable(
            f"batch {batch} was already retracted at seq {row.retracted_seq}",
            remedy="Nothing more has to be done.",
        )
    return row
