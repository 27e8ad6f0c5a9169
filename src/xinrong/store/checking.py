"""`xinrong store check`: do ledger, parts and counts agree?"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.db.models import Count

from xinrong.store.damage import damage_told
from xinrong.store.engine import Files, Relation, engine
from xinrong.store.errors import PartDamaged
from xinrong.store.manifest import layout
from xinrong.store.models import (
    KEY_KINDS,
    RECORD_KINDS,
    Batch,
    Commit,
    HotRow,
    Ledger,
    Part,
    PartKind,
)
from xinrong.store.parts import PART, check_part
from xinrong.store.schema import KEY
from xinrong.store.snapshot import RECORD_VIEW, Snapshot, snapshot

ORPHAN_GRACE = timedelta(days=1)


@dataclass
class Report:
    """What was looked at and what is wrong; `faults` empty means that the store is sound."""

    seq: int = 0
    parts: int = 0
    rows: int = 0
    hot_rows: int = 0
    batches: int = 0
    live_rows: int = 0
    orphans: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@damage_told()
def check(*, deep: bool = True) -> Report:
    """Look at everything; `deep` also reads every byte of every part."""
    report = Report()
    with snapshot() as snap:
        report.seq = snap.seq
        sound = _check_parts(snap.parts(*PartKind), report, deep=deep)
        _check_seqs(snap.using, report)
        if sound:
            _check_counts(snap, report)
            _check_keys(snap, report)
            _check_single(report, snap.relations())
    report.orphans = orphans()
    return report


def _check_parts(parts: list[Part], report: Report, *, deep: bool) -> bool:
    folder = layout().parts
    for part in parts:
        path = folder / part.name
        try:
            check_part(part, path, deep=deep)
            _check_rows(part, path)
        except PartDamaged as fault:
            report.faults.append(str(fault))
        report.parts += 1
        if part.kind in RECORD_KINDS:
            report.rows += part.rows
    return not report.faults


def _check_rows(part: Part, path: Path) -> None:
    rows = pq.read_metadata(path).num_rows
    if rows != part.rows:
        raise PartDamaged(f"part {part.name} has {rows} rows, the ledger says {part.rows}")


def _check_seqs(using: str, report: Report) -> None:
    last = Ledger.objects.using(using).values_list("seq", flat=True).first() or 0
    taken = list(Commit.objects.using(using).order_by("seq").values_list("seq", flat=True))
    if taken != list(range(1, last + 1)):
        report.faults.append(f"the ledger counts {last} commits, the commit table differs")


def _files(snap: Snapshot, kinds: tuple[PartKind, PartKind], schema: pa.Schema) -> Files:
    return Files(tuple(snap.path_of(part) for part in snap.parts(*kinds)), schema)


def _check_counts(snap: Snapshot, report: Report) -> None:
    """Every batch's rows are in parts and hot table together, no more and no fewer."""
    sql = "SELECT batch, count(*) AS rows FROM part GROUP BY batch ORDER BY batch"
    found = engine().query(sql, {"part": _files(snap, RECORD_KINDS, PART)}).to_pylist()
    counted = {row["batch"]: row["rows"] for row in found}
    hot = HotRow.objects.using(snap.using).values_list("batch").annotate(rows=Count("pk"))
    for batch, rows in hot:
        counted[batch] = counted.get(batch, 0) + rows
        report.hot_rows += rows
    for row in Batch.objects.using(snap.using).exclude(seq=None):
        report.batches += 1
        there, due = counted.pop(row.pk, 0), row.rows - row.erased
        if there != due:
            report.faults.append(f"batch {row.pk} has {there} rows, its ledger row says {due}")
    for batch, rows in sorted(counted.items()):
        report.faults.append(f"{rows} rows belong to batch {batch}, which was never committed")


def _check_keys(snap: Snapshot, report: Report) -> None:
    """The key index has an entry for every row that parts keep, and no other."""
    sql = (
        "WITH kept AS ("
        "SELECT batch, count(*) AS n, sum(key) AS total FROM part GROUP BY batch), "
        "entry AS (SELECT batch, count(*) AS n, sum(key) AS total "
        "FROM key_part WHERE row_no IS NULL GROUP BY batch) "
        "SELECT coalesce(k.batch, e.batch) AS batch, k.n AS rows, e.n AS entries "
        "FROM kept AS k FULL JOIN entry AS e ON e.batch = k.batch "
        "WHERE k.n IS DISTINCT FROM e.n OR k.total IS DISTINCT FROM e.total ORDER BY batch"
    )
    relations: dict[str, Relation] = {
        "part": _files(snap, RECORD_KINDS, PART),
        "key_part": _files(snap, KEY_KINDS, KEY),
    }
    for row in engine().query(sql, relations).to_pylist():
        report.faults.append(
            f"batch {row['batch']} has {row['rows'] or 0} rows in parts, "
            f"but {row['entries'] or 0} entries in the key index, or not of the same keys"
        )


def _check_single(report: Report, relations: dict[str, Relation]) -> None:
    """At most one row that counts per category and key."""
    sql = (
        f"WITH record AS ({RECORD_VIEW}), per_key AS ("
        "SELECT category, key, count(*) AS n FROM record GROUP BY category, key) "
        "SELECT coalesce(sum(n), 0)::BIGINT AS live, count(*) FILTER (WHERE n > 1) AS twice "
        "FROM per_key"
    )
    [found] = engine().query(sql, relations).to_pylist()
    report.live_rows = found["live"]
    if found["twice"]:
        report.faults.append(f"{found['twice']} records have more than one version that counts")


def orphans() -> list[str]:
    """Files in the store's folder that no ledger row names: left by a killed process."""
    place = layout()
    known = set(Part.objects.values_list("name", flat=True))
    loose = [path.name for path in place.parts.iterdir() if path.name not in known]
    return sorted(loose + [f"staging/{path.name}" for path in place.staging.iterdir()])


def remove_orphans(now: datetime, grace: timedelta = ORPHAN_GRACE) -> int:
    """Delete files that no ledger row names and nobody has written to for a day.

    The wait spares the parts of a batch that is being written at this moment.
    """
    place = layout()
    removed = 0
    for name in orphans():
        path = place.root / name if name.startswith("staging/") else place.parts / name
        with suppress(FileNotFoundError):
            if datetime.fromtimestamp(path.stat().st_mtime, UTC) < now - grace:
                path.unlink()
                removed += 1
    return removed
