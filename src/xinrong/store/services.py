"""The store's verbs: everything that other packages may call.

Writing:

    batch = open_batch(feed=..., category=..., department=..., source_name=..., ...)
    with writer(batch) as out:
        out.add(table)                 # pyarrow, schema CANONICAL, any number of times
        committed = commit_batch(out, at, inside=lambda delta, done: ...)

`commit_batch` compares, writes parts, then commits ledger and `inside` (the caller's receipt,
quarantine, quality and audit rows) in one transaction, again from the comparison when another
upload of the same category came first.

Reading:

    with snapshot() as snap:           # or snapshot(seq=17): as of that seq
        snap.records([subject, ...], categories=[...])   # pyarrow, schema RECORD, newest first
        snap.query(sql, params)                          # over `record` and `batch`
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from xinrong.domain.disks import disk_told
from xinrong.store.asking import (
    Question,
    answers,
    asked_ahead,
    columns_of,
    day_of,
    json_of,
    marks,
    one_of,
    read_row,
    width_of,
)
from xinrong.store.asserted import asserted_by, brought_by, hidden_spells
from xinrong.store.backups.journal import Entry, record
from xinrong.store.backups.replaying import Outcome, replayer
from xinrong.store.checking import Report, check, orphans, remove_orphans
from xinrong.store.compaction import Compacted, compact, remove_replaced
from xinrong.store.compare import Delta
from xinrong.store.damage import damage_told
from xinrong.store.engine import Engine, Files, Relation, engine
from xinrong.store.erasure import Rewritten, erase, erasures_of, rewrite_erased
from xinrong.store.errors import Overtaken
from xinrong.store.following import Retracted, follows_retraction
from xinrong.store.manifest import sync_file, sync_folder
from xinrong.store.marks.marking import mark, marks_of, standing_objections, unmark
from xinrong.store.marks.models import MarkKind, RecordMark
from xinrong.store.models import Batch, CommitKind, Erasure
from xinrong.store.parts import digest_of_file
from xinrong.store.ranges import RangeScan, bucket_count, range_scan, rows_held
from xinrong.store.retraction import RetractionPreview, preview_retraction, retract_batch
from xinrong.store.schema import RECORD
from xinrong.store.scrubbing import Scrubbed, scrub
from xinrong.store.sequence import hold, last_seq, next_seq
from xinrong.store.snapshot import BatchInfo, Snapshot, newest_first, snapshot
from xinrong.store.suppression import (
    RecordId,
    lift,
    standing_suppressions,
    suppress,
    suppressions_of,
)
from xinrong.store.touching import subjects_touched
from xinrong.store.versions import replaced_parts, versions_of
from xinrong.store.writer import Committed, Writer, writer

#: Tries to commit beside others, before one that lets nobody else commit.
ATTEMPTS = 5


@disk_told()
def open_batch(
    *,
    feed: str,
    category: str,
    department: str,
    source_name: str,
    source_digest: str,
    received_at: datetime,
) -> Batch:
    """Take a batch number. Nothing counts until the batch is committed."""
    return Batch.objects.create(
        feed=feed,
        category=category,
        department=department,
        source_name=source_name,
        source_digest=source_digest,
        received_at=received_at,
    )


@disk_told()
@damage_told()
def commit_batch(
    out: Writer, at: datetime, inside: Callable[[Delta, Committed], None] | None = None
) -> Committed:
    """Compare and commit; `inside` runs in the same transaction.

    When others of the same category came first too often, nobody else commits meanwhile.
    """
    for _ in range(ATTEMPTS):
        delta = out.compare()
        out.prepare(delta)
        try:
            with transaction.atomic():
                return _commit(out, delta, at, inside)
        except Overtaken:
            continue
    with transaction.atomic():
        hold()
        return _commit(out, out.compare(), at, inside)


def _commit(
    out: Writer, delta: Delta, at: datetime, inside: Callable[[Delta, Committed], None] | None
) -> Committed:
    done = out.commit(delta, at)
    if inside:
        inside(delta, done)
    return done


def identity_seq(at: datetime, note: str) -> int:
    """Take a seq for a change of the identity map, inside the caller's transaction."""
    return next_seq(CommitKind.IDENTITY, at, note)


def committed_batch_of(feed: str, source_digest: str) -> Batch | None:
    """The standing batch that these very bytes made, if any."""
    found = Batch.objects.filter(feed=feed, source_digest=source_digest, retracted_seq=None)
    return found.exclude(seq=None).order_by("pk").first()


__all__ = [
    "RECORD",
    "Batch",
    "BatchInfo",
    "Committed",
    "Compacted",
    "Delta",
    "Engine",
    "Entry",
    "Erasure",
    "Files",
    "MarkKind",
    "Outcome",
    "Overtaken",
    "Question",
    "RangeScan",
    "RecordId",
    "RecordMark",
    "Relation",
    "Report",
    "Retracted",
    "RetractionPreview",
    "Rewritten",
    "Scrubbed",
    "Snapshot",
    "Writer",
    "answers",
    "asked_ahead",
    "asserted_by",
    "brought_by",
    "bucket_count",
    "check",
    "columns_of",
    "commit_batch",
    "committed_batch_of",
    "compact",
    "damage_told",
    "day_of",
    "digest_of_file",
    "engine",
    "erase",
    "erasures_of",
    "follows_retraction",
    "hidden_spells",
    "identity_seq",
    "json_of",
    "last_seq",
    "lift",
    "mark",
    "marks",
    "marks_of",
    "newest_first",
    "one_of",
    "open_batch",
    "orphans",
    "preview_retraction",
    "range_scan",
    "read_row",
    "record",
    "remove_orphans",
    "remove_replaced",
    "replaced_parts",
    "replayer",
    "retract_batch",
    "rewrite_erased",
    "rows_held",
    "scrub",
    "snapshot",
    "standing_objections",
    "standing_suppressions",
    "subjects_touched",
    "suppress",
    "suppressions_of",
    "sync_file",
    "sync_folder",
    "unmark",
    "versions_of",
    "width_of",
    "writer",
]
