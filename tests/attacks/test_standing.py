"""Consents and roles that end, belong to somebody else, or come from a clock that is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from tests.attacks.support import as_
from tests.pages.support import QUIET, Town
from tests.trust.support import Everything, Held, People, ask, refused, shown
from xinrong.accounts.services import create_organisation, create_person, viewer_of
from xinrong.subjects.models import Enterprise
from xinrong.trust.guarded import guarded
from xinrong.trust.models import AuditRow, Consent
from xinrong.trust.services import (
    Denied,
    Purpose,
    Release,
    Stage,
    grant_consent,
    revoke_consent,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("snapshots")]
PASSPHRASE = "a long enough passphrase 7"
Firms = list[Enterprise]


def lend(who: Any, firms: Firms, product: Any) -> Release:
    return ask(who, firms[0], product, Purpose.CREDIT, Stage.PRE_LOAN)


# --- revoked under way ---------------------------------------------------------------------------


def test_a_consent_that_is_revoked_while_a_report_is_made_yields_no_report(
    firms: Firms, people: People, everything: Everything, consent: Consent
) -> None:
    class Report(Everything):
        def read(self, *given: Any) -> Held:
            content = super().read(*given)
            revoke_consent(consent.pk, grantor=firms[0].pk, now=timezone.now())
            return content

    with pytest.raises(Denied) as refusal:
        lend(people.lender, firms, Report(everything.region))
    assert refusal.value.code == "denied_revoked"
    assert AuditRow.objects.get(pk=refusal.value.audit_id).outcome == "denied"
    assert not AuditRow.objects.filter(outcome="released").exists()


def test_a_report_that_is_handed_over_breaks_off_when_its_consent_is_revoked(
    firms: Firms, people: People, everything: Everything, consent: Consent
) -> None:
    release = lend(people.lender, firms, everything)
    assert "tax.amount" in shown(release)
    seconds = iter(range(100))

    def chunks() -> Iterator[bytes]:
        yield b"first"
        revoke_consent(consent.pk, grantor=firms[0].pk, now=timezone.now())
        yield b"second"

    handed = guarded(release, chunks(), clock=lambda: float(next(seconds)))
    assert next(handed) == b"first"
    with pytest.raises(Denied):
        next(handed)
    with pytest.raises(Denied):
        list(guarded(release, [b"again"]))


# --- somebody else's -----------------------------------------------------------------------------


def test_one_outlet_reads_nothing_under_the_consent_of_another(
    firms: Firms, people: People, everything: Everything
) -> None:
    other = create_organisation("海丰银行东支行", "bank", parent=people.bank)
    person = create_person(
        "east@example.cn", PASSPHRASE, name="east", organisation=other, role="loan_officer"
    )
    now = timezone.now()
    grant_consent(
        firms[0].pk, people.outlet_organisation.pk, ["tax"], [Stage.PRE_LOAN],
        now=now, valid_until=now + timedelta(days=1),
    )  # fmt: skip
    assert "tax.amount" in shown(lend(people.outlet, firms, everything))
    for who in (viewer_of(person), people.lender, people.rival):
        assert "tax.amount" not in shown(lend(who, firms, everything))


def test_who_says_to_be_another_is_nobody(
    firms: Firms, people: People, everything: Everything, consent: Consent
) -> None:
    rival = people.rival
    for forged in (
        replace(rival, organisation_id=people.bank.pk),
        replace(rival, institution_id=people.bank.pk),
        replace(rival, person_id=None),
        replace(people.lender, person_id=rival.person_id),
        replace(people.lender, key_id=999),
    ):
        answer = refused(forged, firms[0], everything, Purpose.CREDIT, Stage.PRE_LOAN)
        assert answer == "denied_role"


def test_an_operator_without_a_support_session_sees_no_more_than_the_public(
    firms: Firms, people: People, everything: Everything, consent: Consent
) -> None:
    operator = people.operator
    for purpose, stage in ((Purpose.CREDIT, Stage.PRE_LOAN), (Purpose.SELF, None)):
        assert refused(operator, firms[0], everything, purpose, stage).startswith("denied")
    mine = shown(ask(operator, firms[0], everything, Purpose.OPERATION))
    assert mine == shown(ask(people.public, firms[0], everything, Purpose.PUBLIC))


def test_an_operator_who_makes_up_a_support_session_is_nobody(
    firms: Firms, people: People, everything: Everything, consent: Consent
) -> None:
    forged = replace(people.lender, person_id=people.operator.person_id, support_id=12345)
    assert refused(forged, firms[0], everything, Purpose.CREDIT, Stage.PRE_LOAN) == "denied_role"


def test_a_representative_who_posts_the_banks_form_still_asks_as_the_public(town: Town) -> None:
    client = as_(town, "representative")
    client.post(f"/enterprises/{QUIET}/open", {"stage": "pre_loan", "tab": "basic"})
    client.get(f"/enterprises/{QUIET}/comprehensive/")
    row = AuditRow.objects.latest("pk")
    assert (row.role, row.purpose, row.stage) == ("representative", "public", "")


# --- the clock -----------------------------------------------------------------------------------


def at(moment: datetime) -> Any:
    return time_machine.travel(moment, tick=False)


def test_a_revoked_consent_stays_revoked_when_the_clock_goes_back(
    firms: Firms, people: People, everything: Everything, consent: Consent
) -> None:
    now = timezone.now()
    with at(now + timedelta(hours=2)):
        revoke_consent(consent.pk, grantor=firms[0].pk, now=timezone.now())
    for hours in (0, 1, 2, 3):
        with at(now + timedelta(hours=hours)):
            assert "tax.amount" not in shown(lend(people.lender, firms, everything))


def test_a_consent_does_not_hold_before_it_was_given(
    firms: Firms, people: People, everything: Everything, consent: Consent
) -> None:
    with at(timezone.now() - timedelta(hours=1)):
        assert "tax.amount" not in shown(lend(people.lender, firms, everything))


def test_an_expired_consent_does_not_come_back_when_the_clock_goes_back(
    firms: Firms, people: People, everything: Everything, consent: Consent
) -> None:
    now = timezone.now()
    with at(now + timedelta(days=31)):
        assert "tax.amount" not in shown(lend(people.lender, firms, everything))
    with at(now + timedelta(days=1)):
        try:
            release = lend(people.lender, firms, everything)
        except Denied:
            return  # a gate that refuses to go by such a clock is right, too
    assert "tax.amount" not in shown(release)
