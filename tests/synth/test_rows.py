"""What the categories say, and that it holds together."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest

from xinrong.catalogue.contract import FieldType
from xinrong.catalogue.region import load_region
from xinrong.synth.categories.credit import circles
from xinrong.synth.departmental import FEED_DATES
from xinrong.synth.departmental import written as written_by
from xinrong.synth.generate import CATEGORIES, rows_of
from xinrong.synth.life import Chunk
from xinrong.synth.register import FAILS, NULL, SURVIVES
from xinrong.synth.rows import Coded, Rows

TAIZHOU = load_region("taizhou")


@pytest.fixture(scope="module")
def rows(chunk: Chunk) -> dict[str, Rows]:
    return {category: rows_of(chunk, category) for category in CATEGORIES}


def column(rows: Rows, name: str) -> np.ndarray:
    found = rows.fields[name]
    assert isinstance(found, np.ndarray)
    return found


def words(rows: Rows, name: str) -> list[str | None]:
    found = rows.fields[name]
    return found.text().to_pylist() if isinstance(found, Coded) else found.to_pylist()


def test_the_pack_has_forty_categories_of_twenty_six_departments() -> None:
    feeds = TAIZHOU.sent_feeds.values()
    assert {feed.category for feed in feeds} == set(CATEGORIES)
    assert set(TAIZHOU.contracts) - set(CATEGORIES) == {"platform_loan"}, "made here, not sent"
    assert {feed.department for feed in feeds} == set(TAIZHOU.departments) - {"platform"}
    assert (len(CATEGORIES), len(TAIZHOU.departments)) == (40, 27)
    assert TAIZHOU.info.invented


def test_every_feed_with_a_date_style_is_in_the_pack() -> None:
    assert set(FEED_DATES) <= set(TAIZHOU.feeds)


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_category_gives_the_fields_of_its_contract(category: str, rows: dict[str, Rows]) -> None:
    contract = TAIZHOU.contracts[category]
    made = rows[category]
    assert len(made) > 20
    assert set(made.fields) == {field.name for field in contract.fields}
    for field in contract.fields:
        values = made.fields[field.name]
        assert len(values.index if isinstance(values, Coded) else values) == len(made)
        if isinstance(values, Coded) and field.values:
            assert set(words(made, field.name)) - {None} <= set(field.values), field.name
        if field.required and isinstance(values, np.ndarray):
            assert (values != (0 if field.type is FieldType.ENTERPRISE else NULL)).all()
        if field.required and not isinstance(values, np.ndarray):
            assert None not in words(made, field.name)


@pytest.mark.parametrize("category", CATEGORIES)
def test_no_two_records_have_one_key(category: str, chunk: Chunk, rows: dict[str, Rows]) -> None:
    contract = TAIZHOU.contracts[category]
    made = rows[category]
    parts: list[list[object]] = []
    for name in contract.key:
        if name == "subject":
            parts.append(made.who.tolist())
        elif isinstance(made.fields[name], np.ndarray):
            parts.append(column(made, name).tolist())
        else:
            parts.append(list(words(made, name)))
    keys = Counter(zip(*parts, strict=True))
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("category", sorted(set(CATEGORIES) - {"registration"}))
def test_nothing_is_on_record_before_founding_after_the_end_or_after_the_last_day(
    category: str, chunk: Chunk, rows: dict[str, Rows]
) -> None:
    made, people = rows[category], chunk.people
    day = column(made, CATEGORIES[category][1])
    assert (day >= people.founded[made.who]).all()
    assert (day <= chunk.city.until).all()
    ended = people.ended[made.who]
    assert ((ended == NULL) | (day <= ended)).all()


@pytest.mark.parametrize("category", CATEGORIES)
def test_dates_of_what_is_over_lie_in_the_past(
    category: str, chunk: Chunk, rows: dict[str, Rows]
) -> None:
    for field in TAIZHOU.contracts[category].fields:
        if field.type is FieldType.DATE and not field.future:
            day = column(rows[category], field.name)
            assert (day[day != NULL] <= chunk.city.until).all(), field.name


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_row_goes_to_one_feed(category: str, rows: dict[str, Rows]) -> None:
    made = rows[category]
    feeds = [feed.feed for feed in TAIZHOU.feeds.values() if feed.category == category]
    if len(feeds) == 1:
        assert made.route is None
    else:
        assert sum(len(made.of_feed(feed)) for feed in feeds) == len(made)
        assert all(len(made.of_feed(feed)) for feed in feeds)


@pytest.mark.parametrize("feed", sorted(TAIZHOU.sent_feeds))
def test_a_department_writes_text_in_its_own_columns(
    feed: str, chunk: Chunk, rows: dict[str, Rows]
) -> None:
    spec = TAIZHOU.feeds[feed]
    contract = TAIZHOU.contract_of(spec)
    made = rows[spec.category].of_feed(feed)
    table = written_by(chunk, made, spec, contract, CATEGORIES[spec.category][1])
    wanted = [spec.subject.code, spec.subject.name]
    wanted += [spec.source(field.name).columns[0] for field in contract.fields]  # type: ignore[union-attr]
    assert table.column_names == wanted
    assert all(field.type == pa.string() for field in table.schema)


def test_money_in_ten_thousands_is_exact(chunk: Chunk, rows: dict[str, Rows]) -> None:
    from decimal import Decimal

    spec = TAIZHOU.feeds["bank_loans"]
    table = written_by(chunk, rows["loan"], spec, TAIZHOU.contracts["loan"], "lent_on")
    shown = [Decimal(text) * 1_000_000 for text in table["合同金额(万元)"].to_pylist()]
    assert shown == [Decimal(int(fen)) for fen in column(rows["loan"], "amount")]


def test_a_renamed_enterprise_keeps_its_old_name_on_older_records(
    chunk: Chunk, rows: dict[str, Rows]
) -> None:
    spec = TAIZHOU.feeds["power_bills"]
    bills = rows["electricity_bill"]
    table = written_by(chunk, bills, spec, TAIZHOU.contracts["electricity_bill"], "billed_on")
    renamed = chunk.people.renamed[bills.who]
    old = (renamed != NULL) & (column(bills, "billed_on") < renamed)
    assert 0 < old.sum() < len(bills)
    names, size = np.array(chunk.names.to_pylist()), len(chunk.people)
    shown = np.array(table["户名"].to_pylist())
    assert (shown[old] == names[size + bills.who[old]]).all()
    assert (shown[~old] == names[bills.who[~old]]).all()


def test_signs_of_a_failure_come_in_their_order(chunk: Chunk) -> None:
    failing = chunk.people.fate == FAILS
    gap = chunk.before_default

    def mean_at(matrix: np.ndarray, months: int) -> float:
        at = failing[:, None] & (gap == months) & chunk.alive
        before = failing[:, None] & (gap == 14) & chunk.alive
        return float(matrix[at].mean() / matrix[before].mean())

    assert mean_at(chunk.sales, 6) < mean_at(chunk.power, 6) < mean_at(chunk.staff, 6) * 1.02
    assert mean_at(chunk.sales, 1) < 0.45
    assert mean_at(chunk.staff, 1) < 0.75


def test_a_loan_falls_due_unpaid_before_the_court_speaks(
    chunk: Chunk, rows: dict[str, Rows]
) -> None:
    default = chunk.people.default
    overdue = rows["loan_overdue"]
    failing = chunk.people.fate[overdue.who] == FAILS
    since = column(overdue, "overdue_since")
    open_ones = np.array(words(overdue, "state")) == "open"
    assert (since[failing & open_ones] == default[overdue.who[failing & open_ones]]).all()
    listed = rows["dishonest_judgment_debtor"]
    failed = chunk.people.fate[listed.who] == FAILS
    late = column(listed, "listed_on")[failed] - default[listed.who[failed]]
    assert late.min() >= 200


def test_arrears_of_tax_mostly_come_before_the_default(chunk: Chunk, rows: dict[str, Rows]) -> None:
    arrears = rows["tax_arrears"]
    default = chunk.people.default[arrears.who]
    failing = default != NULL
    lead = default[failing] - column(arrears, "announced_on")[failing]
    assert failing.sum() > 50
    assert lead.min() >= 40


def test_failures_stand_out_and_sound_ones_have_bad_spells_too(chunk: Chunk) -> None:
    people = chunk.people
    assert 0.04 < (people.fate == FAILS).mean() < 0.12
    dips = (people.dip != NULL) & (people.fate == SURVIVES)
    assert dips.sum() > 50


def test_guarantees_form_closed_circles(chunk: Chunk) -> None:
    who, whom = circles(chunk)
    edges: dict[int, list[int]] = {}
    for giver, taker in zip(who.tolist(), whom.tolist(), strict=True):
        assert giver != taker
        assert chunk.people.district[giver] == chunk.people.district[taker]
        edges.setdefault(giver, []).append(taker)
    assert len(edges) > 50
    for start, following in edges.items():
        at, steps = following[0], 1
        while at != start:
            at, steps = edges[at][0], steps + 1
            assert steps <= 6
        assert steps >= 3


def test_invoices_follow_the_chain_of_trades(chunk: Chunk, rows: dict[str, Rows]) -> None:
    invoices = rows["vat_invoice"]
    buyer = column(invoices, "buyer")
    own = (buyer > 0) & (buyer <= len(chunk.people))
    outside = ~own & (buyer > 0)
    assert 0.6 < own.mean() < 0.95
    assert outside.any()
    assert (buyer != chunk.people.number[invoices.who]).all()
    sells = chunk.people.industry[invoices.who[own]]
    buys = chunk.people.industry[buyer[own] - 1]
    chain = chunk.city.place.buyers
    usual = [b in chain[a] for a, b in zip(sells[:20_000], buys[:20_000], strict=True)]
    assert np.mean(usual) > 0.9


def test_invoices_of_a_month_add_up_to_less_than_its_sales(
    chunk: Chunk, rows: dict[str, Rows]
) -> None:
    invoices = rows["vat_invoice"]
    month = np.searchsorted(chunk.starts, column(invoices, "issued_on"), side="right") - 1
    total = np.zeros(chunk.sales.shape, dtype=np.int64)
    amount = np.abs(column(invoices, "amount"))
    np.add.at(total, (invoices.who, month), amount)
    assert (total <= chunk.sales).all()


def test_seasons_show_in_the_sales_of_a_fruit_grower(chunk: Chunk) -> None:
    growers = chunk.people.industry == chunk.city.place.position["0159"]
    by_month = [chunk.sales[growers][:, chunk.calendar == month].sum() for month in range(12)]
    assert int(np.argmax(by_month)) == 5  # the bayberry is picked in June
