"""The register's history of an enterprise, and of those that it follows: joined, never mixed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as member
from datetime import date
from functools import cached_property
from typing import ClassVar

import pyarrow as pa

from xinrong.catalogue.contract import RecordField
from xinrong.collect.services import register_days
from xinrong.domain.clock import day_in_china
from xinrong.files.building import FileBuilder
from xinrong.files.objected import is_open
from xinrong.files.products import Basic, FileProduct
from xinrong.files.types import (
    ABSENT,
    Coverage,
    FieldValue,
    FileContent,
    Objection,
    Origin,
    Value,
)
from xinrong.files.values import field_value, value_of
from xinrong.store.services import Snapshot
from xinrong.subjects.services import (
    RecordVersion,
    RegisterEvent,
    as_known_at,
    enterprise_by_id,
    enterprise_of_code,
    history_of,
    names_of_subjects,
    predecessors_of,
    subjects_of,
    versions_in,
)
from xinrong.trust.services import Permits
from xinrong.trust.types import Piece


@dataclass(frozen=True)
class FieldChange:
    """One field of the register's record: what it was and what it became; masked together."""

    before: FieldValue
    after: FieldValue


@dataclass(frozen=True)
class HistoryEntry:
    """One thing that became known, by the commit with `seq`.

    `what`: entered, name, kind, provisional, cancelled (`before` and `after` say it), details
    (`changes` do), succeeded_by, follows (`other_code` and `other_name` say whom). `day` is the
    day as of which the register says so; `received_on` is when it came. `objection` is what stands
    beside the record that told it.
    """

    seq: int
    what: str
    day: date | None
    received_on: date | None
    before: str = ""
    after: str = ""
    other_code: str = ""
    other_name: str = ""
    read: bool = False  # a record told the succession; else a person did
    category: str = ""
    origin: Origin | None = None
    changes: tuple[FieldChange, ...] = ()
    objection: Objection | None = member(default=None, metadata=ABSENT)


@dataclass(frozen=True)
class EnterpriseHistory:
    """The entries about one enterprise, newest first; each is about it and nobody else.

    `kind` and `on` say how and from which day it was followed: empty for the one asked about.
    """

    enterprise: int
    code: str
    name: str
    kind: str
    on: date | None
    entries: tuple[HistoryEntry, ...]

    @property
    def objections(self) -> tuple[Objection, ...]:
        """What stands beside the records that told the entries, each once."""
        told = dict.fromkeys(entry.objection for entry in self.entries)
        return tuple(one for one in told if one is not None)


@dataclass(frozen=True)
class RegisterHistoryContent(FileContent):
    """What the register said: of the enterprise first, then of those that it follows."""

    enterprise: int
    histories: tuple[EnterpriseHistory, ...]
    withheld_predecessors: int  # known, but not open to this viewer for this purpose
    coverage: Coverage

    def drawn_from(self) -> set[tuple[int, str]]:
        told = {(one.enterprise, entry.category) for one, entry in self._entries()}
        return super().drawn_from() | {pair for pair in told if pair[1]}

    def shown_fields(self) -> set[tuple[int, str, str]]:
        return {
            (one.enterprise, entry.category, field)
            for one, entry in self._entries()
            for field in shown_names(entry)
        }

    def pieces(self) -> Iterable[Piece]:
        """Every entry that a batch told, with who sent it and its day."""
        for one, entry in self._entries():
            if entry.origin is not None:
                day = entry.day or entry.received_on
                names = frozenset(shown_names(entry))
                sender = entry.origin.department
                yield Piece(one.enterprise, entry.category, sender, day, day, names)

    def _entries(self) -> Iterator[tuple[EnterpriseHistory, HistoryEntry]]:
        for one in self.histories:
            for entry in one.entries:
                yield one, entry


def shown_names(entry: HistoryEntry) -> Iterator[str]:
    """The fields of an entry whose values, before or after, stand in it unmasked."""
    for change in entry.changes:
        for field in (change.before, change.after):
            if not field.masked and field.value is not None:
                yield field.name


