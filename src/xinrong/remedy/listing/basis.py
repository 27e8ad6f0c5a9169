"""The record on which an entry rests: whether it stands, and whether it meets the ground.

It is read anew each time an entry is shown or decided, so that what was repaired, suspended,
erased, taken back or is past its display carries nothing from that moment on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import pyarrow as pa
from django.conf import settings

from xinrong.catalogue.compile import view_sql
from xinrong.catalogue.law_terms import record_law, tier_of
from xinrong.catalogue.lists import Ground
from xinrong.catalogue.region import load_region
from xinrong.domain.criteria import Explainer, Outcome, parse
from xinrong.domain.display import DisplayState
from xinrong.domain.law import Topic
from xinrong.profiles.services import criteria, profile_of
from xinrong.remedy.listing.models import ListEntry
from xinrong.store import services as store
from xinrong.subjects import services as subjects

Row = Mapping[str, Any]
RECORD = "record."
#: Columns of a profile of which a department may learn by the answer of a ground.
OPEN, DEEPEST = "open", 2
#: Subjects whose records are read at once.
AT_ONCE = 200


class Basis(StrEnum):
    """Whether the record of an entry carries it."""

    STANDS = "stands"
    SUSPENDED = "suspended"  # its disclosure is suspended while an objection is checked
    REPAIRED = "repaired"
    OVER = "over"  # its display period is over, or cannot be counted
    GONE = "gone"  # erased, taken back, or no record of this enterprise any more


@dataclass(frozen=True)
class Standing:
    """The state of an entry's basis, and the record where it is shown."""

    basis: Basis
    row: Row | None = None


def standings(
    entries: Collection[ListEntry], snapshot: store.Snapshot, today: date
) -> dict[int, Standing]:
    """Entry (its id) → the state of its basis as of a snapshot."""
    rows = _rows(entries, snapshot)
    owners = subjects.subjects_of(
        sorted({one.enterprise_id for one in entries}), seq=snapshot.seq, using=snapshot.using
    )
    found: dict[int, Standing] = {}
    hidden: list[ListEntry] = []
    for one in entries:
        row = rows.get((one.basis_category, one.basis_key))
        if one.basis_subject not in owners.get(one.enterprise_id, ()):
            found[one.pk] = Standing(Basis.GONE)
        elif row is None:
            hidden.append(one)
        elif is_shown(one.basis_category, row, today, personal=one.enterprise.personal):
            found[one.pk] = Standing(Basis.STANDS, row)
        else:
            found[one.pk] = Standing(Basis.OVER)
    return found | _hidden(hidden)


def is_shown(category: str, row: Row, today: date, *, personal: bool) -> bool:
    """Whether a record may be shown on a day, by the law of the place and its contract."""
    if row["polarity"] >= 0:
        return True
    region = load_region(settings.REGION)
    tier = tier_of(region.contracts[category], row)
    cut = record_law(region).cuts(Topic.DISPLAY, category, tier, today)[personal]
    return cut.state(row["event_date"], row["end_date"]) == DisplayState.SHOWN


def _rows(entries: Collection[ListEntry], snapshot: store.Snapshot) -> dict[tuple[str, int], Row]:
    """Category and key → the row of each record that counts and is not hidden."""
    by_category: dict[str, set[int]] = defaultdict(set)
    for one in entries:
        by_category[one.basis_category].add(one.basis_subject)
    wanted = {(one.basis_category, one.basis_key) for one in entries}
    found: dict[tuple[str, int], Row] = {}
    for category, numbers in by_category.items():
        ordered = sorted(numbers)
        for start in range(0, len(ordered), AT_ONCE):
            few = ordered[start : start + AT_ONCE]
            table = snapshot.records(few, [category], ordered=False)
            found |= {
                (category, row["key"]): row
                for row in table.to_pylist()
                if (category, row["key"]) in wanted
            }
    return found


def _hidden(entries: Sequence[ListEntry]) -> dict[int, Standing]:
    """Why records are not there: the gravest reason for which they were suppressed, or gone."""
    numbers = sorted({one.basis_subject for one in entries})
    open_: dict[tuple[str, int], set[str]] = defaultdict(set)
    for start in range(0, len(numbers), AT_ONCE):
        for one in store.suppressions_of(numbers[start : start + AT_ONCE]):
            open_[one.category, one.key].add(one.basis)
    found = {}
    for entry in entries:
        reasons = open_.get((entry.basis_category, entry.basis_key), set())
        if "repair" in reasons:
            basis = Basis.REPAIRED
        elif "display_over" in reasons:
            basis = Basis.OVER
        else:
            basis = Basis.SUSPENDED if "objection" in reasons else Basis.GONE
        found[entry.pk] = Standing(basis)
    return found


def record_of(enterprise: int, category: str, key: int, snapshot: store.Snapshot) -> Row | None:
    """The row of a record of an enterprise that counts and is not hidden."""
    numbers = subjects.subjects_of([enterprise], seq=snapshot.seq, using=snapshot.using)
    table = snapshot.records(list(numbers.get(enterprise, ())), [category], ordered=False)
    return next((row for row in table.to_pylist() if row["key"] == key), None)


def explainer_of(ground: Ground) -> Explainer:
    """The criterion of a ground, read. Raises CriterionRefused."""
    return Explainer(
        parse(ground.criterion, criteria.event_schema(settings.REGION, ground.category))
    )


def answer(ground: Ground, enterprise: int, row: Row, today: date) -> Outcome:
    """Whether a record of an enterprise meets a ground, from what a department may know.

    What it may not know of the enterprise leaves the answer open: then the department says it.
    """
    explainer = explainer_of(ground)
    columns = explainer.expression.columns
    values = _of_record(ground.category, row, columns)
    shown = [
        one.name
        for one in columns
        if not one.name.startswith(RECORD) and one.share == OPEN and one.level <= DEEPEST
    ]
    if shown:
        with store.snapshot() as snapshot:
            profile = profile_of(enterprise, snapshot, today).values
        values |= {name: profile.get(name) for name in shown}
    return explainer.explain(values, today).outcome


def _of_record(category: str, row: Row, columns: Sequence[Any]) -> dict[str, Any]:
    """The fields of a record by the names and in the types that a criterion reads."""
    asked = [one for one in columns if one.name.startswith(RECORD)]
    if not asked:
        return {}
    told = ", ".join(
        f'TRY_CAST("{one.name.removeprefix(RECORD)}" AS {criteria.sql_type_of(one)}) '
        f'AS "{one.name}"'
        for one in asked
    )
    contract = load_region(settings.REGION).contracts[category]
    held = pa.Table.from_pylist([dict(row)], schema=store.RECORD)
    sql = f"SELECT {told} FROM ({view_sql(contract)}) AS v"  # noqa: S608 - names of the catalogue
    [found] = store.engine().query(sql, {"record": held}).to_pylist()
    return dict(found)
