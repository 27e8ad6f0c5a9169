"""Whatever is written, corrected, retracted and compacted, a reader sees what a plain model says.

At any seq: the version of a record that counts is the one of the newest batch that wrote it, among
the batches committed by then and not retracted by then.
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
from xinrong.store.services import check, compact, last_seq, retract_batch, snapshot

SUBJECTS = range(1, 5)
KEYS = range(1, 7)
Rows = dict[int, tuple[int, int]]  # key -> (subject, content)

batches = st.dictionaries(
    st.sampled_from(KEYS), st.tuples(st.sampled_from(SUBJECTS), st.integers(1, 3)), max_size=6
)


@dataclass
class Sent:
    """A batch as the model keeps it: only what it wrote, not its duplicates."""

    number: int
    seq: int
    wrote: Rows
    retracted: int | None = None


@dataclass
class Model:
    """A list of batches, and nothing clever."""

    sent: list[Sent] = field(default_factory=list)

    def at(self, seq: int) -> Rows:
        seen: Rows = {}
        for batch in sorted(self.sent, key=lambda one: one.seq):
            if batch.seq <= seq and (batch.retracted is None or batch.retracted > seq):
                seen.update(batch.wrote)
        return seen

    def new(self, rows: Rows) -> Rows:
        now = self.at(1 << 60)
        return {key: value for key, value in rows.items() if now.get(key) != value}


class Life(RuleBasedStateMachine):
    """Writers, a retractor and a compactor take turns; readers look at any seq in between."""

    @initialize()
    def begin(self) -> None:
        self.model = Model()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    @rule(rows=batches)
    def send(self, rows: Rows) -> None:
        made = [row(subject, key, content) for key, (subject, content) in rows.items()]
        wrote = self.model.new(rows)
        corrected = len(wrote.keys() & self.model.at(1 << 60).keys())
        done = put(*made)
        assert (done.rows, done.corrected) == (len(wrote), corrected)
        self.model.sent.append(Sent(done.batch, done.seq, wrote))

    @rule(which=st.integers(0, 1000))
    def retract(self, which: int) -> None:
        standing = [batch for batch in self.model.sent if batch.retracted is None]
        if standing:
            batch = standing[which % len(standing)]
            batch.retracted = retract_batch(batch.number, "mistake", NOW)

    @rule()
    def fold(self) -> None:
        compact(NOW)

    @rule(back=st.integers(0, 12))
    def read(self, back: int) -> None:
        seq = max(last_seq() - back, 0)
        with snapshot(seq) as snap:
            one_by_one = [snap.records([subject]) for subject in SUBJECTS]
            scan = snap.query("SELECT subject, key, digest FROM record ORDER BY subject, key")
        expected = sorted(
            (subject, key, text) for key, (subject, text) in self.model.at(seq).items()
        )
        assert rows_of(scan) == expected
        assert sorted(line for table in one_by_one for line in rows_of(table)) == expected

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            self.read(0)
            assert check().faults == []
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)


def rows_of(table: Any) -> list[tuple[int, int, int]]:
    columns = (table[name].to_pylist() for name in ("subject", "key", "digest"))
    return list(zip(*columns, strict=True))


@pytest.mark.django_db
@pytest.mark.timeout(600)
@pytest.mark.parametrize("hot_rows", [100_000, 1], ids=["hot rows", "parts"])
def test_a_reader_sees_exactly_what_the_model_says(
    store_root: Any, settings: Any, hot_rows: int
) -> None:
    settings.STORE_HOT_ROWS = hot_rows
    run_state_machine_as_test(Life, settings=PACE)


PACE = settings(
    max_examples=settings.default.max_examples // 5,  # a life is twenty steps long
    stateful_step_count=20,
    suppress_health_check=list(HealthCheck),
)