@dataclass(frozen=True)
class RegisterHistory(FileProduct):
    """The history of `enterprise`, and of those among the asked about that it follows."""

    name: ClassVar[str] = "register_history"
    enterprise: int

    @property
    def parameters(self) -> dict[str, str | int]:
        """Whose history as well."""
        return {**super().parameters, "enterprise": self.enterprise}

    @property
    def registers(self) -> list[str]:
        """The categories that register feeds fill."""
        return Basic(self.today).registers

    @property
    def columns(self) -> tuple[str, ...]:
        """Those in which the register's fields lie."""
        return Basic(self.today).columns

    def read(
        self, snapshot: Snapshot, about: tuple[int, ...], permits: Permits
    ) -> RegisterHistoryContent:
        joined = predecessors_of(self.enterprise, seq=snapshot.seq, using=snapshot.using)
        shown = [one for one in joined if one.enterprise.pk in about]
        builder, rows = self.open(snapshot, (self.enterprise,), permits)
        histories = [self._of(builder, self.enterprise, "", None)]
        for one in shown:
            theirs = FileBuilder(self.region, snapshot, permits, one.enterprise.pk, builder.today)
            told = one.succession
            histories.append(self._of(theirs, one.enterprise.pk, told.kind, told.on))
        return RegisterHistoryContent(
            enterprise=self.enterprise,
            histories=tuple(histories),
            withheld_predecessors=len(joined) - len(shown),
            coverage=builder.coverage(rows),
        )

    def _of(
        self, builder: FileBuilder, number: int, kind: str, on: date | None
    ) -> EnterpriseHistory:
        snapshot = builder.snapshot
        enterprise = enterprise_by_id(number, seq=snapshot.seq, using=snapshot.using)
        versions = self._versions(builder)
        entries = [*self._events(builder, versions), *self._details(builder, versions)]
        entries.sort(key=lambda one: (one.day or one.received_on or date.min, one.seq))
        return EnterpriseHistory(
            number, enterprise.code, enterprise.name, kind, on, tuple(reversed(entries))
        )

    def _versions(self, builder: FileBuilder) -> list[RecordVersion]:
        """Every version of the register's records; what is objected to is kept."""
        snapshot = builder.snapshot
        allowed = set(builder.permits.allowed(builder.enterprise))
        registers = [name for name in self.registers if name in allowed]
        subjects = subjects_of([builder.enterprise], seq=snapshot.seq, using=snapshot.using)
        found = versions_in(snapshot, subjects[builder.enterprise], registers, self.columns)
        builder.look_up_objections(_records_of(found))
        return found

    def _events(
        self, builder: FileBuilder, versions: Sequence[RecordVersion]
    ) -> Iterator[HistoryEntry]:
        """Changes of master data that came with a permitted category; successions always."""
        snapshot = builder.snapshot
        objections = _by_batch(builder, versions)
        events = history_of(builder.enterprise, seq=snapshot.seq, using=snapshot.using)
        infos = snapshot.batch_infos_of_seqs({event.seq for event in events})
        allowed = set(builder.permits.allowed(builder.enterprise))
        for event in events:
            info = infos.get(event.seq)
            received = None if info is None else day_in_china(info.received_at)
            if event.what in ("follows", "succeeded_by"):
                yield _succession(event, snapshot)
            elif (
                info is not None
                and info.category in allowed
                and builder.level_of(info.category, info.department, event.day or received)
            ):
                yield HistoryEntry(
                    event.seq,
                    event.what,
                    event.day,
                    received,
                    event.before,
                    event.after,
                    category=info.category,
                    origin=builder.origin(info, 0),
                    objection=objections.get(info.batch),
                )

    def _details(
        self, builder: FileBuilder, versions: Sequence[RecordVersion]
    ) -> Iterator[HistoryEntry]:
        """Versions of the register's records: the first in full, of the others what changed."""
        days = register_days(self.region, [one.batch for one in versions])
        parties = _parties(builder.snapshot, versions)
        builder.look_up(list(parties))
        before: dict[tuple[str, int], RecordVersion] = {}
        for version in versions:
            received = day_in_china(version.batch.received_at)
            day = days.get(version.batch.batch)
            sent = (version.batch.category, version.batch.department, day or received)
            level = builder.level_of(*sent)
            was = before.get(version.record)
            changes = self._changes(builder, level, was, version, parties)
            before[version.record] = version
            if changes and level:
                yield HistoryEntry(
                    version.batch.seq,
                    "details",
                    day,
                    received,
                    category=version.batch.category,
                    origin=builder.origin(version.batch, version.row["row_no"]),
                    changes=changes,
                    objection=builder.objections.get(version.record),
                )

    def _changes(
        self,
        builder: FileBuilder,
        level: int,
        was: RecordVersion | None,
        now: RecordVersion,
        parties: dict[int, tuple[str, str]],
    ) -> tuple[FieldChange, ...]:
        category = now.batch.category
        found = []
        for field in self.region.contracts[category].fields:
            old = None if was is None else _value(field, was, parties)
            new = _value(field, now, parties)
            if old != new and field.name not in self._told_apart[category]:
                shown = level
                if field.slot == "counterparty":
                    both = [one for one in (was, now) if one is not None]
                    shown = min(_party_level(builder, field, one, level) for one in both)
                pair = (field_value(field, old, shown), field_value(field, new, shown))
                found.append(FieldChange(*pair))
        return tuple(found)

    @cached_property
    def _told_apart(self) -> dict[str, set[str]]:
        """Category → fields that are master data, whose changes are events of their own."""
        found: dict[str, set[str]] = {name: set() for name in self.registers}
        for feed in self.region.feeds.values():
            says = feed.register_file if feed.register_feed else None
            if says is not None:
                status = (says.status.field, says.status.since) if says.status else ()
                found[feed.category] |= {says.kind, *status} - {""}
        return found


