"""Which figures are hidden, and that no subtraction brings them back."""

from __future__ import annotations

import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinrong.subjects.counts.hiding import (
    FLOOR,
    STEP,
    Grid,
    Mask,
    hide_line,
    hide_table,
    rounded,
    shown,
)

FIGURES = st.one_of(st.integers(0, 12), st.integers(0, 60))
GRIDS = st.tuples(st.integers(2, 5), st.integers(2, 5)).flatmap(
    lambda shape: st.lists(
        st.lists(FIGURES, min_size=shape[1], max_size=shape[1]),
        min_size=shape[0],
        max_size=shape[0],
    )
)


def lines(grid: list[list[int]]) -> list[list[int]]:
    return [list(one) for one in zip(*grid, strict=True)]


def totals_hidden(grid: Grid) -> tuple[list[bool], list[bool]]:
    """Which totals the tables by one dimension hide."""
    whole = sum(map(sum, grid)) < FLOOR
    rows = hide_line([sum(row) for row in grid], total_hidden=whole)
    columns = hide_line([sum(column) for column in lines(grid)], total_hidden=whole)
    return rows, columns


def check_line(figures: list[int], hidden: list[bool], *, total_hidden: bool) -> None:
    away = [one for one, flag in zip(figures, hidden, strict=True) if flag]
    assert all(flag for one, flag in zip(figures, hidden, strict=True) if one < FLOOR)
    if total_hidden:
        assert away, "all figures of a hidden total would add up to it"
    elif away and len(figures) != 1:
        assert len(away) > 1, "the total less the rest is the hidden figure"
        assert sum(away) >= FLOOR, "the total less the rest is under the floor"


@given(st.lists(FIGURES, min_size=1, max_size=8))
def test_in_a_line_the_total_less_what_is_shown_tells_of_nothing_small(figures: list[int]) -> None:
    whole = sum(figures) < FLOOR
    hidden = hide_line(figures, total_hidden=whole)
    check_line(figures, hidden, total_hidden=whole)


@given(GRIDS)
def test_in_a_table_every_row_and_column_holds_to_the_rule(grid: Grid) -> None:
    rows, columns = totals_hidden(grid)
    hidden = hide_table(grid, rows, columns)
    for row, flags, away in zip(grid, hidden, rows, strict=True):
        check_line(row, flags, total_hidden=away)
    for column, flags, away in zip(lines(grid), zip(*hidden, strict=True), columns, strict=True):
        check_line(column, list(flags), total_hidden=away)


@given(GRIDS)
def test_what_is_shown_is_in_tens_near_the_truth_and_never_under_ten(grid: Grid) -> None:
    rows, columns = totals_hidden(grid)
    for row, flags in zip(grid, hide_table(grid, rows, columns), strict=True):
        for figure, flag in zip(row, flags, strict=True):
            told = shown(figure, hidden=flag)
            assert told is None or (told >= FLOOR and told % STEP == 0 and abs(told - figure) <= 5)


@pytest.mark.parametrize(
    ("figures", "hidden"),
    [
        ([30, 40, 50], [False, False, False]),
        ([30, 5, 50], [True, True, False]),  # one more, the smallest
        ([30, 5, 9, 50], [False, True, True, False]),  # fourteen together
        ([30, 1, 2, 50], [True, True, True, False]),  # three together: one more
        ([0, 30], [True, True]),
        ([4, 3, 2], [True, True, True]),
    ],
)
def test_the_smallest_figure_of_the_line_goes_with_a_small_one(
    figures: list[int], hidden: list[bool]
) -> None:
    assert hide_line(figures, total_hidden=sum(figures) < FLOOR) == hidden


def test_nought_is_hidden_like_nine() -> None:
    assert shown(0, hidden=False) is None
    assert shown(9, hidden=False) is None
    assert [rounded(one) for one in (10, 14, 15, 24, 25)] == [10, 10, 20, 20, 30]


# --- the attack: work it out from everything that is published --------------------------------


def attacked(grid: Grid, hidden: Mask) -> list[list[tuple[float, float]]]:
    """What every cell can be, by additions and subtractions along rows and columns to their end.

    Totals are known as they are published, and so are the figures; a hidden one is nought or more.
    """
    rows, columns = totals_hidden(grid)

    def known(figure: int, flag: bool) -> tuple[float, float]:
        told = shown(figure, hidden=flag)
        return (0.0, 1e9) if told is None else (told - 5.0, told + 4.0)

    ranges = [
        [known(one, flag) for one, flag in zip(row, flags, strict=True)]
        for row, flags in zip(grid, hidden, strict=True)
    ]
    row_ranges = [known(sum(row), flag) for row, flag in zip(grid, rows, strict=True)]
    column_ranges = [
        known(sum(column), flag) for column, flag in zip(lines(grid), columns, strict=True)
    ]
    for _ in range(12):
        for y, x in product(range(len(grid)), range(len(grid[0]))):
            for total, others in (
                (row_ranges[y], [ranges[y][k] for k in range(len(grid[0])) if k != x]),
                (column_ranges[x], [ranges[k][x] for k in range(len(grid)) if k != y]),
            ):
                low, high = ranges[y][x]
                low = max(low, total[0] - sum(one[1] for one in others))
                high = min(high, total[1] - sum(one[0] for one in others))
                ranges[y][x] = (low, high)
    return ranges


def test_whoever_adds_and_subtracts_all_that_is_published_pins_no_hidden_figure() -> None:
    dice = random.Random(82)
    small = 0
    for _ in range(400):
        width, height = dice.randint(2, 5), dice.randint(2, 5)
        grid = [
            [dice.choice((0, 1, 3, 9, 12, 25, 60)) for _ in range(width)] for _ in range(height)
        ]
        mask = hide_table(grid, *totals_hidden(grid))
        ranges = attacked(grid, mask)
        for y, x in product(range(height), range(width)):
            if grid[y][x] < FLOOR:
                small += 1
                low, high = ranges[y][x]
                assert low <= grid[y][x] <= high
                assert high - low >= STEP / 2, (grid, mask, y, x, low, high)
    assert small > 500


def test_without_the_rule_the_attack_would_pin_some() -> None:
    """So the attack is one: hiding only what is small gives figures away."""
    grid = [[9, 64], [64, 64]]
    only_small = [[True, False], [False, False]]
    low, high = attacked(grid, only_small)[0][0]
    assert high - low < 25
    low, high = attacked(grid, hide_table(grid, *totals_hidden(grid)))[0][0]
    assert high - low > 25
