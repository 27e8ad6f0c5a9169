"""A card gives every value points, the same in Python and in SQL, and says what it left open."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.domain.scorecards.made import (
    AGE,
    CARD,
    DEBTOR,
    POINTS,
    REASONS,
    SCALE,
    TAX,
    WORDS,
    card,
    characteristics,
    number,
    values_of,
)
from xinrong.domain.scorecards import (
    CardFault,
    Characteristic,
    Grade,
    Kind,
    MasterScale,
    Place,
    card_digest,
    card_from_json,
    card_to_json,
    changes,
    lifts,
    score,
    score_sql,
)

WELL = {"tax": Decimal(20000), "age": 6, "title": "high_tech", "debtor": False}


def scored(values: dict[str, Any], reasons: dict[str, str] | None = None) -> Any:
    return score(CARD, SCALE, values, reasons or {})


def test_points_are_those_of_the_band_and_a_cut_point_belongs_to_the_band_above() -> None:
    for tax, points in (("0", -60), ("0.01", 10), ("9999.99", 10), ("10000", 50)):
        part = scored({**WELL, "tax": Decimal(tax)}).parts[0]
        assert (part.points, part.place) == (points, Place.BAND)


def test_what_is_not_known_gives_the_points_of_its_reason_and_widens_the_range() -> None:
    stale = scored({**WELL, "tax": None}, {"tax": "stale"})
    assert (stale.points, stale.low, stale.high) == (640, 600, 710)
    assert (stale.lowest.name, stale.grade.name, stale.highest.name) == ("B", "B", "A")
    assert stale.is_thin


def test_what_is_known_to_be_nothing_leaves_nothing_open() -> None:
    nothing = scored({**WELL, "tax": None}, {"tax": "nothing"})
    assert nothing.points == nothing.low == nothing.high
    assert not nothing.is_thin


def test_outside_of_the_register_nothing_is_settled_and_everything_stays_open() -> None:
    found = scored({}, dict.fromkeys(("tax", "age", "title", "debtor"), "outside_population"))
    assert (found.lowest.name, found.highest.name) == ("D", "A")


def test_an_enterprise_of_which_nothing_is_known_has_the_whole_range_and_no_silent_middle() -> None:
    thin = scored({})
    assert thin.known == 0
    assert (thin.lowest.name, thin.highest.name) == ("D", "A")


def test_a_value_that_nobody_foresaw_gives_the_points_of_the_unseen_and_stays_open() -> None:
    part = scored({**WELL, "title": "knighted"}).parts[2]
    assert (part.place, part.points, part.low, part.high) == (Place.UNSEEN, 0, 0, 40)


def test_a_special_number_is_not_taken_by_its_size() -> None:
    one = number("days", cuts=("30",), points=(10, -10), special={Decimal(999): 3})
    part = score(card(one), SCALE, {"days": 999}, {}).parts[0]
    assert (part.place, part.points) == (Place.SPECIAL, 3)


def test_the_smallest_change_that_suffices_is_named() -> None:
    better, found = lifts(CARD, SCALE, scored({**WELL, "tax": Decimal(0), "title": "none"}))
    assert better is not None
    assert (better.name, [(lift.column, lift.gain) for lift in found]) == ("B", [("title", 40)])


def test_several_changes_are_named_where_none_suffices_and_none_where_nothing_does() -> None:
    young = {"tax": Decimal(5), "age": 1, "title": "none", "debtor": True}
    _, found = lifts(CARD, SCALE, scored(young))
    assert [lift.column for lift in found] == ["debtor"]
    both = card(TAX, DEBTOR, base=500)
    low = score(both, SCALE, {"tax": Decimal(5), "debtor": False}, {})
    better, found = lifts(both, SCALE, low)
    assert (better.name, found) == ("B", ())


def test_the_best_grade_has_nothing_above_it_and_age_is_nothing_to_change() -> None:
    assert lifts(CARD, SCALE, scored(WELL)) == (None, ())
    old = card(AGE, base=590)
    assert lifts(old, SCALE, score(old, SCALE, {"age": 1}, {}))[1] == ()


def test_changes_since_last_time_are_told_the_largest_first() -> None:
    then, now = scored({**WELL, "age": 1, "debtor": True}), scored({**WELL, "tax": Decimal(5)})
    assert [(one.column, one.gain) for one in changes(then, now)] == [
        ("debtor", 200), ("age", 50), ("tax", -40),
    ]  # fmt: skip


@given(points=POINTS.map(lambda number: number + 600))
def test_grades_fall_with_points(points: int) -> None:
    names = [grade.name for grade in SCALE.grades]
    assert names.index(SCALE.grade_of(points).name) >= names.index(SCALE.grade_of(points + 1).name)


@given(data=st.data())
@settings(phases=[phase for phase in Phase if phase is not Phase.shrink])  # minutes for a few rows
def test_python_and_sql_give_the_same_points_to_whatever_a_column_may_hold(
    data: st.DataObject,
) -> None:
    parts = [data.draw(characteristics(f"c{place}")) for place in range(3)]
    made = card(*parts, base=data.draw(POINTS))
    rows = [[data.draw(values_of(one)) for one in parts] for _ in range(10)]
    reasons = [[data.draw(st.sampled_from([*REASONS, None])) for _ in parts] for _ in rows]
    found = [points for (points,) in asked(made, parts, rows, reasons)]
    for row, why, points in zip(rows, reasons, found, strict=True):
        values = {one.column: value for one, value in zip(parts, row, strict=True)}
        told = {one.column: reason or "" for one, reason in zip(parts, why, strict=True)}
        single = score(made, SCALE, values, told)
        assert single.points == points, (values, told, single)
        assert single.low <= single.points <= single.high


TYPES = {Kind.NUMBER: "DECIMAL(18, 2)", Kind.RATIO: "DOUBLE", Kind.CODE: "VARCHAR", Kind.FLAG: "BOOLEAN"}  # fmt: skip


def asked(made: Any, parts: list[Characteristic], rows: list[Any], reasons: list[Any]) -> Any:
    """The card's SQL over rows."""
    database = duckdb.connect()
    columns = ", ".join(
        f"{one.column} {TYPES[one.kind]}, {one.column}__reason VARCHAR" for one in parts
    )
    database.execute(f"CREATE TABLE profile (place INTEGER, {columns})")
    marks = ", ".join("?" * (2 * len(parts) + 1))
    for place, (row, why) in enumerate(zip(rows, reasons, strict=True)):
        pairs = [item for pair in zip(row, why, strict=True) for item in pair]
        database.execute(f"INSERT INTO profile VALUES ({marks})", [place, *pairs])
    found = database.execute(f"SELECT {score_sql(made)} FROM profile ORDER BY place").fetchall()
    database.close()
    return found


