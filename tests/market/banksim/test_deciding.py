"""What the simulator decides follows from its seed and its ledger, wherever it was interrupted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banksim.deciding import Habits, next_steps, standing
from banksim.ledger import Entry, Ledger

TODAY = date(2026, 11, 1)
NUMBER = "ab" * 16


def entry(kind: str, sequence: int, **data: Any) -> Entry:
    return Entry(f"{kind}{sequence}", NUMBER, sequence, kind, data, "done")


APPLICATION = entry("application", 1, amount="500000.00", months=12)
FILE = entry("file", 2, stage="pre_loan")
AGAIN = entry("file", 3, stage="approval")
CHOICE = entry("choice", 4, amount="500000.00")
HEARD = [APPLICATION, FILE, AGAIN, CHOICE]


def spoken(habits: Habits, keep: list[int]) -> list[tuple[str, Any]]:
    """All that is said in the end, when only so many messages of each burst are ever kept."""
    said: list[Entry] = []
    cuts = iter(keep)
    for _ in range(60):
        heard = HEARD[: 3 if not any(one.type == "offer" for one in said) else 4]
        steps = next_steps(habits, heard, said, TODAY)
        if not steps:
            break
        for kind, data in steps[: max(next(cuts, len(steps)), 1)]:
            said.append(entry(kind, len(said) + 1, **data))
    return [(one.type, one.data) for one in said]


@given(st.lists(st.integers(1, 4), max_size=12), st.integers(1, 50), st.integers(1, 3))
def test_wherever_it_is_interrupted_it_says_the_same(
    keep: list[int], seed: int, payments: int
) -> None:
    habits = Habits(seed=seed, repays=1.0, payments=payments)
    assert spoken(habits, keep) == spoken(habits, [])


def test_a_whole_loan_in_its_order() -> None:
    kinds = [kind for kind, _ in spoken(Habits(approves=1.0, repays=1.0, payments=2), [])]
    assert kinds == [
        "state", "state", "file_asked", "offer", "contract", "disbursement", "repayment",
        "repayment", "state",
    ]  # fmt: skip


def test_without_a_file_it_refuses_and_after_a_withdrawal_it_says_nothing() -> None:
    void = entry("void", 2, instead_of="file", stage="pre_loan", reason="denied_no_consent")
    said = [entry("state", 1, state="accepted")]
    [(kind, data)] = next_steps(Habits(), [APPLICATION, void], said, TODAY)
    assert (kind, data["reasons"]) == ("refusal", ["papers"])
    ended = [*HEARD, entry("withdrawal", 5, state="withdrawn")]
    assert next_steps(Habits(), ended, said, TODAY) == []
    assert standing(ended, said)["state"] == "withdrawn"


@pytest.mark.parametrize(
    ("habit", "heard", "kinds"),
    [
        ({"mute": 1.0}, HEARD, []),
        ({"strange": 1.0}, [APPLICATION], ["pondering", "accepted"]),
    ],
)
def test_it_misbehaves_as_told(habit: dict[str, float], heard: Any, kinds: list[str]) -> None:
    steps = next_steps(Habits(**habit), heard, [], TODAY)  # type: ignore[arg-type]
    assert [data["state"] for _, data in steps] == kinds


def test_a_state_that_goes_backwards_follows_the_offer() -> None:
    steps = next_steps(Habits(approves=1.0, backwards=1.0), HEARD[:3], [], TODAY)
    assert [kind for kind, _ in steps][-2:] == ["offer", "state"]


def test_the_ledger_keeps_each_message_once(tmp_path: Any) -> None:
    ledger = Ledger(tmp_path / "ledger")
    message = {"id": "a", "type": "application", "application": NUMBER, "sequence": 1, "data": {}}
    assert ledger.take(message, b"one", 1, "v1,x") == "taken"
    assert ledger.take(message, b"one", 1, "v1,x") == "replayed"
    assert ledger.take(message, b"one", 2, "v1,y") == "known"
    assert ledger.take(message, b"two", 3, "v1,z") == "id_reused"
    assert ledger.take({**message, "id": "b"}, b"three", 4, "v1,z") == "sequence_taken"
    ledger.close()
