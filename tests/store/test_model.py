"""Whatever is sent, retracted, suppressed, erased and folded, a reader sees what a plain model says.

At any seq: what counts of a record is what the newest batch that stands said of it, among those
committed by then and not retracted by then. A suppressed record is not shown, an erased one is
gone at every seq and cannot be sent again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.store.rows import NOW, put, row
from xinrong.store.services import (
    RecordId,
    check,
    compact,
    erase,
    last_seq,
    lift,
    preview_retraction,
    retract_batch,
    rewrite_erased,
    snapshot,
    suppress,
)

SUBJECTS = range(1, 5)
KEYS = range(1, 7)
EVER = 1 << 60
Rows = dict[int, tuple[int, int]]  # key -> (subject, content)

batches = st.dictionaries(
    st.sampled_from(KEYS), st.tuples(st.sampled_from(SUBJECTS), st.integers(1, 3)), max_size=6
)
keys = st.sampled_from(KEYS)


@dataclass
class Sent:
    """A batch as the model keeps it: all that it said of records that were not erased."""

    number: int
    seq: int
    said: Rows
    retracted: int = EVER


@dataclass
class Model:
    """Lists of what happened, and nothing clever."""

    sent: list[Sent] = field(default_factory=list)
    suppressed: list[list[int]] = field(default_factory=list)  # key, from, to
    erased: set[int] = field(default_factory=set)

    def at(self, seq: int) -> Rows:
        """What counts, suppressed or not."""
        seen: Rows = {}
        for batch in self.sent:  # in the order of their seq
            if batch.seq <= seq < batch.retracted:
                seen.update(batch.said)
        return {key: value for key, value in seen.items() if key not in self.erased}

    def shown(self, seq: int) -> Rows:
        """What a reader sees: whoever reads the past sees no more than who reads now."""
        hidden = {
            key for key, since, until in self.suppressed if until == EVER or since <= seq < until
        }
        return {key: value for key, value in self.at(seq).items() if key not in hidden}

    def new(self, rows: Rows) -> Rows:
        now = self.at(EVER - 1)
        return {
            key: value
            for key, value in rows.items()
            if now.get(key) != value and key not in self.erased
        }


class Life(RuleBasedStateMachine):
    """Writers, an operator and a compactor take turns; readers look at any seq in between."""

    @initialize()
    def begin(self) -> None:
        self.model = Model()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    @rule(rows=batches)
    def send(self, rows: Rows) -> None:
        made = [row(subject, key, content) for key, (subject, content) in rows.items()]
        wrote = self.model.new(rows)
        corrected = len(wrote.keys() & self.model.at(EVER - 1).keys())
        done = put(*made)
        assert (done.rows, done.corrected) == (len(wrote), corrected)
        said = {key: value for key, value in rows.items() if key not in self.model.erased}
        self.model.sent.append(Sent(done.batch, done.seq, said))

    @rule(which=st.integers(0, 1000))
    def retract(self, which: int) -> None:
        standing = [batch for batch in self.model.sent if batch.retracted == EVER]
        if not standing:
            return
        batch = standing[which % len(standing)]
        before = len(self.model.at(EVER - 1))
        preview = preview_retraction(batch.number)
        batch.retracted = retract_batch(batch.number, "mistake", NOW)
        after = len(self.model.at(EVER - 1))
        assert before - after == preview.disappear - preview.return_again

    @rule(key=keys)
    def suppress(self, key: int) -> None:
        seq = suppress([of(key)], basis="repair", article="a", reason="r", at=NOW)
        if not any(one[0] == key and one[2] == EVER for one in self.model.suppressed):
            self.model.suppressed.append([key, seq, EVER])

    @rule(key=keys)
    def lift(self, key: int) -> None:
        seq = lift([of(key)], basis="repair", reason="r", at=NOW)
        for one in self.model.suppressed:
            if one[0] == key and one[2] == EVER:
                one[2] = seq

    @rule(key=keys)
    def erase(self, key: int) -> None:
        erase([of(key)], article="a", reason="r", at=NOW)
        self.model.erased.add(key)

    @rule()
    def rewrite(self) -> None:
        rewrite_erased(NOW)

    @rule()
    def fold(self) -> None:
        compact(NOW)

    @rule(back=st.integers(0, 12))
    def read(self, back: int) -> None:
        seq = max(last_seq() - back, 0)
        assert read(seq) == lines(self.model.shown(seq))
        assert read(seq, suppressed=True) == lines(self.model.at(seq))

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            self.read(0)
            assert check().faults == []
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)


def of(key: int) -> RecordId:
    return RecordId("tax", key, 1)


def lines(rows: Rows) -> list[tuple[int, int, int]]:
    return sorted((subject, key, content * 100) for key, (subject, content) in rows.items())


def read(seq: int, *, suppressed: bool = False) -> list[tuple[int, int, int]]:
    """What a snapshot shows, subject by subject; a scan of the whole store must agree."""
    with snapshot(seq, suppressed=suppressed) as snap:
        one_by_one = [snap.records([subject]) for subject in SUBJECTS]
        scan = snap.query("SELECT subject, key, amount FROM record ORDER BY subject, key")
    found = sorted(line for table in one_by_one for line in rows_of(table))
    assert rows_of(scan) == found
    return found


def rows_of(table: Any) -> list[tuple[int, int, int]]:
    columns = (table[name].to_pylist() for name in ("subject", "key", "amount"))
    return list(zip(*columns, strict=True))


@pytest.mark.django_db
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kept", [120_000, 1], ids=["folded whole", "folded in tiers"])
@pytest.mark.parametrize("hot_rows", [100_000, 1], ids=["hot rows", "parts"])
def test_a_reader_sees_exactly_what_the_model_says(
    store_root: Any, settings: Any, monkeypatch: pytest.MonkeyPatch, hot_rows: int, kept: int
) -> None:
    settings.STORE_HOT_ROWS = hot_rows
    monkeypatch.setattr("xinrong.store.tiers.FEW_ROWS", kept)
    monkeypatch.setattr("xinrong.store.tiers.RATIO", 1)
    run_state_machine_as_test(Life, settings=PACE)


PACE = settings(
    max_examples=settings.default.max_examples // 5,  # a life is twenty steps long
    stateful_step_count=20,
    suppress_health_check=list(HealthCheck),
)
