"""What people judged holds against every run, until they take it back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.subjects.judging.names import (
    CLOCK,
    NAME,
    WHO,
    decide,
    doubtful,
    item,
    link,
    state,
    waiting,
)
from tests.subjects.people import NOW, code, known, named
from xinrong.store import services as store
from xinrong.store.backups.journal import Position, read
from xinrong.store.backups.replaying import replay
from xinrong.subjects import services as subjects
from xinrong.subjects.errors import IdentityRefused, UnknownEnterprise, UnknownSubject
from xinrong.subjects.judging.models import Judgement, NamedSubject
from xinrong.subjects.models import Subject
from xinrong.subjects.services import judging

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]


@pytest.fixture(autouse=True)
def _own_journal(settings: Any, tmp_path: Path) -> None:
    settings.JOURNAL = tmp_path / "journal"


def of(enterprise: int) -> list[int]:
    return subjects.subjects_of([enterprise])[enterprise]


def subject_row(number: int) -> Subject:
    return Subject.objects.get(pk=number)


def forget_all() -> None:
    """As in a store that is restored from before anything was judged."""
    Judgement.objects.update(superseded_by=None)
    Judgement.objects.all().delete()


def everything_again() -> judging.Done:
    """As after a rebuild: what was derived is gone, and all are looked at."""
    NamedSubject.objects.all().delete()
    return judging.link_waiting(clock=CLOCK, everybody=True)


def test_same_links_at_once_and_outlives_a_rebuild() -> None:
    subject, one, other = doubtful(records=2)
    decide(subject, "same", code(11))
    assert subject in of(one)
    everything_again()
    assert (subject in of(one), subject in of(other)) == (True, False)
    [row] = Judgement.objects.all()
    assert (row.verdict, row.code, row.by, row.why) == ("same", code(11), "李四", "核对地址")
    assert row.score is not None
    assert row.reasons


def test_none_of_them_forbids_every_candidate_for_ever() -> None:
    subject, one, other = doubtful()
    decide(subject, "different")
    assert (state(subject), judging.next_item()) == ("settled", None)
    for _ in range(2):
        everything_again()
        assert subject not in [*of(one), *of(other)]
        assert judging.next_item() is None


def test_who_is_ruled_out_stays_out_when_a_new_one_comes() -> None:
    subject, *_ = doubtful()
    decide(subject, "different")
    third, _ = known(13, Subject.objects.get(pk=subject).name)
    link()
    found = judging.next_item()
    assert found is not None, "a person said that two are wrong: nobody links the third unseen"
    assert [choice.enterprise.pk for choice in found.choices] == [third]


def test_different_holds_after_its_enterprise_became_part_of_another() -> None:
    enterprise, _ = known(1, NAME)
    survivor, _ = known(2, "乙（虚构）有限公司")
    subject = waiting()
    judging.different(subject_row(subject), [code(1)], **WHO)
    subjects.merge(enterprise, survivor, **WHO)
    everything_again()
    assert subject not in of(survivor)


def test_different_ends_a_link_that_resolution_made() -> None:
    enterprise, _ = known(1, NAME)
    subject = waiting()
    link()
    before = store.last_seq()
    act = judging.different(subject_row(subject), [code(1)], **WHO)
    assert subject not in of(enterprise)
    assert subject in subjects.subjects_of([enterprise], seq=before)[enterprise]
    assert subjects.decisions_of(enterprise)[0].kind == "unlink"
    link()
    assert subject not in of(enterprise)
    judging.take_back(act, **WHO)
    link()
    assert subject in of(enterprise)


def test_the_decision_behind_a_judgement_is_undone_through_the_judgement() -> None:
    enterprise, _ = known(1, NAME)
    subject = waiting()
    link()
    judging.different(subject_row(subject), [code(1)], **WHO)
    with pytest.raises(IdentityRefused, match="follows from a judgement"):
        subjects.undo(subjects.decisions_of(enterprise)[0].pk, **WHO)


def test_same_waits_for_a_code_that_is_not_known_yet(tmp_path: Path) -> None:
    subject = waiting()
    with pytest.raises(UnknownEnterprise):
        judging.same(subject_row(subject), code(1), **WHO)
    one, _ = known(1, "丙（虚构）有限公司")
    judging.same(subject_row(subject), code(1), **WHO)
    assert subject in of(one)


def test_same_goes_to_whoever_answers_for_the_code() -> None:
    (a, _), (b, _) = known(1, "甲（虚构）有限公司"), known(2, "乙（虚构）有限公司")
    subject = waiting()
    merged = subjects.merge(a, b, **WHO)
    judging.same(subject_row(subject), code(1), **WHO)
    assert subject in of(b)
    with pytest.raises(IdentityRefused):
        judging.same(subject_row(of(b)[0]), code(1), **WHO)
    assert merged.undone_by is None


def test_same_moves_a_name_that_was_linked_wrongly_and_undo_brings_it_back() -> None:
    (one, _), (two, _) = known(1, NAME), known(2, "乙（虚构）有限公司")
    subject = waiting()
    link()
    act = judging.same(subject_row(subject), code(2), **WHO)
    assert (subject in of(one), subject in of(two)) == (False, True)
    judging.take_back(act, **WHO)
    assert (subject in of(one), subject in of(two)) == (True, False)


def test_the_last_word_counts() -> None:
    subject, one, other = doubtful()
    decide(subject, "different")
    judging.same(subject_row(subject), code(12), **WHO)
    judging.different(subject_row(subject), [code(12)], **WHO)
    judging.same(subject_row(subject), code(11), **WHO)
    everything_again()
    assert subject in of(one)
    assert subject not in of(other)
    assert Judgement.objects.filter(superseded_by=None).count() == 2
    assert Judgement.objects.count() == 5


def test_taking_back_a_link_puts_the_name_into_the_queue_again() -> None:
    subject, one, _ = doubtful()
    act = decide(subject, "same", code(11))
    assert judging.take_back(act, **WHO) == 1
    assert subject not in of(one)
    assert state(subject) == "review"
    with pytest.raises(IdentityRefused, match="taken back or replaced"):
        judging.take_back(act, **WHO)
    link()
    assert subject not in of(one)


def test_undoing_the_decision_of_a_judgement_withdraws_the_judgement() -> None:
    subject, one, _ = doubtful()
    decide(subject, "same", code(11))
    subjects.undo(subjects.decisions_of(one)[0].pk, **WHO)
    assert Judgement.objects.order_by("-pk")[0].verdict == "withdrawn"
    everything_again()
    assert subject not in of(one)
    assert state(subject) == "review"


def test_a_judgement_says_who_and_why() -> None:
    subject, *_ = doubtful()
    now = item(subject).named
    for who in ({**WHO, "by": " "}, {**WHO, "why": ""}):
        with pytest.raises(IdentityRefused, match="who judged, and why"):
            judging.decide(now.pk, now.revision, judging.Judged.DIFFERENT, **who)
    assert state(subject) == "review"


def test_who_came_with_a_code_is_not_judged_here() -> None:
    _, coded = known(1, NAME)
    known(2, "乙（虚构）有限公司")
    with pytest.raises(IdentityRefused, match="code of its own"):
        judging.same(subject_row(coded), code(2), **WHO)


def test_the_ledger_goes_out_and_comes_in_elsewhere(tmp_path: Path) -> None:
    subject, one, other = doubtful()
    decide(subject, "same", code(11))
    wrong, *_ = doubtful(first=21)
    decide(wrong, "different")
    path = tmp_path / "out.csv"
    path.write_bytes(b"".join(judging.export_judgements()))
    forget_all()
    subjects.undo(subjects.decisions_of(one)[0].pk, **WHO)
    forget_all()
    done = judging.import_judgements(path)
    assert (done.rows, done.written, done.known) == (3, 3, 0)
    link()
    assert subject in of(one)
    assert subject not in of(other)
    assert state(wrong) == "settled"
    again = judging.import_judgements(path)
    assert (again.written, again.known) == (0, 3)


def test_a_file_may_come_before_its_names_and_codes(tmp_path: Path) -> None:
    subject, _one, _other = doubtful()
    decide(subject, "same", code(11))
    path = tmp_path / "out.csv"
    text = b"".join(judging.export_judgements()).decode().replace(code(11), code(31))
    text = text.replace("name:tax:", "name:court:")
    path.write_text(text, encoding="utf-8")
    assert judging.import_judgements(path).written == 1
    late = named(subject_row(subject).name, "court")
    link()
    assert state(late) == "waiting"
    enterprise, _ = known(31, "丁（虚构）有限公司")
    judging.link_waiting(clock=CLOCK, everybody=True)
    assert late in of(enterprise)


def test_an_import_ends_links_that_are_judged_to_be_wrong(tmp_path: Path) -> None:
    enterprise, _ = known(1, NAME)
    subject = waiting()
    act = judging.different(subject_row(subject), [code(1)], **WHO)
    path = tmp_path / "out.csv"
    path.write_bytes(b"".join(judging.export_judgements()))
    judging.take_back(act, **WHO)
    link()
    assert subject in of(enterprise)
    assert judging.import_judgements(path).unlinked == 1
    assert subject not in of(enterprise)


def test_no_cell_of_the_export_is_a_formula(tmp_path: Path) -> None:
    subject, *_ = doubtful()
    now = item(subject).named
    judging.decide(
        now.pk, now.revision, judging.Judged.DIFFERENT, by="=cmd()", why="@SUM(A1)", at=NOW
    )
    text = b"".join(judging.export_judgements()).decode()
    assert "'=cmd()" in text
    assert "'@SUM(A1)" in text
    path = tmp_path / "out.csv"
    path.write_text(text, encoding="utf-8")
    forget_all()
    judging.import_judgements(path)
    assert Judgement.objects.order_by("pk")[0].by == "=cmd()"


@pytest.mark.parametrize(
    ("old", "new"),
    [("different", "perhaps"), ("name:tax:", "code:"), (code(11), "123"), ("李四", ""),
     ("+00:00", ""), ("2026-11-01", "2026-13-01"), ("判定 verdict", "verdict")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_whole(tmp_path: Path, old: str, new: str) -> None:
    subject, *_ = doubtful()
    decide(subject, "different")
    path = tmp_path / "out.csv"
    text = b"".join(judging.export_judgements()).decode().replace(old, new)
    path.write_text(text, encoding="utf-8")
    forget_all()
    with pytest.raises(judging.JudgementsRefused) as refused:
        judging.import_judgements(path)
    assert refused.value.place is not None
    assert Judgement.objects.count() == 0


def test_what_was_ruled_out_after_a_backup_stays_so_in_the_restored_store() -> None:
    enterprise, _ = known(1, NAME)
    subject = waiting()
    judging.different(subject_row(subject), [code(1)], **WHO)
    forget_all()
    assert link().linked == 1
    done = replay(store_journal(), Position(), NOW - timedelta(days=1))
    assert done.counts == {"identity_different": {"applied": 1}}
    assert subject not in of(enterprise)
    assert link().linked == 0
    again = replay(store_journal(), Position(), NOW - timedelta(days=1))
    assert again.counts == {"identity_different": {"present": 1}}


def test_a_link_taken_back_after_a_backup_ends_in_the_restored_store() -> None:
    subject, one, _ = doubtful()
    act = decide(subject, "same", code(11))
    judging.take_back(act, **WHO)
    forget_all()
    decide(subject, "same", code(11))
    done = replay(store_journal(), Position(), NOW - timedelta(days=1))
    assert done.counts["identity_same_withdrawn"] == {"applied": 1}
    assert subject not in of(one)
    link()
    assert subject not in of(one)


def test_the_journal_holds_no_name() -> None:
    enterprise, _ = known(1, NAME)
    waiting()
    link()
    subjects.undo(subjects.decisions_of(enterprise)[0].pk, **WHO)
    [entry] = read(store_journal())
    assert entry.kind == "identity_different"
    assert "恒远" not in str(entry.payload)


def store_journal() -> Path:
    from xinrong.store.backups.journal import folder

    return folder()


def test_an_erased_name_is_linked_to_nobody_by_an_old_judgement() -> None:
    enterprise, _ = known(1, NAME)
    subject = waiting("恒远小铺")
    judging.same(subject_row(subject), code(1), **WHO)
    subjects.forget_names(enterprise, of(enterprise))
    again = named("恒远小铺")
    assert again != subject
    link()
    assert again not in of(enterprise)
    assert set(Judgement.objects.values_list("why", flat=True)) == {"依法删除"}
    assert subjects.forget_names(enterprise, of(enterprise)) == 0


def test_a_subject_is_named_by_number_or_key() -> None:
    subject = named(NAME)
    assert judging.subject_named(str(subject)).pk == subject
    assert judging.subject_named(subject_row(subject).key).pk == subject
    for unknown in ("name:tax:没有", "999999", "²", ""):
        with pytest.raises(UnknownSubject):
            judging.subject_named(unknown)
