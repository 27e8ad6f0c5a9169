"""Keys, digests and display text by column are those that the scalar functions give by record."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.collect.city import CONTRACT
from xinrong.catalogue.contract import Contract, PolarityRule
from xinrong.collect.judging.canonical import Sound, canonical, polarity
from xinrong.collect.judging.reading import ARROW_TYPES
from xinrong.domain.digests import content_of, key_of
from xinrong.store.schema import CANONICAL, CONTENT, DECIMAL

NUMBERS = st.decimals(-(10**9), 10**9, places=4, allow_nan=False, allow_infinity=False)
TEXTS = st.text(max_size=20)
RECORD = st.fixed_dictionaries(
    {
        "number": TEXTS,
        "paid_on": st.dates(),
        "due_on": st.none() | st.dates(),
        "amount": st.none() | st.integers(-(2**62), 2**62),
        "standing": st.none() | st.sampled_from(["good", "bad"]),
        "months": st.none() | st.integers(-(10**13), 10**13),
        "rate": st.none() | NUMBERS,
        "payer": st.none(),
        "declared": st.none() | st.integers(-(2**62), 2**62),
        "area": st.none() | NUMBERS,
        "online": st.none() | st.booleans(),
        "remark": st.none() | TEXTS,
    }
)


def sound(records: list[dict[str, Any]], parties: list[str | None]) -> Sound:
    values = {
        field.name: pa.array([record[field.name] for record in records], ARROW_TYPES[field.type])
        for field in CONTRACT.fields
    }
    count = len(records)
    return Sound(
        pa.array(range(2, count + 2), pa.int32()),
        pa.array([f"code:{number}" for number in range(count)], pa.string()),
        values,
        pa.array(parties, pa.string()),
    )


def rows_of(records: list[dict[str, Any]], parties: list[str | None]) -> pa.Table:
    count = len(records)
    numbers = pa.array([None if party is None else 7 for party in parties], pa.int64())
    rows = sound(records, parties)
    return canonical(CONTRACT, rows, pa.array(range(count), pa.int64()), numbers)


def as_text(value: Any, kind: pa.DataType) -> str | None:
    """The canonical text of a stored value, written down a second time."""
    if value is None:
        return None
    if kind == DECIMAL:
        return f"{value:.4f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def shown(record: dict[str, Any]) -> dict[str, Any]:
    """What the display text should hold, in the contract's order."""
    number = None if record["area"] is None else f"{record['area']:.4f}".rstrip("0").rstrip(".")
    fen = record["declared"]
    money = None if fen is None else f"{Decimal(fen).scaleb(-2):.2f}"
    found = {"declared": money, "area": number, "online": record["online"]}
    found["remark"] = record["remark"]
    return {name: value for name, value in found.items() if value is not None}


@given(st.lists(st.tuples(RECORD, st.none() | st.just("code:B")), min_size=1, max_size=8))
def test_keys_digests_and_display_are_those_of_the_scalar_functions(
    given_rows: list[tuple[dict[str, Any], str | None]],
) -> None:
    records = [record for record, _ in given_rows]
    parties = [party for _, party in given_rows]
    table = rows_of(records, parties)
    assert table.schema == CANONICAL
    for place, (stored, record) in enumerate(zip(table.to_pylist(), records, strict=True)):
        key = key_of("tax_payment", [f"code:{place}", record["number"]])
        assert stored["key"] == key
        told = shown(record)
        assert (json.loads(stored["display"]) if stored["display"] else {}) == told
        assert list(json.loads(stored["display"] or "{}")) == list(told)
        texts = [as_text(stored[field.name], field.type) for field in CONTENT]
        texts[CONTENT.names.index("counterparty")] = parties[place]
        assert stored["digest"] == content_of(texts)


def test_rows_without_any_optional_value_keep_their_number_and_have_no_display() -> None:
    empty = {field.name: None for field in CONTRACT.fields}
    records = [{**empty, "number": f"T{n}", "paid_on": date(2025, 6, 30)} for n in range(3)]
    table = rows_of(records, [None] * 3)
    assert table.num_rows == 3
    assert table["display"].to_pylist() == [None] * 3


def test_no_rows_make_an_empty_table() -> None:
    assert rows_of([], []).num_rows == 0


def test_money_is_fen_in_the_main_slot_and_yuan_in_a_number_slot() -> None:
    data = CONTRACT.model_dump(mode="json")
    for field in data["fields"]:
        if field["name"] == "declared":
            field["slot"] = "n3"
    contract = Contract.model_validate(data)
    empty = {field.name: None for field in CONTRACT.fields}
    record = {**empty, "number": "T1", "paid_on": date(2025, 6, 30), "amount": 150, "declared": 150}
    rows = sound([record], [None])
    table = canonical(contract, rows, pa.array([1], pa.int64()), pa.nulls(1, pa.int64()))
    assert (table["amount"][0].as_py(), table["n3"][0].as_py()) == (150, Decimal("1.5000"))


@pytest.mark.parametrize(
    ("rule", "signs"),
    [
        (PolarityRule(sign="negative"), [-1, -1, -1]),
        (PolarityRule(by="standing", positive=("good",), negative=("bad",)), [1, -1, 0]),
        (PolarityRule(by="standing", negative=("bad",)), [0, -1, 0]),
        (PolarityRule(by="absent", positive=("good",)), [0, 0, 0]),
    ],
)
def test_the_sign_of_a_record_follows_the_contract(rule: PolarityRule, signs: list[int]) -> None:
    empty = {field.name: None for field in CONTRACT.fields}
    records = [{**empty, "standing": standing} for standing in ("good", "bad", None)]
    assert polarity(rule, sound(records, [None] * 3)).to_pylist() == signs
