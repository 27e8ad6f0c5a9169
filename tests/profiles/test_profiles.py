"""One enterprise and all: the same values, from parts and hot rows, through merges."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tests.profiles import city
from xinrong.profiles import batch as batches
from xinrong.profiles.batch import profiles_now
from xinrong.profiles.columns import schema
from xinrong.profiles.single import profile_now
from xinrong.profiles.windows import months_before
from xinrong.store.services import compact, snapshot
from xinrong.subjects.services import merge, subjects_of

pytestmark = pytest.mark.django_db


def differences(as_of: date) -> list[str]:
    """Every enterprise and column in which the batch and the single answer differ."""
    found = []
    with snapshot() as snap:
        table = profiles_now(snap, as_of).cast(schema())
        for line in table.to_pylist():
            enterprise, reasons = line.pop("enterprise"), line.pop("reasons")
            row = profile_now(snap, enterprise, as_of)
            found += [
                f"{enterprise} {name}: batch {value!r}, single {row.values[name]!r}"
                for name, value in line.items()
                if value != row.values[name]
            ]
            if reasons != row.reasons:
                found.append(f"{enterprise} reasons: batch {reasons}, single {row.reasons}")
    return found


@pytest.mark.parametrize("as_of", [city.UNTIL, date(2025, 3, 31)])
def test_batch_and_single_give_the_same(filled: dict[str, Any], as_of: date) -> None:
    assert differences(as_of) == []


def test_batch_and_single_give_the_same_in_several_ranges_after_a_merge_and_compaction(
    filled: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    compact(city.NOW)
    monkeypatch.setattr(batches, "CHUNK_ROWS", 1_000)
    merge(7, 30, by="tester", why="the same", at=city.NOW)
    city.put(filled["tax_payment"].slice(0, 1).set_column(
        3, "digest", pa.array([5], pa.int64())))  # fmt: skip
    with snapshot() as snap:
        assert batches.ranges_of(snap).count > 3
        assert sorted(subjects_of([30], seq=snap.seq)[30]) == [7, 30]
    assert differences(city.UNTIL) == []


def test_a_value_is_what_a_person_would_add_up(filled: dict[str, Any]) -> None:
    """Some indicators, computed again from the records in plain Python."""
    as_of = city.UNTIL
    start = months_before(as_of, 12)
    paid = filled["tax_payment"].to_pylist()
    bills = filled["electricity_bill"].to_pylist()
    invoices = filled["vat_invoice"].to_pylist()
    with snapshot() as snap:
        seen = 0
        for enterprise in range(1, 41):
            values = profile_now(snap, enterprise, as_of).values
            of_tax = [
                r for r in paid if r["subject"] == enterprise and start < r["event_date"] <= as_of
            ]
            if of_tax:
                assert values["tax_paid_12m"] == Decimal(sum(r["amount"] for r in of_tax)) / 100
                months = {r["event_date"].strftime("%Y-%m") for r in of_tax}
                assert values["tax_months_12m"] == len(months)
                seen += 1
            late = [
                r for r in bills
                if r["subject"] == enterprise and start < r["event_date"] <= as_of
                and r["status"] == "late"
            ]  # fmt: skip
            assert (values["pow_late_12m"] or 0) == len(late)
            sold: dict[int, int] = {}
            for r in invoices:
                if (
                    r["subject"] == enterprise
                    and start < r["event_date"] <= as_of
                    and r["status"] == "normal"
                    and r["counterparty"] is not None
                ):
                    sold[r["counterparty"]] = sold.get(r["counterparty"], 0) + r["amount"]
            if sum(sold.values()):
                share = max(sold.values()) / sum(sold.values())
                assert values["inv_top_buyer_share_12m"] == pytest.approx(share, rel=1e-12)
                assert values["inv_buyers_12m"] == len(sold)
        assert seen > 10


def test_a_window_begins_after_the_same_day_of_its_first_month(
    db: None, taizhou: None, store_root: Any
) -> None:
    city.make_enterprises([1])
    as_of = date(2026, 2, 28)
    days = [date(2025, 2, 28), date(2025, 3, 1), as_of, as_of + timedelta(days=1)]
    city.put(
        city.rows_of(
            "tax_payment",
            *[
                {
                    "subject": 1,
                    "event_date": day,
                    "amount": 100 * 10**place,
                    "code": "vat",
                    "t1": str(place),
                }
                for place, day in enumerate(days)
            ],
        )
    )
    with snapshot() as snap:
        assert profile_now(snap, 1, as_of).values["tax_paid_12m"] == Decimal("110.00")


def test_every_indicator_has_a_value_for_somebody_in_a_city_that_is_large_enough(
    filled: dict[str, Any],
) -> None:
    with snapshot() as snap:
        table = profiles_now(snap, city.UNTIL)
    empty = [name for name in table.column_names if table[name].null_count == len(table)]
    assert len(empty) < len(table.column_names) / 3, empty


def test_an_absurd_amount_leaves_one_value_empty_and_breaks_nothing(
    filled: dict[str, Any],
) -> None:
    huge = {"subject": 3, "event_date": city.UNTIL, "amount": 2**62, "code": "vat", "t1": "x"}
    city.put(city.rows_of("tax_payment", huge))
    assert differences(city.UNTIL) == []
    with snapshot() as snap:
        values = profile_now(snap, 3, city.UNTIL).values
    assert values["tax_paid_12m"] is None
    assert values["tax_last_paid_on"] == city.UNTIL


def test_nobody_s_records_count_for_nobody(filled: dict[str, Any]) -> None:
    stray = {"subject": 999, "event_date": city.UNTIL, "amount": 100, "code": "vat", "t1": "x"}
    city.put(city.rows_of("tax_payment", stray))
    with snapshot() as snap:
        table = profiles_now(snap, city.UNTIL)
    assert 999 not in table["enterprise"].to_pylist()
    assert pc.count_distinct(table["enterprise"]).as_py() == len(table) == 40
