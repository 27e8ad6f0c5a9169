"""Which records of a category a file shows: of a consent's days, of the own department's sending."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.files.firm import (
    CLOCK,
    FIRM,
    acting,
    by_bank,
    by_owner,
    code,
    consent,
    penalty,
    send,
)
from tests.store.rows import row
from xinrong.accounts.services import Viewer
from xinrong.catalogue.region import load_region
from xinrong.domain.clock import FixedClock
from xinrong.files import services as files
from xinrong.store.models import Batch
from xinrong.subjects.services import Identity, ensure_subjects, enterprise_by_code, subjects_of
from xinrong.trust import rules
from xinrong.trust.consents import Covered, covered_categories
from xinrong.trust.services import Purpose

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]
FROM, TO = date(2026, 3, 1), date(2026, 6, 30)


@pytest.fixture(autouse=True)
def taizhou(settings: Any) -> None:
    settings.REGION = "taizhou"


@pytest.fixture
def of_some_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every consent is for the data of four months."""

    def covered(*asked: Any) -> Any:
        return {
            enterprise: {
                name: Covered(one.consent, one.max_level, FROM, TO, one.one_time)
                for name, one in found.items()
            }
            for enterprise, found in covered_categories(*asked).items()
        }

    monkeypatch.setattr(rules, "covered_categories", covered)


def tax(key: int, on: date | None) -> dict[str, Any]:
    return row(FIRM, key, key, code="vat", event_date=on, amount=key * 100_00, t1="x")


DAYS = [date(2026, 2, 28), FROM, date(2026, 5, 5), TO, date(2026, 7, 1)]


@pytest.fixture
def taxed(firm: int) -> int:
    send("tax_payment", "tax_payments", *[tax(n, day) for n, day in enumerate(DAYS, start=10)])
    send("tax_payment", "tax_payments", tax(30, None))
    return firm


@pytest.mark.usefixtures("of_some_days")
def test_of_a_category_under_consent_only_the_period_of_data_is_shown(
    banker: Viewer, taxed: int
) -> None:
    consent(banker, taxed, 4, "tax_payment")
    content = by_bank(files.comprehensive, banker, taxed, category="tax_payment").content
    assert [record.event_date for record in content.records] == DAYS[3:0:-1]
    assert content.total == 3
    [state] = [one for one in content.coverage.sources if one.category == "tax_payment"]
    assert (state.records, state.only_from, state.only_to) == (3, FROM, TO)


@pytest.mark.usefixtures("of_some_days")
def test_sums_and_counts_are_of_the_period_of_data_only(banker: Viewer, taxed: int) -> None:
    consent(banker, taxed, 4, "tax_payment")
    content = by_bank(files.cube, banker, taxed).content
    [cell] = [cell for cell in content.cells if cell.category == "tax_payment"]
    assert (cell.records, cell.amount) == (3, (11 + 12 + 13) * 100)


@pytest.mark.usefixtures("of_some_days")
def test_where_the_day_itself_is_masked_the_period_holds_all_the_same(
    banker: Viewer, firm: int
) -> None:
    loans = [row(FIRM, n, n, event_date=day, code=f"L{n}") for n, day in enumerate(DAYS, start=80)]
    send("loan", "pboc_loans", *loans)
    consent(banker, firm, 3, "loan")
    found = by_bank(files.comprehensive, banker, firm, category="loan").content
    assert (found.total, {record.event_date for record in found.records}) == (3, {None})


@pytest.mark.usefixtures("of_some_days")
def test_an_open_category_stays_open_outside_the_period(banker: Viewer, firm: int) -> None:
    licences = load_region("taizhou").contracts["honour"]
    deep = [field.name for field in licences.fields if field.level > 2]
    made = [
        row(FIRM, n, n, code=f"誉{n}", event_date=day, polarity=1, t1="x")
        for n, day in enumerate(DAYS, start=40)
    ]
    send("honour", "reform_honours", *made)
    consent(banker, firm, 4, "honour")
    found = by_bank(files.comprehensive, banker, firm, category="honour").content
    assert found.total == 5
    for record in found.records:
        assert record.event_date is not None
        inside = FROM <= record.event_date <= TO
        masked = {field.name for field in record.fields if field.masked}
        assert masked == (set() if inside else set(deep))


def test_the_enterprise_sees_all_of_its_days(taxed: int) -> None:
    owner = acting("甲（虚构）有限公司", "enterprise", "representative", FIRM)
    assert by_owner(files.comprehensive, owner, taxed, category="tax_payment").content.total == 6


