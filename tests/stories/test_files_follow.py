"""Files follow the records and the identity map, whatever happens to either, at any seq.

The life of records (tests/store/test_model.py) with a decider beside it, who merges enterprises and
takes it back. No decision moves a row: a reader asks the map who an enterprise is, as of the
seq, and then for the records of these subjects.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test

from tests.store.rows import NOW
from tests.store.test_model import PACE, SUBJECTS, Life, lines, rows_of
from tests.subjects.people import code
from xinrong.store.services import last_seq, snapshot
from xinrong.subjects import services as subjects
from xinrong.subjects.errors import IdentityRefused
from xinrong.subjects.models import Subject

firms = st.integers(0, len(SUBJECTS) - 1)


class Files(Life):
    """The life of records, and of who they are about."""

    @initialize()
    def begin(self) -> None:
        super().begin()
        self.decided: list[tuple[int, dict[int, int]]] = []  # decision, the map before it
        self.firms: list[int] = []
        owner = {}
        for number in SUBJECTS:
            made = code(number)
            Subject.objects.create(pk=number, key=f"code:{made}", code=made, name=f"公司{number}")
            subjects.link_new({number: f"公司{number}"}, 0, register=True)
            owner[number] = subjects.enterprise_by_code(made).pk
            self.firms.append(owner[number])
        self.owners = {last_seq(): owner}

    @rule(absorbed=firms, survivor=firms)
    def merge(self, absorbed: int, survivor: int) -> None:
        one, other = self.firms[absorbed], self.firms[survivor]
        try:
            with transaction.atomic():
                done = subjects.merge(one, other, by="t", why="w", at=NOW)
        except IdentityRefused:
            return
        now = self.owners[max(self.owners)]
        self.decided.append((done.pk, now))
        self.owners[done.seq] = {
            subject: other if firm == one else firm for subject, firm in now.items()
        }

    @rule()
    def undo_the_last(self) -> None:
        if not self.decided:
            return
        decision, before = self.decided.pop()
        done = subjects.undo(decision, by="t", why="w", at=NOW)
        self.owners[done.seq] = before

    @rule(back=st.integers(0, 12))
    def read(self, back: int) -> None:
        super().read(back)
        seq = max(last_seq() - back, 0)
        known = [at for at in self.owners if at <= seq]
        if not known:
            return
        owner = self.owners[max(known)]
        shown = self.model.shown(seq)
        for firm in self.firms:
            with snapshot(seq) as snap:
                who = subjects.subjects_of([firm], seq=seq, using=snap.using)[firm]
                found = rows_of(snap.records(who))
            due = {key: value for key, value in shown.items() if owner[value[0]] == firm}
            assert sorted(found) == lines(due)


@pytest.mark.django_db
@pytest.mark.timeout(600)
def test_files_follow_records_and_decisions_at_any_seq(store_root: Any) -> None:
    run_state_machine_as_test(Files, settings=PACE)
