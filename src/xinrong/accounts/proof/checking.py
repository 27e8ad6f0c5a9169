"""What operators do about documents: check, check again, send back, refuse."""

from __future__ import annotations

import hmac
from datetime import datetime

from django.db import transaction

from xinrong.accounts.models import Person
from xinrong.accounts.proof import replaying
from xinrong.accounts.proof.errors import refused
from xinrong.accounts.proof.guards import check_operator, locked_claim
from xinrong.accounts.proof.models import Claim
from xinrong.accounts.proof.papers import complete
from xinrong.accounts.proof.standing import check_facts, prove
from xinrong.accounts.proof.states import move
from xinrong.accounts.proof.types import RegisterFacts


def check(
    number: int, operator: Person, *, legal_representative: str, facts: RegisterFacts, now: datetime
) -> Claim:
    """The papers are in order and name this legal representative, as one operator read them.

    The second check by another operator proves the claim. The name is compared with the
    register's, where that has one, and kept nowhere. Raises ProofRefused.
    """
    with transaction.atomic():
        claim, held = locked_claim(number)
        check_operator(operator, claim.code)
        check_facts(claim, facts)
        _check_named(legal_representative, facts)
        if not complete(claim):
            raise refused(
                "papers_missing",
                "三种材料不齐。",
                "not all three papers are there",
                "请退回申请人补充。",
                "Send the claim back and say what is missing.",
            )
        if claim.checked_by_id is None:
            claim.checked_by, claim.checked_at = operator, now
            move(claim, "check", by=operator, now=now)
        else:
            prove(claim, held, "check_again", facts=facts, by=operator, now=now)
    return claim


def _check_named(name: str, facts: RegisterFacts) -> None:
    typed = "".join(name.split())
    if not typed:
        raise refused(
            "name_missing",
            "没有填写营业执照上的法定代表人。",
            "the legal representative on the licence is missing",
            "请照营业执照填写。",
            "Write the name as it stands on the licence.",
        )
    known = "".join((facts.legal_representative or "").split())
    if known and not hmac.compare_digest(typed.encode(), known.encode()):
        raise refused(
            "register_differs",
            "登记机关记载的法定代表人与此不同。",
            "the register names another legal representative",
            "请核对材料；执照可能已过期，应退回或不予通过。",
            "Look at the papers again; the licence may be out of date: send the claim back.",
        )


def send_back(number: int, operator: Person, *, why: str, now: datetime) -> Claim:
    """Ask for better papers, or another way; the claimer reads the reasons."""
    with transaction.atomic():
        claim, _ = locked_claim(number)
        check_operator(operator, claim.code)
        claim.checked_by = claim.checked_at = claim.code_until = None
        claim.code_digest = ""
        move(claim, "send_back", by=operator, now=now, why=why)
    return claim


def refuse(number: int, operator: Person, *, why: str, now: datetime) -> Claim:
    """End a claim with reasons, which the claimer reads."""
    with transaction.atomic():
        claim, _ = locked_claim(number)
        check_operator(operator, claim.code)
        claim.code_digest = ""
        replaying.refuse(claim, now)
        move(claim, "refuse", by=operator, now=now, why=why)
    return claim
