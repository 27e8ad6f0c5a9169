"""Claiming to represent an enterprise, choosing the way to prove it, leaving it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from xinrong.accounts.models import Membership, Person
from xinrong.accounts.proof.disputes import freeze_rivals
from xinrong.accounts.proof.enums import OPEN, Rest, State, Way
from xinrong.accounts.proof.errors import refused
from xinrong.accounts.proof.guards import lock, own_claim, roles_in
from xinrong.accounts.proof.models import Claim, Representation
from xinrong.accounts.proof.papers import delete_papers
from xinrong.accounts.proof.standing import check_facts
from xinrong.accounts.proof.states import begin, move
from xinrong.accounts.proof.types import RegisterFacts
from xinrong.accounts.scoping import everywhere

#: A claim freezes rivals, so nobody makes many. Parameters of ours, no law's.
OPEN_AT_ONCE = 3
IN_A_WHILE = 6
WHILE = timedelta(days=30)
#: How long somebody who was refused an enterprise waits before claiming it again.
PAUSE = timedelta(days=30)


def claim_enterprise(person: Person, facts: RegisterFacts, way: Way, *, now: datetime) -> Claim:
    """A new claim. With a rival, or somebody who represents the enterprise, all are frozen.

    Raises ProofRefused: too many claims, refused lately, already acting, nothing to represent.
    """
    if way not in (Way.DOCUMENTS, Way.LETTER, Way.IDENTITY):
        raise _way_unknown()
    with transaction.atomic():
        held = lock(facts.code)
        _check_may_claim(person, held, now)
        claim = Claim(
            person=person, code=facts.code, name=facts.name, way=way, made_at=now, moved_at=now
        )
        check_facts(claim, facts)
        begin(claim)
        freeze_rivals(claim, held, now=now)
    claim.refresh_from_db()
    return claim


def _way_unknown() -> Exception:
    return refused(
        "way_unknown",
        "没有这种证明方式。",
        "there is no such way to prove it",
        "请从列出的方式中选择。",
        "Choose one of those listed.",
    )


def _check_may_claim(person: Person, held: Representation, now: datetime) -> None:
    own = Claim.objects.filter(person=person)
    if own.filter(code=held.code, state__in=OPEN).exists():
        raise refused(
            "claim_open",
            "您对该企业的申请正在办理。",
            "your claim to this enterprise is under way",
            "请在“代表企业”页面继续。",
            "Go on with it on the page of your claims.",
        )
    if roles_in(held.code).filter(person=person, suspended_at=None).exists():
        raise refused(
            "acts_already",
            "您已可以代表该企业。",
            "you act for this enterprise already",
            "无需再申请。",
            "Nothing more is needed.",
        )
    if _too_many(own, now):
        raise refused(
            "too_many_claims",
            f"您的申请过多：同时最多 {OPEN_AT_ONCE} 项，30 天内最多 {IN_A_WHILE} 项。",
            f"too many claims: {OPEN_AT_ONCE} at once and {IN_A_WHILE} in 30 days are the bound",
            "请先完成或撤回其他申请。",
            "Finish or withdraw others first.",
        )
    lately = own.filter(code=held.code, state=State.REFUSED, moved_at__gt=now - PAUSE)
    if lately.exists():
        raise refused(
            "refused_lately",
            f"您对该企业的申请在 {PAUSE.days} 天内未获通过。",
            f"your claim to this enterprise was refused within {PAUSE.days} days",
            "请查看当时的理由；期满后可以再申请。",
            "Read the reasons given; claim again after that time.",
        )


def _too_many(own: QuerySet[Claim], now: datetime) -> bool:
    return (
        own.filter(state__in=OPEN).count() >= OPEN_AT_ONCE
        or own.exclude(state=State.PROVEN).filter(made_at__gt=now - WHILE).count() >= IN_A_WHILE
    )


def change_way(number: int, person: Person, way: Way, *, now: datetime) -> Claim:
    """Prove it in another way: what was begun in the first no longer counts."""
    if way not in (Way.DOCUMENTS, Way.LETTER, Way.IDENTITY):
        raise _way_unknown()
    with transaction.atomic():
        claim, _ = own_claim(number, person)
        claim.way = way
        claim.checked_by = claim.checked_at = claim.code_until = None
        claim.code_digest = ""
        move(claim, "change_way", by=person, now=now)
    return claim


def withdraw(number: int, person: Person, *, now: datetime) -> Claim:
    """Give the claim up; its papers are deleted at once."""
    with transaction.atomic():
        claim, _ = own_claim(number, person)
        claim.code_digest = ""
        move(claim, "withdraw", by=person, now=now)
    delete_papers(claim, now=now)
    return claim


def claims_of(person: Person) -> list[Claim]:
    """A person's claims, newest first."""
    return list(Claim.objects.filter(person=person).order_by("-pk"))


def resting_roles(person: Person) -> list[Membership]:
    """The enterprises for which this person would act if the roles did not rest."""
    own = everywhere(Membership, because="a person's own roles, in whichever organisation")
    found = own.filter(person=person, suspended_at__isnull=False, suspended_why__in=Rest.values)
    return list(found.select_related("organisation").order_by("pk"))
