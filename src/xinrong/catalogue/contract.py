"""A category's contract: what may be known, from which law, how it is read, shared and kept.

Contracts are YAML files under `regions/<region>/catalogue/`. Every model forbids unknown keys, so
a typing mistake is an error with its place and never a rule that silently does not hold.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from xinrong.domain.law import Kind, Slot, Tier
from xinrong.domain.text import Text


class Strict(BaseModel):
    """Frozen, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FieldType(StrEnum):
    """How the text that a department sends is read."""

    TEXT = "text"
    DATE = "date"
    MONEY = "money"  # yuan in the contract, fen in the store
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    USCC = "uscc"  # a unified social credit code
    ENTERPRISE = "enterprise"  # a code or a name; becomes a subject (the counterparty)


class ShareClass(StrEnum):
    """May it be shared: openly, with consent, or never."""

    OPEN = "open"
    CONSENT = "consent"
    NEVER = "never"


class Absence(StrEnum):
    """What it means that nothing is on record."""

    MEANS_NONE = "means_none"
    MEANS_UNKNOWN = "means_unknown"


class Basis(Strict):
    """The document and article on which the platform may hold this."""

    document: str
    article: str = ""
    url: str = ""


class RecordField(Strict):
    """One field: its words, its type, its sensitivity (1 public to 5 most secret), its slot.

    A field with a `slot` is read by indicators, criteria or services; one without is display
    text, kept as JSON. `slot` is `event_date`, `end_date`, `amount`, `quantity`, `code`, `status`,
    `counterparty` or one of the typed slots n1…n6, t1…t6, d1…d3.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Text
    type: FieldType = FieldType.TEXT
    unit: str = ""
    level: int = Field(default=1, ge=1, le=5)
    required: bool = False
    slot: str = ""
    values: dict[str, Text] = Field(
        default_factory=dict
    )  # the only lawful values, with their words
    min: Decimal | None = None
    max: Decimal | None = None
    future: bool = False  # may a date lie after the day of receipt


class PolarityRule(Strict):
    """Whether a record speaks for or against the enterprise.

    Either one `sign` for all, or the sign is read from the field `by`; a value in neither list
    is neutral.
    """

    sign: Literal["positive", "negative", "neutral"] = "neutral"
    by: str = ""
    positive: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()


class Period(Strict):
    """A length of time from a date of the record; `source` is its document and article.

    `until` names the slot in which a record says itself on which day it is shown for the last
    time; whichever day is the earlier one counts.
    """

    years: int = 0
    months: int = 0
    days: int = 0
    start: Literal["event_date", "end_date"] = "event_date"
    until: Literal["", "end_date"] = ""
    source: str


class Negative(Strict):
    """What the negative records are in law: the law packs' display and retention follow from it.

    `determined` and `ended` are the dates of a record on which what it tells of was determined,
    and ended: of a decision both are its day. `lasting`: one without `ended` has not ended yet; if
    it is not said, such a record is undated and withheld where a law counts from the end. `served`
    is the date on which a sentence was served. `tier_by` names the field that says how grave it
    is, and `tiers` which of its values are which tier; other values are of no tier.
    """

    kind: Kind
    determined: Slot = "event_date"
    ended: Slot = "event_date"
    served: Slot | Literal[""] = ""
    lasting: bool = False
    tier_by: str = ""
    tiers: dict[str, Tier] = Field(default_factory=dict)


class Successions(Strict):
    """Which records say that one enterprise follows another.

    Where `field` has one of `values`, the counterparty follows the enterprise of the record, in
    the way that the value means, from the event date on.
    """

    field: str
    values: dict[str, Literal["merger", "division", "conversion"]] = Field(min_length=1)


class Contract(Strict):
    """One category of the catalogue."""

    category: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    version: int = Field(default=1, ge=1)
    title: Text
    description: Text
    group: str  # registration, licence, penalty, tax … : for grouping on pages
    basis: tuple[Basis, ...]
    share: ShareClass
    polarity: PolarityRule
    fields: tuple[RecordField, ...]
    key: tuple[str, ...]  # field names, and `subject`, that make a re-sent record the same record
    negative: Negative | None = None  # what negative records are in law
    display: Period | None = None  # how long they may be shown, where that is shorter than the law
    retention: Period | None = None
    absence: Absence = Absence.MEANS_UNKNOWN
    population: Text | None = None  # whom the category covers, required for means_none
    succession: Successions | None = None  # of one enterprise by another
    retired_slots: tuple[str, ...] = ()  # slots of fields that were dropped: never used again

    def field(self, name: str) -> RecordField:
        """The field of that name. Raises KeyError."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)
