"""A loan made here is a record of its enterprise: as it stands, each version once, for ever."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings

from tests.market.applying.cast import FIRM, Cast
from xinrong.catalogue.region import load_region
from xinrong.collect import services as collect
from xinrong.domain.clock import FixedClock, day_in_china
from xinrong.domain.financing import Security
from xinrong.domain.money import yuan
from xinrong.files import services as files
from xinrong.market.products.packs import load_products
from xinrong.market.recording import content, writing
from xinrong.market.recording.models import LoanSending, LoanVersion
from xinrong.market.services import applying
from xinrong.store import services as store
from xinrong.subjects.models import Enterprise
from xinrong.trust.services import Purpose

pytestmark = pytest.mark.django_db

ALL = "SELECT * FROM record WHERE category = 'platform_loan' ORDER BY code"


def write(cast: Cast) -> int:
    return writing.write_loans(FixedClock(cast.tick()))


def records() -> list[dict[str, Any]]:
    """The records of loans that stand."""
    with store.snapshot() as snap:
        return list(snap.query(ALL).to_pylist())


def receipts() -> list[Any]:
    return list(collect.receipts(feed="platform_loans"))


def lent(cast: Cast, **more: Any) -> Any:
    """An application whose money was paid out."""
    one = cast.apply()
    cast.to_contract(one)
    cast.pay_out(one, **more)
    return one


def test_money_that_was_paid_out_is_a_record_of_the_enterprise(cast: Cast) -> None:
    one = cast.apply()
    cast.to_contract(one)
    assert (write(cast), records()) == (0, []), "a contract alone is no loan"
    cast.pay_out(one)
    assert write(cast) == 1
    [found] = records()
    today = day_in_china(cast.now)
    assert (found["code"], found["status"], found["amount"]) == (one.number, "running", one.amount)
    assert (found["event_date"], found["end_date"]) == (today, a_year_after(today))
    assert (found["n1"], found["n2"]) == (yuan(one.amount), Decimal("3.45"))
    assert (found["t1"], found["t2"], found["t3"]) == (one.institution.name, "credit", "again")
    [receipt] = receipts()
    assert (receipt.rows_in, receipt.accepted, receipt.unlinked) == (1, 1, 0)


def a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)


def test_what_is_repaid_and_closed_is_the_same_record_anew(cast: Cast) -> None:
    one = lent(cast)
    write(cast)
    cast.pay_back(one, 200_000)
    assert write(cast) == 1
    [found] = records()
    assert (found["n1"], found["amount"]) == (yuan(one.amount) - 200_000, one.amount)
    cast.pay_back(one, 300_000, reference="还款-2")
    applying.close(
        cast.officer(one), one.number, day_in_china(cast.now), now=cast.tick()
    )  # fmt: skip
    assert write(cast) == 1
    [found] = records()
    assert (found["status"], found["n1"], found["d1"]) == ("closed", 0, day_in_china(cast.now))
    assert [one.corrected for one in receipts()] == [1, 1, 0]
    assert [one.number for one in LoanVersion.objects.order_by("pk")] == [1, 2, 3]


def test_a_correction_and_its_correction_are_two_versions(cast: Cast) -> None:
    one = lent(cast)
    write(cast)
    who, day = cast.officer(one), day_in_china(cast.now)
    for amount in (400_000, 500_000):
        paid = applying.Paid("放款-1", day, Decimal(amount), last=False)
        applying.correct(who, one.number, paid, "录入错误", now=cast.tick())
        assert write(cast) == 1
        assert [found["amount"] for found in records()] == [amount * 100]
    assert [found.corrected for found in receipts()] == [1, 1, 0]


def test_nothing_new_writes_nothing(cast: Cast) -> None:
    one = lent(cast)
    assert write(cast) == 1
    cast.pay_out(one)  # told twice
    applying.Loan.objects.update(unwritten=True)
    assert write(cast) == 0
    assert len(receipts()) == LoanSending.objects.count() == 1


def test_many_loans_go_in_one_batch(cast: Cast) -> None:
    lent(cast)
    other = applying.Loan.objects.get()
    second = applying.Application.objects.create(
        **{field: getattr(other.application, field) for field in COPIED}, number="2" * 32,
        product=cast.products[1],
    )  # fmt: skip
    made = applying.Offer.objects.get()
    made.pk, made.application = None, second
    made.save()
    paid = other.payments.get()
    other.pk, other.application = None, second
    other.save()
    paid.pk, paid.loan = None, other
    paid.save()
    assert write(cast) == 2
    [receipt] = receipts()
    assert receipt.rows_in == receipt.accepted == 2


COPIED = (
    "need", "enterprise", "organisation", "institution", "lender", "version", "rate_high",
    "answer_days", "money_days", "amount", "months", "purpose", "submitted_at",
    "first_time", "ended_at",
)  # fmt: skip


@pytest.mark.parametrize("committed", [True, False])
def test_a_worker_that_dies_on_the_way_leaves_nothing_lost_or_doubled(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, committed: bool
) -> None:
    one = lent(cast)

    class Killed(BaseException):
        pass

    def dies(*given: Any, **more: Any) -> Any:
        if committed:
            collect_push(*given, **more)
        raise Killed

    collect_push = collect.push
    with monkeypatch.context() as broken:
        broken.setattr(collect, "push", dies)
        with pytest.raises(Killed):
            write(cast)
    cast.pay_back(one, 100_000)  # what happens meanwhile comes afterwards, not instead
    assert write(cast) == 2, "the first version, which is there or not, and then the second"
    assert [found["n1"] for found in records()] == [yuan(one.amount) - 100_000]
    assert [found.corrected for found in receipts()] == [1, 0]
    assert not LoanSending.objects.filter(open=True).exists()
    assert all(row == {} for row in LoanVersion.objects.values_list("row", flat=True))


def test_a_record_stays_with_the_name_under_which_it_was_first_sent(cast: Cast) -> None:
    one = lent(cast)
    write(cast)
    first = LoanVersion.objects.get()
    Enterprise.objects.filter(pk=FIRM).update(name="改名（虚构）", code="91331002MA000000XX")
    cast.pay_back(one, 100_000)
    assert writing._gather(cast.tick()) is not None
    row = LoanVersion.objects.get(number=2).row
    assert (row[content.CODE], row[content.NAME]) == (first.code, first.name), "another record else"


def test_the_enterprise_finds_the_loan_in_its_file(cast: Cast) -> None:
    one = lent(cast)
    write(cast)
    content = files.comprehensive(cast.firm, FIRM, Purpose.SELF).content
    [found] = [each for each in content.all_records() if each.ref.startswith("platform_loan")]
    told = found.ref + str(found)
    assert one.number in told
    assert one.institution.name in told


def test_the_headings_are_those_of_the_feed(cast: Cast) -> None:
    lent(cast)
    writing.write_loans(FixedClock(cast.now - timedelta(days=1)))
    feed = load_region(settings.REGION).feeds[writing.FEED]
    named = {column for name in feed.mapping for column in feed.source(name).columns}  # type: ignore[union-attr]
    loan = applying.Loan.objects.select_related("application__offer").get()
    row = content.row_of(loan, list(loan.payments.all()), load_products(settings.REGION))
    assert set(row) == named
    assert {feed.subject.code, feed.subject.name} == {content.CODE, content.NAME}


@pytest.mark.parametrize(
    ("security", "kind"),
    [
        ([], "信用"),
        (["property"], "抵押"),
        (["guarantor", "fund"], "保证"),
        (["movables", "rights"], "质押"),
        (["property", "guarantor"], "组合"),
    ],
)
def test_what_secures_a_loan_is_one_word(security: list[str], kind: str) -> None:
    assert content.kind_of(security) == kind


def test_every_kind_of_security_has_its_word() -> None:
    assert all(content.kind_of([str(one)]) for one in Security)


def test_a_loan_that_quarantine_takes_is_told_and_blocks_no_other(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    lent(cast)
    row_of = content.row_of
    monkeypatch.setattr(
        writing, "row_of", lambda *given: {**row_of(*given), "担保方式": "不认识"}
    )  # fmt: skip
    assert write(cast) == 0
    [receipt] = receipts()
    assert (receipt.rows_in, receipt.quarantined) == (1, 1)
    assert f"receipt {receipt.batch}" in caplog.text
    assert not LoanSending.objects.filter(open=True).exists()
