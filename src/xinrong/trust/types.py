"""The words of the gate: purposes, stages, services, permits, products and releases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from xinrong.store.services import Snapshot


class Purpose(StrEnum):
    """Why somebody asks."""

    CREDIT = "credit"  # a lending decision or its follow-up
    SELF = "self"  # the enterprise looks at itself
    SUPERVISION = "supervision"  # a department, about what it sends and what is open
    OPERATION = "operation"  # the platform's operator keeping the service right
    PUBLIC = "public"  # anybody, open data only


class Stage(StrEnum):
    """The lending stage to which a bank's query belongs."""

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


@dataclass(frozen=True)
class Permit:
    """What a viewer may see of one category about one enterprise.

    Fields above `max_level` are masked; `reason` says why a category is withheld: `no_consent`,
    `never_shared`, `role` or `purpose`. `consent` is the consent that an allowed permit rests on.
    """

    category: str
    allowed: bool
    max_level: int = 0
    reason: str = ""
    consent: int | None = None


@dataclass(frozen=True)
class Permits:
    """Permit per (enterprise, category)."""

    by_enterprise: Mapping[int, Mapping[str, Permit]]

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

    def payload(self) -> Any:
        """JSON-ready content; the audit row keeps its digest."""
        ...


class Product(Protocol):
    """A record set, a cube, a basic file …: reads only what the permits allow."""

    @property
    def kind(self) -> str:
        """One of PRODUCT_KINDS."""
        ...

    def read(self, snapshot: Snapshot, about: tuple[int, ...], permits: Permits) -> Content: ...


PRODUCT_KINDS = frozenset({"record", "count", "indicator", "grade", "reason", "alert", "edge"})


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
