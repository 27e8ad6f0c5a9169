"""Rivals: frozen at once, decided by two operators who give reasons and agree."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xinrong.accounts.models import Person
from xinrong.accounts.proof import replaying
from xinrong.accounts.proof.enums import OPEN, Outcome, Rest, State
from xinrong.accounts.proof.errors import ProofRefused, refused
from xinrong.accounts.proof.guards import acting_for, check_operator, check_other, lock
from xinrong.accounts.proof.models import Claim, Dispute, Representation
from xinrong.accounts.proof.papers import complete
from xinrong.accounts.proof.standing import prove, settle
from xinrong.accounts.proof.states import LONGEST_WHY, check_reasons, move
from xinrong.accounts.proof.types import RegisterFacts
from xinrong.accounts.suspending import resume_roles, suspend_roles


def freeze_rivals(claim: Claim, held: Representation, *, now: datetime) -> None:
    """Freeze everybody who says to represent the claim's enterprise, when there are several.

    One who has a role there already and only confirms it is nobody's rival, unless another is.
    """
    others = Claim.objects.filter(code=claim.code).exclude(pk=claim.pk)
    rivals = list(others.filter(state__in=[*OPEN, State.PROVEN]))
    people = acting_for(claim.code)
    if claim.person_id in people:
        rivals = [one for one in rivals if one.person_id not in people]
        people = set()
    disputed = Dispute.objects.filter(code=claim.code, decided_at=None).exists()
    if not (rivals or people or disputed):
        return
    dispute, made = Dispute.objects.select_for_update().get_or_create(
        code=claim.code, decided_at=None, defaults={"opened_at": now}
    )
    if made:
        replaying.freeze(claim.code, now)
    else:  # what one operator proposed did not know of this claim
        forget_proposal(dispute)
    for one in (claim, *Claim.objects.filter(code=claim.code).exclude(pk=claim.pk)):
        if one.state in OPEN | {State.PROVEN} and one.state != State.FROZEN:
            one.code_digest = ""
            one.code_until = None
            move(one, "freeze", by=None, now=max(now, one.moved_at), why="rival claims")
    settle(held, now=now)


def forget_proposal(dispute: Dispute) -> None:
    """Two operators must agree about the same rivals."""
    dispute.outcome, dispute.claim, dispute.first_why = "", None, ""
    dispute.first_by = dispute.first_at = None
    dispute.save()


def decide(
    code: str,
    operator: Person,
    outcome: Outcome,
    *,
    claim: int | None = None,
    why: str,
    facts: RegisterFacts,
    now: datetime,
) -> Dispute:
    """One operator's decision with reasons; it holds when a second one decides the same.

    A second one who decides otherwise replaces the first, and a third person is needed. A claim is
    upheld only on complete papers. Raises ProofRefused.
    """
    reason = " ".join(why.split())[:LONGEST_WHY]
    check_reasons(reason)
    with transaction.atomic():
        held = lock(code)
        dispute = Dispute.objects.filter(code=code, decided_at=None).first()
        if dispute is None:
            raise _no_dispute()
        check_operator(operator, code)
        chosen = _chosen(code, outcome, claim)
        agreed = (
            dispute.first_by_id is not None
            and dispute.first_by_id != operator.pk
            and (dispute.outcome, dispute.claim_id) == (outcome, chosen.pk if chosen else None)
        )
        if not agreed:
            dispute.outcome, dispute.claim = outcome, chosen
            dispute.first_by, dispute.first_why, dispute.first_at = operator, reason, now
            dispute.save()
            return dispute
        check_other(operator, dispute.first_by_id)
        dispute.decided_by, dispute.decided_why, dispute.decided_at = operator, reason, now
        dispute.save()
        _carry_out(dispute, held, chosen, operator, reason, facts, now)
    return dispute


def _no_dispute() -> ProofRefused:
    return refused(
        "no_dispute",
        "该企业没有待核定的争议。",
        "there is nothing to decide about this enterprise",
        "请返回列表。",
        "Go back to the list.",
    )


def _chosen(code: str, outcome: Outcome, number: int | None) -> Claim | None:
    """The claim that is upheld, if one is. Raises ProofRefused when it cannot be."""
    if outcome == Outcome.PRESENT and not acting_for(code):
        raise _no_dispute()
    if outcome != Outcome.CLAIM:
        return None
    found = Claim.objects.filter(pk=number or 0, code=code, state=State.FROZEN).first()
    if found is None:
        raise _no_dispute()
    if found.proven_at is None and not complete(found):
        raise refused(
            "papers_missing",
            "这项申请的材料不齐。",
            "the papers of this claim are not complete",
            "请等申请人交齐三种材料，或作其他决定。",
            "Wait until all three are there, or decide otherwise.",
        )
    return found


def _carry_out(
    dispute: Dispute,
    held: Representation,
    chosen: Claim | None,
    operator: Person,
    why: str,
    facts: RegisterFacts,
    now: datetime,
) -> None:
    frozen = list(Claim.objects.filter(code=held.code, state=State.FROZEN).order_by("pk"))
    for one in frozen:
        stays = one.proven_at is not None and dispute.outcome == Outcome.PRESENT
        if one != chosen and not stays:
            move(one, "decide_against", by=operator, now=now, why=why)
    if chosen is not None:
        _replace(held, chosen, now)
        prove(chosen, held, "decide_for", facts=facts, by=operator, now=now, why=why)
    elif dispute.outcome == Outcome.PRESENT:
        for one in frozen:
            if one.proven_at is not None:
                move(one, "decide_for", by=operator, now=now, why=why)
        settle(held, now=now)
    else:
        _replace(held, None, now)


def _replace(held: Representation, chosen: Claim | None, now: datetime) -> None:
    """Whoever acted before and is not upheld rests for good; a manager or a new proof ends it."""
    if held.organisation is None:
        return
    if chosen is not None and chosen.person_id in acting_for(held.code):
        return  # the one who stays was among those who acted: so do the others
    for why in (Rest.RIVALS, Rest.CHANGED):  # what rests keeps its reason: this one takes over
        resume_roles(held.organisation, why.value, now=now)
    suspend_roles(held.organisation, Rest.NOT_UPHELD.value, now=now)


def dispute_about(code: str) -> Dispute | None:
    """The newest dispute about an enterprise, decided or not."""
    return Dispute.objects.filter(code=code).order_by("-pk").first()
