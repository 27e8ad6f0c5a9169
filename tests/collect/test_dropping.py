"""The folder drop: whole files only, each once, nothing overwritten, no link followed."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.collect.city import CLOCK, MISTYPED, csv_bytes, region, row
from xinrong.collect.drop import dropping
from xinrong.collect.drop.dropping import DropFolder, Dropped, drop_folder, watch
from xinrong.collect.errors import DropError
from xinrong.collect.models import Receipt
from xinrong.domain.errors import XinrongError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with one feed's folder in it."""
    (tmp_path / "drop" / "tax_csv").mkdir(parents=True)
    return tmp_path / "drop"


def put(place: Path, name: str, *rows: list[str], done: bool = True) -> Path:
    path = place / "tax_csv" / name
    path.write_bytes(csv_bytes(rows or [row("T1")]))
    if done:
        Path(f"{path}.done").touch()
    return path


def folder(place: Path, settle: float = 3_600) -> DropFolder:
    return drop_folder(place, region(), clock=CLOCK, settle_seconds=settle)


def scan(place: Path, settle: float = 3_600) -> list[Dropped]:
    return list(folder(place, settle).scan())


def names(place: Path) -> set[str]:
    """Everything below the feed's folder, and what is at work."""
    found = (path.relative_to(place) for path in place.rglob("*") if not path.is_dir())
    return {str(path).removeprefix("tax_csv/") for path in found} - {".taking/lock"}


def test_a_complete_file_is_taken_and_moved_with_its_receipt_beside_it(place):
    put(place, "a.csv")
    (one,) = scan(place)
    assert (one.feed, one.name, one.receipt.accepted) == ("tax_csv", "a.csv", 1)
    assert names(place) == {"taken/a.csv", "taken/a.csv.receipt.json"}
    told = json.loads((place / "tax_csv/taken/a.csv.receipt.json").read_text())
    assert (told["batch"], told["rows_in"]) == (one.receipt.batch, 1)
    assert list((place / ".taking" / "tax_csv").iterdir()) == []


def test_rows_that_were_not_accepted_lie_beside_it_to_be_corrected_and_sent_again(place):
    put(place, "a.csv", row("T1"), row("T2", MISTYPED))
    scan(place)
    rejects = place / "tax_csv/taken/a.csv.rejects.csv"
    corrected = rejects.read_text("utf-8-sig").replace(MISTYPED, row()[0])
    (place / "tax_csv" / "again.csv").write_text(corrected, "utf-8-sig")
    (place / "tax_csv" / "again.csv.done").touch()
    (one,) = scan(place)
    assert (one.receipt.rows_in, one.receipt.accepted) == (1, 1)


def test_a_file_that_cannot_be_read_is_moved_with_the_reason(place):
    path = put(place, "a.csv")
    path.write_bytes(b"")
    (one,) = scan(place)
    assert one.refused is not None
    assert names(place) == {"refused/a.csv", "refused/a.csv.reason.json"}
    told = json.loads((place / "tax_csv/refused/a.csv.reason.json").read_text())
    assert told["code"] == one.refused.code
    assert {"wrong", "remedy", "zh", "en"} <= set(told)


def test_a_file_is_left_until_it_has_lain_still(place):
    path = put(place, "a.csv", done=False)
    assert scan(place, settle=3_600) == []
    assert path.exists()
    held = folder(place, settle=0.15)
    assert list(held.scan()) == []
    time.sleep(0.1)
    path.write_bytes(csv_bytes([row("T1"), row("T2")]))  # it grows: the time begins anew
    assert list(held.scan()) == []
    time.sleep(0.2)
    (one,) = held.scan()
    assert one.receipt.rows_in == 2


def test_an_old_date_does_not_make_a_fresh_copy_complete(place):
    path = put(place, "a.csv", done=False)
    os.utime(path, (0, 0))
    assert scan(place, settle=60) == []


@pytest.mark.parametrize("name", ["a.csv.tmp", ".a.csv", "~$a.xlsx", "a.csv.part", "a.csv~"])
def test_unfinished_names_are_left_alone(place, name):
    path = put(place, name, done=False)
    assert scan(place, settle=0) == []
    assert path.exists()


def test_the_oldest_file_is_taken_first(place):
    for age, name in enumerate(("c.csv", "a.csv", "b.csv")):
        os.utime(put(place, name, row(f"T{age}")), (1_000 + age, 1_000 + age))
    assert [one.name for one in scan(place)] == ["c.csv", "a.csv", "b.csv"]


def test_a_name_that_comes_again_does_not_overwrite_the_first(place):
    for number in range(3):
        put(place, "a.csv", row(f"T{number}"))
        scan(place)
    assert {"taken/a.csv", "taken/a-2.csv", "taken/a-3.csv"} <= names(place)
    batches = {
        json.loads(path.read_text())["batch"]
        for path in (place / "tax_csv/taken").glob("*.receipt.json")
    }
    assert len(batches) == 3


# --- two watchers, and one that dies ---------------------------------------------------------


def test_two_watchers_do_not_take_the_same_file(place, monkeypatch):
    put(place, "a.csv")
    first, second = folder(place), folder(place)
    seen: list[Any] = []
    take = first._take

    def meanwhile(path: Path, feed: str) -> Receipt:
        seen.extend(second.scan())
        return take(path, feed)

    monkeypatch.setattr(first, "_take", meanwhile)
    (one,) = first.scan()
    assert one.receipt is not None
    assert seen == []
    assert list(second.scan()) == []


