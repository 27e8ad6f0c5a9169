"""The invented city as rows of the store."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from xinrong.catalogue.region import load_region
from xinrong.store.schema import CANONICAL
from xinrong.synth import SCHEMA, SynthError, canonical, write_canonical
from xinrong.synth.canonical import SLICE
from xinrong.synth.generate import CATEGORIES

SIZE = 1_200


@pytest.fixture(scope="module")
def tables() -> list[pa.Table]:
    return list(canonical(5, SIZE, 120))


@pytest.fixture(scope="module")
def rows(tables: list[pa.Table]) -> pa.Table:
    return pa.concat_tables(tables)


def test_the_columns_are_the_stores() -> None:
    assert SCHEMA.equals(CANONICAL)


def test_a_table_is_of_one_category_and_its_subjects_rise(tables: list[pa.Table]) -> None:
    assert [table["category"][0].as_py() for table in tables] == list(CATEGORIES)
    for table in tables:
        assert table.schema.equals(CANONICAL)
        assert table.num_rows <= SLICE
        assert len(table["category"].unique()) == 1
        subjects = table["subject"].to_pylist()
        assert subjects == sorted(subjects)


def test_subjects_are_the_enterprises(rows: pa.Table) -> None:
    subjects = set(rows["subject"].to_pylist())
    assert min(subjects) == 1
    assert max(subjects) == SIZE
    assert len(subjects) == SIZE
    parties = rows["counterparty"].drop_null().to_pylist()
    assert parties
    assert all(1 <= party <= SIZE for party in parties)


def test_keys_differ_and_are_63_bits(rows: pa.Table) -> None:
    assert len(rows["key"].unique()) == rows.num_rows
    assert pc.min(rows["key"]).as_py() >= 0
    assert pc.min(rows["digest"]).as_py() >= 0


def test_rows_come_near_what_was_asked(rows: pa.Table) -> None:
    assert 0.85 * 120 < rows.num_rows / SIZE < 1.15 * 120


def test_the_same_call_gives_the_same_rows(rows: pa.Table) -> None:
    assert pa.concat_tables(list(canonical(5, SIZE, 120))).equals(rows)


def test_every_slot_of_a_contract_is_filled_and_no_other(tables: list[pa.Table]) -> None:
    contracts = load_region("taizhou").contracts
    for table in tables:
        contract = contracts[table["category"][0].as_py()]
        slots = {field.slot for field in contract.fields if field.slot}
        filled = {name for name in SCHEMA.names if table[name].null_count < table.num_rows}
        always = {"subject", "category", "key", "digest", "polarity", "row_no"}
        shown = {"display"} if any(not field.slot for field in contract.fields) else set()
        assert filled == always | slots | shown, contract.category


def test_display_fields_are_json(rows: pa.Table) -> None:
    texts = [text for text in rows["display"].to_pylist() if text is not None]
    assert texts
    assert all(isinstance(json.loads(text), dict) for text in texts)


def test_polarity_follows_the_contract(tables: list[pa.Table]) -> None:
    signs = {table["category"][0].as_py(): set(table["polarity"].to_pylist()) for table in tables}
    assert signs["administrative_penalty"] == {-1}
    assert signs["patent"] == {1}
    assert signs["loan"] == {0}
    assert signs["tax_credit_grade"] == {1, 0, -1}
    assert signs["court_judgment"] == {0, -1}


def test_money_keeps_its_scale(tables: list[pa.Table]) -> None:
    by_category = {table["category"][0].as_py(): table for table in tables}
    invoices = by_category["vat_invoice"]
    normal = pc.equal(invoices["status"], "normal")
    amount = invoices["amount"].filter(normal).to_pylist()  # fen
    vat = invoices["n1"].filter(normal).to_pylist()  # yuan
    for net, tax in list(zip(amount, vat, strict=True))[:500]:
        assert tax * 100 in (net * 13 // 100, net // 100)


def test_rows_are_numbered_through_a_category(tables: list[pa.Table]) -> None:
    for table in tables:
        assert table["row_no"].to_pylist() == list(range(2, table.num_rows + 2))


def test_some_categories_can_be_had_alone() -> None:
    names = [
        table["category"][0].as_py()
        for table in canonical(5, SIZE, None, categories=["loan", "patent"])
    ]
    assert names == ["loan", "patent"]


def test_the_files_hold_the_same_rows(tmp_path: Path, rows: pa.Table) -> None:
    import pyarrow.parquet as pq

    summary = write_canonical(tmp_path / "city", 5, SIZE, 120)
    assert summary.rows == rows.num_rows
    for category in CATEGORIES:
        mine = pq.read_table(tmp_path / "city" / category / "part-0000.parquet", schema=SCHEMA)
        assert mine.equals(rows.filter(pc.equal(rows["category"], category)))


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(SynthError):
        next(canonical(5, 10, 120))
