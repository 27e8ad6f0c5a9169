"""From rows of the store to what a person reads: words, masks, origins, display periods."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xinrong.catalogue.contract import Contract, RecordField
from xinrong.catalogue.law_terms import RecordLaw, record_law, tier_of
from xinrong.catalogue.region import Region
from xinrong.domain.clock import day_in_china
from xinrong.domain.display import DisplayState
from xinrong.domain.law import Topic, Until
from xinrong.domain.money import yuan
from xinrong.files.objected import is_open, objections_in
from xinrong.files.sheets import HEAD, LEVEL, Sheet
from xinrong.files.shown import shown_by
from xinrong.files.standing import freshness_of, levels_in, tier_slots_of
from xinrong.files.types import (
    SIGNS,
    Coverage,
    ErasedRecords,
    FileRecord,
    Objection,
    Origin,
    SourceState,
)
from xinrong.files.values import basis_of, field_value, value_of
from xinrong.store.services import BatchInfo, Snapshot, erasures_of, newest_first
from xinrong.subjects.services import enterprise_by_id, names_of_subjects, parties_known
from xinrong.trust.services import Permits

Row = Mapping[str, Any]


@dataclass
class FileRows:
    """The rows of one enterprise that this viewer may see today, and what was held back."""

    enterprise: int
    table: pa.Table  # schema RECORD, newest first, undated last
    undated: Counter[str] = field(default_factory=Counter)  # category -> rows
    expired: Counter[str] = field(default_factory=Counter)
    erased: tuple[ErasedRecords, ...] = ()


@dataclass
class FileBuilder:
    """Makes the parts of a file about one enterprise, for one viewer, from one snapshot."""

    region: Region
    snapshot: Snapshot
    permits: Permits
    enterprise: int
    today: date
    objections: dict[tuple[str, int], Objection] = field(default_factory=dict)

    def read(
        self,
        subjects: Sequence[int],
        columns: Sequence[str] | None = None,
        *,
        ordered: bool = True,
    ) -> FileRows:
        """The permitted rows whose display period has not ended, with the columns asked for.

        A negative one without the date from which its period runs is withheld: it is never shown
        as negative. What the viewer's level does not reach is emptied here, before anything sorts,
        filters or counts by it: an order or a filter would give it away. Rows that are `ordered`
        come newest first.
        """
        allowed = self.permits.allowed(self.enterprise)
        if columns is not None:
            columns = (*columns, *tier_slots_of(self.region))
        table = self.snapshot.records(subjects, allowed, columns, ordered=ordered)
        rows = FileRows(self.enterprise, table)
        rows.erased = self._erased(subjects, frozenset(allowed))
        if self.permits.partial:
            self._narrow(rows)
        self._withhold(rows)
        if self._hide(rows) and ordered:
            rows.table = newest_first(rows.table)
        return rows

    def _erased(
        self, subjects: Sequence[int], allowed: frozenset[str]
    ) -> tuple[ErasedRecords, ...]:
        """What was erased of the categories that the viewer may see, whatever the seq."""
        if not self.snapshot.hides_any(allowed):
            return ()
        counts = Counter(
            (one.category, day_in_china(one.at), one.article)
            for one in erasures_of(subjects, self.snapshot.using)
            if one.category in allowed
        )
        return tuple(
            ErasedRecords(category, self.region.contracts[category].title, on, article, records)
            for (category, on, article), records in sorted(counts.items())
        )

    def _narrow(self, rows: FileRows) -> None:
        """Take out the rows that a partial permit does not reach; keep each row's own level."""
        columns = (rows.table[name].to_pylist() for name in ("category", "event_date", "batch"))
        levels = []
        for category, event, batch in zip(*columns, strict=True):
            [info] = self.snapshot.batch_infos([batch]).values()
            levels.append(self.level_of(category, info.department, event))
        column = pa.array(levels, pa.int8())
        rows.table = rows.table.append_column(LEVEL, column).filter(pc.greater(column, 0))

    def level_of(self, category: str, department: str, day: date | None) -> int:
        """The level up to which the viewer sees what a department sent of a day; 0: nothing."""
        return self.permits.permit(self.enterprise, category).level_of(department, day, day)

    def _withhold(self, rows: FileRows) -> None:
        """Take out negative rows that are undated or whose display period is over; count them."""
        table = rows.table
        negative = np.flatnonzero(table["polarity"].to_numpy() < 0)
        if not len(negative):
            return
        shown = np.ones(len(table), np.bool_)
        names = ("category", "event_date", "end_date", *tier_slots_of(self.region))
        few = table.select(names).take(pa.array(negative))
        for place, row in zip(negative, few.to_pylist(), strict=True):
            category = row["category"]
            state = self._state(category, tier_of(self.region.contracts[category], row), row)
            if state == DisplayState.UNDATED:
                rows.undated[category] += 1
            elif state == DisplayState.EXPIRED:
                rows.expired[category] += 1
            shown[place] = state == DisplayState.SHOWN
        if not shown.all():
            rows.table = table.filter(pa.array(shown))

    def _state(self, category: str, tier: str, row: Row) -> DisplayState:
        """Whether a negative record is shown today, by the law of the place and the contract.

        Whose it is, a person's or an enterprise's, is only asked where that makes a difference.
        """
        cuts = self.law.cuts(Topic.DISPLAY, category, tier, self.today)
        event, end = row["event_date"], row["end_date"]
        state = cuts[0].state(event, end)
        if cuts[1] is not cuts[0] and (other := cuts[1].state(event, end)) != state:
            return other if self.personal else state
        return state

    @property
    def law(self) -> RecordLaw:
        """What the law of the place says of its records."""
        return record_law(self.region)

    @cached_property
    def personal(self) -> bool:
        """Whether the law of personal information binds: a sole trader, a farm household."""
        snapshot = self.snapshot
        return enterprise_by_id(self.enterprise, seq=snapshot.seq, using=snapshot.using).personal

    def _hide(self, rows: FileRows) -> bool:
        """Empty the dates and sums that lie deeper than the viewer's level.

        Returns whether an event date may have been emptied, which moves its row.
        """
        moved = False
        names = rows.table.schema.names
        for slot in HEAD:
            hidden = self._too_deep(slot)
            if slot not in names or not (hidden or LEVEL in names):
                continue
            place = rows.table.schema.get_field_index(slot)
            column = rows.table.schema.field(place)
            deep = pc.is_in(rows.table["category"], pa.array(hidden, pa.string()))
            if LEVEL in names:
                deep = pc.or_(deep, self._deep_rows(rows.table, slot))
            values = pc.if_else(deep, pa.scalar(None, column.type), rows.table[slot])
            rows.table = rows.table.set_column(place, column, values)
            moved = moved or slot == "event_date"
        return moved

    def _deep_rows(self, table: pa.Table, slot: str) -> pa.Array:
        """Which rows have a level of their own that the field in a slot lies below."""
        needed = levels_in(self.region, slot)
        rows = zip(table["category"].to_pylist(), table[LEVEL].to_pylist(), strict=True)
        deep = [needed.get(category, 0) > level for category, level in rows]
        return pa.array(deep, pa.bool_())

    def _too_deep(self, slot: str) -> list[str]:
        """The permitted categories whose field in a slot lies deeper than the viewer's level."""
        permits = self.permits.by_enterprise[self.enterprise]
        return [
            name
            for name, level in levels_in(self.region, slot).items()
            if level > permits[name].max_level and permits[name].allowed
        ]

    def sheet(self, table: pa.Table) -> Sheet:
        """Rows as records that are written down at once, in their order."""
        return Sheet(self, table, *self._behind(table))

    def records(self, table: pa.Table) -> tuple[FileRecord, ...]:
        """Rows as records, in their order."""
        return self.made(table, *self._behind(table))

    def _behind(
        self, table: pa.Table
    ) -> tuple[Mapping[int, BatchInfo], Mapping[int, tuple[str, str]]]:
        """The batches and the counterparties of some rows; what is objected to is kept."""
        self.look_up_objections(table)
        infos = self.snapshot.batch_infos(pc.unique(table["batch"]).to_pylist())
        others = sorted(pc.unique(table["counterparty"].drop_null()).to_pylist())
        seq, using = self.snapshot.seq, self.snapshot.using
        with parties_known(others, seq, using):
            parties = names_of_subjects(others, seq=seq, using=using)
            self.look_up(others)
        return infos, parties

    def made(
        self,
        table: pa.Table,
        infos: Mapping[int, BatchInfo],
        parties: Mapping[int, tuple[str, str]],
    ) -> tuple[FileRecord, ...]:
        """Rows as records, whose batches and counterparties were looked up."""
        return tuple(self._record(row, infos[row["batch"]], parties) for row in table.to_pylist())

    def look_up_objections(self, table: pa.Table) -> None:
        """Learn which records of a table (columns category and key) are objected to."""
        self.objections |= objections_in(self.snapshot.marks(table))

    def under_objection(self, table: pa.Table) -> pa.Table:
        """The rows whose records are under objection."""
        self.look_up_objections(table)
        objected = {record for record, told in self.objections.items() if is_open(told)}
        if not objected:
            return table.slice(0, 0)
        records = zip(table["category"].to_pylist(), table["key"].to_pylist(), strict=True)
        return table.filter(pa.array([record in objected for record in records], pa.bool_()))

    def look_up(self, parties: Sequence[int]) -> None:
        """Learn who of these counterparties is named to this viewer."""
        if parties and not self.permits.all_parties:
            self.permits.parties.look_up(parties, self.snapshot)

    def party_level(self, field: RecordField, row: Row, sender: str, level: int) -> int:
        """The level up to which the field of a row's counterparty is shown; 0: it is not named.

        One that is not open is named to the enterprise itself, to the department that sent the
        row, and under its own consent.
        """
        party = row["counterparty"]
        if party is None or field.level > level:
            return level
        named = self.names(field, party, row["category"], sender, row["event_date"])
        return level if named else 0

    def names(
        self, field: RecordField, party: int, category: str, sender: str, day: date | None
    ) -> bool:
        """Whether a record of a category, a sender and a day names a counterparty in a field."""
        return (
            self.permits.all_parties
            or sender == self.permits.permit(self.enterprise, category).department
            or self.permits.parties.is_named(party, category, field.level, day)
        )

    def _record(
        self, row: Row, info: BatchInfo, parties: Mapping[int, tuple[str, str]]
    ) -> FileRecord:
        contract = self.region.contracts[row["category"]]
        permit = self.permits.permit(self.enterprise, contract.category)
        level = row.get(LEVEL, permit.max_level)
        display = json.loads(row.get("display") or "{}")
        until = Until()
        if row["polarity"] < 0:
            days = row["event_date"], row["end_date"]
            until = self.expiry(contract, *days, tier_of(contract, row))
        return FileRecord(
            ref=f"{contract.category}/{row['key']}/{row['batch']}",
            enterprise=self.enterprise,
            category=contract.category,
            category_title=contract.title,
            sign=SIGNS[row["polarity"]],
            event_date=row["event_date"],
            end_date=row["end_date"],
            amount=None if row["amount"] is None else yuan(row["amount"]),
            fields=tuple(
                field_value(
                    field,
                    value_of(field, row, display, parties),
                    level
                    if field.slot != "counterparty"
                    else self.party_level(field, row, info.department, level),
                )
                for field in contract.fields
            ),
            origin=self.origin(info, row["row_no"]),
            shown_until=until.day,
            basis=basis_of(contract),
            objection=self.objections.get((contract.category, row["key"])),
            shown_by=shown_by(until),
        )

    def expiry(
        self, contract: Contract, event: date | None, end: date | None, tier: str = ""
    ) -> Until:
        """The last day on which a negative record of these days is shown, and by which rule."""
        terms = self.law.terms(Topic.DISPLAY, contract.category, tier, self.today)
        found = terms[0].until(event, end)
        if terms[1] is not terms[0] and (other := terms[1].until(event, end)) != found:
            return other if self.personal else found
        return found

    def origin(self, info: BatchInfo, row_no: int) -> Origin:
        """Who sent it, when, in which row of which batch."""
        return Origin(
            department=info.department,
            department_title=self.region.departments[info.department].title,
            feed=info.feed,
            batch=info.batch,
            row_no=row_no,
            received_on=day_in_china(info.received_at),
        )

    def coverage(self, rows: FileRows) -> Coverage:
        """What the file covers: every category, its freshness, and whether it is clean."""
        held = rows.table["category"].to_pylist()
        counts = Counter(held)
        soiled = set(rows.undated)
        soiled.update(
            category
            for category, polarity in zip(held, rows.table["polarity"].to_pylist(), strict=True)
            if polarity < 0
        )
        fed = freshness_of(self.region, self.snapshot.received().last, self.today)
        sources = [self._source(name, counts, *fed[name]) for name in self.region.contracts]
        covered = {source.category for source in sources if source.state in ("fresh", "stale")}
        return Coverage(
            as_of=self.today,
            sources=tuple(sources),
            covered=len(covered),
            clean=len(covered - soiled),
            erased=rows.erased,
        )

    def _source(
        self, category: str, counts: Counter[str], state: str, newest: date | None
    ) -> SourceState:
        title = self.region.contracts[category].title
        permit = self.permits.permit(self.enterprise, category)
        if not permit.allowed:
            return SourceState(category, title, "withheld", None, None)
        reach = (permit.data_from, permit.data_to, permit.department)
        return SourceState(category, title, state, counts[category], newest, *reach)