def test_a_file_that_another_watcher_has_in_its_hands_is_not_claimed(place):
    import fcntl

    path = put(place, "a.csv")
    with path.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert scan(place) == []
    assert len(scan(place)) == 1


@pytest.mark.parametrize("step", ["taken", "settled"])
def test_a_crash_between_commit_and_move_does_not_take_a_file_twice(place, monkeypatch, step):
    put(place, "a.csv")

    class PowerCut(BaseException):
        pass

    settle = dropping.settle

    def cut(*given: Any, **more: Any) -> None:
        if step == "settled":
            monkeypatch.setattr("os.rename", lambda *_, **__: (_ for _ in ()).throw(PowerCut()))
            settle(*given, **more)
        raise PowerCut

    monkeypatch.setattr(dropping, "settle", cut)
    with pytest.raises(PowerCut):
        scan(place)
    monkeypatch.undo()
    assert Receipt.objects.count() == 1
    (one,) = drop_folder(place, region(), clock=CLOCK).scan()
    assert one.receipt.repeated
    assert Receipt.objects.count() == 1
    kept = {name for name in names(place) if not name.startswith("taken/.")}
    assert kept == {"taken/a.csv", "taken/a.csv.receipt.json"}


def test_what_is_no_fault_of_the_file_leaves_it_to_be_tried_again(place, monkeypatch):
    put(place, "a.csv")
    held = folder(place)
    take = held._take

    def broken(path: Path, feed: str) -> Receipt:
        raise XinrongError("the disk is full")

    monkeypatch.setattr(held, "_take", broken)
    (one,) = held.scan()
    assert str(one.trouble) == "the disk is full"
    assert not (place / "tax_csv" / "refused").exists()
    monkeypatch.setattr(held, "_take", take)
    (one,) = held.scan()
    assert one.receipt.accepted == 1


def test_a_file_that_its_sender_still_writes_to_waits(place, monkeypatch):
    path = put(place, "a.csv")
    held = folder(place)
    take = held._take
    with path.open("ab") as sender:

        def while_it_grows(at: Path, feed: str) -> Receipt:
            from xinrong.collect.errors import FileChanged

            sender.write(csv_bytes([row("T2")]).split(b"\n", 1)[1])
            sender.flush()
            raise FileChanged("The file changed while it was being read.")

        monkeypatch.setattr(held, "_take", while_it_grows)
        (one,) = held.scan()
        assert one.trouble is not None
    monkeypatch.setattr(held, "_take", take)
    (one,) = held.scan()
    assert one.receipt.rows_in == 2


# --- tricks ----------------------------------------------------------------------------------


def test_links_and_devices_are_put_aside_unread(place, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_bytes(csv_bytes([row("T1")]))
    (place / "tax_csv" / "link.csv").symlink_to(secret)
    os.link(secret, place / "tax_csv" / "hard.csv")
    os.mkfifo(place / "tax_csv" / "pipe.csv")
    found = scan(place, settle=0)
    assert {one.name for one in found} == {"link.csv", "hard.csv", "pipe.csv"}
    assert all(isinstance(one.refused, DropError) for one in found)
    assert not Receipt.objects.exists()
    assert secret.read_bytes() == csv_bytes([row("T1")])


def test_a_folder_that_is_a_link_is_not_followed(place, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.csv").write_bytes(csv_bytes([row("T1")]))
    (place / "tax_csv").rmdir()
    (place / "tax_csv").symlink_to(other)
    (one,) = scan(place, settle=0)
    assert one.trouble.code == "drop_not_a_file"
    assert (other / "a.csv").exists()


def test_what_was_taken_is_not_moved_through_a_link(place, tmp_path):
    (place / "tax_csv" / "taken").symlink_to(tmp_path)
    put(place, "a.csv")
    (one,) = scan(place)
    assert isinstance(one.trouble, OSError)
    assert not (tmp_path / "a.csv").exists()
    (place / "tax_csv" / "taken").unlink()
    (one,) = scan(place)
    assert one.receipt.repeated


def test_names_with_hidden_signs_are_refused(place):
    for name in (b"a\nb.csv", b"\xff.csv", "长".encode() * 70 + b".csv"):
        Path(os.fsdecode(bytes(place / "tax_csv") + b"/" + name)).write_bytes(
            csv_bytes([row("T1")])
        )
    assert all(isinstance(one.refused, DropError) for one in scan(place, settle=0))
    assert not Receipt.objects.exists()


def test_a_folder_of_no_feed_is_told_once(place):
    (place / "tax_csb").mkdir()
    held = folder(place)
    assert [one.name for one in held.scan()] == ["tax_csb"]
    assert list(held.scan()) == []


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(DropError):
        folder(tmp_path / "nowhere")


# --- the watch -------------------------------------------------------------------------------


def test_a_watch_ends_between_two_files(place):
    for number in range(3):
        os.utime(put(place, f"{number}.csv", row(f"T{number}")), (number, number))
    stop, told = Event(), []

    def one_is_enough(one: Dropped) -> None:
        told.append(one.name)
        stop.set()

    watch(folder(place), stop, one_is_enough, 60)
    assert told == ["0.csv"]
    assert {"1.csv", "2.csv"} <= names(place)
