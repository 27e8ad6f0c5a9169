"""What waits for a person outside of cases stands in the inbox, too: each for its own role."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from tests.pages.support import FIRM
from tests.pages.test_inbox import as_
from xinrong.accounts.services import create_organisation, create_person, proof, viewer_of
from xinrong.collect.models.uploads import Upload
from xinrong.pages.inbox.sources import tasks_of, waiting
from xinrong.trust.consenting.models import ConsentRequest, StopNotice
from xinrong.trust.snooping.models import SnoopAlert

PASSWORD = "a long enough passphrase 7"


def titles(town, name):
    return [one.title for one in tasks_of(viewer_of(town.people[name]), timezone.now())]


def count(town, name):
    return waiting(viewer_of(town.people[name]), timezone.now())


def ask_consent(town, **more):
    now = timezone.now()
    bank = town.people["loan_officer"].memberships.get().organisation
    values = {
        "number": "a" * 32, "grantor_id": town.firm, "grantee": bank, "purpose": "credit",
        "template": "t", "template_version": 1, "data_from": date(2024, 1, 1), "days": 30,
        "keep_days": 30, "state": "asked", "asked_at": now, "answer_by": now + timedelta(days=3),
        **more,
    }  # fmt: skip
    return ConsentRequest.objects.create(**values)


def test_a_request_for_consent_waits_for_the_representative_until_it_lapses(town):
    request = ask_consent(town)
    (task,) = tasks_of(viewer_of(town.people["representative"]), timezone.now())
    assert (task.link, task.due) == (f"/consents/requests/{request.number}", request.answer_by)
    assert count(town, "representative") == 1
    assert "the request lapses" in as_(town, "representative").get("/inbox").content.decode()
    request.answer_by = timezone.now() - timedelta(seconds=1)
    request.save()
    assert titles(town, "representative") == []
    assert count(town, "representative") == 0


def test_a_notice_to_stop_using_waits_for_the_institution_that_asked(town):
    now = timezone.now()
    StopNotice.objects.create(
        number="b" * 32, request=ask_consent(town, state="revoked"), issued_at=now,
        answer_by=now - timedelta(days=1), deliveries=2,
    )  # fmt: skip
    assert len(titles(town, "loan_officer")) == 1
    page = as_(town, "loan_officer").get("/inbox").content.decode()
    assert "overdue by" in page
    assert count(town, "loan_officer") == 1
    assert titles(town, "representative") == []


def test_a_claim_waits_for_operators_who_are_no_party(town):
    now = timezone.now()
    for person in ("loan_officer", "operator"):
        proof.Claim.objects.create(
            person=town.people[person], code=FIRM, name="恒远（虚构）", way=proof.Way.DOCUMENTS,
            state=proof.State.DOCUMENTS_GIVEN, made_at=now, moved_at=now,
        )  # fmt: skip
    (task,) = tasks_of(viewer_of(town.people["operator"]), now)
    assert task.link == f"/claims/{FIRM}/"
    assert count(town, "operator") == 1
    assert count(town, "registrar") == 0


def test_looks_wait_for_the_compliance_officer_of_that_bank(town):
    now = timezone.now()
    bank = town.people["loan_officer"].memberships.get().organisation
    for name, organisation in (("ours", bank), ("theirs", create_organisation("别行", "bank"))):
        town.people[name] = create_person(
            f"{name}@example.cn", PASSWORD, name=name, organisation=organisation,
            role="compliance_officer",
        )  # fmt: skip
    SnoopAlert.objects.create(
        person=town.people["loan_officer"], organisation=bank, institution=bank,
        role="loan_officer", week=now.date(), first_day=now.date(), last_day=now.date(),
        raised_at=now, score=3.0, rules_version="1",
    )  # fmt: skip
    assert len(titles(town, "ours")) == count(town, "ours") == 1
    assert titles(town, "theirs") == []
    assert count(town, "theirs") == 0


def test_a_file_that_nobody_confirmed_waits_for_its_department(town):
    now = timezone.now()
    Upload.objects.create(
        key="c" * 32, region="beijing", department="market_regulation",
        organisation=town.people["registrar"].memberships.get().organisation, feed="f",
        name="名录.csv", size=3, received=3, state="received", created_at=now, changed_at=now,
    )  # fmt: skip
    first = tasks_of(viewer_of(town.people["registrar"]), now)[0]
    assert (first.about, first.link) == ("名录.csv", "/uploads/" + "c" * 32)
    assert first.due == now + timedelta(days=1)
    assert count(town, "registrar") == 1
    assert count(town, "data_officer") == 0
