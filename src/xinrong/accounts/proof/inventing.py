"""Representatives of invented enterprises, for the demo and for nothing else."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xinrong.accounts.models import Person
from xinrong.accounts.proof.enums import OPEN, State, Way
from xinrong.accounts.proof.errors import refused
from xinrong.accounts.proof.guards import acting_for, lock
from xinrong.accounts.proof.models import Claim
from xinrong.accounts.proof.standing import prove
from xinrong.accounts.proof.states import begin
from xinrong.accounts.proof.types import RegisterFacts


def prove_invented(person: Person, facts: RegisterFacts, *, now: datetime) -> Claim:
    """Make somebody the representative of an invented enterprise; twice is as once.

    Raises ProofRefused for an enterprise that is not invented, or that another represents.
    """
    if not facts.invented:
        raise refused(
            "not_invented",
            "演示代表只用于虚构企业。",
            "a representative for the demo is for invented enterprises only",
            "真实企业的代表须经证明。",
            "Whoever represents a real one proves it.",
        )
    with transaction.atomic():
        held = lock(facts.code)
        claims = Claim.objects.filter(code=facts.code)
        proven = claims.filter(person=person, state=State.PROVEN).first()
        if proven is not None and person.pk in acting_for(facts.code):
            return proven
        others = claims.filter(state__in=[*OPEN, State.PROVEN]).exclude(person=person)
        if others.exists() or acting_for(facts.code) - {person.pk}:
            raise refused(
                "represented",
                "该企业已有代表。",
                "somebody represents this enterprise already",
                "请为演示选择另一家虚构企业。",
                "Choose another invented enterprise for the demo.",
            )
        claim = Claim(
            person=person,
            code=facts.code,
            name=facts.name,
            way=Way.DEMO,
            made_at=now,
            moved_at=now,
        )
        begin(claim)
        prove(claim, held, "demo", facts=facts, by=None, now=now, why="invented enterprise")
    return claim
