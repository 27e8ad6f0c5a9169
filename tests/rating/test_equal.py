"""Single look-up, batch and the SQL of the cards give one enterprise the same grade."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tests.profiles import city
from xinrong.domain.scorecards import Characteristic, Kind
from xinrong.profiles.enums import Reason
from xinrong.profiles.services import columns, load_indicators, schema
from xinrong.rating.cards import CardBook, load_cards
from xinrong.rating.grading import MISSING, grade, grade_now
from xinrong.rating.scanning import grades_of_all, grades_sql
from xinrong.rating.telling import tell
from xinrong.store.services import snapshot

ON = date(2026, 10, 31)
NAMES = ("enterprise", "card", "points", "low", "high", "grade", "lowest", "highest")


def values_of(one: Characteristic, chance: random.Random) -> Any:
    """What its column may hold: at its edges, special, foreign, enormous, nothing."""
    if chance.random() < 0.25:
        return None
    if one.kind is Kind.FLAG:
        return chance.random() < 0.5
    if one.kind is Kind.CODE:
        return chance.choice([*one.values, "unforeseen", "it's", ""])
    edge = chance.choice([*one.cuts, Decimal(0)])
    step = chance.choice(
        [Decimal("-0.01"), Decimal(0), Decimal("0.01"), Decimal(1), Decimal(10**6)]
    )
    if one.kind is Kind.RATIO:
        strange = [float("nan"), float("inf"), float("-inf"), -0.0, 0.1 + 0.2]
        return chance.choice([*strange, float(edge), float(edge + step), chance.uniform(-2, 3)])
    number = edge + step
    whole = columns()[one.column].sql_type == "BIGINT"
    return int(number) if whole else number


def profiles(book: CardBook, seed: int, count: int) -> pa.Table:
    """Profiles made at random, in the columns of the real one."""
    chance = random.Random(seed)
    read = {one.column: one for card in book.cards for one in card.characteristics}
    kinds = schema()
    made: dict[str, list[Any]] = {name: [None] * count for name in kinds.names}
    made["enterprise"] = list(range(1, count + 1))
    for name, one in read.items():
        made[name] = [values_of(one, chance) for _ in range(count)]
    districts = [None, "company", "sole_trader", "cooperative", "odd"]
    made["reg_kind"] = [chance.choice(districts) for _ in range(count)]
    letters = [one.value for one in Reason]
    categories = len(load_indicators("taizhou").categories)
    made["reasons"] = ["".join(chance.choices(letters, k=categories)) for _ in range(count)]
    return pa.table(made, schema=kinds)


def reasons_in(letters: str) -> dict[str, str]:
    of = dict(zip(load_indicators("taizhou").categories, letters, strict=True))
    return {name: MISSING[Reason(of[one.category])].value for name, one in columns().items()}


def told(enterprise: int, found: Any) -> tuple[Any, ...]:
    one = found.scored
    return (enterprise, found.card.name, one.points, one.low, one.high,
            one.grade.name, one.lowest.name, one.highest.name)  # fmt: skip


@pytest.mark.parametrize(
    ("seed", "count"), [(1, 1_000), pytest.param(2, 20_000, marks=pytest.mark.big)]
)
def test_one_profile_and_all_in_sql_give_the_same_points_range_and_grades(
    taizhou: None, seed: int, count: int
) -> None:
    book = load_cards("taizhou")
    table = profiles(book, seed, count)
    with duckdb.connect() as database:
        database.register("profile", table)
        sql, params = grades_sql(book, ON)
        scanned = database.sql(sql, params=params).fetchall()
    seen = set()
    for line, row in zip(scanned, table.to_pylist(), strict=True):
        found = grade(book, row, reasons_in(row["reasons"]), ON)
        assert tuple(line) == told(row["enterprise"], found), row
        assert found.scored.low <= found.scored.points <= found.scored.high
        seen.add(found.card.name)
    assert seen == {one.name for one in book.cards}


def test_whatever_a_profile_holds_it_can_be_told_in_sentences(taizhou: None) -> None:
    book = load_cards("taizhou")
    for row in profiles(book, 3, 150).to_pylist():
        said = tell(book, grade(book, row, reasons_in(row["reasons"]), ON))
        for one in (*said.counts_for, *said.counts_against, *said.unknown, *said.lift):
            assert one.text.zh
            assert "None" not in one.text.en


@pytest.mark.django_db
def test_every_enterprise_of_the_store_has_one_grade_alone_and_among_all(profiled: Any) -> None:
    scanned = grades_of_all()
    assert scanned.column_names == list(NAMES)
    with snapshot() as snap:
        for line in scanned.to_pylist():
            number = line["enterprise"]
            assert tuple(line.values()) == told(number, grade_now(number, city.UNTIL, snap=snap))
    assert len(scanned) == 40
    assert len(set(scanned["grade"].to_pylist())) > 1, "they are not all alike"
