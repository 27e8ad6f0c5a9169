"""Rejected rows are held in bounded memory and in a form that every database keeps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.collect.city import ALPHA
from xinrong.collect import rejected
from xinrong.collect.models import Receipt
from xinrong.collect.rejected import REMOVED, Rejected, RejectedRows, as_sent
from xinrong.collect.rules import Rule, problem

PROBLEM = problem(Rule.REQUIRED, "paid_on")


def test_rows_come_back_as_they_went_in_and_more_than_once() -> None:
    sent = [Rejected(number, (PROBLEM,), {"备注": f"第\n{number}行"}) for number in range(3)]
    with RejectedRows() as held:
        held.add(sent)
        for _ in range(2):
            found = list(held.entries(Receipt()))
            assert [one.row_no for one in found] == [0, 1, 2]
            assert [one.original for one in found] == [one.original for one in sent]
            assert found[0].problems == [PROBLEM.as_json()]
        held.add(sent)
        assert len(held) == len(list(held.entries(Receipt()))) == 6


def test_beyond_a_bound_they_lie_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejected, "IN_MEMORY", 100)
    with RejectedRows() as held:
        held.add(Rejected(number, (PROBLEM,), {"a": "x" * 50}) for number in range(100))
        assert held._held._rolled  # type: ignore[attr-defined]  # says that it left memory
        assert len(list(held.entries(Receipt()))) == 100


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("11010519491231002X", REMOVED),
        ("11010519491231002x", REMOVED),
        ("110105 19491231 002X", REMOVED),
        ("张三(11010519491231002X)", f"张三({REMOVED})"),
        ("110105194912310021", "110105194912310021"),  # its check character is wrong
        (ALPHA, ALPHA),
        ("甲公司", "甲公司"),
    ],
)
def test_only_citizens_numbers_are_taken_out(cell: str, kept: str) -> None:
    assert as_sent({"x": cell}) == {"x": kept}


@given(st.text())
def test_every_cell_can_be_stored(cell: str) -> None:
    kept = as_sent({"x": cell}).get("x", "")
    assert "\x00" not in kept
    kept.encode()
