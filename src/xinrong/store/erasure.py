"""Erasing records: all versions of them are gone, at every seq, and do not come back.

`erase` acts at once: nobody is shown the records any more, hot rows are deleted, and a batch that
sends such a record again has it refused. `rewrite_erased` then writes every part that holds one of
them anew without it; the old files go with `remove_replaced`. What stays is the ledger row: which
record (its key is a digest), when, and on which article.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa
from django.db import transaction
from django.db.models import F

from xinrong.domain.disks import disk_told
from xinrong.store.asking import Question, answers, columns_of, one_of, read_row
from xinrong.store.backups.restrictions import ERASED, as_lists, decided
from xinrong.store.damage import damage_told
from xinrong.store.discarding import discard
from xinrong.store.engine import Files, engine, file_list
from xinrong.store.errors import CompactionOvertaken
from xinrong.store.hidden import HIDDEN
from xinrong.store.hot import as_table
from xinrong.store.manifest import layout, sync_folder
from xinrong.store.marks.marking import forget_words
from xinrong.store.models import (
    KEY_KINDS,
    Batch,
    CommitKind,
    DeadRow,
    Erasure,
    HotKey,
    HotRow,
    Part,
    PartKind,
)
from xinrong.store.parts import (
    PART,
    PART_GROUP,
    WrittenPart,
    later,
    new_name,
    replace,
    write_keys,
    write_part,
)
from xinrong.store.schema import KEY
from xinrong.store.sequence import next_seq, touch
from xinrong.store.snapshot import Snapshot, snapshot
from xinrong.store.suppression import RecordId

FEW = 500


@dataclass
class Rewritten:
    """What a rewrite did."""

    seq: int = 0  # 0 when nothing was waiting
    records: int = 0  # erasures whose bytes are gone from the parts that count
    rows: int = 0  # rows left out of the new parts
    parts: int = 0  # parts written anew
    written: list[tuple[PartKind, Part, WrittenPart]] = field(default_factory=list)


def erase(records: Sequence[RecordId], *, article: str, reason: str, at: datetime) -> int:
    """Erase records; returns the seq. `article` names document and article that demand it.

    Records erased before stay as they are.
    """
    with transaction.atomic():
        seq = next_seq(CommitKind.ERASURE, at, "erase")
        rows = [
            Erasure(
                category=record.category,
                key=record.key,
                subject=record.subject,
                article=article,
                reason=reason,
                at=at,
                seq=seq,
            )
            for record in dict.fromkeys(records)
        ]
        Erasure.objects.bulk_create(rows, batch_size=FEW, ignore_conflicts=True)
        for category, keys in _by_category(rows):
            gone = HotRow.objects.filter(category=category, key__in=keys)
            _count(Counter(gone.values_list("batch", flat=True)))
            gone.delete()
            HotKey.objects.filter(category=category, key__in=keys).delete()
        forget_words((row.category, row.key) for row in rows)
        touch({row.category for row in rows}, seq, hides=True)
        decided(seq, ERASED, {"records": as_lists(rows), "article": article}, at)
    return seq


def erasures_of(subjects: Sequence[int], using: str = "default") -> list[Erasure]:
    """The erased records of some subjects, oldest first."""
    if not subjects:
        return []
    among, values = one_of(subjects, using)  # files ask: this goes past the query builder
    sql = (
        f"SELECT {columns_of(Erasure, 'e')} FROM store_erasure AS e "
        f"WHERE e.subject {among} ORDER BY e.seq, e.id"
    )
    [rows] = answers(using, Question(sql, [values]))
    return [read_row(Erasure, row, using) for row in rows]


@disk_told()
@damage_told()
def rewrite_erased(at: datetime, progress: Callable[[int, int], None] | None = None) -> Rewritten:
    """Write every part that holds an erased record anew; `progress(done, of)` counts parts.

    Raises CompactionOvertaken when a compaction replaced such a part meanwhile: nothing was
    changed then.
    """
    result = Rewritten()
    began = time.monotonic()
    try:
        with snapshot() as snap:
            waiting = list(Erasure.objects.using(snap.using).filter(rewritten_seq=None))
            if not waiting:
                return result
            keys = as_table(((row.category, row.key) for row in waiting), HIDDEN)
            parts = list(_holding(snap, keys))
            for number, part in enumerate(parts, start=1):
                result.written += _without(snap, part, keys)
                if progress:
                    progress(number, len(parts))
            lost = _rows_of(snap, parts, keys)
        sync_folder(layout().parts)
        with transaction.atomic():
            result.seq = next_seq(CommitKind.ERASURE, at, "rewrite")
            _swap(parts, result, later(at, began))
            _count(lost)
            for category, few in _by_category(waiting):
                DeadRow.objects.filter(category=category, key__in=few).delete()
            done = [row.pk for row in waiting]
            for start in range(0, len(done), FEW):
                rows = Erasure.objects.filter(pk__in=done[start : start + FEW])
                rows.update(rewritten_seq=result.seq)
    except BaseException:
        discard(made.path for _, _, made in result.written)
        raise
    result.records, result.rows, result.parts = len(waiting), lost.total(), len(parts)
    return result


def _holding(snap: Snapshot, keys: pa.Table) -> Iterator[Part]:
    """The parts that hold a row or a key entry of one of the records."""
    by_path = {str(snap.path_of(part)): part for part in snap.parts(*PartKind)}
    if not by_path:
        return
    files = file_list([snap.path_of(part) for part in by_path.values()])
    sql = (
        "SELECT DISTINCT r.filename AS name FROM "
        f"(SELECT category, key, filename FROM read_parquet({files}, filename = true)) AS r "
        "JOIN erased AS e ON e.category = r.category AND e.key = r.key ORDER BY name"
    )
    for name in engine().query(sql, {"erased": keys})["name"].to_pylist():
        yield by_path[name]


def _without(
    snap: Snapshot, part: Part, keys: pa.Table
) -> Iterator[tuple[PartKind, Part, WrittenPart]]:
    place = layout()
    source = (
        "SELECT r.* FROM held AS r WHERE NOT EXISTS ("
        "SELECT 1 FROM erased AS e WHERE e.category = r.category AND e.key = r.key)"
    )
    buckets = (part.bucket_lo, part.bucket_hi)
    cursor = engine().cursor()
    try:
        path = place.parts / new_name("e")
        kind = PartKind(part.kind)
        schema = KEY if kind in KEY_KINDS else PART
        engine().bind(cursor, {"held": Files((snap.path_of(part),), schema), "erased": keys})
        if kind in KEY_KINDS:
            written = write_keys(cursor, source, path, buckets)
        else:
            written = write_part(cursor, source, path, buckets, PART_GROUP)
    finally:
        cursor.close()
    if written:
        yield kind, part, written


def _rows_of(snap: Snapshot, parts: list[Part], keys: pa.Table) -> Counter[int]:
    """Batch → how many of its rows are left out."""
    paths = tuple(snap.path_of(part) for part in parts if part.kind not in KEY_KINDS)
    sql = (
        "SELECT r.batch, count(*) AS rows FROM held AS r "
        "JOIN erased AS e ON e.category = r.category AND e.key = r.key "
        "GROUP BY r.batch ORDER BY r.batch"
    )
    found = engine().query(sql, {"held": Files(paths, PART), "erased": keys}).to_pylist()
    return Counter({row["batch"]: row["rows"] for row in found})


def _swap(parts: list[Part], result: Rewritten, at: datetime) -> None:
    if not replace(parts, result.seq, at):
        raise CompactionOvertaken(
            "a compaction replaced some of these parts first",
            remedy="Nothing was changed. Run it again when the compaction has ended.",
        )
    rows = [
        made.ledger_row(kind, old.folded_seq, old.shown_seq) for kind, old, made in result.written
    ]
    Part.objects.bulk_create(rows, batch_size=FEW)


def _count(lost: Counter[int]) -> None:
    for batch, rows in lost.items():
        Batch.objects.filter(pk=batch).update(erased=F("erased") + rows)


def _by_category(rows: Sequence[Erasure]) -> Iterator[tuple[str, list[int]]]:
    """Category and keys, a few at a time."""
    keys: dict[str, list[int]] = {}
    for row in rows:
        keys.setdefault(row.category, []).append(row.key)
    for category, wanted in sorted(keys.items()):
        for start in range(0, len(wanted), FEW):
            yield category, wanted[start : start + FEW]
