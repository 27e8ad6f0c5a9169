"""`xinrong store check`: do ledger, parts and counts agree?"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
from django.db.models import Count

from xinrong.store.engine import Files, Relation, engine
from xinrong.store.errors import PartDamaged
from xinrong.store.manifest import layout
from xinrong.store.models import Batch, Commit, HotRow, Ledger, Part
from xinrong.store.parts import PART, check_part
from xinrong.store.snapshot import RECORD_VIEW, snapshot

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


def check(*, deep: bool = True) -> Report:
    """Look at everything; `deep` also reads every byte of every part."""
    report = Report()
    with snapshot() as snap:
        report.seq = snap.seq
        parts = list(Part.objects.using(snap.using).filter(replaced_seq=None))
        sound = _check_parts(parts, report, deep=deep)
        _check_seqs(snap.using, report)
        if sound:
            _check_counts(snap.using, parts, report)
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


def _check_counts(using: str, parts: list[Part], report: Report) -> None:
    """Every batch's rows are in parts and hot table together, no more and no fewer."""
    folder = layout().parts
    files = Files(tuple(folder / part.name for part in parts), PART)
    sql = "SELECT batch, count(*) AS rows FROM part GROUP BY batch ORDER BY batch"
    counted = {
        row["batch"]: row["rows"] for row in engine().query(sql, {"part": files}).to_pylist()
    }
    hot = HotRow.objects.using(using).values_list("batch").annotate(rows=Count("pk"))
    for batch, rows in hot:
        counted[batch] = counted.get(batch, 0) + rows
        report.hot_rows += rows
    for row in Batch.objects.using(using).exclude(seq=None):
        report.batches += 1
        found = counted.pop(row.pk, 0)
        if found != row.rows:
            report.faults.append(f"batch {row.pk} has {found} rows, its ledger row says {row.rows}")
    for batch, rows in sorted(counted.items()):
        report.faults.append(f"{rows} rows belong to batch {batch}, which was never committed")


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
