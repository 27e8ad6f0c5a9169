"""Criteria over records that have just come: asked after profiles have followed, once a record.

Batches are looked at in the order of their commits, as far as profiles have followed them: what a
criterion reads of the profile knows the record already. Results and the cursor are committed
together, batch by batch: whoever is killed goes on where it was, and nothing is said twice.
A record that was replaced, taken back or hidden before it was looked at is no event.
"""

from __future__ import annotations

# ruff: noqa: S608 - composed of the catalogue's names and our own numbers
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import batched
from typing import Any

import pyarrow as pa
from django.db import transaction

from xinrong.catalogue.compile import view_sql
from xinrong.catalogue.law_terms import used_sql
from xinrong.domain.criteria import Answer, Column, Criterion, Over, Version, answer_of
from xinrong.profiles.columns import region_now
from xinrong.profiles.criteria.answering import explainer_in_force
from xinrong.profiles.criteria.columns import sql_type_of
from xinrong.profiles.criteria.models import EventCursor, EventResult
from xinrong.profiles.criteria.packs import criteria_of_region
from xinrong.profiles.errors import NoProfile
from xinrong.profiles.models import DirtyEnterprise, Follower
from xinrong.profiles.reading import profile_of, query_profiles
from xinrong.store.engine import engine
from xinrong.store.models import Batch, HotRow
from xinrong.store.services import Snapshot, last_seq, snapshot
from xinrong.subjects.services import enterprise_numbers

#: Subjects whose rows are looked up one by one; of more, the category is scanned.
FEW = 500
#: Enterprises whose profiles are read at once.
AT_ONCE = 2_000
RECORD = "record."


@dataclass(frozen=True)
class AskedEvents:
    """Up to which seq records were asked about, how many there were, and what was said."""

    seq: int
    records: int
    results: int


@dataclass(frozen=True)
class Result:
    """A yes, or a "cannot tell" (None), of a criterion over events about one record."""

    number: int
    criterion: str
    valid_from: date
    enterprise: int
    subject: int
    category: str
    batch: int
    row_no: int
    seq: int
    as_of: date
    answer: bool | None


@dataclass(frozen=True)
class _Asked:
    """A criterion in force, ready to be asked."""

    criterion: Criterion
    version: Version
    columns: tuple[Column, ...]
    answer: Answer


def ask_events(as_of: date) -> AskedEvents:
    """Ask about the records that came since; the first time nothing: all that is there is old.

    Raises CriterionRefused for a criterion of the pack that the columns no longer carry.
    """
    cursor, new = EventCursor.objects.get_or_create(pk=1, defaults={"seq": last_seq()})
    if new:
        return AskedEvents(cursor.seq, 0, 0)
    upto = Follower.objects.filter(pk=1).values_list("seq", flat=True).first() or 0
    by_category = criteria_in_force(as_of)
    records = results = 0
    batches = Batch.objects.filter(seq__gt=cursor.seq, seq__lte=upto).order_by("seq")
    for batch in list(batches):
        asked = by_category.get(batch.category, ())
        rows = _records(batch, asked, as_of) if asked and batch.retracted_seq is None else []
        found = _results(rows, asked, batch, as_of)
        results += _commit(batch, found)
        records += len(rows)
    if upto > cursor.seq:  # commits that are no batches bring no records
        EventCursor.objects.filter(pk=1, seq__lt=upto).update(seq=upto)
    return AskedEvents(max(upto, cursor.seq), records, results)


def results_after(number: int, *, most: int = 1_000) -> list[Result]:
    """What was said after a result of that number, in order: for whoever follows."""
    names = tuple(Result.__dataclass_fields__)
    found = EventResult.objects.filter(number__gt=number).order_by("number")
    return [Result(*row) for row in found.values_list(*names)[:most]]


def criteria_in_force(as_of: date) -> Mapping[str, Sequence[_Asked]]:
    """Category → the criteria over its records that are in force on a day."""
    found: dict[str, list[_Asked]] = {}
    for one in criteria_of_region().values():
        if one.over == Over.EVENT and one.in_force(as_of) is not None:
            version, explainer = explainer_in_force(one, as_of)
            expression = explainer.expression
            ready = _Asked(one, version, expression.columns, answer_of(expression))
            found.setdefault(one.category, []).append(ready)
    return found


