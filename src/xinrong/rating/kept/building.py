"""The grades of all enterprises after each profile of all: one file, then one row that counts it.

Who has another grade, other points or another range than before gets a line of history in the same
transaction.
"""

# ruff: noqa: S608 - composed of our own names

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.db import connection, transaction

from xinrong.domain.disks import disk_told
from xinrong.profiles.services import ProfileBatch, batch_now, query_profiles
from xinrong.rating.kept.models import GradeBatch, GradeOverlay
from xinrong.rating.scanning import grades_sql
from xinrong.rating.versions.standing import Standing, in_force
from xinrong.store.services import digest_of_file, engine, sync_file, sync_folder

ROW_GROUP = 10_000
#: A file that a newer one replaced is kept this long, for whoever still reads it.
GRACE = timedelta(hours=1)
#: Lines of history that are written in one statement.
LINES = 500
SCHEMA = pa.schema(
    [
        ("enterprise", pa.int64()),
        ("card", pa.string()),
        ("points", pa.int32()),
        ("low", pa.int32()),
        ("high", pa.int32()),
        ("grade", pa.string()),
        ("lowest", pa.string()),
        ("highest", pa.string()),
        ("parts", pa.list_(pa.int32())),
    ]
)
#: What makes a line of history when it differs.
TOLD = ("card", "points", "low", "high", "grade")


def folder() -> Path:
    """Where the files lie: below the store, which the engine may read."""
    path = Path(settings.STORE_ROOT) / "grades"
    path.mkdir(parents=True, exist_ok=True)
    return path


@disk_told()
def build_grades(at: datetime) -> GradeBatch:
    """Grade everybody by the newest profile of all and the version in force on its day.

    Raises NoProfile before the first profile of all, CardsNotInForce, CardsTampered, NoCards.
    """
    began = time.monotonic()
    profile = batch_now()
    standing = in_force(profile.as_of)
    table = graded(standing, profile)
    path = folder() / f"grades-{uuid.uuid4().hex}.parquet"
    try:
        pq.write_table(table, path, row_group_size=ROW_GROUP, compression="zstd")
        sync_file(path)
        sync_folder(path.parent)
        made = GradeBatch(
            profile=profile.pk,
            version=standing.number,
            seq=profile.seq,
            as_of=profile.as_of,
            built_at=at,
            name=path.name,
            sha256=digest_of_file(path),
            rows=len(table),
            figures=figures_of(table),
        )
        with transaction.atomic():
            changed = changed_of(table, standing.number)
            write_history(changed, made)
            GradeOverlay.objects.filter(seq__lte=profile.seq).delete()
            made.changed = len(changed)
            made.seconds = time.monotonic() - began
            made.save()
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    remove_replaced(at)
    return made


def graded(standing: Standing, profile: ProfileBatch) -> pa.Table:
    """Everybody's grade with its parts, by enterprise."""
    sql, params = grades_sql(standing.book, profile.as_of, parts=True)
    return query_profiles(sql, params).select(SCHEMA.names).cast(SCHEMA)


def figures_of(table: pa.Table) -> dict[str, dict[str, int]]:
    """Card -> grade -> how many, exactly."""
    counted = table.group_by(["card", "grade"]).aggregate([([], "count_all")])
    found: dict[str, dict[str, int]] = {}
    for row in counted.to_pylist():
        found.setdefault(row["card"], {})[row["grade"]] = row["count_all"]
    return found


def current_grades() -> GradeBatch | None:
    """The grades of all that are read, if there are."""
    return GradeBatch.objects.filter(removed_at=None).order_by("-pk").first()


def changed_of(table: pa.Table, version: int) -> pa.Table:
    """Those whose last grade was another one, or who had none."""
    last = current_grades()
    if last is None:
        return table
    before = pq.read_table(folder() / last.name, columns=["enterprise", *TOLD])
    before = before.append_column("version", pa.array([last.version] * len(before), pa.int32()))
    rows = list(GradeOverlay.objects.filter(gone=False).values("enterprise", "version", *TOLD))
    told = [(name, SCHEMA.field(name).type) for name in TOLD]
    kinds = pa.schema([("enterprise", pa.int64()), ("version", pa.int32()), *told])
    differs = " OR ".join(f"n.{name} IS DISTINCT FROM b.{name}" for name in TOLD)
    return engine().query(
        "SELECT n.* FROM graded AS n LEFT JOIN ("
        "SELECT * FROM overlaid UNION ALL SELECT enterprise, version, card, points, low, high,"
        " grade FROM before WHERE enterprise NOT IN (SELECT enterprise FROM overlaid)) AS b"
        f" ON b.enterprise = n.enterprise WHERE b.enterprise IS NULL OR b.version <> $version"
        f" OR {differs} ORDER BY n.enterprise",
        {"graded": table, "before": before, "overlaid": pa.Table.from_pylist(rows, schema=kinds)},
        {"version": version},
    )


def write_history(changed: pa.Table, made: GradeBatch) -> None:
    """A line for each of those that changed: as rows of SQL, since there may be all of them."""
    fields = ("enterprise", *SCHEMA.names[1:8])
    names = [*fields, "parts", "seq", "as_of", "version", "made_at"]
    columns = [changed[name].to_pylist() for name in fields]
    parts = [json.dumps(one, separators=(",", ":")) for one in changed["parts"].to_pylist()]
    given = connection.ops
    same = (
        made.seq,
        given.adapt_datefield_value(made.as_of),
        made.version,
        given.adapt_datetimefield_value(made.built_at),
    )
    rows: Iterator[tuple[Any, ...]] = zip(*columns, parts, strict=True)
    listed = ", ".join(names)
    one = f"({', '.join(['%s'] * len(names))})"
    waiting = [(*row, *same) for row in rows]
    with connection.cursor() as cursor:
        for start in range(0, len(waiting), LINES):
            some = waiting[start : start + LINES]
            cursor.execute(
                f"INSERT INTO rating_graderow ({listed}) VALUES {', '.join([one] * len(some))}",
                [value for row in some for value in row],
            )


def remove_replaced(at: datetime) -> int:
    """Delete the files that newer ones replaced an hour ago; their figures stay."""
    newest = GradeBatch.objects.order_by("-pk").first()
    removed = 0
    if newest is None:
        return 0
    for one in GradeBatch.objects.filter(removed_at=None, pk__lt=newest.pk):
        if GradeBatch.objects.filter(pk__gt=one.pk, built_at__lte=at - GRACE).exists():
            (folder() / one.name).unlink(missing_ok=True)
            one.removed_at = at
            one.save(update_fields=["removed_at"])
            removed += 1
    return removed
