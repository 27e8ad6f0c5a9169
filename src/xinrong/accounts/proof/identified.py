"""Proof by an identity service that names the enterprise and the role."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xinrong.accounts.models import Person
from xinrong.accounts.oidc.claims import EnterpriseRole, latest_claim
from xinrong.accounts.proof.errors import refused
from xinrong.accounts.proof.guards import own_claim
from xinrong.accounts.proof.models import Claim
from xinrong.accounts.proof.standing import prove
from xinrong.accounts.proof.types import RegisterFacts

#: Who stands for the enterprise by law. An agent was sent by somebody: that is for papers to show.
BY_LAW = frozenset({EnterpriseRole.LEGAL_REPRESENTATIVE, EnterpriseRole.PROPRIETOR})


def named_by_service(person: Person, code: str, *, now: datetime) -> bool:
    """Whether the identity service says at present that this person stands for the enterprise."""
    said = latest_claim(person, now)
    return said is not None and said.enterprise_code == code and said.role in BY_LAW


def prove_by_identity(number: int, person: Person, *, facts: RegisterFacts, now: datetime) -> Claim:
    """The claim is proven when the service says so at this moment. Raises ProofRefused."""
    with transaction.atomic():
        claim, held = own_claim(number, person)
        if not named_by_service(person, claim.code, now=now):
            raise refused(
                "identity_silent",
                "身份认证服务没有表明您是该企业的法定代表人或经营者。",
                "the identity service does not name you as the one who stands for this enterprise",
                "请通过身份认证服务重新登录，或选择其他证明方式。",
                "Sign in again through the service, or choose another way.",
            )
        prove(claim, held, "identity", facts=facts, by=person, now=now)
    return claim
