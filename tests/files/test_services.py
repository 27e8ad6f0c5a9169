"""The four query services, as the enterprise and two banks see them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.files.firm import (
    BUYER,
    CLOCK,
    FIRM,
    TODAY,
    by_bank,
    by_owner,
    consent,
    honour,
    penalty,
    send,
    tax,
)
from tests.store.rows import row
from xinrong.accounts.services import Viewer
from xinrong.catalogue.region import load_region
from xinrong.domain.clock import FixedClock
from xinrong.files import products
from xinrong.files import services as files
from xinrong.files.types import Sign
from xinrong.store.services import (
    RecordId,
    compact,
    erase,
    last_seq,
    retract_batch,
    snapshot,
)
from xinrong.subjects.services import (
    Identity,
    ensure_subjects,
    enterprise_by_code,
    link_new,
    subjects_of,
)
from xinrong.trust.services import Denied, Purpose, Stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root", "taizhou")]


def test_the_enterprise_sees_all_of_itself_but_what_is_never_shared(
    owner: Viewer, firm: int
) -> None:
    send("tax_payment", "tax_payments", tax(10, date(2026, 5, 15)))
    send("bank_account", "x", row(FIRM, 20, 20))
    release = by_owner(files.comprehensive, owner, firm)
    assert {record.category for record in release.content.records} == {
        "registration",
        "tax_payment",
    }
    assert [(permit.category, permit.reason) for permit in release.withheld] == [
        ("bank_account", "never_shared")
    ]


def test_a_bank_without_consent_sees_open_records_and_is_told_what_is_withheld(
    banker: Viewer, firm: int
) -> None:
    send("tax_payment", "tax_payments", tax(10, date(2026, 5, 15)))
    send("honour", "reform_honours", honour(30, date(2026, 3, 1)))
    release = by_bank(files.comprehensive, banker, firm)
    assert "tax_payment" not in {record.category for record in release.content.records}
    assert "honour" in {record.category for record in release.content.records}
    assert ("tax_payment", "no_consent") in {(p.category, p.reason) for p in release.withheld}
    [state] = [s for s in release.content.coverage.sources if s.category == "tax_payment"]
    assert (state.state, state.records, state.last_received) == ("withheld", None, None)


def test_a_consent_shows_fields_up_to_its_level_and_masks_the_rest(
    banker: Viewer, firm: int
) -> None:
    send("tax_payment", "tax_payments", tax(10, date(2026, 5, 15)))
    consent(banker, firm, 3, "tax_payment")
    release = by_bank(files.comprehensive, banker, firm, category="tax_payment")
    [record] = release.content.records
    shown = {field.name: field.value for field in record.fields if not field.masked}
    assert shown["paid_on"] == date(2026, 5, 15)
    assert "amount" not in shown
    assert record.amount is None
    consent(banker, firm, 4, "tax_payment")
    [record] = by_bank(files.comprehensive, banker, firm, category="tax_payment").content.records
    assert record.amount == Decimal("1000.00")


def test_a_date_that_is_too_deep_neither_orders_nor_filters_nor_makes_a_cell(
    owner: Viewer, banker: Viewer, firm: int
) -> None:
    loans = [
        row(FIRM, n, n, event_date=date(2020 + n % 5, 1, 1), code=f"L{n}") for n in range(80, 85)
    ]
    send("loan", "pboc_loans", *loans)
    consent(banker, firm, 3, "loan", "tax_payment")
    deep = {
        field.slot for field in load_region("taizhou").contracts["loan"].fields if field.level > 3
    }
    assert "event_date" in deep  # the contract on which this test stands
    found = by_bank(files.comprehensive, banker, firm, category="loan").content
    assert (found.total, {record.event_date for record in found.records}) == (5, {None})
    for year in range(2020, 2025):
        of_year = by_bank(files.comprehensive, banker, firm, category="loan", year=year).content
        assert of_year.total == 0
    keys = [int(record.ref.split("/")[1]) for record in found.records]
    assert keys == sorted(keys)
    real = by_owner(files.comprehensive, owner, firm, category="loan").content.records
    assert [record.ref for record in real] != [record.ref for record in found.records]
    cells = [c for c in by_bank(files.cube, banker, firm).content.cells if c.category == "loan"]
    assert [(cell.year, cell.records) for cell in cells] == [(None, 5)]


def test_every_record_names_its_source_its_row_and_the_day_it_came(
    owner: Viewer, firm: int
) -> None:
    done = send("honour", "reform_honours", honour(30, date(2026, 3, 1)))
    [record] = by_owner(files.comprehensive, owner, firm, category="honour").content.records
    assert (record.origin.batch, record.origin.row_no) == (done.batch, 1)
    assert record.origin.feed == "reform_honours"
    assert record.origin.department_title == load_region("taizhou").departments["tax"].title
    assert record.origin.received_on == date(2026, 11, 1)
    assert record.basis


def test_records_come_newest_first_with_undated_ones_last_and_in_pages(
    owner: Viewer, firm: int
) -> None:
    days = [date(2026, 1, 5), date(2026, 9, 1), date(2024, 7, 7)]
    send("honour", "reform_honours", *[honour(n, day) for n, day in enumerate(days, start=30)])
    undated = {**honour(40, days[0]), "event_date": None}
    send("honour", "reform_honours", undated)
    content = by_owner(files.comprehensive, owner, firm, category="honour").content
    assert [record.event_date for record in content.records] == [*sorted(days, reverse=True), None]
    page = by_owner(files.comprehensive, owner, firm, category="honour", offset=1, limit=2).content
    assert (page.total, [r.event_date for r in page.records]) == (4, sorted(days)[:2][::-1])


def test_a_negative_record_is_shown_until_its_period_ends_and_then_never(
    banker: Viewer, firm: int
) -> None:
    send(
        "administrative_penalty",
        "health_penalties",
        penalty(50, date(2023, 11, 1)),  # three years end today
        penalty(51, date(2023, 10, 31)),  # they ended yesterday
    )
    content = by_bank(files.signs, banker, firm).content
    assert [record.fields[0].value for record in content.black] == ["罚50"]
    assert content.black[0].shown_until == TODAY
    assert content.expired_withheld == 1
    cells = by_bank(files.cube, banker, firm).content.cells
    assert sum(c.records for c in cells if c.sign == Sign.NEGATIVE) == 1


def test_a_negative_record_without_a_date_is_withheld_and_the_source_is_not_clean(
    banker: Viewer, firm: int
) -> None:
    send("administrative_penalty", "health_penalties", penalty(50, None))
    content = by_bank(files.signs, banker, firm).content
    assert content.black == ()
    assert content.undated_withheld == 1
    assert content.coverage.clean == content.coverage.covered - 1


def test_red_and_black_stand_apart_with_basis_and_expiry(banker: Viewer, firm: int) -> None:
    send("honour", "reform_honours", honour(30, date(2026, 3, 1)))
    send("administrative_penalty", "health_penalties", penalty(50, date(2026, 2, 2)))
    content = by_bank(files.signs, banker, firm).content
    assert [record.category for record in content.red] == ["honour"]
    assert [record.category for record in content.black] == ["administrative_penalty"]
    assert content.black[0].shown_until == date(2029, 2, 2)
    assert content.black[0].basis
    assert (content.coverage.clean, content.coverage.covered) == (2, 3)


def test_signs_of_a_category_that_gives_none_any_more_are_shown_in_full(
    banker: Viewer, firm: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    send("honour", "reform_honours", honour(30, date(2026, 3, 1)))
    before = by_bank(files.signs, banker, firm).content
    monkeypatch.setattr(products, "signed_in", lambda _: [])
    assert by_bank(files.signs, banker, firm).content.spelled() == before.spelled()
    assert {field.name for field in before.red[0].fields if field.value is not None} >= {"title"}


def test_every_cell_of_the_cube_drills_down_to_as_many_records(owner: Viewer, firm: int) -> None:
    send("honour", "reform_honours", *[honour(n, date(2023 + n % 3, 3, 1)) for n in range(30, 37)])
    send("tax_payment", "tax_payments", *[tax(n, date(2025, n % 12 + 1, 3)) for n in range(60, 70)])
    send("administrative_penalty", "health_penalties", penalty(50, date(2026, 2, 2)))
    send("honour", "reform_honours", {**honour(40, TODAY), "event_date": None})
    content = by_owner(files.cube, owner, firm).content
    assert len(content.cells) == 7
    for cell in content.cells:
        drilled = by_owner(
            files.comprehensive, owner, firm, category=cell.category, department=cell.department,
            sign=cell.sign, year=cell.year, undated=cell.year is None,
        ).content  # fmt: skip
        assert drilled.total == cell.records
        known = [record.amount for record in drilled.records if record.amount is not None]
        assert cell.amount == (sum(known) if known else None)


def test_a_retracted_batch_leaves_the_file_and_the_past_keeps_it(owner: Viewer, firm: int) -> None:
    done = send("honour", "reform_honours", honour(30, date(2026, 3, 1)))
    retract_batch(done.batch, "mistake", CLOCK.now())
    assert by_owner(files.signs, owner, firm).content.red == ()
    past = by_owner(files.signs, owner, firm, at_seq=done.seq)
    assert len(past.content.red) == 1
    assert past.seq == done.seq


@pytest.mark.parametrize("folded", [False, True])
def test_a_corrected_record_shows_its_newest_content_only(
    owner: Viewer, firm: int, folded: bool
) -> None:
    send("honour", "reform_honours", honour(30, date(2026, 3, 1)))
    send("honour", "reform_honours", {**honour(30, date(2026, 3, 1)), "digest": 99, "t1": "改"})
    if folded:
        compact(CLOCK.now())
    [record] = by_owner(files.comprehensive, owner, firm, category="honour").content.records
    assert "改" in {field.value for field in record.fields}


def test_a_counterparty_is_shown_by_name_and_code(owner: Viewer, firm: int) -> None:
    [buyer] = ensure_subjects([Identity(BUYER, "乙（虚构）有限公司", "tax")])
    invoice = row(FIRM, 70, 70, event_date=date(2026, 8, 1), counterparty=buyer, status="normal")
    send("vat_invoice", "tax_invoices", invoice)
    [record] = by_owner(files.comprehensive, owner, firm, category="vat_invoice").content.records
    fields = {field.name: field for field in record.fields}
    assert fields["buyer"].value == f"乙（虚构）有限公司 ({BUYER})"
    assert fields["state"].words is not None
    assert fields["state"].words.en == "Normal"


def test_basic_information_shows_names_and_the_register_entry_with_their_source(
    banker: Viewer, firm: int
) -> None:
    content = by_bank(files.basic, banker, firm).content
    assert (content.code, content.name, content.provisional) == (FIRM, "甲（虚构）有限公司", False)
    assert [(name.name, name.category) for name in content.names] == [
        ("甲（虚构）有限公司", "registration")
    ]
    assert content.registration.category == "registration"


def test_a_feed_that_is_late_counts_as_stale(banker: Viewer, firm: int) -> None:
    send("honour", "reform_honours", honour(30, date(2026, 3, 1)))
    late = FixedClock(CLOCK.now() + timedelta(days=4000))
    release = files.basic(banker, firm, Purpose.CREDIT, Stage.PRE_LOAN, clock=late)
    states = {s.category: s.state for s in release.content.coverage.sources}
    assert states["honour"] == "stale"
    assert states["patent"] == "no_feed"


def test_an_enterprise_without_a_record_has_a_file_that_says_so(banker: Viewer, firm: int) -> None:
    link_new(dict.fromkeys(ensure_subjects([Identity(BUYER, "乙", "d")]), "乙"), 1, register=False)
    other = enterprise_by_code(BUYER).pk
    content = by_bank(files.comprehensive, banker, other).content
    assert (content.total, content.records) == (0, ())
    assert by_bank(files.basic, banker, other).content.registration is None


def test_a_stranger_gets_nothing_but_open_facts_of_the_lowest_level(
    banker: Viewer, firm: int
) -> None:
    with pytest.raises(Denied):
        files.basic(banker, firm, Purpose.SELF, clock=CLOCK)


def test_what_is_released_is_json_that_says_the_same(owner: Viewer, firm: int) -> None:
    import json

    send("tax_payment", "tax_payments", tax(10, date(2026, 5, 15)))
    for service in (files.basic, files.comprehensive, files.cube, files.signs):
        payload = by_owner(service, owner, firm).content.payload()
        assert json.loads(json.dumps(payload)) == payload
        assert payload["enterprise"] == firm


def test_a_file_of_any_day_says_what_was_erased_when_and_on_which_article(
    owner: Viewer, banker: Viewer, firm: int
) -> None:
    send("tax_payment", "tax_payments", tax(10, date(2026, 5, 15)), tax(11, date(2026, 6, 15)))
    before = last_seq()
    with snapshot() as snap:
        [subject] = subjects_of([firm])[firm]
        keys = snap.records([subject], ["tax_payment"])["key"].to_pylist()
    gone = [RecordId("tax_payment", key, subject) for key in keys]
    erase(gone, article="第四十七条", reason="asked for", at=CLOCK.now())
    for seq in (None, before):
        content = by_owner(files.comprehensive, owner, firm, at_seq=seq).content
        [line] = content.coverage.erased
        assert (line.category, line.on, line.article, line.records) == (
            "tax_payment",
            TODAY,
            "第四十七条",
            2,
        )
        assert "tax_payment" not in {record.category for record in content.records}
        assert content.payload()["coverage"]["erased"][0]["on"] == "2026-11-01"
    assert by_bank(files.comprehensive, banker, firm).content.coverage.erased == ()
