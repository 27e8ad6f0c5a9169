"""What the gate does with products that overstep, and the rows that it leaves behind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction

from tests.trust.support import Everything, Held, People, ask, refused
from xinrong.subjects.models import Enterprise
from xinrong.trust import gate
from xinrong.trust.models import AuditRow, AuditSubject, Consent
from xinrong.trust.services import (
    AuditUnavailable,
    GateFault,
    Purpose,
    Service,
    Stage,
    disclose,
    who_looked,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("snapshots")]

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


@pytest.mark.parametrize("value", [None, "138"])
def test_only_a_masked_field_with_its_value_is_taken_for_a_fault(
    firms, people, region, value, monkeypatch
):
    class Shaped(Held):
        def payload(self) -> Any:
            words = {"zh": "电话“座机”", "en": 'the "phone" {1}'}
            field = {"masked": True, "name": "phone", "title": words, "unit": "\\", "words": None}
            return {"fields": [field | {"value": None}, field | {"value": value}]}

    looked: list[str] = []
    real = gate.unmasked
    monkeypatch.setattr(gate, "unmasked", lambda held: looked.append("") or real(held))
    held = Shaped([(firms[0].pk, "licence", "phone", True)])
    if value:
        faulty(people.public, firms[0], held, region)
    else:
        ask(people.public, firms[0], Fixed(held), Purpose.PUBLIC)
    assert len(looked) == (1 if value else 0)


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

    @pytest.mark.skipif("connection.vendor != 'sqlite'", reason="needs SQLite: its way to fail")
    def test_when_the_disk_is_full(self, firms, people, everything):
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TRIGGER full_disk BEFORE INSERT ON trust_auditsubject "
                "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
            )
        self.release(people, firms, everything)
        assert not AuditRow.objects.exists()

    @pytest.mark.skipif("connection.vendor != 'sqlite'", reason="needs SQLite: its way to fail")
    def test_when_the_database_takes_no_writes(self, firms, people, everything):
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = ON")
        self.release(people, firms, everything)

    @pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="needs PostgreSQL: its way to fail"
    )
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
