"""Guarantors, advisers, compliance officers and regulators at the gate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.trust.support import PASSWORD, ask, refused, shown
from xinrong.accounts.models import Membership, Organisation
from xinrong.accounts.scoping import everywhere
from xinrong.accounts.services import create_organisation, create_person, viewer_of
from xinrong.trust.models import Consent
from xinrong.trust.services import Purpose, Stage, purposes_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("snapshots")]
Acting = Callable[[str, str], Any]


@pytest.fixture
def acting() -> Acting:
    """Somebody in a role of a new organisation of a kind."""

    def made(kind: str, role: str) -> Any:
        organisation = Organisation.objects.filter(name=kind).first()
        organisation = organisation or create_organisation(kind, kind)
        return viewer_of(
            create_person(
                f"{role}@{kind}.cn", PASSWORD, name=role, organisation=organisation, role=role
            )
        )

    return made


def given_to(consent: Consent, who: Any, purpose: Purpose, stages: list[str]) -> None:
    Consent.objects.filter(pk=consent.pk).update(
        grantee=who.organisation_id, purpose=purpose, stages=stages
    )


def test_a_guarantor_sees_what_a_bank_does_under_a_consent_to_guarantee(
    firms, people, everything, consent, acting
):
    who = acting("guarantor", "guarantee_officer")
    before = ask(who, firms[0], everything, Purpose.GUARANTEE, Stage.APPROVAL)
    assert shown(before) == {"licence.number", "licence.person"}
    given_to(consent, who, Purpose.GUARANTEE, ["approval"])
    release = ask(who, firms[0], everything, Purpose.GUARANTEE, Stage.APPROVAL)
    assert shown(release) == shown(before) | {"tax.year", "tax.amount"}
    assert refused(who, firms[0], everything, Purpose.GUARANTEE) == "denied_stage"
    assert refused(who, firms[0], everything, Purpose.CREDIT, Stage.APPROVAL) == "denied_purpose"


def test_a_consent_to_lend_does_not_serve_a_guarantor(firms, people, everything, consent, acting):
    who = acting("guarantor", "guarantee_officer")
    given_to(consent, who, Purpose.CREDIT, ["approval"])
    release = ask(who, firms[0], everything, Purpose.GUARANTEE, Stage.APPROVAL)
    assert "tax.year" not in shown(release)


def test_an_adviser_sees_no_more_than_the_public_until_the_enterprise_consents(
    firms, people, everything, consent, acting
):
    who = acting("adviser", "adviser")
    assert shown(ask(who, firms[0], everything, Purpose.ADVICE)) == {"licence.number"}
    given_to(consent, who, Purpose.ADVICE, [])
    release = ask(who, firms[0], everything, Purpose.ADVICE)
    assert shown(release) == {"licence.number", "tax.year", "tax.amount"}
    assert refused(who, firms[0], everything, Purpose.ADVICE, Stage.APPROVAL) == "denied_stage"


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        ("bank", "compliance_officer"),
        ("guarantor", "compliance_officer"),
        ("regulator", "auditor"),
    ],
)
def test_whoever_reads_the_trail_asks_for_no_file(firms, people, everything, acting, kind, role):
    who = acting(kind, role)
    for purpose in (Purpose.PUBLIC, *purposes_of(who)):
        assert refused(who, firms[0], everything, purpose) == "denied_role"


def test_a_suspended_role_asks_for_nothing(firms, people, everything):
    from django.utils import timezone

    roles = everywhere(Membership, because="a test suspends a role")
    roles.filter(person_id=people.lender.person_id).update(suspended_at=timezone.now())
    answer = refused(people.lender, firms[0], everything, Purpose.CREDIT, Stage.PRE_LOAN)
    assert answer == "denied_role"
