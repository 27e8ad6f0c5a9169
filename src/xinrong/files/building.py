"""From rows of the store to what a person reads: words, masks, origins, display periods."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from xinrong.catalogue.contract import Contract, FieldType, Period, RecordField
from xinrong.catalogue.region import Region
from xinrong.domain.clock import day_in_china
from xinrong.domain.display import DisplayState, display_state, shown_until
from xinrong.domain.money import yuan
from xinrong.files.types import (
    Coverage,
    ErasedRecords,
    FieldValue,
    FileRecord,
    Origin,
    Sign,
    SourceState,
    Value,
)
from xinrong.store.services import BatchInfo, Snapshot, erasures_of, newest_first
from xinrong.subjects.services import names_of_subjects
from xinrong.trust.services import Permits

#: The column of the level up to which a row is shown, where a permit does not reach all rows.
LEVEL = "level"
SIGNS = {1: Sign.POSITIVE, 0: Sign.NEUTRAL, -1: Sign.NEGATIVE}
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

    def read(self, subjects: Sequence[int], columns: Sequence[str] | None = None) -> FileRows:
        """The permitted rows whose display period has not ended, with the columns asked for.

        A negative one without the date from which its period runs is withheld: it is never shown
        as negative. What the viewer's level does not reach is emptied here, before anything sorts,
        filters or counts by it: an order or a filter would give it away.
        """
        allowed = self.permits.allowed(self.enterprise)
        rows = FileRows(self.enterprise, self.snapshot.records(subjects, allowed, columns))
        rows.erased = self._erased(subjects, frozenset(allowed))
        if self.permits.partial:
            self._narrow(rows)
        self._withhold(rows)
        self._hide(rows)
        return rows

    def _erased(
        self, subjects: Sequence[int], allowed: frozenset[str]
    ) -> tuple[ErasedRecords, ...]:
        """What was erased of the categories that the viewer may see, whatever the seq."""
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
        if not pc.any(pc.less(table["polarity"], 0)).as_py():
            return
        keep = []
        columns = (
            table[name].to_pylist() for name in ("category", "polarity", "event_date", "end_date")
        )
        for category, polarity, event, end in zip(*columns, strict=True):
            period = self.region.contracts[category].display
            state = display_state(
                negative=polarity < 0,
                start=start_of(period, event, end),
                period=(period.years, period.months, period.days) if period else None,
                today=self.today,
                until=end if period is not None and period.until else None,
            )
            if state == DisplayState.UNDATED:
                rows.undated[category] += 1
            elif state == DisplayState.EXPIRED:
                rows.expired[category] += 1
            keep.append(state == DisplayState.SHOWN)
        rows.table = table.filter(pa.array(keep, pa.bool_()))

    def _hide(self, rows: FileRows) -> None:
        """Empty the dates and sums that lie deeper than the viewer's level."""
        moved = False
        for slot in ("event_date", "end_date", "amount"):
            names = rows.table.schema.names
            hidden = [name for name in self.region.contracts if self._too_deep(name, slot)]
            if slot not in names or not (hidden or LEVEL in names):
                continue
            place = rows.table.schema.get_field_index(slot)
            column = rows.table.schema.field(place)
            deep = pc.is_in(rows.table["category"], pa.array(hidden, pa.string()))
            if LEVEL in rows.table.schema.names:
                deep = pc.or_(deep, self._deep_rows(rows.table, slot))
            values = pc.if_else(deep, pa.scalar(None, column.type), rows.table[slot])
            rows.table = rows.table.set_column(place, column, values)
            moved = moved or slot == "event_date"
        if moved:
            rows.table = newest_first(rows.table)

    def _deep_rows(self, table: pa.Table, slot: str) -> pa.Array:
        """Which rows have a level of their own that the field in a slot lies below."""
        needed = {
            name: next((field.level for field in contract.fields if field.slot == slot), 0)
            for name, contract in self.region.contracts.items()
        }
        rows = zip(table["category"].to_pylist(), table[LEVEL].to_pylist(), strict=True)
        return pa.array([needed[category] > level for category, level in rows], pa.bool_())

    def _too_deep(self, category: str, slot: str) -> bool:
        permit = self.permits.permit(self.enterprise, category)
        if not permit.allowed:
            return False
        fields = self.region.contracts[category].fields
        return any(field.slot == slot and field.level > permit.max_level for field in fields)

    def records(self, table: pa.Table) -> tuple[FileRecord, ...]:
        """Rows as records, in their order."""
        rows = table.to_pylist()
        infos = self.snapshot.batch_infos(sorted({row["batch"] for row in rows}))
        others = sorted({row["counterparty"] for row in rows if row["counterparty"] is not None})
        seq, using = self.snapshot.seq, self.snapshot.using
        parties = names_of_subjects(others, seq=seq, using=using)
        self.look_up(others)
        return tuple(self._record(row, infos[row["batch"]], parties) for row in rows)

    def look_up(self, parties: Sequence[int]) -> None:
        """Learn who of these counterparties is named to this viewer."""
        if parties and not self.permits.all_parties:
            self.permits.parties.look_up(parties, self.snapshot)

    def party_level(self, field: RecordField, row: Row, sender: str, level: int) -> int:
        """The level up to which the field of a row's counterparty is shown; 0: it is not named.

        One that is not open is named to the enterprise itself, to the department that sent the
        row, and under its own consent.
        """
        party, category = row["counterparty"], row["category"]
        if party is None or self.permits.all_parties or field.level > level:
            return level
        if sender == self.permits.permit(self.enterprise, category).department:
            return level
        day = row["event_date"]
        return level if self.permits.parties.is_named(party, category, field.level, day) else 0

    def _record(
        self, row: Row, info: BatchInfo, parties: Mapping[int, tuple[str, str]]
    ) -> FileRecord:
        contract = self.region.contracts[row["category"]]
        permit = self.permits.permit(self.enterprise, contract.category)
        level = row.get(LEVEL, permit.max_level)
        display = json.loads(row["display"]) if row["display"] else {}
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
            shown_until=self._expiry(contract, row),
            basis="；".join(f"{basis.document}{basis.article}" for basis in contract.basis),
        )

    def _expiry(self, contract: Contract, row: Row) -> date | None:
        period = contract.display
        if row["polarity"] >= 0 or period is None:
            return None
        start = start_of(period, row["event_date"], row["end_date"])
        if start is None:
            return None
        end = shown_until(start, period.years, period.months, period.days)
        return min(end, row["end_date"] or end) if period.until else end

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
        counts = Counter(rows.table["category"].to_pylist())
        black = rows.table.filter(pc.less(rows.table["polarity"], 0))
        soiled = set(pc.unique(black["category"]).to_pylist()) | set(rows.undated)
        received = self.snapshot.last_received()
        sources = [self._source(name, counts, received) for name in self.region.contracts]
        covered = {source.category for source in sources if source.state in ("fresh", "stale")}
        return Coverage(
            as_of=self.today,
            sources=tuple(sources),
            covered=len(covered),
            clean=len(covered - soiled),
            erased=rows.erased,
        )

    def _source(
        self, category: str, counts: Counter[str], received: Mapping[str, Any]
    ) -> SourceState:
        contract = self.region.contracts[category]
        permit = self.permits.permit(self.enterprise, category)
        if not permit.allowed:
            return SourceState(category, contract.title, "withheld", None, None)
        feeds = self.region.feeds_of[category]
        dates = {
            feed.feed: day_in_china(received[feed.feed]) for feed in feeds if feed.feed in received
        }
        reach = (permit.data_from, permit.data_to, permit.department)
        if not dates:
            return SourceState(category, contract.title, "no_feed", counts[category], None, *reach)
        fresh = any(
            (self.today - dates[feed.feed]).days <= feed.freshness.stale_after_days
            for feed in feeds
            if feed.feed in dates
        )
        state = "fresh" if fresh else "stale"
        newest = max(dates.values())
        return SourceState(category, contract.title, state, counts[category], newest, *reach)


