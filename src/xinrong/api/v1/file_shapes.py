"""The shapes of the four query services: exactly the content whose digest the audit row keeps."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from xinrong.api.schemas import Proof, Strict, TextOut
from xinrong.files.types import Sign

Yuan = str | None


class OriginOut(Strict):
    """Where a record comes from."""

    department: str
    department_title: TextOut
    feed: str
    batch: int
    row_no: int
    received_on: date


class FieldValueOut(Strict):
    """One field of a record."""

    name: str
    title: TextOut
    value: bool | int | str | None = Field(description="Dates as ISO text, decimals as text.")
    words: TextOut | None = Field(description="The words of a coded value.")
    unit: str
    masked: bool = Field(description="It is there, and above the level that you may see.")


class ObjectionOut(Strict):
    """What stands beside a record that its enterprise objects or has objected to."""

    state: str = Field(
        description="under_objection: it is being looked into. statement: its source stands by "
        "the record, and the enterprise by its words."
    )
    since: date
    statement: str = Field(description="The enterprise's own words; may be empty.")


class ShownByOut(Strict):
    """The rule by which the display of a negative record ends."""

    rule: str = Field(description="Of a law pack; empty where the category's contract says it.")
    source: str = Field(description="The document and its article.")
    evidence: str = Field(
        description="How well it is known that the law says so: verified, secondary, known, "
        "uncertain; empty for the contract's."
    )


class RecordOut(Strict):
    """One record of a credit file."""

    ref: str
    enterprise: int
    category: str
    category_title: TextOut
    sign: Sign
    event_date: date | None
    end_date: date | None
    amount: Yuan = Field(description="In yuan, as decimal text.")
    fields: list[FieldValueOut]
    origin: OriginOut
    shown_until: date | None
    basis: str
    objection: ObjectionOut | None = Field(
        default=None, description="Left out where nothing stands beside the record."
    )
    shown_by: ShownByOut | None = Field(
        default=None, description="Left out where no period of display ends."
    )


class SourceStateOut(Strict):
    """One category in the coverage of a file."""

    category: str
    title: TextOut
    state: str = Field(description="fresh, stale, no_feed or withheld")
    records: int | None = Field(description="null when withheld")
    last_received: date | None
    only_from: date | None = Field(description="Only records from this day on are shown.")
    only_to: date | None = Field(description="Only records up to this day are shown.")
    only_of: str = Field(description="Only what this department sent is shown; empty: of all.")


class ErasedOut(Strict):
    """Records of one category that the law demanded to be erased, on one day."""

    category: str
    title: TextOut
    on: date
    article: str
    records: int


class CoverageOut(Strict):
    """No negative record in `clean` of `covered` sources as of a day."""

    as_of: date
    sources: list[SourceStateOut]
    covered: int
    clean: int
    erased: list[ErasedOut] = Field(description="Gone whatever the day that is asked for.")


class NameOut(Strict):
    """A name that a source gave."""

    name: str
    category: str
    origin: OriginOut


class BasicContent(Strict):
    """Query service 1: who it is."""

    enterprise: int
    code: str
    name: str
    kind: str
    provisional: bool
    names: list[NameOut]
    registration: RecordOut | None
    coverage: CoverageOut


class ComprehensiveContent(Strict):
    """Query service 2: every record, newest first."""

    enterprise: int
    records: list[RecordOut]
    total: int
    offset: int
    undated_withheld: int
    expired_withheld: int
    coverage: CoverageOut


class CellOut(Strict):
    """One cell of the cube."""

    category: str
    year: int | None = Field(description="null: undated")
    department: str
    sign: Sign
    records: int
    amount: Yuan = Field(description="In yuan, as decimal text.")
    objected: int | None = Field(
        default=None, description="How many of them are under objection. Left out where none is."
    )


class CubeContent(Strict):
    """Query service 3: category × year × department × sign."""

    enterprise: int
    cells: list[CellOut]
    categories: dict[str, TextOut]
    departments: dict[str, TextOut]
    coverage: CoverageOut


class SignsContent(Strict):
    """Query service 4: what speaks for the enterprise and what against it."""

    enterprise: int
    red: list[RecordOut]
    black: list[RecordOut]
    undated_withheld: int
    expired_withheld: int
    coverage: CoverageOut


class BasicAnswer(Proof):
    """Basic information and its proof."""

    content: BasicContent


class ComprehensiveAnswer(Proof):
    """Comprehensive information and its proof."""

    content: ComprehensiveContent


class CubeAnswer(Proof):
    """The credit cube and its proof."""

    content: CubeContent


class SignsAnswer(Proof):
    """Positive and negative information and its proof."""

    content: SignsContent
