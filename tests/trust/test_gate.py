"""What the gate lets through, as rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from tests.trust.support import Everything, Held, ask, refused, shown
from xinrong.accounts.models import Membership
from xinrong.subjects.models import Enterprise
from xinrong.trust.models import AuditRow, Consent
from xinrong.trust.services import (
    Denied,
    Purpose,
    Service,
    Stage,
    disclose,
    grant_consent,
    revoke_consent,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("snapshots")]


# --- who sees what ---------------------------------------------------------------------------


def test_the_public_sees_level_one_of_open_categories(firms, people, everything):
    assert shown(ask(people.public, firms[0], everything, Purpose.PUBLIC)) == {"licence.number"}


def test_everybody_may_ask_as_the_public_does(firms, people, everything):
    for who in (people.lender, people.tax_officer, people.operator, people.representative):
        assert shown(ask(who, firms[1], everything, Purpose.PUBLIC)) == {"licence.number"}


def test_the_operator_sees_no_more_than_the_public(firms, people, everything):
    release = ask(people.operator, firms[0], everything, Purpose.OPERATION)
    assert shown(release) == {"licence.number"}


def test_a_bank_without_consent_sees_open_facts_and_is_told_what_is_withheld(
    firms, people, everything
):
    release = ask(people.lender, firms[0], everything, Purpose.CREDIT, Stage.PRE_LOAN)
    assert shown(release) == {"licence.number", "licence.person"}
    assert {permit.category: permit.reason for permit in release.withheld} == {
        "tax": "no_consent",
        "secret": "never_shared",
    }


def test_a_consent_opens_its_category_up_to_its_level(firms, people, everything, consent):
    release = ask(people.lender, firms[0], everything, Purpose.CREDIT, Stage.PRE_LOAN)
    assert {"tax.year", "tax.amount"} <= shown(release)
    assert not {"tax.account", "tax.identity"} & shown(release)
    assert AuditRow.objects.get(pk=release.audit_id).consents == [consent.pk]


def test_what_is_above_the_level_is_masked_and_carries_no_value(firms, people, everything, consent):
    release = ask(people.lender, firms[0], everything, Purpose.CREDIT, Stage.PRE_LOAN)
    masked = {one["name"]: one["value"] for one in release.content.payload() if one["masked"]}
    assert masked == {"tax.account": None, "tax.identity": None, "licence.phone": None}


def test_a_consent_given_to_a_bank_covers_its_outlets(firms, people, everything, consent):
    release = ask(people.outlet, firms[0], everything, Purpose.CREDIT, Stage.PRE_LOAN)
    assert "tax.amount" in shown(release)


def test_a_consent_given_to_an_outlet_covers_that_outlet_only(firms, people, everything):
    now = timezone.now()
    grant_consent(
        firms[0].pk,
        people.outlet_organisation.pk,
        ["tax"],
        [Stage.PRE_LOAN],
        now=now,
        valid_until=now + timedelta(days=1),
    )
    mine = ask(people.outlet, firms[0], everything, Purpose.CREDIT, Stage.PRE_LOAN)
    theirs = ask(people.lender, firms[0], everything, Purpose.CREDIT, Stage.PRE_LOAN)
    assert "tax.amount" in shown(mine)
    assert "tax.amount" not in shown(theirs)


def test_a_department_sees_what_it_feeds_up_to_level_four(firms, people, everything):
    release = ask(people.tax_officer, firms[0], everything, Purpose.SUPERVISION)
    assert shown(release) == {
        "licence.number",
        "licence.person",
        "tax.year",
        "tax.amount",
        "tax.account",
    }


def test_an_enterprise_sees_all_of_itself_but_what_is_never_shared(firms, people, everything):
    release = ask(people.representative, firms[0], everything, Purpose.SELF)
    assert {name.split(".")[0] for name in shown(release)} == {"licence", "tax"}
    assert "tax.identity" in shown(release)


def test_what_is_never_shared_is_shared_with_nobody(firms, people, everything, consent):
    Consent.objects.filter(pk=consent.pk).update(categories=["secret", "tax"])
    asked = [
        (people.lender, Purpose.CREDIT, Stage.PRE_LOAN),
        (people.tax_officer, Purpose.SUPERVISION, None),
        (people.representative, Purpose.SELF, None),
        (people.operator, Purpose.OPERATION, None),
        (people.public, Purpose.PUBLIC, None),
    ]
    for who, purpose, stage in asked:
        assert not [
            name
            for name in shown(ask(who, firms[0], everything, purpose, stage))
            if name.startswith("secret")
        ]


# --- who is refused --------------------------------------------------------------------------


def test_a_bank_without_a_stage_is_refused(firms, people, everything):
    assert refused(people.lender, firms[0], everything, Purpose.CREDIT) == "denied_stage"


def test_a_stage_belongs_to_lending_only(firms, people, everything):
    answer = refused(people.tax_officer, firms[0], everything, Purpose.SUPERVISION, Stage.PRE_LOAN)
    assert answer == "denied_stage"


@pytest.mark.parametrize(
    ("who", "purpose"),
    [
        ("public", Purpose.CREDIT),
        ("public", Purpose.SELF),
        ("lender", Purpose.SUPERVISION),
        ("tax_officer", Purpose.CREDIT),
        ("operator", Purpose.SELF),
        ("representative", Purpose.CREDIT),
    ],
)
def test_a_role_may_not_borrow_the_purpose_of_another(firms, people, everything, who, purpose):
    stage = Stage.PRE_LOAN if purpose == Purpose.CREDIT else None
    assert refused(getattr(people, who), firms[0], everything, purpose, stage) == "denied_purpose"


def test_an_enterprise_may_not_look_at_another_as_itself(firms, people, everything):
    assert refused(people.representative, firms[1], everything, Purpose.SELF) == "denied_subject"
    with pytest.raises(Denied):
        disclose(
            people.representative,
            [firms[0].pk, firms[1].pk],
            everything,
            Service.BASIC,
            Purpose.SELF,
        )


def test_an_unknown_role_is_refused(firms, people, everything):
    who = replace(people.lender, role="auditor")
    assert refused(who, firms[0], everything, Purpose.PUBLIC) == "denied_role"


def test_a_role_that_was_taken_away_no_longer_opens_anything(firms, people, everything):
    Membership.objects.filter(person_id=people.lender.person_id).delete()
    answer = refused(people.lender, firms[0], everything, Purpose.CREDIT, Stage.PRE_LOAN)
    assert answer == "denied_role"


def test_a_viewer_made_up_by_hand_is_refused(firms, people, everything):
    for forged in (
        replace(people.lender, organisation_id=people.rival_bank.pk),
        replace(people.rival, institution_id=people.bank.pk),
        replace(people.tax_officer, reference="market_bureau"),
        replace(people.lender, role="operator"),
        replace(people.lender, person_id=None),
    ):
        assert refused(forged, firms[0], everything, Purpose.PUBLIC) == "denied_role"


# --- consents that do not count --------------------------------------------------------------


def sees_tax(who: Any, firm: Enterprise, everything: Everything, stage: Stage) -> bool:
    return "tax.year" in shown(ask(who, firm, everything, Purpose.CREDIT, stage))


def test_a_consent_of_another_bank_does_not_count(firms, people, everything, consent):
    assert not sees_tax(people.rival, firms[0], everything, Stage.PRE_LOAN)


def test_a_consent_of_another_enterprise_does_not_count(firms, people, everything, consent):
    assert not sees_tax(people.lender, firms[1], everything, Stage.PRE_LOAN)


def test_asked_about_several_each_is_shown_by_its_own_consent(firms, people, everything, consent):
    for about in ([firms[0].pk, firms[1].pk], [firms[2].pk, firms[0].pk]):
        release = disclose(
            people.lender,
            about,
            everything,
            Service.COMPREHENSIVE,
            Purpose.CREDIT,
            Stage.PRE_LOAN,
        )
        opened = {one for one, name, _ in release.content.shown_fields() if name == "tax"}
        assert opened == {firms[0].pk}
        assert "tax" in {permit.category for permit in release.withheld}  # of the other one


def test_a_consent_for_another_stage_does_not_count(firms, people, everything, consent):
    assert not sees_tax(people.lender, firms[0], everything, Stage.POST_LOAN)


def test_a_consent_for_other_categories_does_not_count(firms, people, everything, consent):
    Consent.objects.filter(pk=consent.pk).update(categories=["licence"])
    assert not sees_tax(people.lender, firms[0], everything, Stage.PRE_LOAN)


def test_a_consent_for_another_purpose_does_not_count(firms, people, everything, consent):
    Consent.objects.filter(pk=consent.pk).update(purpose="supervision")
    assert not sees_tax(people.lender, firms[0], everything, Stage.PRE_LOAN)


def test_a_consent_opens_an_open_category_deeper_and_never_closes_it(
    firms, people, everything, consent
):
    Consent.objects.filter(pk=consent.pk).update(categories=["licence"], max_level=1)
    release = ask(people.lender, firms[0], everything, Purpose.CREDIT, Stage.PRE_LOAN)
    assert shown(release) == {"licence.number", "licence.person"}
    assert AuditRow.objects.get(pk=release.audit_id).consents == []
    Consent.objects.filter(pk=consent.pk).update(max_level=4)
    release = ask(people.lender, firms[0], everything, Purpose.CREDIT, Stage.PRE_LOAN)
    assert shown(release) == {"licence.number", "licence.person", "licence.phone"}
    assert AuditRow.objects.get(pk=release.audit_id).consents == [consent.pk]


def test_an_expired_consent_does_not_count(firms, people, everything, consent):
    with time_machine.travel(consent.valid_until - timedelta(seconds=1), tick=False):
        assert sees_tax(people.lender, firms[0], everything, Stage.PRE_LOAN)
    with time_machine.travel(consent.valid_until, tick=False):
        assert not sees_tax(people.lender, firms[0], everything, Stage.PRE_LOAN)


def test_a_consent_that_has_not_begun_does_not_count(firms, people, everything, consent):
    with time_machine.travel(consent.granted_at - timedelta(seconds=1), tick=False):
        assert not sees_tax(people.lender, firms[0], everything, Stage.PRE_LOAN)


def test_a_revoked_consent_does_not_count(firms, people, everything, consent):
    assert sees_tax(people.lender, firms[0], everything, Stage.PRE_LOAN)
    revoke_consent(consent.pk, grantor=firms[0].pk, now=timezone.now())
    assert not sees_tax(people.lender, firms[0], everything, Stage.PRE_LOAN)


def test_a_consent_revoked_while_its_records_are_read_releases_nothing(
    firms, people, everything, consent
):
    class Slow(Everything):
        def read(self, snapshot: Any, about: Any, permits: Any) -> Held:
            revoke_consent(consent.pk, grantor=firms[0].pk, now=timezone.now())
            return super().read(snapshot, about, permits)

    slow = Slow(everything.region)
    answer = refused(people.lender, firms[0], slow, Purpose.CREDIT, Stage.PRE_LOAN)
    assert answer == "denied_revoked"
    assert not AuditRow.objects.filter(outcome="released").exists()
