"""The index of the register: complete at every moment, made anew when due, gone when a name is."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.subjects.people import known
from xinrong.subjects import nameindex
from xinrong.subjects.models import Enterprise, EnterpriseName
from xinrong.subjects.nameindex import folder as folders
from xinrong.subjects.nameindex import live
from xinrong.subjects.services import forget_names, search
from xinrong.subjects.tasks import index_names

for_real = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def root(settings: Any, tmp_path: Path) -> Path:
    settings.NAMES_ROOT = tmp_path / "names"
    return tmp_path / "names"


def holding(fragment: str) -> list[str]:
    return [one.name for one in nameindex.open_index().containing(fragment, 50)]


def generations(root: Path) -> list[str]:
    return sorted(path.name for path in root.glob("*") if path.is_dir())


@for_real
def test_without_an_index_the_names_are_read_from_the_database(root: Path) -> None:
    known(1, "海城恒远商贸有限公司")
    assert holding("恒远") == ["海城恒远商贸有限公司"]
    assert generations(root) == []


@for_real
def test_a_name_is_found_as_soon_as_it_is_committed_whatever_the_index_holds() -> None:
    known(1, "海城恒远商贸有限公司")
    assert nameindex.rebuild() == 1
    for number in range(2, 12):
        known(number, f"恒远{number}店")
        assert len(holding("恒远")) == number
    known(1, "海城恒远贸易有限公司", seq=2)
    assert len(holding("恒远")) == 12
    assert len(nameindex.open_index().segments) <= 5  # small ones are joined


@for_real
def test_names_of_a_transaction_are_seen_in_it_and_not_after_it_was_rolled_back() -> None:
    known(1, "海城恒远商贸有限公司")
    assert len(holding("恒远")) == 1
    with transaction.atomic():
        known(2, "恒远粮店")
        assert len(holding("恒远")) == 2
        transaction.set_rollback(True)
    known(3, "恒远茶店")  # may get the numbers that the other one had
    assert sorted(holding("恒远")) == ["恒远茶店", "海城恒远商贸有限公司"]


@for_real
def test_an_enterprise_whose_name_no_row_holds_is_found_by_it() -> None:
    Enterprise.objects.create(code="X", name="海城恒远商贸", folded_name="海城恒远商贸")
    assert holding("恒远") == ["海城恒远商贸"]
    assert nameindex.rebuild() == 1
    assert holding("恒远") == ["海城恒远商贸"]


@for_real
def test_an_index_of_another_register_is_not_believed() -> None:
    known(1, "海城恒远商贸有限公司")
    known(2, "海城长风商贸有限公司")
    nameindex.rebuild()
    for model in (Enterprise, EnterpriseName):
        model.objects.filter(name__contains="长风").update(name="春风店", folded_name="春风店")
    assert (holding("长风"), holding("春风"), len(holding("恒远"))) == ([], ["春风店"], 1)


@for_real
def test_it_is_made_anew_when_too_many_names_came_since(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "FEW", 3)
    for number in range(1, 4):
        known(number, f"恒远{number}店")
    assert len(holding("恒远")) == 3
    assert generations(root) == []
    known(4, "恒远四店")
    assert len(holding("恒远")) == 4
    [first] = generations(root)
    assert index_names.call() is None
    for number in range(5, 9):
        known(number, f"恒远{number}店")
    assert index_names.call() == 8
    [second] = generations(root)
    assert second != first
    assert len(holding("恒远")) == 8


@for_real
def test_where_the_disk_refuses_the_names_are_read(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(live, "FEW", 0)
    monkeypatch.setattr(live, "keep", refuse)
    known(1, "海城恒远商贸有限公司")
    assert len(holding("恒远")) == 1
    assert "No space left" in caplog.text


@for_real
def test_nothing_of_a_forgotten_name_stays_on_the_disk(root: Path) -> None:
    enterprise, subject = known(1, "张三丰太极拳馆")
    known(2, "海城恒远商贸有限公司")
    nameindex.rebuild()
    assert len(search("张三丰")) == 1
    forget_names(enterprise, [subject])
    assert generations(root) == []
    assert search("张三丰") == []
    assert len(search("恒远")) == 1
    nameindex.rebuild()
    written = b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file())
    assert "太极拳".encode() not in written
    assert "太极拳".encode("utf-16-le") not in written


@for_real
def test_a_name_forgotten_while_an_index_is_made_is_not_put_back(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enterprise, _ = known(1, "张三丰太极拳馆")
    known(2, "海城恒远商贸有限公司")
    keep, calls = folders.keep, []

    def forgotten_meanwhile(*args: Any) -> bool:
        calls.append(args)
        if len(calls) == 1:
            EnterpriseName.objects.filter(enterprise=enterprise).delete()
            Enterprise.objects.filter(pk=enterprise).update(name="依法删除", folded_name="")
            folders.drop(root)
        return keep(*args)

    monkeypatch.setattr(live, "keep", forgotten_meanwhile)
    assert nameindex.rebuild() == 1
    assert len(calls) == 2
    assert holding("太极拳") == []


@for_real
def test_several_who_open_at_once_find_the_same(root: Path) -> None:
    for number in range(1, 20):
        known(number, f"海城恒远{number}店")
    nameindex.rebuild()
    index = nameindex.open_index()
    found: list[int] = []

    def look() -> None:
        found.extend(len(index.near("海城恒远七店", 50)) for _ in range(20))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [19] * 80
