"""An identity service that names enterprise and role: the first way of proof."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.accounts.proof import support as s
from tests.accounts.proof.support import refusal
from xinrong.accounts.services import IdentityClaim, proof, viewer_of

pytestmark = pytest.mark.django_db


def says(person, *, code=s.CODE, role="legal_representative", at=s.NOW):
    IdentityClaim.objects.create(
        person=person, issuer="https://id.gov", subject=person.email, at=at,
        enterprise_code=code, role=role,
    )  # fmt: skip


def prove(made, who, *, now=s.NOW):
    return proof.prove_by_identity(made.pk, who, facts=s.FACTS, now=now)


@pytest.mark.parametrize("role", ["legal_representative", "proprietor"])
def test_whom_the_service_names_is_proven_at_once(cast, role):
    says(cast.wang, role=role)
    assert prove(s.claim(cast.wang, "identity"), cast.wang).state == "proven"
    assert viewer_of(cast.wang).reference == s.CODE


@pytest.mark.parametrize("said", [{"role": "agent"}, {"role": ""}, {"code": s.OTHER}])
def test_another_role_or_enterprise_proves_nothing(cast, said):
    says(cast.wang, **said)
    assert refusal(prove, s.claim(cast.wang, "identity"), cast.wang) == "identity_silent"


def test_what_the_service_said_yesterday_or_of_another_person_proves_nothing(cast):
    says(cast.wang, at=s.NOW - timedelta(days=1))
    says(cast.li)
    assert refusal(prove, s.claim(cast.wang, "identity"), cast.wang) == "identity_silent"


def test_the_service_does_not_decide_between_rivals(cast):
    s.proven(cast.li, cast.first, cast.second)
    says(cast.wang)
    made = s.claim(cast.wang, "identity")
    assert made.state == "frozen"
    assert refusal(prove, made, cast.wang) == "claim_state"
