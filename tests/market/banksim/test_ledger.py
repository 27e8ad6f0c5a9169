"""What a bank remembers of what it said: in order, and no further than the platform does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from banksim.ledger import Ledger

ONE = "a" * 32


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(tmp_path / "ledger")
    yield made
    made.close()


def say(ledger: Ledger, *numbers: int) -> None:
    messages = [
        ({"id": f"m{n}", "application": ONE, "sequence": n, "type": "state", "data": {}}, 0.0)
        for n in numbers
    ]
    assert ledger.say(messages)


def test_what_is_parked_behind_a_gap_does_not_count_as_told(ledger: Ledger) -> None:
    say(ledger, 1, 2, 3)
    ledger.settle("m1", "done", "{}", 1)
    ledger.settle("m3", "done", "{}", 1)  # parked: the second has not come
    assert [one.sequence for one in ledger.told(ONE)] == [1]
    ledger.settle("m2", "refused", "{}", 1)
    assert [one.sequence for one in ledger.told(ONE)] == [1, 2, 3]


def test_who_is_held_back_says_everything_behind_a_gap_anew(ledger: Ledger) -> None:
    say(ledger, 1, 2, 3)
    ledger.settle("m1", "done", "{}", 1)
    ledger.settle("m3", "done", "{}", 1)
    ledger.hold(ONE, 2, 1)
    assert [one.sequence for one in ledger.said(ONE)] == [1]
    assert ledger.held(ONE, 1, 1)
    assert not ledger.held(ONE, 2, 1)
    ledger.rows("DELETE FROM said WHERE sequence = 1")
    say(ledger, 1, 2, 3)  # no number is in the way


def test_messages_count_in_order_up_to_a_gap(ledger: Ledger) -> None:
    for stamp, number in enumerate((1, 2, 4), start=1):
        message = {"id": f"p{number}", "application": ONE, "sequence": number, "type": "file"}
        assert ledger.take(message, b"{}", stamp, "v1,x") == "taken"
    assert ledger.in_order(ONE) == 2
    assert ledger.in_order("b" * 32) == 0


def test_who_is_held_back_asks_again_after_twice_the_time(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1_000.0]
    monkeypatch.setattr("banksim.ledger.time.time", lambda: now[0])
    ledger.hold(ONE, 5, 5)
    asked = []
    for _ in range(200):
        now[0] += 1
        if ledger.held_long(10, 40):
            asked.append(now[0] - 1_000)
    assert asked == [11, 32, 73, 114, 155, 196]
