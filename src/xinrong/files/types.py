"""What the four query services answer with. Frozen, JSON-ready through `payload()`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from xinrong.domain.text import Text

Value = str | int | bool | Decimal | date | None


class Sign(StrEnum):
    """What a record says of the enterprise."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


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


@dataclass(frozen=True)
class SourceState:
    """One category in the coverage of a file."""

    category: str
    title: Text
    state: str  # fresh, stale, no_feed, withheld
    records: int | None  # None when withheld
    last_received: date | None


@dataclass(frozen=True)
class Coverage:
    """Every file opens with it: no negative record in `clean` of `covered` sources as of a day."""

    as_of: date
    sources: tuple[SourceState, ...]
    covered: int  # categories with a feed that the viewer may see
    clean: int  # of these, without a negative record shown


@dataclass(frozen=True)
class NameOnFile:
    """A name that a source gave for the enterprise."""

    name: str
    origin: Origin


@dataclass(frozen=True)
class BasicInformation:
    """Query service 1: who it is."""

    enterprise: int
    code: str
    name: str
    kind: str
    provisional: bool
    names: tuple[NameOnFile, ...]
    registration: FileRecord | None  # the newest registration record, with its origin
    coverage: Coverage


@dataclass(frozen=True)
class ComprehensiveInformation:
    """Query service 2: every record, newest first; undated ones last."""

    enterprise: int
    records: tuple[FileRecord, ...]
    total: int
    offset: int
    undated_withheld: int  # negative, without a date: never shown as negative
    coverage: Coverage


@dataclass(frozen=True)
class CubeCell:
    """One cell: a count and, where the category has money, its sum in yuan."""

    category: str
    year: int | None  # None: undated
    department: str
    sign: Sign
    records: int
    amount: Decimal | None


@dataclass(frozen=True)
class CreditCube:
    """Query service 3: category × time × department × sign; drill down by the same four."""

    enterprise: int
    cells: tuple[CubeCell, ...]
    categories: dict[str, Text]
    departments: dict[str, Text]
    coverage: Coverage


@dataclass(frozen=True)
class PositiveNegative:
    """Query service 4: red (for) and black (against) apart, each with basis and expiry."""

    enterprise: int
    red: tuple[FileRecord, ...]
    black: tuple[FileRecord, ...]
    undated_withheld: int
    expired_withheld: int
    coverage: Coverage


FileContent = BasicInformation | ComprehensiveInformation | CreditCube | PositiveNegative


def to_json(value: Any) -> Any:
    """JSON-ready form of anything above: dates as ISO text, money as text, enums as values."""
    import dataclasses

    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Text):
        return {"zh": value.zh, "en": value.en}
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, StrEnum):
        return value.value
    return value
