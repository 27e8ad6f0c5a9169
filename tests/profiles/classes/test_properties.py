"""Exactly one primary class, by order; of all at once the same as of each; nothing laundered."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tests.profiles import city
from xinrong.domain.standards.size import Size, size_class
from xinrong.profiles.classes.assigning import assign, primary_class, primary_of
from xinrong.profiles.classes.batching import classed_sql, classes_of_all
from xinrong.profiles.classes.definitions import CANNOT_TELL, NONE, OUTSIDE, load_classes
from xinrong.profiles.classes.sizes import TRADES, sizes_of, trade_table
from xinrong.profiles.columns import schema
from xinrong.profiles.services import build_profile
from xinrong.store.services import snapshot

TODAY = date(2026, 10, 31)
ROWS = 1_500
#: Around the bounds of several industries, and far from any.
STAFF = (0, 4, 5, 19, 20, 100, 101, 199, 200, 299, 300, 999, 1000, 5000)
YUAN = tuple(
    Decimal(bound) + Decimal(step) / 100
    for bound in (0, 500_000, 1_000_000, 3_000_000, 20_000_000, 50_000_000, 100_000_000,
                  400_000_000, 800_000_000)
    for step in (-1, 0, 1)
)  # fmt: skip
CHOICES: dict[str, tuple[Any, ...]] = {
    "reg_industry": ("3525", "C3441", "5174", "5211", "6210", "4710", "6513", "0411", "59", "53",
                     "6634", "7010", "7211", "9999", "xx", None),
    "reg_kind": ("company", "sole_trader", "cooperative", None),
    "reg_active": (True, True, True, False, None),
    "rep_staff": (*STAFF, None, None),
    "rep_revenue": (*YUAN, None, None),
    "rep_assets": (*YUAN, None, None),
    "park_in": (True, False, False, None),
    "chain_in": (True, False, False, None),
    "tech_listed": (True, False, False, None),
    "si_persons": (0, 3, 99, 100, 101, 400, None),
    "emp_new_share_12m": (-0.5, 0.0, 0.049999, 0.05, 0.1, 1.0, None),
    "trade_registered": (True, False, None),
    "trade_value_12m": (Decimal("0.00"), Decimal("0.01"), Decimal("5.00"), None),
}  # fmt: skip


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    draw = random.Random(14)
    return [{name: draw.choice(of) for name, of in CHOICES.items()} for _ in range(ROWS)]


@pytest.fixture(scope="module")
def singly(rows: list[dict[str, Any]]) -> list[Any]:
    return [assign(row, TODAY) for row in rows]


@pytest.fixture(autouse=True, scope="module")
def _taizhou() -> Any:
    from django.test import override_settings

    with override_settings(REGION="taizhou"):
        yield


def test_all_at_once_say_what_each_says(rows: list[dict[str, Any]], singly: list[Any]) -> None:
    kinds = schema()
    full = [{**dict.fromkeys(kinds.names), **row, "enterprise": n} for n, row in enumerate(rows)]
    codes = sorted({row["reg_industry"] for row in rows} - {None})
    steps, params = classed_sql("taizhou", TODAY)
    with duckdb.connect() as run:
        run.register("profile", pa.Table.from_pylist(full, schema=kinds))
        run.register(TRADES, trade_table(codes, TODAY))
        found = run.sql(
            f"WITH {steps} SELECT * FROM classed ORDER BY enterprise", params=params
        ).to_arrow_table()
    ids = load_classes("taizhou").book.ids
    told = found.select(["primary_class", *(f"is_{name}" for name in ids)]).to_pylist()
    for row, batch, single in zip(rows, told, singly, strict=True):
        assert batch.pop("primary_class") == single.primary, row
        assert list(batch.values()) == [one.answer for one in single.judged], row


def test_everybody_has_exactly_one_primary_answer_and_the_order_is_kept(singly: list[Any]) -> None:
    book = load_classes("taizhou").book
    seen = set()
    for one in singly:
        seen.add(one.primary)
        assert one.primary in (*book.answers, OUTSIDE)
        if one.primary in book.ids:
            before = one.judged[: book.ids.index(one.primary)]
            assert [each.answer for each in before] == [False] * len(before)
            assert one.met[0] == one.primary
            assert not one.undecided
        assert list(one.met) == sorted(one.met, key=book.ids.index), "in the order of the file"
    assert seen == {*book.answers, OUTSIDE}, "every answer occurs"


def test_filling_in_what_is_not_known_never_contradicts_an_answer(
    rows: list[dict[str, Any]], singly: list[Any]
) -> None:
    draw = random.Random(15)
    filled = {name: [one for one in of if one is not None] for name, of in CHOICES.items()}
    for row, before in zip(rows, singly, strict=True):
        whole = {
            name: draw.choice(filled[name]) if value is None else value
            for name, value in row.items()
        }
        after = assign(whole, TODAY)
        if before.primary != CANNOT_TELL:
            assert after.primary == before.primary, row
        assert set(before.met) <= set(after.met) or after.primary == OUTSIDE, row


@pytest.mark.parametrize("answers", list(product((True, False, None), repeat=3)))
def test_the_rule_itself(answers: tuple[bool | None, ...]) -> None:
    found = primary_of(True, zip("abc", answers, strict=True))
    decided = [one for one in answers if one is not False]
    if not decided:
        assert found == NONE
    elif decided[0] is None:
        assert found == CANNOT_TELL
    else:
        assert found == "abc"[answers.index(True)]
    assert primary_of(False, []) == OUTSIDE
    assert primary_of(None, [("a", True)]) == CANNOT_TELL


def test_sizes_are_those_of_the_standard_wherever_it_can_tell(rows: list[dict[str, Any]]) -> None:
    names = {Size.LARGE: "size_large", Size.MEDIUM: "size_medium", Size.SMALL: "size_small",
             Size.MICRO: "size_micro"}  # fmt: skip
    for row in rows:
        facts = (row["rep_staff"], row["rep_revenue"], row["rep_assets"])
        told = size_class(row["reg_industry"] or "", *facts, TODAY).value
        sizes = sizes_of("taizhou", row, TODAY)
        four = {name: sizes[name] for name in names.values()}
        if told in names:
            assert four == {name: name == names[told] for name in four}, row
        elif told == Size.NOT_COVERED:
            assert set(four.values()) == {False}, row
        else:
            assert None in four.values(), row
        either = {sizes["size_small"], sizes["size_micro"]}
        assert not (True in either and sizes["size_small_micro"] is not True), row


@pytest.mark.django_db
def test_a_city_is_divided_alike_in_batch_and_one_by_one(divided: dict[str, Any]) -> None:
    build_profile(city.NOW, city.UNTIL)
    told = classes_of_all()
    assert told["enterprise"].to_pylist() == list(range(1, 41))
    with snapshot() as snap:
        for number, batch in zip(told["enterprise"].to_pylist(), told.to_pylist(), strict=True):
            single = primary_class(number, city.UNTIL, snap=snap)
            assert batch["primary_class"] == single.primary
            assert [batch[f"is_{one.definition.id}"] for one in single.judged] == [
                one.answer for one in single.judged
            ]
    assert len(set(told["primary_class"].to_pylist())) >= 4
