"""Whatever is decided and undone, at any seq the map is what a plain one says.

The plain map keeps, for every seq, which enterprise each subject is; a decision copies and changes
it. What it refuses, the platform refuses; what it allows, the platform does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.subjects.people import NOW, code, known, named
from xinrong.store.services import last_seq
from xinrong.subjects import services as subjects
from xinrong.subjects.errors import IdentityRefused

FIRMS = range(4)
NAMES = range(3)
Plain = dict[int, int | None]  # subject -> enterprise


@dataclass
class Decided:
    number: int
    moved: dict[int, int | None]  # subject -> where it was
    target: int
    undone: bool = False


class Identities(RuleBasedStateMachine):
    """One decider, and readers at any seq."""

    @initialize()
    def begin(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.firms: list[int] = []
        self.own: dict[int, int] = {}  # enterprise -> subject of its code
        now: Plain = {}
        for number in FIRMS:
            enterprise, subject = known(number + 1, f"公司{number}")
            self.firms.append(enterprise)
            self.own[enterprise] = subject
            now[subject] = enterprise
        self.names = [named(f"名称{number}") for number in NAMES]
        now |= dict.fromkeys(self.names)
        self.past: dict[int, Plain] = {last_seq(): now}
        self.decided: list[Decided] = []

    @property
    def now(self) -> Plain:
        return self.past[max(self.past)]

    def allowed(self, moves: dict[int, int | None]) -> bool:
        """Afterwards an enterprise with subjects has the one of its own code among them."""
        after = self.now | moves
        return all(after[self.own[firm]] == firm for firm in self.firms if firm in after.values())

    def decide(
        self, moves: dict[int, int | None], allowed: bool, act: Callable[[], subjects.Decision]
    ) -> subjects.Decision | None:
        if not (allowed and self.allowed(moves)):
            with pytest.raises(IdentityRefused), transaction.atomic():
                act()
            return None
        done = act()
        self.past[done.seq] = self.now | moves
        return done

    def remember(self, done: subjects.Decision | None, moves: dict[int, int | None]) -> None:
        if done is not None:
            before = self.past[max(seq for seq in self.past if seq < done.seq)]
            [target] = {one for one in moves.values() if one is not None}
            self.decided.append(Decided(done.pk, {one: before[one] for one in moves}, target))

    @rule(one=st.sampled_from(FIRMS), other=st.sampled_from(FIRMS))
    def merge(self, one: int, other: int) -> None:
        source, target = self.firms[one], self.firms[other]
        moves: dict[int, int | None] = {
            subject: target for subject, firm in self.now.items() if firm == source
        }
        allowed = source != target and bool(moves) and self.now[self.own[target]] == target
        act = lambda: subjects.merge(source, target, by="x", why="y", at=NOW)  # noqa: E731
        self.remember(self.decide(moves, allowed, act), moves)

    @rule(which=st.integers(0, len(FIRMS) + len(NAMES) - 1), other=st.sampled_from(FIRMS))
    def split(self, which: int, other: int) -> None:
        subject, target = sorted(self.now)[which], self.firms[other]
        allowed = self.now[subject] != target
        act = lambda: subjects.split([subject], target, by="x", why="y", at=NOW)  # noqa: E731
        self.remember(self.decide({subject: target}, allowed, act), {subject: target})

    @rule(which=st.integers(0, 100))
    def undo(self, which: int) -> None:
        if not self.decided:
            return
        place = which % len(self.decided)
        wanted = self.decided[place]
        later = [one for one in self.decided[place + 1 :] if not one.undone]
        free = not any(one.moved.keys() & wanted.moved.keys() for one in later)
        act = lambda: subjects.undo(wanted.number, by="x", why="y", at=NOW)  # noqa: E731
        if self.decide(wanted.moved, free and not wanted.undone, act) is not None:
            wanted.undone = True

    @rule(back=st.integers(0, 8))
    def read(self, back: int) -> None:
        seqs = sorted(self.past)
        seq = seqs[-1 - back % len(seqs)]
        plain = self.past[seq]
        found = subjects.subjects_of(self.firms, seq=seq)
        for firm in self.firms:
            assert found[firm] == sorted(one for one, at in plain.items() if at == firm)
        for number in FIRMS:
            firm = plain[self.own[self.firms[number]]]
            assert subjects.enterprise_by_code(code(number + 1), seq=seq).pk == firm

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            for back in range(len(self.past)):
                self.read(back)
            assert subjects.subjects_of(self.firms) == subjects.subjects_of(
                self.firms, seq=last_seq()
            )
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)


@pytest.mark.django_db
@pytest.mark.timeout(600)
def test_the_map_is_at_any_seq_what_a_plain_one_says() -> None:
    run_state_machine_as_test(Identities, settings=PACE)


PACE = settings(
    max_examples=settings.default.max_examples // 3,  # a life is twenty-five steps long
    stateful_step_count=25,
    suppress_health_check=list(HealthCheck),
)