def _commit(batch: Batch, found: Sequence[EventResult]) -> int:
    """Write what was said and move on, at once; 0 where another process was quicker."""
    assert batch.seq is not None
    with transaction.atomic():
        cursor = EventCursor.objects.select_for_update().get(pk=1)
        if cursor.seq >= batch.seq:
            return 0
        EventResult.objects.bulk_create(found, batch_size=400)
        cursor.seq = batch.seq
        cursor.save(update_fields=["seq"])
    return len(found)


def _records(batch: Batch, asked: Sequence[_Asked], as_of: date) -> list[dict[str, Any]]:
    """The records of a batch that count now, with the enterprise, by their contract names.

    Those whose display period is over are not used.
    """
    columns = {one.name: one for each in asked for one in each.columns if _of_record(one)}
    sql = _record_sql(batch, columns.values(), as_of)
    with snapshot() as snap:
        table = _read(batch, sql, snap)
    if not len(table):
        return []
    owners = enterprise_numbers(table["subject"].to_numpy())
    rows: list[dict[str, Any]] = table.append_column("enterprise", pa.array(owners)).to_pylist()
    return [row for row in rows if row["enterprise"]]


def _read(batch: Batch, sql: str, snap: Snapshot) -> pa.Table:
    """Of a small batch that still lies in the hot table, by its subjects; else by a scan."""
    hot = HotRow.objects.filter(batch=batch.pk)
    subjects = list(hot.values_list("subject", flat=True).distinct()[: FEW + 1])
    if len(subjects) > FEW or hot.count() < batch.rows:
        return snap.query(sql)
    held = snap.records(subjects, [batch.category])
    return engine().query(sql, {"record": held})


def _record_sql(batch: Batch, columns: Iterable[Column], as_of: date) -> str:
    region = region_now()
    contract = region.contracts[batch.category]
    used = f"SELECT * FROM record WHERE {used_sql(region, batch.category, as_of)}"
    told = "".join(
        f', TRY_CAST("{one.name.removeprefix(RECORD)}" AS {sql_type_of(one)}) AS "{one.name}"'
        for one in columns
    )
    return (
        f"WITH used AS ({used}) "
        f"SELECT subject, _row_no AS row_no{told} FROM ({view_sql(contract, 'used')}) AS v "
        f"WHERE _batch = {batch.pk} ORDER BY row_no, subject"
    )


def _results(
    rows: Sequence[Mapping[str, Any]], asked: Sequence[_Asked], batch: Batch, as_of: date
) -> list[EventResult]:
    if not rows:
        return []
    names = sorted({one.name for each in asked for one in each.columns if not _of_record(one)})
    profiles = _profiles({row["enterprise"] for row in rows}, names, as_of)
    found = []
    for row in rows:
        values = {**profiles[row["enterprise"]], **row}
        for one in asked:
            said = one.answer(values, as_of)
            if said is not False:
                found.append(_result(one, batch, row, as_of, answer=said))
    return found


def _result(
    one: _Asked, batch: Batch, row: Mapping[str, Any], as_of: date, *, answer: bool | None
) -> EventResult:
    assert batch.seq is not None
    return EventResult(
        criterion=one.criterion.id,
        valid_from=one.version.valid_from,
        enterprise=row["enterprise"],
        subject=row["subject"],
        category=batch.category,
        batch=batch.pk,
        row_no=row["row_no"],
        seq=batch.seq,
        as_of=as_of,
        answer=answer,
    )


def _profiles(
    enterprises: set[int], names: Sequence[str], as_of: date
) -> dict[int, Mapping[str, Any]]:
    """The columns of each profile: as computed, or computed now where it waits to be."""
    if not names:
        return {enterprise: {} for enterprise in enterprises}
    found: dict[int, Mapping[str, Any]] = {}
    dirty: set[int] = set()
    for few in batched(sorted(enterprises), AT_ONCE):
        waits = DirtyEnterprise.objects.filter(enterprise__in=few)
        dirty.update(waits.values_list("enterprise", flat=True))
        try:
            found.update(_scanned(few, names))
        except NoProfile:
            break
    with snapshot() as snap:
        for enterprise in sorted((enterprises - found.keys()) | dirty):
            found[enterprise] = profile_of(enterprise, snap, as_of).values
    return found


def _scanned(few: Sequence[int], names: Sequence[str]) -> dict[int, Mapping[str, Any]]:
    told = ", ".join(f'"{name}"' for name in names)
    listed = ", ".join(str(int(one)) for one in few)
    table = query_profiles(f"SELECT enterprise, {told} FROM profile WHERE enterprise IN ({listed})")
    return {row["enterprise"]: row for row in table.to_pylist()}


def _of_record(column: Column) -> bool:
    return column.name.startswith(RECORD)