def start_of(period: Period | None, event: date | None, end: date | None) -> date | None:
    """The date from which a display period runs."""
    return end if period is not None and period.start == "end_date" else event


def value_of(
    field: RecordField,
    row: Row,
    display: Mapping[str, Any],
    parties: Mapping[int, tuple[str, str]],
) -> Value:
    """The typed value of a field: from its slot, else from the display text."""
    if not field.slot:
        return from_display(field, display.get(field.name))
    value = row[field.slot]
    if value is None:
        return None
    if field.slot == "counterparty":
        code, name = parties.get(value, ("", ""))
        return f"{name} ({code})" if code and name else name or code
    if field.slot == "amount":
        return yuan(value)
    if isinstance(value, Decimal):
        return number_of(field, value)
    typed: Value = value
    return typed


def number_of(field: RecordField, value: Decimal) -> Value:
    """A number from a slot, which keeps four places, as its field's type."""
    if field.type == FieldType.INTEGER:
        return int(value)
    return value.quantize(Decimal("0.01")) if field.type == FieldType.MONEY else plain(value)


#: How the text of a display field is read; all other types are text.
_READ_DISPLAY: dict[FieldType, Callable[[str], Value]] = {
    FieldType.MONEY: Decimal,
    FieldType.NUMBER: Decimal,
    FieldType.INTEGER: int,
    FieldType.DATE: date.fromisoformat,
    FieldType.BOOLEAN: lambda text: text.lower() == "true",
}


def from_display(field: RecordField, text: Any) -> Value:
    """A display field's text as its type."""
    if text is None or text == "":
        return None
    return _READ_DISPLAY.get(field.type, str)(str(text))


def plain(value: Decimal) -> Decimal:
    """Without the zeros that four stored places add: 12.5000 is 12.5."""
    short = value.normalize()
    return short if short.as_tuple().exponent <= 0 else short.quantize(Decimal(1))  # type: ignore[operator] # finite


def field_value(field: RecordField, value: Value, level: int) -> FieldValue:
    """A field with its words, masked when the viewer's level is too low."""
    if field.level > level:
        return FieldValue(field.name, field.title, None, None, unit_of(field), masked=True)
    words = field.values.get(str(value)) if value is not None else None
    return FieldValue(field.name, field.title, value, words, unit_of(field))


def unit_of(field: RecordField) -> str:
    """The unit that stands beside a value; money is in yuan unless its contract says otherwise."""
    return field.unit or ("元" if field.type == FieldType.MONEY else "")