# --- what a department sent itself -----------------------------------------------------------


def test_a_department_sees_what_it_sent_and_not_what_another_sent_of_the_category(
    firm: int,
) -> None:
    officer = acting("税务局（虚构）", "department", "data_officer", "tax")
    assert load_region("taizhou").feeds["tax_payments"].department == "tax"
    send("tax_payment", "tax_payments", tax(10, DAYS[1]))
    send("tax_payment", "tax_payments", tax(11, DAYS[2]))
    newest = Batch.objects.order_by("-pk").values_list("pk", flat=True)[0]
    Batch.objects.filter(pk=newest).update(department="customs")
    release = files.comprehensive(
        officer, firm, Purpose.SUPERVISION, category="tax_payment", clock=CLOCK
    )
    assert [record.event_date for record in release.content.records] == [DAYS[1]]
    assert {record.origin.department for record in release.content.records} == {"tax"}
    [state] = [one for one in release.content.coverage.sources if one.category == "tax_payment"]
    assert (state.records, state.only_of) == (1, "tax")
    for service in (files.basic, files.register_history, files.cube, files.signs):
        service(officer, firm, Purpose.SUPERVISION, clock=CLOCK)


# --- a record that names the end of its display ----------------------------------------------


def test_a_record_is_shown_no_longer_than_it_says_itself(
    settings: Any, banker: Viewer, firm: int
) -> None:
    settings.REGION = "beijing"
    assert load_region("beijing").contracts["administrative_penalty"].display.until == "end_date"
    ends = datetime(2026, 9, 30, 4, tzinfo=UTC)
    fines = [
        {**penalty(50, date(2026, 2, 2)), "end_date": ends.date()},
        penalty(51, date(2026, 2, 2)),
    ]
    send("administrative_penalty", "press_penalties", *fines)
    sender = load_region("beijing").feeds["press_penalties"].department
    Batch.objects.filter(feed="press_penalties").update(department=sender)
    for clock, shown in ((FixedClock(ends), 2), (FixedClock(ends + timedelta(days=1)), 1)):
        release = files.signs(banker, firm, Purpose.PUBLIC, clock=clock)
        assert len(release.content.black) == shown
        assert release.content.expired_withheld == 2 - shown
    release = files.signs(banker, firm, Purpose.PUBLIC, clock=FixedClock(ends))
    assert {one.shown_until for one in release.content.black} == {ends.date(), date(2027, 2, 2)}


# --- counterparties --------------------------------------------------------------------------


def buyers_of(release: Any) -> list[tuple[Any, bool]]:
    fields = [
        field
        for record in release.content.records
        for field in record.fields
        if field.name == "buyer"
    ]
    return [(field.value, field.masked) for field in fields]


def test_a_counterparty_that_the_register_does_not_know_is_not_named_to_others(
    banker: Viewer, firm: int
) -> None:
    send("registration", "market_registration", name_of={code(2): "乙公司（虚构）"}, register=True)
    [known] = subjects_of([enterprise_by_code(code(2)).pk])[enterprise_by_code(code(2)).pk]
    [unknown, nameless] = ensure_subjects(
        [Identity(code(3), "丙（虚构）有限公司", "tax"), Identity("", "某个人（虚构）", "tax")]
    )
    sold = [
        row(FIRM, n, n, event_date=date(2026, 8, 40 - n), counterparty=party, status="normal")
        for n, party in enumerate((known, unknown, nameless), start=30)
    ]
    send("vat_invoice", "tax_invoices", *sold)
    consent(banker, firm, 4, "vat_invoice")
    found = by_bank(files.comprehensive, banker, firm, category="vat_invoice")
    assert buyers_of(found) == [(code(2), False), (None, True), (None, True)]
    assert "某个人" not in str(found.content.payload())
    owner = acting("甲（虚构）有限公司", "enterprise", "representative", FIRM)
    own = buyers_of(by_owner(files.comprehensive, owner, firm, category="vat_invoice"))
    assert [masked for _, masked in own] == [False] * 3
    sender = acting("税务局（虚构）", "department", "data_officer", "tax")
    release = files.comprehensive(
        sender, firm, Purpose.SUPERVISION, category="vat_invoice", clock=CLOCK
    )
    assert [masked for _, masked in buyers_of(release)] == [False] * 3