def _succession(event: RegisterEvent, snapshot: Snapshot) -> HistoryEntry:
    now = enterprise_of_code(event.before or event.after)
    other = as_known_at(now, snapshot.seq, using=snapshot.using)
    return HistoryEntry(
        event.seq,
        event.what,
        event.day,
        None,
        other_code=other.code,
        other_name=other.name,
        read=bool(event.source),
    )


def _records_of(versions: Sequence[RecordVersion]) -> pa.Table:
    """Category and key of the records that have these versions."""
    records = [one.record for one in versions]
    columns = {"category": pa.string(), "key": pa.int64()}
    return pa.table(
        {
            name: pa.array([record[place] for record in records], kind)
            for place, (name, kind) in enumerate(columns.items())
        }
    )


def _by_batch(builder: FileBuilder, versions: Sequence[RecordVersion]) -> dict[int, Objection]:
    """Batch -> what stands beside a record of it: that it is looked into before anything else."""
    found: dict[int, Objection] = {}
    for one in versions:
        told = builder.objections.get(one.record)
        if told is not None and not is_open(found.get(one.batch.batch)):
            found[one.batch.batch] = told
    return found


def _parties(snapshot: Snapshot, versions: Sequence[RecordVersion]) -> dict[int, tuple[str, str]]:
    found = {one.row["counterparty"] for one in versions} - {None}
    return names_of_subjects(sorted(found), seq=snapshot.seq, using=snapshot.using)


def _party_level(
    builder: FileBuilder, field: RecordField, version: RecordVersion, level: int
) -> int:
    return builder.party_level(field, version.row, version.batch.department, level)


def _value(
    field: RecordField, version: RecordVersion, parties: dict[int, tuple[str, str]]
) -> Value:
    return value_of(field, version.row, version.display, parties)
