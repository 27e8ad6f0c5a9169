"""Records that are written down at once say what the same records say as objects."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import cast

import pyarrow as pa
import pytest
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from xinrong.catalogue.contract import FieldType
from xinrong.catalogue.region import load_region
from xinrong.domain.canonical import canonical_json
from xinrong.domain.money import yuan
from xinrong.files.building import FileBuilder
from xinrong.files.columns import yuan_text
from xinrong.files.plain import to_json
from xinrong.files.sheets import LEVEL, Sheet
from xinrong.files.types import drawn_in, pieces_in, shown_fields_in
from xinrong.store.schema import DECIMAL, RECORD
from xinrong.store.services import BatchInfo, Snapshot
from xinrong.trust.parties import Parties
from xinrong.trust.types import Permit, Permits

REGION = load_region("taizhou")
ENTERPRISE, TODAY = 7, date(2026, 11, 22)
SENDERS = sorted({feed.department for feed in REGION.feeds.values()})
INFOS = {
    number: BatchInfo(
        number, f"feed{number}", "", sender, datetime(2026, 1, 1, 20, tzinfo=UTC), number
    )
    for number, sender in enumerate(SENDERS, 1)
}
PARTIES = {1: ("91330000000000000A", "甲“公司”"), 2: ("", "乙"), 3: ("91330000000000000B", "")}
CODED = sorted(
    {value for held in REGION.contracts.values() for one in held.fields for value in one.values}
)
VALUES: dict[pa.DataType, st.SearchStrategy[object]] = {
    pa.string(): st.one_of(st.sampled_from(CODED), st.text(max_size=5)),
    pa.date32(): st.dates(),
    pa.int64(): st.integers(-(10**15), 10**15),
    pa.int32(): st.integers(1, 10**9),
    DECIMAL: st.decimals(-(10**13), 10**13, places=4),
}
#: How a field without a slot is written in its display text, after intake has read and checked it.
WRITTEN: dict[FieldType, st.SearchStrategy[str]] = {
    FieldType.BOOLEAN: st.sampled_from(["true", "false"]),
    FieldType.MONEY: st.decimals(-(10**13), 10**13, places=2).map(str),
    FieldType.NUMBER: st.decimals(-(10**13), 10**13, places=4).map(str),
    FieldType.INTEGER: st.integers(-(10**15), 10**15).map(str),
    FieldType.DATE: st.dates().map(date.isoformat),
}


class SomeParties(Parties):
    """Names the first of them, and nobody else."""

    def is_named(self, subject: int, category: str, level: int, day: date | None) -> bool:
        return subject == 1 and (day is None or day.year % 2 == 0)


@st.composite
def rows(draw: st.DrawFn) -> dict[str, object]:
    """A row of any category, with any values in its slots."""
    contract = draw(st.sampled_from(sorted(REGION.contracts.values(), key=lambda c: c.category)))
    found: dict[str, object] = {
        field.name: draw(st.one_of(st.none(), VALUES[field.type]))
        for field in RECORD
        if field.nullable and field.name in {one.slot for one in contract.fields}
    }
    written = {
        field.name: draw(WRITTEN.get(field.type, st.text(max_size=5)))
        for field in contract.fields
        if not field.slot and draw(st.booleans())
    }
    counterparty = draw(st.sampled_from([None, 1, 2, 3, 4]))
    return found | {
        "subject": 1,
        "category": contract.category,
        "key": draw(st.integers(0, 2**62)),
        "polarity": draw(st.sampled_from([-1, 0, 1])),
        "counterparty": counterparty if "counterparty" in found else None,
        "display": json.dumps(written, ensure_ascii=False) if written else None,
        "row_no": draw(VALUES[pa.int32()]),
        "batch": draw(st.sampled_from(sorted(INFOS))),
    }


def sheet_of(
    held: list[dict[str, object]], levels: list[int], *, all_parties: bool, personal: bool
) -> Sheet:
    """The sheet of some rows; `levels` go round among the categories, and the rows when longer."""
    table = pa.Table.from_pylist(held, schema=RECORD)
    if len(levels) > 2:
        column = pa.array([levels[place % len(levels)] for place in range(len(held))], pa.int8())
        table = table.append_column(LEVEL, column)
    permits = {
        name: Permit(
            name, True, levels[place % len(levels)], department=SENDERS[0] if place % 3 else ""
        )
        for place, name in enumerate(REGION.contracts)
    }
    permitted = Permits({ENTERPRISE: permits}, all_parties=all_parties, parties=SomeParties())
    builder = FileBuilder(REGION, cast("Snapshot", None), permitted, ENTERPRISE, TODAY)
    builder.__dict__["personal"] = personal  # which law binds is a question to the database
    return Sheet(builder, table, INFOS, PARTIES)


@override_settings(REGION="taizhou")
@settings(max_examples=60, deadline=None)
@given(
    st.lists(rows(), max_size=12),
    st.lists(st.integers(0, 5), min_size=1, max_size=4),
    st.booleans(),
    st.booleans(),
)
def test_a_sheet_says_what_its_records_say(held, levels, all_parties, personal) -> None:
    sheet = sheet_of(held, levels, all_parties=all_parties, personal=personal)
    made = tuple(sheet)

    assert json.loads(sheet.spelled()) == [to_json(one) for one in made]
    assert sheet.spelled() == canonical_json([to_json(one) for one in made])
    assert sheet.drawn_from() == drawn_in(made)
    assert sheet.shown_fields() == shown_fields_in(made)
    assert sorted(sheet.pieces(), key=repr) == sorted(pieces_in(made), key=repr)
    assert (len(sheet), sheet == made) == (len(made), True)


@given(st.integers(-(2**62), 2**62))
def test_sums_are_spelled_as_yuan(fen: int) -> None:
    assert yuan_text(fen) == f'"{yuan(fen)}"'


@pytest.mark.parametrize("value", ["0", "0.0001", "-0.5", "100", "12.5", "99999999999999.9999"])
def test_stored_decimals_leave_as_plain_text(value: str) -> None:
    stored = pa.array([Decimal(value)], DECIMAL).cast(pa.string())[0].as_py()
    assert Decimal(stored) == Decimal(value)
    assert "E" not in stored
    assert len(stored.partition(".")[2]) == 4
