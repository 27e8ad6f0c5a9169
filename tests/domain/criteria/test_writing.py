"""A tree as text again, and taken apart for a form: what is read back is the same criterion."""

from __future__ import annotations

from random import Random

import pytest

from tests.domain.criteria.made import Maker
from tests.domain.criteria.sample import TODAY, read
from xinrong.domain.criteria import answer_of
from xinrong.domain.criteria.editing import (
    added,
    part_at,
    parts_of,
    read_path,
    replaced,
    turned,
    without,
)
from xinrong.domain.criteria.tree import Expression
from xinrong.domain.criteria.writing import canonical, to_text


def test_a_criterion_that_is_written_and_read_again_is_the_same_tree() -> None:
    maker = Maker(Random(5))
    for _ in range(500):
        one = maker.expression()
        again = read(to_text(one.condition))
        assert again.condition == one.condition, one.text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("staff < 3 AND penalties = 0", "penalties = 0 AND staff < 3"),
        ("staff < 3 AND staff < 3.0", "staff < 3 AND staff < 3.0 AND (staff < 3)"),
        ("NOT (staff < 3 OR in_park)", "NOT in_park AND staff >= 3"),
        ("3 > staff", "NOT staff >= 3"),
    ],
)
def test_what_says_the_same_in_another_order_has_one_spelling(one: str, other: str) -> None:
    assert canonical(read(one).condition) == canonical(read(other).condition)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("staff < 3 AND in_park", "staff < 3 OR in_park"),
        ("staff < 3", "staff <= 3"),
        ("in_park", "NOT in_park"),
        ("town = 'AND(x; y)'", "town = 'x' AND town = 'y'"),
    ],
)
def test_what_says_something_else_has_another_spelling(one: str, other: str) -> None:
    assert canonical(read(one).condition) != canonical(read(other).condition)


def test_criteria_of_one_spelling_give_one_answer() -> None:
    maker = Maker(Random(6))
    rows = [maker.row() for _ in range(20)]
    for _ in range(100):
        one = maker.expression()
        doubled = read(f"({one.text}) AND ({one.text})")
        assert canonical(doubled.condition) in (
            canonical(one.condition),
            f"AND({canonical(one.condition)})",
        )
        first, second = answer_of(one), answer_of(doubled)
        assert [first(row, TODAY) for row in rows] == [second(row, TODAY) for row in rows]


# -- a form's lines -----------------------------------------------------------------------

TEXT = "staff < 300 AND (in_park OR listed) AND NOT penalties > 0"


def lines(text: str) -> list[tuple[str, str]]:
    return [
        (".".join(map(str, one.path)), one.joint or one.text)
        for one in parts_of(read(text).condition)
    ]


def test_a_criterion_is_its_groups_and_conditions_by_their_paths() -> None:
    assert lines(TEXT) == [
        ("", "AND"),
        ("0", "staff < 300"),
        ("1", "OR"),
        ("1.0", "in_park"),
        ("1.1", "listed"),
        ("2", "NOT penalties > 0"),
    ]


def test_each_condition_says_what_it_asks_for_in_both_languages() -> None:
    said = [one.sentence for one in parts_of(read(TEXT).condition) if one.sentence]
    assert said[0].zh.endswith("低于 300 人")
    assert said[-1].en.endswith("at most 0 times")


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("0", "(in_park OR listed) AND NOT penalties > 0"),
        ("1.0", "staff < 300 AND listed AND NOT penalties > 0"),
        ("1", "staff < 300 AND NOT penalties > 0"),
        ("7", TEXT),
        ("1.0.3", TEXT),
    ],
)
def test_a_part_is_taken_away_and_a_group_of_one_stands_for_itself(path: str, left: str) -> None:
    found = without(read(TEXT).condition, read_path(path))
    assert found is not None
    assert to_text(found) == left


def test_nothing_is_left_of_the_whole() -> None:
    assert without(read(TEXT).condition, ()) is None


def test_a_condition_joins_the_group_it_is_added_to() -> None:
    tree, new = read(TEXT).condition, read("staff > 2").condition
    assert to_text(added(None, (), new, "AND")) == "staff > 2"
    assert to_text(added(tree, (), new, "AND")) == f"{TEXT} AND staff > 2"
    assert to_text(added(tree, (1,), new, "OR")) == TEXT.replace("listed)", "listed OR staff > 2)")
    assert to_text(added(tree, (0,), new, "OR")) == TEXT.replace(
        "staff < 300", "(staff < 300 OR staff > 2)"
    )
    assert to_text(added(tree, (), new, "OR")) == f"({TEXT}) OR staff > 2"


def test_a_part_is_changed_and_a_joint_turned() -> None:
    tree = read(TEXT).condition
    assert to_text(replaced(tree, (0,), read("staff < 20").condition)) == TEXT.replace("300", "20")
    assert to_text(turned(tree, (1,))) == (
        "staff < 300 AND in_park AND listed AND NOT penalties > 0"
    )
    assert to_text(turned(tree, (0,))) == TEXT, "a condition has no joint"


@pytest.mark.parametrize("wild", ["x", "-1", "1.x", "9" * 50, "1." * 50, "..", "1..2", "²"])
def test_a_path_that_is_none_leads_to_the_whole_or_nowhere(wild: str) -> None:
    tree = read(TEXT).condition
    path = read_path(wild)
    assert path == () or part_at(tree, path) is None


def test_trees_of_the_form_answer_as_their_text_does() -> None:
    maker = Maker(Random(8))
    rows = [maker.row() for _ in range(10)]
    for _ in range(100):
        one, more = maker.expression(), maker.expression()
        made = added(one.condition, (), more.condition, "AND")
        text = to_text(made)
        mine = answer_of(Expression(text, made, one.columns))
        theirs = answer_of(read(text))
        assert [mine(row, TODAY) for row in rows] == [theirs(row, TODAY) for row in rows]
