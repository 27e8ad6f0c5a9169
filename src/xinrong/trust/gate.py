"""The one gate: nothing about an enterprise is released but through `disclose`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

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
class Viewer:
    """Who asks: a person acting in one role for one organisation (or the public)."""

    person_id: int | None
    organisation_id: int | None
    organisation: str  # its name, for the log and the enterprise's own view of it
    kind: str  # OrganisationKind value, or "public"
    role: str  # Role value, or "public"
    reference: str = ""  # department id or enterprise code of the organisation


@dataclass(frozen=True)
class Permit:
    """What a viewer may see of one category about one enterprise.

    Fields above `max_level` are masked; `reason` says why a category is withheld.
    """

    category: str
    allowed: bool
    max_level: int = 0
    reason: str = ""  # no_consent, never_shared, role, purpose


@dataclass(frozen=True)
class Permits:
    """Permit per (enterprise, category)."""

    by_enterprise: Mapping[int, Mapping[str, Permit]]

    def allowed(self, enterprise: int) -> tuple[str, ...]:
        """The categories that may be read about an enterprise, in catalogue order."""
        permits = self.by_enterprise[enterprise]
        return tuple(name for name, permit in permits.items() if permit.allowed)

    def permit(self, enterprise: int, category: str) -> Permit:
        return self.by_enterprise[enterprise][category]


class Content(Protocol):
    """What a product yields: it must be able to say which categories it holds and mask itself."""

    def drawn_from(self) -> set[tuple[int, str]]:
        """Every (enterprise, category) of which something is inside."""
        ...

    def payload(self) -> Any:
        """JSON-ready content; the audit row keeps its digest."""
        ...


class Product(Protocol):
    """A record set, a cube, a basic file …: reads only what the permits allow."""

    kind: str  # record, count, indicator, grade, reason, alert, edge

    def read(self, snapshot: Snapshot, about: tuple[int, ...], permits: Permits) -> Content: ...


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


def disclose(
    who: Viewer,
    about: Collection[int],
    product: Product,
    service: Service,
    purpose: Purpose,
    stage: Stage | None = None,
    *,
    at_seq: int | None = None,
) -> Release:
    """Check, log durably, release. See docs/decisions/0003."""
    raise NotImplementedError
