"""Working ahead changes neither the order nor what is raised where."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinrong.collect.ahead import AHEAD, in_order


@given(st.lists(st.integers(0, 3), max_size=12))
def test_results_come_in_the_order_of_the_items(waits: list[int]) -> None:
    def work(item: tuple[int, int]) -> int:
        time.sleep(item[1] / 2_000)
        return item[0]

    assert list(in_order(iter(enumerate(waits)), work)) == list(range(len(waits)))


def test_what_working_on_an_item_raises_comes_in_its_place() -> None:
    def work(item: int) -> int:
        if item == 2:
            raise ValueError("two")
        return item

    found: list[int] = []
    with pytest.raises(ValueError, match="two"):
        found.extend(in_order(iter(range(5)), work))
    assert found == [0, 1]


def test_what_reading_raises_comes_after_what_was_read() -> None:
    def items() -> Iterator[int]:
        yield 1
        yield 2
        raise OSError("the disk is gone")

    found: list[int] = []
    with pytest.raises(OSError, match="gone"):
        found.extend(in_order(items(), lambda item: item))
    assert found == [1, 2]


def test_no_more_is_read_than_a_few_items_ahead() -> None:
    read: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            read.append(number)
            yield number

    results = in_order(items(), lambda item: item)
    assert next(results) == 0
    time.sleep(0.05)
    assert len(read) <= AHEAD
    before = threading.active_count()
    results.close()  # type: ignore[attr-defined]
    assert threading.active_count() < before
    assert len(read) <= AHEAD
