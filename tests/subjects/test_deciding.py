"""A decision moves subjects and no record; what stands on it is undone first."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.store.rows import put, row
from tests.subjects.people import NOW, code, known, named
from xinrong.store.services import snapshot
from xinrong.subjects import services as subjects
from xinrong.subjects.errors import IdentityRefused, UnknownDecision, UnknownSubject

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]


def merge(absorbed: int, survivor: int) -> subjects.Decision:
    return subjects.merge(absorbed, survivor, by="李四", why="同一家", at=NOW)


def split(subject: int, target: int | subjects.NewEnterprise) -> subjects.Decision:
    return subjects.split([subject], target, by="李四", why="另一家", at=NOW)


def undo(decision: subjects.Decision) -> subjects.Decision:
    return subjects.undo(decision.pk, by="王五", why="弄错了", at=NOW)


def parts(*enterprises: int, seq: int | None = None) -> list[list[int]]:
    return list(subjects.subjects_of(list(enterprises), seq=seq).values())


def test_after_a_merge_the_survivor_is_both_and_before_it_neither() -> None:
    (a, one), (b, two) = known(1, "甲公司"), known(2, "乙公司")
    done = merge(a, b)
    assert parts(a, b) == [[], [one, two]]
    assert parts(a, b, seq=done.seq) == [[], [one, two]]
    assert parts(a, b, seq=done.seq - 1) == [[one], [two]]


def test_the_survivor_answers_for_both_codes_and_says_for_which() -> None:
    (a, _), (b, _) = known(1, "甲公司"), known(2, "乙公司")
    before = merge(a, b).seq - 1
    assert subjects.enterprise_by_code(code(1)).pk == b
    assert subjects.enterprise_by_code(code(1), seq=before).pk == a
    assert subjects.codes_of_enterprise(b) == sorted([code(1), code(2)])
    [by_code] = subjects.search(code(1))
    assert (by_code.enterprise, by_code.matched, by_code.matched_text) == (b, "other_code", code(1))
    [by_name] = subjects.search("甲公司")
    assert (by_name.code, by_name.matched, by_name.matched_text) == (
        code(2), "former_name", "甲公司",
    )  # fmt: skip
    assert subjects.count_enterprises()["enterprises"] == 1


def test_names_follow_their_code_through_a_merge() -> None:
    (a, _), (b, _) = known(1, "甲公司"), known(2, "乙公司")
    done = merge(a, b)
    known(1, "甲厂", register=False, seq=done.seq + 1)
    later = done.seq + 1
    assert [name for name, _ in subjects.names_of_enterprise(b, seq=later)] == [
        "甲公司", "乙公司", "甲厂",
    ]  # fmt: skip
    assert subjects.names_of_enterprise(a, seq=later) == []
    assert subjects.names_of_enterprise(a, seq=done.seq - 1) == [("甲公司", 0)]


def test_counterparties_are_shown_as_who_they_are_at_the_seq() -> None:
    (a, one), (b, _) = known(1, "甲公司"), known(2, "乙公司")
    done = merge(a, b)
    assert subjects.names_of_subjects([one]) == {one: (code(2), "乙公司")}
    assert subjects.names_of_subjects([one], seq=done.seq - 1) == {one: (code(1), "甲公司")}


def test_a_merge_touches_no_record() -> None:
    (a, one), (b, two) = known(1, "甲公司"), known(2, "乙公司")
    put(row(one, 11, 1), row(two, 12, 1))
    with CaptureQueriesContext(connection) as queries:
        merge(a, b)
    written = {
        query["sql"].split('"')[1]
        for query in queries
        if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
    }
    assert written <= {
        "store_ledger", "store_commit", "subjects_identitylink", "subjects_decision",
    }  # fmt: skip
    with snapshot() as snap:
        assert snap.records(subjects.subjects_of([b])[b]).num_rows == 2


def test_a_merge_of_a_merge_takes_all_along_and_is_undone_step_by_step() -> None:
    (a, one), (b, two), (c, three) = known(1, "甲"), known(2, "乙"), known(3, "丙")
    first, second = merge(a, b), merge(b, c)
    assert parts(a, b, c) == [[], [], [one, two, three]]
    assert subjects.enterprise_by_code(code(1)).pk == c
    with pytest.raises(IdentityRefused, match=rf"decision {second.pk} .*stands on"):
        undo(first)
    undo(second)
    assert parts(a, b, c) == [[], [one, two], [three]]
    undo(first)
    assert parts(a, b, c) == [[one], [two], [three]]


def test_unrelated_decisions_are_undone_in_any_order() -> None:
    (a, one), (b, two), (c, three) = known(1, "甲"), known(2, "乙"), known(3, "丙")
    first, second = merge(a, c), merge(b, c)
    undo(first)
    assert parts(a, b, c) == [[one], [], [two, three]]
    undo(second)
    assert parts(a, b, c) == [[one], [two], [three]]


def test_a_decision_is_undone_once_and_an_undo_never() -> None:
    (a, _), (b, _) = known(1, "甲"), known(2, "乙")
    done = merge(a, b)
    undone = undo(done)
    with pytest.raises(IdentityRefused, match="was undone by"):
        undo(done)
    with pytest.raises(IdentityRefused, match="itself an undo"):
        undo(undone)
    with pytest.raises(UnknownDecision):
        subjects.undo(undone.pk + 1, by="x", why="y", at=NOW)
    done.refresh_from_db()
    assert (done.undone_by, undone.by, undone.why) == (undone, "王五", "弄错了")
    assert list(subjects.decisions_of(a)) == [undone, done]


def test_what_is_part_of_another_is_neither_merged_nor_merged_into() -> None:
    (a, _), (b, _), (c, _) = known(1, "甲"), known(2, "乙"), known(3, "丙")
    done = merge(a, b)
    for sides in ((a, c), (c, a)):
        with pytest.raises(IdentityRefused, match=rf"part of 乙 .* since decision {done.pk} "):
            merge(*sides)
    with pytest.raises(IdentityRefused, match="same enterprise twice"):
        merge(b, b)


def test_a_name_that_belongs_to_nobody_is_given_to_an_enterprise_and_taken_back() -> None:
    (a, one), name = known(1, "甲"), named("甲的税务名称")
    put(row(name, 11, 1))
    assert sum(subjects.preview_split([name], a).records.values()) == 1
    done = split(name, a)
    assert parts(a) == [[one, name]]
    undo(done)
    assert parts(a) == [[one]]


def test_a_subject_is_split_off_to_an_enterprise_that_nobody_knew() -> None:
    (a, one), name = known(1, "甲"), named("乙的名称")
    split(name, a)
    new = subjects.NewEnterprise(code(2), "乙公司")
    seen = subjects.preview_split([name], new)
    assert [str(move.target) for move in seen.moves] == [f"乙公司 ({code(2)})"]
    done = split(name, new)
    b = subjects.enterprise_by_code(code(2))
    assert (b.provisional, done.target) == (True, b)
    assert parts(a) == [[one]]
    assert name in parts(b.pk)[0]
    undo(done)
    assert parts(a) == [[one, name]]
    assert subjects.enterprise_by_code(code(2)) == b


def test_an_enterprise_never_loses_its_own_code_while_others_stay() -> None:
    (a, one), (b, _), name = known(1, "甲"), known(2, "乙"), named("甲的名称")
    placed = split(name, a)
    with pytest.raises(IdentityRefused, match=rf"lose its own code .*decision {placed.pk} "):
        split(one, b)


def test_an_undo_that_would_hide_records_is_refused() -> None:
    (a, one), (b, two), (c, _), name = known(1, "甲"), known(2, "乙"), known(3, "丙"), named("名")
    split(name, a)
    moved = split(name, b)
    away = merge(a, c)
    with pytest.raises(IdentityRefused, match=rf"part of 丙 .* since decision {away.pk} "):
        undo(moved)
    assert parts(b, c)[0] == [two, name]
    assert one in parts(c)[0]


def test_a_preview_counts_what_moves_and_changes_nothing() -> None:
    (a, one), (b, _) = known(1, "甲"), known(2, "乙")
    put(row(one, 11, 1), row(one, 12, 1))
    seen = subjects.preview_merge(a, b)
    assert [move.subject.pk for move in seen.moves] == [one]
    assert sum(seen.records.values()) == 2
    assert parts(a)[0] == [one]
    assert not subjects.decisions_of().exists()


def test_a_decision_says_who_and_why() -> None:
    (a, _), (b, _) = known(1, "甲"), known(2, "乙")
    with pytest.raises(IdentityRefused, match="who decided"):
        subjects.merge(a, b, by=" ", why="x", at=NOW)
    assert not subjects.decisions_of().exists()


def test_what_cannot_be_split_is_refused_in_words() -> None:
    (a, one), (b, two), (c, _) = known(1, "甲"), known(2, "乙"), known(3, "丙")
    with pytest.raises(UnknownSubject):
        split(one + two + 1000, c)
    with pytest.raises(IdentityRefused, match="several enterprises"):
        subjects.split([one, two], c, by="x", why="y", at=NOW)
    with pytest.raises(IdentityRefused, match="already"):
        split(one, a)
    with pytest.raises(IdentityRefused, match="known already"):
        split(one, subjects.NewEnterprise(code(2), "乙"))
    with pytest.raises(IdentityRefused, match="18 characters"):
        split(one, subjects.NewEnterprise("123", "乙"))
    with pytest.raises(IdentityRefused, match="no subject is named"):
        subjects.split([], b, by="x", why="y", at=NOW)


def test_a_new_name_of_an_absorbed_code_links_nothing_anew() -> None:
    (a, one), (b, two) = known(1, "甲"), known(2, "乙")
    done = merge(a, b)
    known(1, "甲（新名）", seq=done.seq + 1)
    assert parts(a, b) == [[], [one, two]]
    assert [hit.enterprise for hit in subjects.search("甲（新名）")] == [b]
