"""What the four query services answer with. Frozen, JSON-ready through `payload()`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as member
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, overload

from django.conf import settings

from xinrong.catalogue.region import load_region
from xinrong.domain.text import Text
from xinrong.files.plain import to_json
from xinrong.files.shown import ShownBy
from xinrong.files.spelling import in_bytes, spell
from xinrong.trust.types import Piece

#: Of a field that is left out of what is written down where it is None.
ABSENT = {"absent": True}
NO_DAYS: tuple[date | None, date | None] = (None, None)
Value = str | int | bool | Decimal | date | None


class Sign(StrEnum):
    """What a record says of the enterprise."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


#: The polarity of a row -> what it says.
SIGNS = {1: Sign.POSITIVE, 0: Sign.NEUTRAL, -1: Sign.NEGATIVE}


@dataclass(frozen=True)
class Origin:
    """Where a thing comes from: on every field of every file."""

    department: str  # id
    department_title: Text
    feed: str
    batch: int
    row_no: int
    received_on: date


@dataclass(frozen=True)
class FieldValue:
    """One field. `masked` means that it is there and the viewer's level is too low."""

    name: str
    title: Text
    value: Value
    words: Text | None  # the words of a coded value
    unit: str
    masked: bool = False


@dataclass(frozen=True)
class Objection:
    """What stands beside a record that its enterprise objects or has objected to.

    `state`: under_objection while it is looked into, statement where its source stands by the
    record. `statement` are the enterprise's own words; empty where it gave none.
    """

    state: str
    since: date
    statement: str


@dataclass(frozen=True)
class FileRecord:
    """One record of a credit file. `ref` is stable: `<category>/<key>/<batch>`."""

    ref: str
    enterprise: int
    category: str
    category_title: Text
    sign: Sign
    event_date: date | None
    end_date: date | None
    amount: Decimal | None  # yuan
    fields: tuple[FieldValue, ...]
    origin: Origin
    shown_until: date | None  # end of its display period, when it has one
    basis: str  # the law on which it is held
    objection: Objection | None = member(default=None, metadata=ABSENT)
    shown_by: ShownBy | None = member(default=None, metadata=ABSENT)


@dataclass(frozen=True)
class SourceState:
    """One category in the coverage of a file.

    Where the viewer is shown some of its records only (those of a consent's period of data, those
    that the viewer's own department sent), `only_from`, `only_to` and `only_of` say which. How
    many there are besides is not told.
    """

    category: str
    title: Text
    state: str  # fresh, stale, no_feed, withheld
    records: int | None  # None when withheld
    last_received: date | None
    only_from: date | None = None
    only_to: date | None = None
    only_of: str = ""  # department


@dataclass(frozen=True)
class ErasedRecords:
    """Records of one category that the law demanded to be erased, on one day.

    They are gone at every seq: a file as of an earlier day says so too.
    """

    category: str
    title: Text
    on: date
    article: str
    records: int


@dataclass(frozen=True)
class Coverage:
    """Every file opens with it: no negative record in `clean` of `covered` sources as of a day."""

    as_of: date
    sources: tuple[SourceState, ...]
    covered: int  # categories with a feed that the viewer may see
    clean: int  # of these, without a negative record shown
    erased: tuple[ErasedRecords, ...] = ()


@dataclass(frozen=True)
class NameOnFile:
    """A name that a source gave for the enterprise, and the category it came with."""

    name: str
    category: str
    origin: Origin


class Records(Sequence[FileRecord], ABC):
    """Records that say of themselves what the gate asks, and are made only when they are looked at.

    What they say rests on the very texts that are released.
    """

    @property
    @abstractmethod
    def made(self) -> tuple[FileRecord, ...]:
        """The records as objects."""

    @abstractmethod
    def spelled(self) -> bytes:
        """The canonical JSON of all of them, as a list."""

    @abstractmethod
    def drawn_from(self) -> set[tuple[int, str]]:
        """Every (enterprise, category) of a record."""

    @abstractmethod
    def shown_fields(self) -> set[tuple[int, str, str]]:
        """Every (enterprise, category, field) whose value stands unmasked in a record."""

    @abstractmethod
    def pieces(self) -> Iterator[Piece]:
        """Each record with who sent it and the day of its event."""

    @abstractmethod
    def objected(self) -> int:
        """How many of them are under objection."""

    @overload
    def __getitem__(self, place: int) -> FileRecord: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[FileRecord, ...]: ...

    def __getitem__(self, place: int | slice) -> FileRecord | tuple[FileRecord, ...]:
        return self.made[place]

    def __iter__(self) -> Iterator[FileRecord]:
        return iter(self.made)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self.made == tuple(other)

    def __hash__(self) -> int:
        return hash(self.made)


class FileContent:
    """What every answer can say of itself to the gate: what it drew on and which fields it shows.

    Both are computed from what stands in it, so that a service which forgets to mask is caught.
    """

    enterprise: int
    coverage: Coverage

    def all_records(self) -> Sequence[FileRecord]:
        """Every record inside."""
        return ()

    def lists(self) -> tuple[Sequence[FileRecord], ...]:
        """The same, list by list."""
        return (self.all_records(),)

    def drawn_from(self) -> set[tuple[int, str]]:
        """Every (enterprise, category) of which a record, a sum or a count is inside."""
        drawn: set[tuple[int, str]] = set().union(*map(drawn_in, self.lists()))
        counted = {state.category for state in self.coverage.sources if state.records is not None}
        counted |= {one.category for one in self.coverage.erased}
        return drawn | {(self.enterprise, category) for category in counted}

    def shown_fields(self) -> set[tuple[int, str, str]]:
        """Every (enterprise, category, field) whose value stands unmasked inside."""
        return set().union(*map(shown_fields_in, self.lists()))

    def pieces(self) -> Iterable[Piece]:
        """Every record inside, with who sent it and the day of its event."""
        for records in self.lists():
            yield from pieces_in(records)

    def payload(self) -> Any:
        """JSON-ready content; the audit row keeps its digest."""
        return to_json(self)

    def spelled(self) -> bytes:
        """The canonical JSON of the payload."""
        return in_bytes(spell(self), self)


