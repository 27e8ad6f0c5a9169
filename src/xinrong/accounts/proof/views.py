"""What operators see: the queue, and one enterprise's claims side by side."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from xinrong.accounts.models import Membership, Person
from xinrong.accounts.proof.enums import OPEN, State, Way
from xinrong.accounts.proof.errors import unknown_claim
from xinrong.accounts.proof.guards import roles_in
from xinrong.accounts.proof.models import Claim, ClaimMove, ClaimPaper, Dispute

QUEUE = 200


@dataclass(frozen=True)
class Side:
    """One claim with its papers and its log."""

    claim: Claim
    papers: list[ClaimPaper]
    moves: list[ClaimMove]


@dataclass(frozen=True)
class Case:
    """One enterprise: everybody who claims it, who acts for it, and what is in dispute."""

    code: str
    name: str
    sides: list[Side]
    roles: list[Membership]
    dispute: Dispute | None


def queue() -> list[Claim]:
    """The claims at which an operator has something to do, longest waiting first."""
    return list(awaited().select_related("person").order_by("moved_at", "pk")[:QUEUE])


def awaited() -> QuerySet[Claim]:
    """The claims at which an operator has something to do."""
    waits = Claim.objects.filter(
        state__in=[
            State.DOCUMENTS_GIVEN,
            State.CHECKED_ONCE,
            State.LETTER_PRINTED,
            State.FROZEN,
        ]
    )
    return waits | Claim.objects.filter(state=State.CLAIMED, way=Way.LETTER)


def case_of(code: str) -> Case:
    """An enterprise's case. Raises ProofRefused when nobody ever claimed it."""
    claims = list(Claim.objects.filter(code=code).select_related("person").order_by("pk"))
    if not claims:
        raise unknown_claim()
    sides = [side_of(claim) for claim in claims if claim.state in OPEN | {State.PROVEN}]
    disputes = Dispute.objects.filter(code=code).select_related("first_by", "decided_by", "claim")
    return Case(
        code=code,
        name=claims[-1].name,
        sides=sides or [side_of(claims[-1])],
        roles=list(roles_in(code).select_related("person").order_by("pk")),
        dispute=disputes.order_by("-pk").first(),
    )


def side_of(claim: Claim) -> Side:
    """A claim with what was handed in and what was done."""
    papers = list(claim.papers.filter(deleted_at=None).order_by("kind"))
    return Side(claim, papers, list(claim.moves.select_related("by").order_by("pk")))


def own_side(number: int, person: Person) -> Side:
    """A person's own claim; somebody else's is as unknown as one that is not there."""
    claim = Claim.objects.filter(pk=number, person=person).first()
    if claim is None:
        raise unknown_claim()
    return side_of(claim)


def all_claims(code: str = "") -> list[Claim]:
    """Every claim, or those to one enterprise, oldest first: for the command line."""
    found = Claim.objects.select_related("person").order_by("pk")
    return list(found.filter(code=code) if code else found)
