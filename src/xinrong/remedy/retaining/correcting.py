"""Records suppressed for their dates that their source has corrected since."""

# ruff: noqa: S608 - composed of the catalogue's names and numbers of ours

from __future__ import annotations

from collections.abc import Sequence
from itertools import batched
from typing import Any

import pyarrow.compute as pc

from xinrong.catalogue.law_terms import tier_of, tier_slot
from xinrong.domain.display import DisplayState
from xinrong.domain.law import Topic
from xinrong.remedy.retaining.finding import Owners, Sweep
from xinrong.store.models import Suppression
from xinrong.store.services import RecordId, Snapshot

FEW = 400


def corrected(sweep: Sweep, snapshot: Snapshot, owners: Owners, since: int) -> list[RecordId]:
    """Those that came again after a seq, and whose new version may be shown by today's law.

    The snapshot is one that shows suppressed records.
    """
    over = Suppression.objects.filter(basis="display_over", to_seq=None)
    if not over.exists():
        return []
    slots = {tier_slot(one) for one in sweep.region.contracts.values()} - {""}
    more = "".join(f", r.{name}" for name in sorted(slots))
    rows = snapshot.query(
        "SELECT r.category, r.key, r.subject, r.event_date, r.end_date, r.polarity"
        f"{more}, b.seq FROM record AS r JOIN batch AS b ON b.batch = r.batch "
        f"WHERE b.seq > {int(since)} ORDER BY r.category, r.key"
    ).to_pylist()
    found: list[RecordId] = []
    for few in batched(rows, FEW):
        keys = [row["key"] for row in few]
        held = over.filter(key__in=keys).values_list("category", "key", "from_seq")
        suppressed = {(category, key): seq for category, key, seq in held}
        again = [
            row
            for row in few
            if row["seq"] > suppressed.get((row["category"], row["key"]), row["seq"])
        ]
        persons = _persons(owners, [row["subject"] for row in again])
        found += [
            RecordId(row["category"], row["key"], row["subject"])
            for row in again
            if _may_show(sweep, row, person=row["subject"] in persons)
        ]
    return found


def _persons(owners: Owners, subjects: Sequence[int]) -> set[int]:
    """Those of the subjects for whom the law of persons binds."""
    if not subjects:
        return set()
    table = owners.table
    held = table.filter(pc.is_in(table["subject"], value_set=pc.cast(subjects, "int64")))
    rows = zip(held["subject"].to_pylist(), held["person"].to_pylist(), strict=True)
    return {subject for subject, person in rows if person}


def _may_show(sweep: Sweep, row: dict[str, Any], *, person: bool) -> bool:
    if row["polarity"] >= 0:
        return True
    contract = sweep.region.contracts.get(row["category"])
    if contract is None:
        return False
    tier = tier_of(contract, row)
    cuts = sweep.law.cuts(Topic.DISPLAY, row["category"], tier, sweep.today)
    return cuts[person].state(row["event_date"], row["end_date"]) == DisplayState.SHOWN