@given(data=st.data())
def test_a_card_that_was_written_down_and_read_again_is_the_same(data: st.DataObject) -> None:
    made = card(*[data.draw(characteristics(f"c{place}")) for place in range(2)])
    again = card_from_json(card_to_json(made))
    assert again == made
    assert card_digest(again) == card_digest(made)


@pytest.mark.parametrize(
    ("code", "make"),
    [
        ("card_bands", lambda: number("a", cuts=("1", "2"), points=(1, 2))),
        ("card_bands", lambda: number("a", cuts=("2", "1"), points=(1, 2, 3))),
        ("card_bands", lambda: number("a", cuts=("NaN",), points=(1, 2))),
        ("card_points", lambda: number("a", cuts=(), points=(10**6,))),
        ("card_values", lambda: Characteristic("a", Kind.FLAG, WORDS, 0, 0, 0, values={"true": 1})),
        ("card_values", lambda: Characteristic("a", Kind.CODE, WORDS, 0, 0, 0)),
        ("card_column", lambda: card(TAX, TAX)),
        ("card_column", card),
        ("card", lambda: card_from_json({"format": "xinrong-scorecard/1"})),
        ("card", lambda: card_from_json({"format": "other"})),
    ],
    ids=["too-few-points", "falling-cuts", "no-number", "too-many-points", "half-a-flag",
         "no-values", "twice", "empty", "torn", "other-format"],
)  # fmt: skip
def test_a_card_that_leaves_something_open_is_refused(code: str, make: Any) -> None:
    with pytest.raises(CardFault) as refused:
        make()
    assert refused.value.code == code


def test_a_scale_whose_grades_do_not_fall_is_refused() -> None:
    with pytest.raises(ValueError, match="fall"):
        MasterScale("x", (Grade("A", 1, WORDS), Grade("B", 2, WORDS)))
