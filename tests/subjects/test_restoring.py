"""After a restore identity is no wider than people decided: apart stays apart, joined joined."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.subjects.people import NOW, code, known, named
from xinrong.store.backups.journal import Position, read
from xinrong.store.backups.replaying import Replay, replay
from xinrong.subjects import services as subjects
from xinrong.subjects.models import Decision, Enterprise, EnterpriseName, IdentityLink, Subject
from xinrong.subjects.register.models import Succession

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]
WHO = {"by": "李四", "why": "核对地址", "at": NOW}


@pytest.fixture(autouse=True)
def journal(settings: Any, tmp_path: Path) -> Path:
    settings.JOURNAL = tmp_path / "journal"
    return tmp_path / "journal"


def of(enterprise: int) -> list[int]:
    return subjects.subjects_of([enterprise])[enterprise]


def again(journal: Path) -> Replay:
    return replay(journal, Position(), NOW)


def test_an_undone_merge_stays_undone(journal: Path) -> None:
    one, own = known(1, "恒远精密")
    other, _ = known(2, "静水商贸")
    merged = subjects.merge(one, other, **WHO)
    subjects.undo(merged.pk, **WHO)
    assert "恒远" not in str([entry.payload for entry in read(journal)])
    subjects.merge(one, other, **WHO)  # as the backup has it
    assert again(journal).counts == {"identity_parted": {"applied": 1}}
    assert (of(one), own in of(other)) == ([own], False)
    assert again(journal).counts == {"identity_parted": {"present": 1}}
    assert Decision.objects.order_by("-pk")[0].by == "journal"


def test_a_split_name_leaves_the_file_again(journal: Path) -> None:
    one, _ = known(1, "恒远精密")
    other, _ = known(2, "恒远精密分公司")
    name = named("恒远精密")
    IdentityLink.objects.create(subject_id=name, enterprise_id=one, from_seq=1, reason="resolution")
    subjects.split([name], other, **WHO)
    IdentityLink.objects.filter(subject=name).delete()  # as the backup has it
    IdentityLink.objects.create(subject_id=name, enterprise_id=one, from_seq=1, reason="resolution")
    assert again(journal).counts == {"identity_parted": {"applied": 1}}
    assert (name in of(one), name in of(other)) == (False, True)


def test_where_a_split_went_is_made_if_the_backup_does_not_know_it(journal: Path) -> None:
    one, _ = known(1, "恒远精密")
    name = named("恒远精密")
    link = {"subject_id": name, "enterprise_id": one, "from_seq": 1, "reason": "resolution"}
    IdentityLink.objects.create(**link)
    made = subjects.split([name], subjects.NewEnterprise(code(9), "恒远新材"), **WHO)
    IdentityLink.objects.filter(enterprise=made.target).delete()
    IdentityLink.objects.filter(subject=name).delete()
    Decision.objects.update(undone_by=None)
    Decision.objects.all().delete()
    Subject.objects.filter(key=f"code:{code(9)}").delete()
    EnterpriseName.objects.filter(enterprise__code=code(9)).delete()
    Enterprise.objects.filter(code=code(9)).delete()
    IdentityLink.objects.create(**link)
    assert again(journal).counts == {"identity_parted": {"applied": 1}}
    found = Enterprise.objects.get(code=code(9))
    assert (found.provisional, name in of(found.pk), name in of(one)) == (True, True, False)


def test_merges_and_links_are_not_repeated(journal: Path) -> None:
    one, _ = known(1, "恒远精密")
    other, _ = known(2, "静水商贸")
    name = named("恒远精密")
    subjects.merge(one, other, **WHO)
    subjects.split([name], other, **WHO)  # from nobody: it adds to a file
    assert list(read(journal)) == []


def test_a_succession_set_by_hand_holds_again(journal: Path) -> None:
    one, _ = known(1, "恒远小铺")
    other, _ = known(2, "恒远商贸")
    subjects.record_succession(one, other, kind="merger", on=NOW.date(), **WHO)
    Succession.objects.all().delete()  # as the backup has it
    assert again(journal).counts == {"succession_set": {"applied": 1}}
    [joined] = subjects.predecessors_of(other)
    assert (joined.enterprise.pk, joined.succession.on) == (one, NOW.date())
    assert again(journal).counts == {"succession_set": {"present": 1}}


def test_a_succession_taken_back_stays_so_also_one_that_a_record_told(journal: Path) -> None:
    one, _ = known(1, "恒远小铺")
    other, _ = known(2, "恒远商贸")
    third, _ = known(3, "恒远三店")
    told = {"kind": "merger", "from_seq": 1, "at": NOW, "by": "register", "why": "x"}
    by_hand = Succession.objects.create(
        predecessor_id=one, successor_id=other, **{**told, "by": "李四"}
    )
    by_record = Succession.objects.create(
        predecessor_id=third, successor_id=other, source="registration/7", **told
    )
    for each in (by_hand, by_record):
        subjects.undo_succession(each.pk, **WHO)
    Succession.objects.filter(pk=by_hand.pk).update(to_seq=None)  # as the backup has it
    by_record.delete()
    assert again(journal).counts == {"succession_undone": {"applied": 2}}
    assert subjects.predecessors_of(other) == []
    kept_off = Succession.objects.get(source="registration/7")
    assert (kept_off.to_seq is not None, kept_off.undone_by) == (True, "journal")
    assert again(journal).counts == {"succession_undone": {"present": 2}}


def test_decisions_about_what_the_backup_does_not_hold_are_counted_as_absent(
    journal: Path,
) -> None:
    one, own = known(1, "恒远精密")
    other, _ = known(2, "静水商贸")
    subjects.undo(subjects.merge(one, other, **WHO).pk, **WHO)
    subjects.record_succession(one, other, kind="merger", on=None, **WHO)
    Succession.objects.all().delete()
    IdentityLink.objects.all().delete()
    Decision.objects.update(undone_by=None)
    Decision.objects.all().delete()
    Subject.objects.filter(pk=own).delete()
    EnterpriseName.objects.filter(enterprise=one).delete()
    Enterprise.objects.filter(pk=one).delete()
    done = again(journal)
    assert done.counts == {"identity_parted": {"absent": 1}, "succession_set": {"absent": 1}}
