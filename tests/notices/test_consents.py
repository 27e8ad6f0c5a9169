"""What trust writes is told to both sides, once, and to nobody whom it no longer concerns."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.notices.support import by, run
from tests.trust.consenting.conftest import NOW
from tests.trust.support import PASSWORD
from xinrong.accounts.models import Membership, Person
from xinrong.accounts.services import create_person
from xinrong.domain.clock import FixedClock
from xinrong.notices import consents
from xinrong.notices.following import SETTLED
from xinrong.notices.models import Followed, FollowedRow, Message, Notice
from xinrong.notices.services import follow_trust
from xinrong.trust.models import AuditRow, AuditSubject, ConsentReceipt, Outcome
from xinrong.trust.services import consenting, snooping

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def told(viewer):
    return list(
        Notice.objects.filter(person=viewer.person_id).order_by("pk").values_list("kind", flat=True)
    )


def test_a_request_is_told_to_the_enterprise_and_its_answer_to_both(city):
    request = city.ask()
    assert follow_trust(NOW) == 1
    assert told(city.people.representative) == ["consent_asked"]
    assert told(city.people.lender) == []
    city.grant(request)
    follow_trust(NOW)
    assert told(city.people.representative) == ["consent_asked", "consent_granted"]
    assert told(city.people.lender) == ["consent_granted"]
    assert told(city.people.rival) == []
    paths = set(Notice.objects.values_list("path", flat=True))
    assert paths == {f"/consents/requests/{request.number}", f"/asked/{request.number}"}


@pytest.mark.parametrize(
    ("end", "kind"),
    [("refuse", "consent_refused"), ("withdraw", "consent_withdrawn"),
     ("lapse", "consent_lapsed"), ("expire", "consent_expired"), ("revoke", "consent_revoked")],
)  # fmt: skip
def test_every_end_has_its_receipt_told(city, end, kind):
    request, firm = city.ask(), city.firms[0].pk
    now = NOW
    if end == "refuse":
        consenting.refuse(request.number, firm, city.firm, now=now)
    elif end == "withdraw":
        consenting.withdraw(request.number, city.bank, now=now)
    elif end == "lapse":
        now += 400 * DAY
        consenting.settle_all(now=now)
    else:
        consent = city.grant(request)
        if end == "revoke":
            consenting.revoke(consent.number, firm, city.firm, now=now)
        else:
            now += 400 * DAY
            consenting.settle_all(now=now)
    follow_trust(now)
    assert kind in told(city.people.representative)
    assert (kind in told(city.people.lender)) == (end != "withdraw")


def delivered(city):
    row = AuditRow.objects.create(
        at=NOW, person_id=city.people.lender.person_id, organisation=city.people.bank,
        role="loan_officer", service="comprehensive", purpose="credit", stage="pre_loan",
        product="record", enterprises=[city.firms[0].pk], outcome=Outcome.RELEASED,
    )  # fmt: skip
    AuditSubject.objects.create(row=row, enterprise=city.firms[0])
    return row


def test_after_a_revocation_the_bank_is_told_to_stop_and_its_answer_to_the_enterprise(city):
    officer = create_person(
        "compliance@example.cn", PASSWORD, name="c", organisation=city.people.bank,
        role="compliance_officer",
    )  # fmt: skip
    consent = city.grant(city.ask())
    row = delivered(city)
    AuditRow.objects.filter(pk=row.pk).update(consents=[consent.pk])
    consenting.revoke(consent.number, city.firms[0].pk, city.firm, now=NOW)
    follow_trust(NOW)
    assert "stop_use" in told(city.people.lender)
    assert Notice.objects.filter(person=officer).get().kind == "stop_use"
    number = consenting.StopNotice.objects.get().number
    consenting.answer_notice(number, city.bank, "deleted", now=NOW)
    follow_trust(NOW)
    assert told(city.people.representative)[-1] == "stop_use_answered"


def test_what_is_queued_about_a_consent_that_was_revoked_is_not_sent_its_receipt_is(city, mailbox):
    by(city.people.lender)
    clock = FixedClock(NOW)
    consent = city.grant(city.ask())
    follow_trust(NOW)
    consenting.revoke(consent.number, city.firms[0].pk, city.firm, now=NOW)
    follow_trust(NOW)
    run(clock)
    mine = [one["Subject"] for one in mailbox.received if one.envelope_to == ["lender@example.cn"]]
    assert len(mine) == 1
    assert "已被撤回" in mine[0]
    assert Message.objects.get(notice__kind="consent_granted", state="dropped").why == "over"


def test_a_request_that_was_answered_meanwhile_is_not_announced(city, mailbox):
    request = city.ask()
    follow_trust(NOW)
    consenting.refuse(request.number, city.firms[0].pk, city.firm, now=NOW)
    run(FixedClock(NOW))
    assert not mailbox.received


def test_who_asked_and_has_left_is_not_told_whoever_manages_is(city):
    manager = create_person(
        "manager@example.cn", PASSWORD, name="m", organisation=city.people.bank,
        role="loan_officer",
    )  # fmt: skip
    Membership.objects.filter(person=manager).update(manages=True)
    request = city.ask()
    Membership.objects.filter(person=city.people.lender.person_id).delete()
    consenting.refuse(request.number, city.firms[0].pk, city.firm, now=NOW)
    follow_trust(NOW)
    assert told(city.people.lender) == []
    assert Notice.objects.filter(person=manager).get().kind == "consent_refused"


def alert_about(person, organisation, **more):
    return snooping.SnoopAlert.objects.create(
        person_id=person, organisation=organisation, institution=organisation, role="loan_officer",
        week=NOW.date(), first_day=NOW.date(), last_day=NOW.date(), raised_at=NOW, score=9.0,
        rules_version="1", **more,
    )  # fmt: skip


def test_an_alert_goes_to_the_compliance_officers_and_never_to_whom_it_is_about(city):
    bank = city.people.bank
    officers = [
        create_person(f"c{n}@example.cn", PASSWORD, name="c", organisation=bank,
                      role="compliance_officer")
        for n in range(2)
    ]  # fmt: skip
    alert = alert_about(city.people.lender.person_id, bank)
    about_one = alert_about(officers[0].pk, bank)
    follow_trust(NOW)
    assert told(city.people.lender) == []
    kinds = [
        set(Notice.objects.filter(person=one).values_list("path", flat=True)) for one in officers
    ]
    assert kinds == [
        {f"/compliance/alerts/{alert.pk}"},
        {f"/compliance/alerts/{alert.pk}", f"/compliance/alerts/{about_one.pk}"},
    ]


def test_an_alert_that_was_decided_is_not_mailed(city, mailbox):
    create_person(
        "c@example.cn", PASSWORD, name="c", organisation=city.people.bank,
        role="compliance_officer",
    )  # fmt: skip
    alert_about(city.people.lender.person_id, city.people.bank, state="explained")
    follow_trust(NOW)
    run(FixedClock(NOW))
    assert not mailbox.received


def test_nothing_is_told_twice_and_a_receipt_that_appears_late_is_told(city):
    city.ask()
    second = city.ask()
    late = ConsentReceipt.objects.order_by("pk").first()
    number, values = late.pk, {
        "number": late.number, "request_id": late.request_id, "kind": late.kind, "at": late.at,
        "envelope": late.envelope,
    }  # fmt: skip
    late.delete()  # its transaction has not committed yet
    assert follow_trust(NOW) == 1
    assert follow_trust(NOW + SETTLED / 2) == 0
    ConsentReceipt.objects.create(pk=number, **values)
    assert follow_trust(NOW + SETTLED / 2) == 1
    assert follow_trust(NOW + SETTLED / 2) == 0
    assert Notice.objects.count() == 2
    follow_trust(NOW + 2 * SETTLED)
    cursor = Followed.objects.get(source="consent_receipts")
    assert cursor.floor == second.receipts.get().pk
    assert not FollowedRow.objects.filter(source=cursor).exists()
    assert follow_trust(NOW + 2 * SETTLED) == 0


def test_what_cannot_be_told_is_left_for_the_next_run(city, monkeypatch):
    first, second = city.ask(), city.ask()
    real = consents.notify

    def broken(*args, **more):
        if more["reference"] == first.number:
            raise LookupError("not now")
        return real(*args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(consents, "notify", broken)
        assert follow_trust(NOW) == 1
        assert follow_trust(NOW + 2 * SETTLED) == 0
    assert Notice.objects.get().reference == second.number
    assert follow_trust(NOW + 4 * SETTLED) == 1
    assert told(city.people.representative) == ["consent_asked", "consent_asked"]
    follow_trust(NOW + 6 * SETTLED)
    assert not FollowedRow.objects.exists()


def test_an_enterprise_without_people_is_nobody_to_tell(city):
    Person.objects.filter(pk=city.people.representative.person_id).update(is_active=False)
    city.ask()
    assert follow_trust(NOW) == 1
    assert not Notice.objects.exists()
