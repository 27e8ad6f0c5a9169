"""What the gate lets through, as rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from tests.trust.support import Everything, Held, People
from xinrong.accounts.models import Membership
from xinrong.subjects.models import Enterprise
from xinrong.trust.models import AuditRow, AuditSubject, Consent
from xinrong.trust.services import (
    AuditUnavailable,
    Denied,
    GateFault,
    Purpose,
    Release,
    Service,
    Stage,
    disclose,
    grant_consent,
    revoke_consent,
    who_looked,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("snapshots")]


def ask(
    who: Any,
    firm: Enterprise,
    product: Any,
    purpose: Purpose,
    stage: Stage | None = None,
    **more: Any,
) -> Release:
    return disclose(who, [firm.pk], product, Service.COMPREHENSIVE, purpose, stage, **more)


def shown(release: Release) -> set[str]:
    return {f"{name}.{field}" for _, name, field in release.content.shown_fields()}


def refused(who: Any, firm: Enterprise, product: Any, *rest: Any) -> str:
    with pytest.raises(Denied) as caught:
        ask(who, firm, product, *rest)
    assert AuditRow.objects.get(pk=caught.value.audit_id).outcome == "denied"
    return caught.value.code


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
    with time_machine.travel(consent.valid_until, tick=False):
        assert not sees_tax(people.lender, firms[0], everything, Stage.PRE_LOAN)
    with time_machine.travel(consent.valid_until - timedelta(seconds=1), tick=False):
        assert sees_tax(people.lender, firms[0], everything, Stage.PRE_LOAN)


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


# --- products that overstep ------------------------------------------------------------------


class Fixed:
    """A product that gives always the same cells, whatever it was permitted."""

    kind = "record"

    def __init__(self, held: Held) -> None:
        self.held = held

    def read(self, snapshot: Any, about: Any, permits: Any) -> Held:
        return self.held


def faulty(who: Any, firm: Enterprise, held: Held, region: Any) -> None:
    with pytest.raises(GateFault):
        ask(who, firm, Fixed(held), Purpose.PUBLIC)
    row = AuditRow.objects.get()
    assert (row.outcome, row.reason, row.digest) == ("failed", "gate_fault", "")


def test_a_product_that_reads_a_withheld_category_is_a_fault(firms, people, region):
    faulty(people.public, firms[0], Held([(firms[0].pk, "tax", "year", False)]), region)


def test_a_product_that_only_counts_a_withheld_category_is_a_fault(firms, people, region):
    faulty(people.public, firms[0], Held([(firms[0].pk, "tax", "year", True)]), region)


def test_a_product_that_reads_another_enterprise_is_a_fault(firms, people, region):
    faulty(people.public, firms[0], Held([(firms[1].pk, "licence", "number", False)]), region)


def test_a_product_that_forgets_to_mask_is_a_fault(firms, people, region):
    faulty(people.public, firms[0], Held([(firms[0].pk, "licence", "person", False)]), region)


def test_a_product_that_hides_where_it_drew_from_is_a_fault(firms, people, region):
    cells = [(firms[0].pk, "licence", "number", False)]
    faulty(people.public, firms[0], Held(cells, hide=True), region)


def test_a_masked_field_that_carries_its_value_is_a_fault(firms, people, region):
    class Leaky(Held):
        def payload(self) -> Any:
            return {"records": [{"fields": [{"name": "phone", "masked": True, "value": "138"}]}]}

    faulty(people.public, firms[0], Leaky([(firms[0].pk, "licence", "phone", True)]), region)


def test_a_field_that_the_catalogue_does_not_know_is_not_released(firms, people, region):
    cells = [(firms[0].pk, "licence", "invented", False)]
    with pytest.raises(KeyError):
        ask(people.public, firms[0], Fixed(Held(cells)), Purpose.PUBLIC)
    assert AuditRow.objects.get().outcome == "failed"


def test_a_kind_of_product_that_is_not_known_is_a_fault(firms, people, region):
    product = Fixed(Held([]))
    product.kind = "dossier"
    with pytest.raises(GateFault):
        ask(people.public, firms[0], product, Purpose.PUBLIC)


# --- the audit row ---------------------------------------------------------------------------


def test_a_release_leaves_a_row_with_ids_and_a_digest_and_no_values(
    firms, people, everything, consent
):
    release = ask(people.lender, firms[0], everything, Purpose.CREDIT, Stage.PRE_LOAN)
    row = AuditRow.objects.get(pk=release.audit_id)
    assert (row.person_id, row.organisation_id) == (people.lender.person_id, people.bank.pk)
    assert (row.role, row.purpose, row.stage) == ("loan_officer", "credit", "pre_loan")
    assert (row.service, row.product, row.outcome) == ("comprehensive", "record", "released")
    assert row.enterprises == [firms[0].pk]
    assert row.released == ["licence", "tax"]
    assert row.withheld == {"secret": "never_shared"}
    assert (row.seq, row.at, row.digest) == (41, release.at, release.digest)


def test_the_digest_is_of_the_canonical_payload(firms, people, everything):
    release = ask(people.public, firms[0], everything, Purpose.PUBLIC)
    cells = [("licence.number", "v", False), ("licence.person", None, True)]
    cells.append(("licence.phone", None, True))
    spelled = ",".join(
        f'{{"enterprise":{firms[0].pk},"masked":{str(masked).lower()},"name":"{name}",'
        f'"value":{"null" if value is None else chr(34) + value + chr(34)}}}'
        for name, value, masked in cells
    )
    assert release.digest == sha256(f"[{spelled}]".encode()).hexdigest()


def test_a_question_as_of_a_seq_is_read_and_logged_at_that_seq(
    firms, people, everything, snapshots
):
    release = ask(people.public, firms[0], everything, Purpose.PUBLIC, at_seq=7)
    assert snapshots == [7]
    assert (release.seq, AuditRow.objects.get().seq) == (7, 7)


def test_a_denied_question_reads_nothing(firms, people, everything, snapshots):
    refused(people.lender, firms[0], everything, Purpose.CREDIT)
    assert snapshots == []
    assert everything.saw == []


def test_a_product_that_breaks_leaves_a_failed_row(firms, people, region):
    class Broken:
        kind = "record"

        def read(self, snapshot: Any, about: Any, permits: Any) -> Held:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask(people.public, firms[0], Broken(), Purpose.PUBLIC)
    assert AuditRow.objects.get().outcome == "failed"


def test_the_gate_refuses_to_work_inside_a_transaction_it_could_be_rolled_back_with(
    transactional_db, firms, people, everything
):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        ask(people.public, firms[0], everything, Purpose.PUBLIC)


class TestNoRowNoRelease:
    """If the row cannot be written nothing is released."""

    @pytest.fixture(autouse=True)
    def database_without_room(self, transactional_db: None) -> Any:
        yield
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("DROP TRIGGER IF EXISTS full_disk")
                cursor.execute("PRAGMA query_only = OFF")

    def release(self, people: People, firms: list[Enterprise], everything: Everything) -> None:
        with pytest.raises(AuditUnavailable):
            ask(people.public, firms[0], everything, Purpose.PUBLIC)
        with pytest.raises(AuditUnavailable):
            ask(people.lender, firms[0], everything, Purpose.CREDIT)  # a denial, too

    @pytest.mark.skipif("connection.vendor != 'sqlite'")
    def test_when_the_disk_is_full(self, firms, people, everything):
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TRIGGER full_disk BEFORE INSERT ON trust_auditsubject "
                "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
            )
        self.release(people, firms, everything)
        assert not AuditRow.objects.exists()

    @pytest.mark.skipif("connection.vendor != 'sqlite'")
    def test_when_the_database_takes_no_writes(self, firms, people, everything):
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = ON")
        self.release(people, firms, everything)

    @pytest.mark.skipif("connection.vendor != 'postgresql'")
    def test_when_postgresql_takes_no_writes(self, firms, people, everything):
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = on")
        try:
            self.release(people, firms, everything)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SET default_transaction_read_only = off")


# --- who looked ------------------------------------------------------------------------------


def test_an_enterprise_sees_which_institution_looked_when_and_why(
    firms, people, everything, consent
):
    at = datetime(2030, 1, 2, 3, tzinfo=UTC)
    Consent.objects.filter(pk=consent.pk).update(valid_until=at + timedelta(days=1))
    with time_machine.travel(at, tick=False):
        ask(people.outlet, firms[0], everything, Purpose.CREDIT, Stage.PRE_LOAN)
    ask(people.representative, firms[0], everything, Purpose.SELF)
    ask(people.public, firms[0], everything, Purpose.PUBLIC)
    (look,) = who_looked(firms[0].pk)
    assert (look.institution, look.organisation) == ("海丰银行", "海丰银行中心支行")
    assert (look.at, look.purpose, look.stage) == (at, "credit", "pre_loan")
    assert look.released == ("licence", "tax")
    assert look.consents == (consent.pk,)


def test_an_enterprise_sees_refused_questions_about_it_too(firms, people, everything):
    refused(people.lender, firms[0], everything, Purpose.CREDIT)
    (look,) = who_looked(firms[0].pk)
    assert (look.outcome, look.released) == ("denied", ())


def test_nobody_sees_looks_at_somebody_else(firms, people, everything):
    ask(people.lender, firms[1], everything, Purpose.PUBLIC)
    assert who_looked(firms[0].pk) == []


def test_a_question_about_several_is_found_by_each(firms, people, everything):
    disclose(
        people.lender,
        [firm.pk for firm in firms],
        everything,
        Service.SEARCH,
        Purpose.PUBLIC,
    )
    assert AuditRow.objects.count() == 1
    assert AuditSubject.objects.count() == 3
    assert [len(who_looked(firm.pk)) for firm in firms] == [1, 1, 1]