def drawn_in(records: Sequence[FileRecord]) -> set[tuple[int, str]]:
    """Every (enterprise, category) of a record."""
    if isinstance(records, Records):
        return records.drawn_from()
    return {(record.enterprise, record.category) for record in records}


def shown_fields_in(records: Sequence[FileRecord]) -> set[tuple[int, str, str]]:
    """Every (enterprise, category, field) whose value stands unmasked in a record."""
    if isinstance(records, Records):
        return records.shown_fields()
    return {
        (record.enterprise, record.category, field)
        for record in records
        for field in shown_in(record)
    }


def pieces_in(records: Sequence[FileRecord]) -> Iterator[Piece]:
    """Each record with who sent it and the day of its event."""
    if isinstance(records, Records):
        yield from records.pieces()
        return
    for record in records:
        day, fields = record.event_date, frozenset(shown_in(record))
        sender = record.origin.department
        yield Piece(record.enterprise, record.category, sender, day, day, fields)


def shown_in(record: FileRecord) -> Iterator[str]:
    """The fields of the contract whose values stand unmasked in a record."""
    for field in record.fields:
        if not field.masked and field.value is not None:
            yield field.name
    for slot in ("event_date", "end_date", "amount"):
        name = field_in_slot(record.category, slot)
        if name and getattr(record, slot) is not None:
            yield name


def field_in_slot(category: str, slot: str) -> str:
    """The name of the field that lies in a slot, or "" when the category has none."""
    contract = load_region(settings.REGION).contracts[category]
    return next((field.name for field in contract.fields if field.slot == slot), "")


@dataclass(frozen=True)
class BasicInformation(FileContent):
    """Query service 1: who it is."""

    enterprise: int
    code: str
    name: str
    kind: str
    provisional: bool
    names: tuple[NameOnFile, ...]
    registration: FileRecord | None  # the newest registration record, with its origin
    coverage: Coverage

    def all_records(self) -> tuple[FileRecord, ...]:
        return (self.registration,) if self.registration else ()

    def drawn_from(self) -> set[tuple[int, str]]:
        named = {(self.enterprise, name.category) for name in self.names}
        return super().drawn_from() | named

    def pieces(self) -> Iterable[Piece]:
        yield from super().pieces()
        for name in self.names:
            day, sender = name.origin.received_on, name.origin.department
            yield Piece(self.enterprise, name.category, sender, day, day)


@dataclass(frozen=True)
class ComprehensiveInformation(FileContent):
    """Query service 2: every record, newest first; undated ones last."""

    enterprise: int
    records: Sequence[FileRecord]
    total: int
    offset: int
    undated_withheld: int  # negative, without a date: never shown as negative
    expired_withheld: int  # negative, past its display period
    coverage: Coverage

    def all_records(self) -> Sequence[FileRecord]:
        return self.records


@dataclass(frozen=True)
class CubeCell:
    """One cell: a count and, where the category has money, its sum in yuan."""

    category: str
    year: int | None  # None: undated
    department: str
    sign: Sign
    records: int
    amount: Decimal | None
    objected: int | None = member(default=None, metadata=ABSENT)  # of them, under objection


@dataclass(frozen=True)
class CreditCube(FileContent):
    """Query service 3: category × time × department × sign; drill down by the same four."""

    enterprise: int
    cells: tuple[CubeCell, ...]
    categories: dict[str, Text]
    departments: dict[str, Text]
    coverage: Coverage

    def drawn_from(self) -> set[tuple[int, str]]:
        return super().drawn_from() | {(self.enterprise, cell.category) for cell in self.cells}

    def shown_fields(self) -> set[tuple[int, str, str]]:
        return {
            (self.enterprise, cell.category, field)
            for cell in self.cells
            for field in self._fields_of(cell)
        }

    def _fields_of(self, cell: CubeCell) -> Iterator[str]:
        """The fields that a cell shows: behind its year and behind its sum."""
        for slot, value in (("event_date", cell.year), ("amount", cell.amount)):
            name = field_in_slot(cell.category, slot)
            if name and value is not None:
                yield name

    def pieces(self) -> Iterable[Piece]:
        """Every cell, with who sent its records and the ends of its year."""
        for cell in self.cells:
            first, last = (date(cell.year, 1, 1), date(cell.year, 12, 31)) if cell.year else NO_DAYS
            fields = frozenset(self._fields_of(cell))
            yield Piece(self.enterprise, cell.category, cell.department, first, last, fields)


@dataclass(frozen=True)
class PositiveNegative(FileContent):
    """Query service 4: red (for) and black (against) apart, each with basis and expiry."""

    enterprise: int
    red: Sequence[FileRecord]
    black: Sequence[FileRecord]
    undated_withheld: int
    expired_withheld: int
    coverage: Coverage

    def all_records(self) -> Sequence[FileRecord]:
        return (*self.red, *self.black)

    def lists(self) -> tuple[Sequence[FileRecord], ...]:
        return self.red, self.black
