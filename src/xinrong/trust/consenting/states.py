"""The process of a consent as a table, and the one way to move along it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from xinrong.accounts.services import Viewer
from xinrong.domain.process import NEW, PLATFORM, Guard, Move, Process
from xinrong.trust.models import ConsentMove, ConsentRequest

ASKING = frozenset({"loan_officer", "guarantee_officer", "adviser"})
GRANTING = frozenset({"representative"})
CLOCK = frozenset({PLATFORM})

ASKED, GRANTED, REFUSED, WITHDRAWN, LAPSED = "asked", "granted", "refused", "withdrawn", "lapsed"
REVOKED, EXPIRED, USED, REPAID = "revoked", "expired", "used", "repaid"

CONSENT_PROCESS = Process(
    "consent",
    (
        Move("ask", NEW, ASKED, ASKING, ("fair_use",)),
        Move("grant", ASKED, GRANTED, GRANTING, ("in_time", "fair_use")),
        Move("refuse", ASKED, REFUSED, GRANTING),
        Move("withdraw", ASKED, WITHDRAWN, ASKING),
        Move("lapse", ASKED, LAPSED, CLOCK, ("unanswered",)),
        Move("revoke", GRANTED, REVOKED, GRANTING, ("no_live_loan",)),
        Move("repay", GRANTED, REPAID, ASKING, ("live_loan",)),
        Move("expire", GRANTED, EXPIRED, CLOCK, ("past_end",)),
        Move("use_up", GRANTED, USED, CLOCK, ("used",)),
    ),
)


@dataclass(frozen=True)
class Party:
    """Who moves something: in which role, for whom."""

    role: str
    organisation: int | None = None
    person: int | None = None
    name: str = ""  # of the person or the key, for the artefact

    @classmethod
    def of(cls, who: Viewer, name: str = "") -> Party:
        """The party that a viewer is."""
        return cls(who.role, who.organisation_id, who.person_id, name)


CLOCKWORK = Party(PLATFORM)


def move(
    request: ConsentRequest,
    event: str,
    by: Party,
    *,
    at: datetime,
    guards: Mapping[str, Guard] | None = None,
) -> None:
    """Move a request along and write the log row; the caller's transaction holds both.

    Raises MoveRefused and leaves everything as it was.
    """
    step = CONSENT_PROCESS.step(request.state, event, by.role, guards)
    request.state = step.target
    request.save()
    ConsentMove.objects.create(
        request=request,
        event=step.event,
        source=step.source,
        target=step.target,
        role=step.role,
        organisation_id=by.organisation,
        person_id=by.person,
        at=at,
    )
