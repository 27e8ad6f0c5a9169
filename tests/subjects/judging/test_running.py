"""Names that wait link by themselves, under one seq, and only those that could be meant."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.store.rows import put, row
from tests.subjects.judging.names import CLOCK, NAME, WHO, doubtful, link, state, waiting
from tests.subjects.people import code, known, named
from xinrong.store.services import last_seq, snapshot
from xinrong.subjects import services as subjects
from xinrong.subjects.errors import IdentityRefused
from xinrong.subjects.judging.models import LinkingDue, NamedSubject
from xinrong.subjects.models import IdentityLink
from xinrong.subjects.services import judging

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]


def file_of(enterprise: int, seq: int | None = None) -> int:
    """How many records a file shows as of a seq."""
    with snapshot(seq) as snap:
        found = subjects.subjects_of([enterprise], seq=snap.seq)[enterprise]
        return snap.records(found).num_rows


def test_a_name_is_linked_from_a_seq_of_its_own_and_read_as_before_as_of_an_older_one() -> None:
    enterprise, _ = known(1, NAME)
    subject = waiting(records=3)
    before = last_seq()
    done = link()
    assert (done.linked, done.looked_at) == (1, 1)
    assert done.decision is not None
    assert done.decision.seq == before + 1
    assert done.decision.by.startswith("resolution ")
    assert (file_of(enterprise), file_of(enterprise, before)) == (3, 0)
    made = IdentityLink.objects.get(subject=subject)
    assert (made.reason, made.from_seq, made.enterprise_id) == (
        "resolution",
        before + 1,
        enterprise,
    )
    assert state(subject) == "linked"


def test_all_links_of_a_run_are_one_decision() -> None:
    for number in range(1, 6):
        known(number, f"{NAME}{number}")
        waiting(f"{NAME}{number}")
    done = link()
    assert done.linked == 5
    assert subjects.decisions_of().count() == 1
    assert subjects.decisions_of()[0].subjects == 5
    enterprise = subjects.enterprise_by_code(code(3)).pk
    assert [one.pk for one in subjects.decisions_of(enterprise)] == [done.decision.pk]


def test_a_run_that_finds_nothing_new_takes_no_seq() -> None:
    known(1, NAME)
    waiting()
    link()
    before = last_seq()
    again = link()
    assert (again.looked_at, again.decision, last_seq()) == (0, None, before)


def test_a_name_waits_until_the_register_learns_it() -> None:
    subject = waiting()
    link()
    assert state(subject) == "waiting"
    enterprise, _ = known(1, NAME)
    assert link().linked == 1
    assert subject in subjects.subjects_of([enterprise])[enterprise]


def test_a_new_name_of_a_known_enterprise_links_too() -> None:
    known(1, "别的（虚构）有限公司")
    subject = waiting()
    link()
    known(1, NAME, seq=5)
    assert link().linked == 1
    assert state(subject) == "linked"


def test_only_those_who_could_be_meant_are_looked_at_again() -> None:
    waiting(), waiting("海丰食品（虚构）有限公司"), waiting("云杉木业（虚构）有限公司")
    assert link().looked_at == 3
    known(1, NAME)
    assert link().looked_at == 1
    assert judging.link_waiting(clock=CLOCK, everybody=True).looked_at == 2


def test_another_version_of_resolution_looks_at_all_who_wait_and_touches_no_link(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known(1, NAME)
    linked, resting = waiting(), waiting("云杉木业（虚构）有限公司")
    link()
    monkeypatch.setattr("xinrong.subjects.judging.resolving.VERSION", "another")
    assert link().looked_at == 1
    assert NamedSubject.objects.get(subject=resting).version == "another"
    assert IdentityLink.objects.filter(subject=linked).count() == 1


def test_a_dry_run_says_whom_it_would_link_and_changes_nothing() -> None:
    known(1, NAME)
    subject = waiting()
    before = last_seq()
    done, found = judging.preview()
    assert (done.linked, [one.subject for one, _ in found]) == (1, [subject])
    assert (last_seq(), state(subject)) == (before, "new")
    assert link().linked == 1


def test_a_name_that_two_enterprises_have_is_for_a_person() -> None:
    subject, one, other = doubtful(records=4)
    item = judging.next_item()
    assert item is not None
    assert (item.subject.pk, item.named.records) == (subject, 4)
    assert {choice.enterprise.pk for choice in item.choices} == {one, other}


def test_who_is_part_of_another_enterprise_is_linked_as_that_one() -> None:
    (a, _), (b, _) = known(1, NAME), known(2, "乙（虚构）有限公司")
    subjects.merge(a, b, **WHO)
    subject = waiting()
    assert link().linked == 1
    assert subject in subjects.subjects_of([b])[b]


def test_a_subject_that_somebody_linked_meanwhile_is_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    enterprise, _ = known(1, NAME)
    other, _ = known(2, "乙（虚构）有限公司")
    first, second = waiting(), waiting(NAME, "court")
    from xinrong.subjects.judging import running

    resolve = running.resolving.resolve

    def meanwhile(names: list[object]) -> list[object]:
        subjects.split([first], other, **WHO)
        return list(resolve(names))

    monkeypatch.setattr(running.resolving, "resolve", meanwhile)
    assert link().linked == 1
    found = subjects.subjects_of([enterprise, other])
    assert second in found[enterprise]
    assert first in found[other]


def test_undoing_a_run_takes_its_links_back_and_the_next_one_does_not_make_them() -> None:
    enterprise, _ = known(1, NAME)
    subject = waiting(records=2)
    done = link()
    assert done.decision is not None
    undone = subjects.undo(done.decision.pk, **WHO)
    assert (file_of(enterprise), file_of(enterprise, undone.seq - 1)) == (0, 2)
    assert link().linked == 0
    assert judging.link_waiting(clock=CLOCK, everybody=True).linked == 0
    [act] = judging.recent_acts(10)
    assert (act.row.verdict, act.row.code, act.row.by) == ("different", code(1), "李四")
    judging.take_back(act.row.act, **WHO)
    link()
    assert state(subject) == "linked"
    with pytest.raises(IdentityRefused, match="was undone by"):
        subjects.undo(done.decision.pk, **WHO)


def test_a_run_asks_the_database_at_most_twice_for_each_further_name() -> None:
    def queries(numbers: range) -> int:
        for number in numbers:
            known(number, f"{NAME}{number}")
            named(f"{NAME}{number}")
        with CaptureQueriesContext(connection) as seen:
            assert link().linked == len(numbers)
        return len(seen)

    few = queries(range(1, 4))
    assert queries(range(4, 40)) <= few + 2 * 33


def test_a_commit_asks_for_a_run_once_however_many_come() -> None:
    put(row(known(1, NAME)[1], 1, 1))
    for number in range(2, 6):
        known(number, f"{NAME}{number}")
    assert LinkingDue.objects.count() == 1
    from xinrong.subjects.tasks import link_waiting

    waiting(f"{NAME}3")
    assert link_waiting.func() == 1
    assert LinkingDue.objects.count() == 0


def test_a_natural_person_is_never_linked_by_the_name_alone() -> None:
    known(1, "张三")
    subject = waiting("张三")
    assert link().linked == 0
    assert state(subject) in ("review", "waiting")


def test_a_subject_that_is_split_off_by_hand_is_not_in_the_queue() -> None:
    subject, one, _ = doubtful()
    subjects.split([subject], one, **WHO)
    link()
    assert judging.next_item() is None
    assert state(subject) == "linked"


def test_an_erased_name_is_not_looked_at() -> None:
    subject = waiting()
    link()
    subjects.forget_names(0, [subject])
    assert not NamedSubject.objects.filter(subject=subject).exists()
    assert link().looked_at == 0


def test_many_new_names_have_all_who_wait_looked_at_and_find_the_same() -> None:
    subject = waiting()
    waiting("云杉木业（虚构）有限公司")
    link()
    for number in range(1, 5):
        known(number, f"海丰{number}号食品（虚构）有限公司")
    known(5, NAME)
    done = link()
    assert (done.looked_at, done.linked) == (2, 1)
    assert state(subject) == "linked"
