"""The compiled view gives slots their fields' names, with the contract's types, exactly."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinrong.catalogue.compile import column_of, display_fields, expression_of, view_sql
from xinrong.catalogue.contract import Contract, FieldType
from xinrong.catalogue.region import load_region, read_yaml
from xinrong.catalogue.slots import SLOT_TYPES, lawful_types
from xinrong.collect.judging.canonical import Sound, canonical
from xinrong.store import schema

BASE = Path(__file__).parent / "cases" / "base" / "catalogue" / "penalty.yaml"
PENALTY = Contract.model_validate(read_yaml(BASE))
LOAN = Contract.model_validate(
    {
        **read_yaml(BASE),
        "category": "loan",
        "polarity": {"sign": "neutral"},
        "display": None,
        "key": ["number"],
        "fields": [
            {"name": "number", "title": {"zh": "号", "en": "No"}, "slot": "code"},
            {
                "name": "principal",
                "title": {"zh": "本金", "en": "P"},
                "type": "money",
                "slot": "n2",
            },
            {"name": "days", "title": {"zh": "天", "en": "D"}, "type": "integer", "slot": "n3"},
            {"name": "fee", "title": {"zh": "费", "en": "Fee"}, "type": "money"},
            {"name": "rate", "title": {"zh": "率", "en": "Rate"}, "type": "number"},
            {"name": "shares", "title": {"zh": "股", "en": "Shares"}, "type": "integer"},
            {"name": "due", "title": {"zh": "到期", "en": "Due"}, "type": "date"},
            {"name": "secured", "title": {"zh": "担保", "en": "Secured"}, "type": "boolean"},
        ],
    }
)


def rows_of(*rows: dict[str, object]) -> pa.Table:
    """Records with everything unknown but what is given."""
    needed = {"subject": 1, "category": "penalty", "key": 1, "digest": 1, "polarity": 0}
    full = [
        {name: (needed | {"row_no": 1, "batch": 7} | row).get(name) for name in schema.RECORD.names}
        for row in rows
    ]
    return pa.Table.from_pylist(full, schema=schema.RECORD)


def view(contract: Contract, *rows: dict[str, object]) -> list[dict[str, object]]:
    return shown(contract, rows_of(*rows))


@cache
def database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def shown(contract: Contract, record: pa.Table) -> list[dict[str, object]]:
    with database().cursor() as cursor:
        cursor.register("record", record)
        answer = cursor.execute(view_sql(contract))
        names = [column[0] for column in answer.description]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def test_every_slot_is_a_column_of_the_record_and_every_column_for_content_a_slot() -> None:
    assert set(SLOT_TYPES) == set(schema.CONTENT.names) - {"polarity", "display"}


@pytest.mark.parametrize("slot", sorted(SLOT_TYPES))
def test_a_slot_takes_types_that_its_column_can_hold(slot: str) -> None:
    column = schema.CONTENT.field(slot).type
    for kind in lawful_types(slot) or ():
        fits = {
            FieldType.DATE: pa.types.is_date(column),
            FieldType.MONEY: pa.types.is_int64(column) or pa.types.is_decimal(column),
            FieldType.NUMBER: pa.types.is_decimal(column),
            FieldType.INTEGER: pa.types.is_decimal(column),
            FieldType.TEXT: pa.types.is_string(column),
            FieldType.USCC: pa.types.is_string(column),
            FieldType.ENTERPRISE: pa.types.is_int64(column),
        }
        assert fits[kind], kind


def test_the_view_shows_a_record_in_the_contracts_words() -> None:
    [row] = view(
        PENALTY,
        {"code": "沪罚〔2024〕1号", "event_date": date(2024, 3, 1), "t1": "fined", "amount": 123456,
         "n1": Decimal("12.0000"), "counterparty": 42, "polarity": -1,
         "display": json.dumps({"remark": "it's “quoted”"}, ensure_ascii=False)},
        {"category": "another", "code": "not shown"},
    )  # fmt: skip
    assert row == {
        "subject": 1, "category": "penalty", "key": 1, "polarity": -1, "_batch": 7, "_row_no": 1,
        "number": "沪罚〔2024〕1号", "decided_on": date(2024, 3, 1), "outcome": "fined",
        "fine": Decimal("1234.56"), "points": 12, "victim": 42, "remark": "it's “quoted”",
    }  # fmt: skip


def test_fields_that_a_record_lacks_are_unknown() -> None:
    [row] = view(PENALTY, {})
    fields = {field.name for field in PENALTY.fields}
    assert {row[name] for name in fields} == {None}


def test_display_fields_come_back_with_their_types() -> None:
    shown = {"fee": "0.10", "rate": "3.85", "shares": 12, "due": "2026-02-28", "secured": True}
    [row] = view(
        LOAN,
        {"category": "loan", "n2": Decimal("1000000.0100"), "n3": Decimal("365.0000"),
         "display": json.dumps(shown)},
    )  # fmt: skip
    assert row["principal"] == Decimal("1000000.01")
    assert row["days"] == 365
    assert row["fee"] == Decimal("0.10")
    assert row["rate"] == Decimal("3.85")
    assert row["shares"] == 12
    assert row["due"] == date(2026, 2, 28)
    assert row["secured"] is True


@given(fen=st.integers(min_value=-(2**63) + 1, max_value=2**63 - 1))
def test_every_amount_of_fen_is_shown_as_its_exact_yuan(fen: int) -> None:
    [row] = view(PENALTY, {"amount": fen})
    assert row["fine"] == Decimal(fen).scaleb(-2)


def test_the_view_shows_what_the_intake_wrote() -> None:
    written: dict[str, tuple[pa.DataType, object, object]] = {
        "number": (pa.string(), "借〔2026〕1号", "借〔2026〕1号"),
        "principal": (pa.int64(), 1_234_567_89, Decimal("1234567.89")),
        "days": (pa.int64(), 365, 365),
        "fee": (pa.int64(), 10, Decimal("0.10")),
        "rate": (schema.DECIMAL, Decimal("3.8500"), Decimal("3.8500")),
        "shares": (pa.int64(), 12, 12),
        "due": (pa.date32(), date(2026, 2, 28), date(2026, 2, 28)),
        "secured": (pa.bool_(), True, True),
    }
    values = {name: pa.array([value], kind) for name, (kind, value, _) in written.items()}
    sound = Sound(
        row_no=pa.array([1], pa.int32()),
        owner=pa.array(["owner"]),
        values=values,
        parties=pa.nulls(1, pa.string()),
    )
    rows = canonical(LOAN, sound, pa.array([5], pa.int64()), pa.nulls(1, pa.int64()))
    [row] = shown(LOAN, rows.append_column("batch", pa.array([7], pa.int32())))
    assert {name: row[name] for name in written} == {n: want for n, (_, _, want) in written.items()}


def test_a_field_lies_in_its_slot_or_in_display() -> None:
    assert column_of(PENALTY, "fine") == "amount"
    assert column_of(PENALTY, "remark") == "display"
    assert [field.name for field in display_fields(PENALTY)] == ["remark"]
    with pytest.raises(KeyError):
        column_of(PENALTY, "nothing")


def test_a_view_reads_the_relation_that_it_is_told() -> None:
    assert 'FROM "hot rows"' in view_sql(PENALTY, "hot rows")
    assert expression_of(PENALTY, "decided_on") == '"event_date"'


@pytest.mark.parametrize("region", ["beijing", "taizhou"])
def test_every_shipped_contract_compiles_to_a_view_that_runs(region: str) -> None:
    for contract in load_region(region).contracts.values():
        [row] = view(contract, {"category": contract.category})
        assert {field.name for field in contract.fields} <= set(row)
