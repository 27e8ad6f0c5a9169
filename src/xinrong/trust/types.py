"""The words of the gate: purposes, stages, services, permits, products and releases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from xinrong.accounts.services import PUBLIC, Viewer
from xinrong.trust.parties import Parties

if TYPE_CHECKING:
    from xinrong.store.services import Snapshot


class Purpose(StrEnum):
    """Why somebody asks."""

    CREDIT = "credit"  # a lending decision or its follow-up
    GUARANTEE = "guarantee"  # a guarantor's decision or its follow-up
    ADVICE = "advice"  # an adviser, at the enterprise's wish
    SELF = "self"  # the enterprise looks at itself
    SUPERVISION = "supervision"  # a department, about what it sends and what is open
    OVERSIGHT = "oversight"  # a regulator: counts over many enterprises, never a file
    OPERATION = "operation"  # the platform's operator keeping the service right
    PUBLIC = "public"  # anybody, open data only


#: In the parameters of an audit row: a code that the catalogue does not know. Nothing fits it.
UNKNOWN_CODE = "?"

#: Purposes that a consent can serve, and those of them that name a stage.
CONSENTED = frozenset({Purpose.CREDIT, Purpose.GUARANTEE, Purpose.ADVICE})
STAGED = frozenset({Purpose.CREDIT, Purpose.GUARANTEE})


class Stage(StrEnum):
    """The lending stage to which a bank's or a guarantor's query belongs."""

    PRE_LOAN = "pre_loan"
    APPROVAL = "approval"
    POST_LOAN = "post_loan"


class Service(StrEnum):
    """Which service releases it."""

    SEARCH = "search"
    BASIC = "basic"
    COMPREHENSIVE = "comprehensive"
    CUBE = "cube"
    SIGNS = "signs"
    PAPER = "paper"  # the whole file as a numbered PDF
    OWN_COPY = "own_copy"  # what an enterprise carries away of itself
    INDICATORS = "indicators"
    COUNT = "count"
    QUARANTINE = "quarantine"
    LISTS = "lists"  # who stands on a red or black list


@dataclass(frozen=True)
class Permit:
    """What a viewer may see of one category about one enterprise.

    Fields above `max_level` are masked; `reason` says why a category is withheld: `no_consent`,
    `never_shared`, `role` or `purpose`. `consent` is the consent that an allowed permit rests on,
    `one_time` that it opens once.

    A permit may reach some of the records only: those that one `department` sent, or those whose
    event date lies in the consent's period of data, `data_from` to `data_to`, both days included.
    Of the others nothing above `outside_level` is shown, and nothing at all where that is 0.
    """

    category: str
    allowed: bool
    max_level: int = 0
    reason: str = ""
    consent: int | None = None
    one_time: bool = False
    department: str = ""
    data_from: date | None = None
    data_to: date | None = None
    outside_level: int = 0

    @property
    def partial(self) -> bool:
        """Whether it reaches only some of the records."""
        return bool(self.department) or self.dated

    @property
    def dated(self) -> bool:
        """Whether it reaches only records of some days."""
        return self.data_from is not None or self.data_to is not None

    def level_of(self, department: str, first: date | None, last: date | None) -> int:
        """The level up to which a record is shown; 0: it is withheld.

        The record, or what is summed up, is of the days `first` to `last`. What is undated lies
        in no period.
        """
        if self.department and department != self.department:
            return self.outside_level
        if self.data_from is not None and (last is None or last < self.data_from):
            return self.outside_level
        if self.data_to is not None and (first is None or first > self.data_to):
            return self.outside_level
        return self.max_level


@dataclass(frozen=True)
class Piece:
    """A record, or a sum or count of records, inside a content: whence it came and when it was.

    `first` and `last` are the event day of a record, or the ends of the year of a cell; None when
    none is shown. `fields` are those of the contract whose values stand in it unmasked.
    """

    enterprise: int
    category: str
    department: str
    first: date | None
    last: date | None
    fields: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Permits:
    """Permit per (enterprise, category)."""

    by_enterprise: Mapping[int, Mapping[str, Permit]]
    all_parties: bool = False  # whether counterparties that are not open are named, too
    parties: Parties = field(default_factory=Parties, compare=False)  # else: who is named

    @property
    def partial(self) -> bool:
        """Whether some permit reaches only some of the records of its category."""
        return any(
            permit.partial for permits in self.by_enterprise.values() for permit in permits.values()
        )

    def allowed(self, enterprise: int) -> tuple[str, ...]:
        """The categories that may be read about an enterprise, in catalogue order."""
        permits = self.by_enterprise[enterprise]
        return tuple(name for name, permit in permits.items() if permit.allowed)

    def permit(self, enterprise: int, category: str) -> Permit:
        """The permit of one category. Raises KeyError outside what was asked."""
        return self.by_enterprise[enterprise][category]

    def withheld(self) -> tuple[Permit, ...]:
        """What the viewer may not see of anybody asked about, each category once."""
        found: dict[str, Permit] = {}
        for permits in self.by_enterprise.values():
            for permit in permits.values():
                if not permit.allowed:
                    found.setdefault(permit.category, permit)
        return tuple(found.values())


class Content(Protocol):
    """What a product yields. It masks itself, and must be able to say what is inside."""

    def drawn_from(self) -> set[tuple[int, str]]:
        """Every (enterprise, category) of which something is inside, sums and counts included."""
        ...

    def shown_fields(self) -> set[tuple[int, str, str]]:
        """Every (enterprise, category, field of its contract) whose value stands unmasked inside.

        Computed from what is released, never from what was meant to be. The field behind an
        `amount`, an `event_date` or a sum counts; a mere count of records shows no field.
        """
        ...

    def pieces(self) -> Iterable[Piece]:
        """Every record, sum and count inside, with its source and day.

        Asked for only where a permit reaches some of the records and not all.
        """
        ...

    def payload(self) -> Any:
        """JSON-ready content; the audit row keeps its digest."""
        ...


@runtime_checkable
class SpellsItself(Protocol):
    """Content that writes its canonical JSON in less time than its payload takes to be made."""

    def spelled(self) -> bytes:
        """Byte for byte `domain.canonical.canonical_json` of the payload."""
        ...


class Product(Protocol):
    """A record set, a cube, a basic file …: reads only what the permits allow.

    One that can be asked for in several ways has `parameters` (`trust.audit.parameters`): the row
    keeps them, so that what was released can be read again.
    """

    @property
    def kind(self) -> str:
        """One of PRODUCT_KINDS."""
        ...

    def read(self, snapshot: Snapshot, about: tuple[int, ...], permits: Permits) -> Content: ...


PRODUCT_KINDS = frozenset({"record", "count", "indicator", "grade", "reason", "alert", "edge"})


@dataclass(frozen=True)
class Standing:
    """On what a release stands, and since when: who asked, and the consents it rests on."""

    who: Viewer
    consents: frozenset[int]
    at: datetime


@dataclass(frozen=True)
class Release:
    """What left the gate: the content, what was withheld, and the proof."""

    content: Any
    audit_id: int
    seq: int
    at: datetime
    digest: str
    head: str = ""  # last sealed head of the audit chain
    withheld: tuple[Permit, ...] = field(default_factory=tuple)
    spelled: bytes = field(default=b"", repr=False)  # canonical JSON of the content
    who: Viewer = PUBLIC
    consents: frozenset[int] = frozenset()  # ids of those that it rests on

    @property
    def standing(self) -> Standing:
        """What has to hold for as long as it is handed over (`trust.guarded`)."""
        return Standing(self.who, self.consents, self.at)
