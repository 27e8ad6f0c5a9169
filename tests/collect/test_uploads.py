"""Files that come in pieces: cut off, repeated, out of place, too large, on a full disk."""

from __future__ import annotations

import hashlib
import resource
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django_ox.testing import run_tasks

from tests.collect.city import CLOCK, csv_bytes, region, row
from xinrong.accounts.services import Viewer, create_organisation, create_person, viewer_of
from xinrong.collect import services as collect
from xinrong.collect.models import Receipt, Upload
from xinrong.collect.services import UploadError
from xinrong.collect.uploads import errors, spool, taking
from xinrong.collect.uploads.names import safe_name
from xinrong.domain.clock import FixedClock
from xinrong.store.models import Batch

pytestmark = pytest.mark.usefixtures("db", "store_root", "uploads_root")
BYTES = csv_bytes([row(f"T{number}") for number in range(20)])


@pytest.fixture
def uploads_root(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A spool of the test's own, and the tests' region behind every region's name."""
    settings.UPLOADS_ROOT = tmp_path / "uploads"
    monkeypatch.setattr(taking, "load_region", lambda _name: region())
    return tmp_path / "uploads"


@pytest.fixture
def sender() -> Viewer:
    made = create_organisation("税务局（虚构）", "department", reference="tax_bureau")
    return viewer_of(
        create_person("t@example.cn", "a long enough passphrase 7", name="张", organisation=made,
                      role="data_officer")
    )  # fmt: skip


def start(who: Viewer, name: str = "纳税.csv", size: int = len(BYTES)) -> Upload:
    return collect.start_upload(who, "tax_csv", name, size, region=region(), clock=CLOCK)


def whole(who: Viewer, content: bytes = BYTES, name: str = "纳税.csv") -> Upload:
    return collect.receive_whole(
        who, "tax_csv", name, len(content), [content], region=region(), clock=CLOCK
    )


def there(upload: Upload) -> bytes:
    return spool.path_of(upload).read_bytes()


def test_pieces_make_the_file_and_the_file_a_batch(sender: Viewer) -> None:
    upload = start(sender)
    assert collect.receive_chunk(upload, 0, BYTES[:100], clock=CLOCK) == 100
    assert collect.receive_chunk(upload, 100, BYTES[100:], clock=CLOCK) == len(BYTES)
    collect.finish_upload(upload, hashlib.sha256(BYTES).hexdigest(), clock=CLOCK)
    assert there(upload) == BYTES
    done = collect.confirm_upload(upload, clock=CLOCK)
    assert (done.state, done.repeated, done.problem) == ("done", False, {})
    receipt = collect.receipt(done.batch or 0)
    assert (receipt.rows_in, receipt.accepted) == (20, 20)
    assert receipt.source_digest == done.digest == hashlib.sha256(BYTES).hexdigest()
    assert receipt.source_name == "纳税.csv"


def test_the_bytes_are_gone_as_soon_as_the_batch_stands(sender: Viewer, uploads_root: Path) -> None:
    upload = whole(sender)
    assert spool.path_of(upload).exists()
    collect.confirm_upload(upload, clock=CLOCK)
    assert list(uploads_root.iterdir()) == []


def test_an_upload_that_was_cut_off_goes_on_in_another_session(sender: Viewer) -> None:
    upload = start(sender)
    collect.receive_chunk(upload, 0, BYTES[:77], clock=CLOCK)
    again = collect.find_upload(upload.key, sender)
    arrived = collect.arrived(again)
    assert (arrived.offset, arrived.size, arrived.state) == (77, len(BYTES), "receiving")
    assert arrived.head == hashlib.sha256(BYTES[:77]).hexdigest()
    collect.receive_chunk(again, 77, BYTES[77:], clock=CLOCK)
    assert there(collect.finish_upload(again, clock=CLOCK)) == BYTES


def test_half_a_file_is_not_finished(sender: Viewer) -> None:
    upload = start(sender)
    collect.receive_chunk(upload, 0, BYTES[:50], clock=CLOCK)
    with pytest.raises(collect.WrongOffset) as found:
        collect.finish_upload(upload, clock=CLOCK)
    assert found.value.offset == 50
    with pytest.raises(errors.WrongState):
        collect.confirm_upload(upload, clock=CLOCK)
    assert not Batch.objects.exists()


@pytest.mark.parametrize("offset", [0, 49, 51, 10_000, -1])
def test_a_piece_that_does_not_fit_is_told_where_to_go_on(sender: Viewer, offset: int) -> None:
    upload = start(sender)
    collect.receive_chunk(upload, 0, BYTES[:50], clock=CLOCK)
    with pytest.raises(collect.WrongOffset) as found:
        collect.receive_chunk(upload, offset, BYTES[50:60], clock=CLOCK)
    assert found.value.offset == 50
    assert there(upload) == BYTES[:50]


def test_a_replayed_piece_changes_nothing(sender: Viewer) -> None:
    upload = start(sender)
    for piece in (slice(0, 50), slice(50, None)):
        collect.receive_chunk(upload, piece.start, BYTES[piece], clock=CLOCK)
        with pytest.raises(collect.WrongOffset):
            collect.receive_chunk(upload, piece.start, BYTES[piece], clock=CLOCK)
    assert there(collect.finish_upload(upload, clock=CLOCK)) == BYTES


def test_a_piece_beyond_the_end_or_beyond_the_bound_or_empty_is_refused(
    sender: Viewer, settings: Any
) -> None:
    settings.UPLOAD_CHUNK_BYTES = 60
    upload = start(sender, size=100)
    for wrong in (b"", b"x" * 61):
        with pytest.raises(errors.ChunkRefused):
            collect.receive_chunk(upload, 0, wrong, clock=CLOCK)
    collect.receive_chunk(upload, 0, b"x" * 60, clock=CLOCK)
    with pytest.raises(errors.ChunkRefused):
        collect.receive_chunk(upload, 60, b"x" * 41, clock=CLOCK)
    assert there(upload) == b"x" * 60


def test_bytes_that_differ_from_the_browsers_begin_again(sender: Viewer) -> None:
    upload = start(sender)
    collect.receive_chunk(upload, 0, BYTES, clock=CLOCK)
    with pytest.raises(errors.DigestDiffers):
        collect.finish_upload(upload, "0" * 64, clock=CLOCK)
    assert collect.arrived(upload).offset == 0
    assert there(upload) == b""


def test_what_the_disk_lost_is_asked_for_again(sender: Viewer) -> None:
    upload = start(sender)
    collect.receive_chunk(upload, 0, BYTES[:90], clock=CLOCK)
    spool.path_of(upload).write_bytes(BYTES[:40])
    assert collect.arrived(upload).offset == 40
    collect.receive_chunk(upload, 40, BYTES[40:], clock=CLOCK)
    assert there(collect.finish_upload(upload, clock=CLOCK)) == BYTES


def test_no_bytes_and_too_many_bytes_are_refused_at_the_start(
    sender: Viewer, settings: Any, uploads_root: Path
) -> None:
    with pytest.raises(errors.EmptyUpload):
        start(sender, size=0)
    with pytest.raises(errors.UploadTooLarge):
        start(sender, size=settings.UPLOAD_BYTES + 1)
    assert not uploads_root.exists()
    assert not Upload.objects.exists()


def test_a_department_has_a_quota_of_files_and_of_bytes(sender: Viewer, settings: Any) -> None:
    settings.UPLOADS_OPEN = 2
    first = start(sender)
    start(sender)
    with pytest.raises(errors.QuotaReached):
        start(sender)
    collect.discard_upload(first, clock=CLOCK)
    start(sender)
    settings.UPLOADS_OPEN, settings.UPLOADS_BYTES = 50, 2 * len(BYTES) + 10
    with pytest.raises(errors.QuotaReached):
        start(sender)


def test_a_full_disk_is_said_and_what_came_before_is_kept(sender: Viewer) -> None:
    """No file of this process may grow beyond 200 bytes for a moment: its disk is full there."""
    upload = start(sender)
    collect.receive_chunk(upload, 0, BYTES[:150], clock=CLOCK)
    kept = resource.getrlimit(resource.RLIMIT_FSIZE)
    with spool.locked(upload) as file:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200, kept[1]))
        try:
            with pytest.raises(errors.NoRoom) as found:
                spool.append(file, 150, BYTES[150:], upload)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, kept)
    assert "磁盘已满" in found.value.words.zh
    assert there(upload) == BYTES[:150]
    collect.receive_chunk(upload, 150, BYTES[150:], clock=CLOCK)
    assert there(collect.finish_upload(upload, clock=CLOCK)) == BYTES


def test_a_file_that_the_disk_cannot_hold_is_refused_before_it_is_sent(
    sender: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=10))
    with pytest.raises(errors.NoRoom):
        start(sender)
    assert not Upload.objects.exists()


def test_two_uploads_of_one_file_make_one_batch(sender: Viewer) -> None:
    first, second = whole(sender), whole(sender, name="同一个文件.csv")
    one = collect.confirm_upload(first, clock=CLOCK)
    other = collect.confirm_upload(second, clock=CLOCK)
    assert (one.repeated, other.repeated) == (False, True)
    assert one.batch == other.batch
    assert Receipt.objects.count() == Batch.objects.count() == 1


def test_of_two_that_run_at_the_same_moment_one_becomes_a_batch(
    sender: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second begins while the first has judged its rows but not committed them."""
    from xinrong.collect.intake import Intake

    first, second = whole(sender), whole(sender, name="另一份.csv")
    judged = Intake._judged
    batches: list[int | None] = []

    def meanwhile(self: Any, *given: Any) -> Iterator[Any]:
        yield from judged(self, *given)
        if self.path.name == "纳税.csv":
            batches.append(collect.confirm_upload(second, clock=CLOCK).batch)

    monkeypatch.setattr(Intake, "_judged", meanwhile)
    done = collect.confirm_upload(first, clock=CLOCK)
    assert [done.batch] == batches
    assert done.repeated
    assert Receipt.objects.count() == 1
    assert Batch.objects.exclude(seq=None).count() == 1


def test_a_large_file_is_taken_in_by_a_task(sender: Viewer, settings: Any) -> None:
    settings.UPLOAD_AT_ONCE_BYTES = 10
    upload = collect.confirm_upload(whole(sender), clock=CLOCK)
    assert upload.state == "taking"
    assert collect.confirm_upload(upload, clock=CLOCK).state == "taking"
    results = run_tasks(raise_failures=True)
    assert [result.task.name for result in results].count("take_upload") == 1
    upload.refresh_from_db()
    assert (upload.state, upload.rows_read, upload.repeated) == ("done", 20, False)


def test_a_task_that_is_taken_up_again_after_the_commit_doubles_nothing(
    sender: Viewer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker dies after the commit and before it says so."""
    settings.UPLOAD_AT_ONCE_BYTES = 10
    upload = collect.confirm_upload(whole(sender), clock=CLOCK)
    taking._collect(upload)
    run_tasks(raise_failures=True)
    upload.refresh_from_db()
    assert (upload.state, upload.repeated) == ("done", False)
    assert Receipt.objects.count() == 1
    taking.take_upload(upload.key, clock=CLOCK)
    assert Receipt.objects.count() == 1


def test_an_upload_that_fails_waits_for_its_sender_with_the_reason(sender: Viewer) -> None:
    upload = whole(sender, "不是,这些,列\n1,2,3\n".encode())
    stopped = collect.confirm_upload(upload, clock=CLOCK)
    assert stopped.state == "received"
    assert stopped.problem["code"] == "column_missing"
    assert "缺少列" in stopped.problem["zh"]
    assert spool.path_of(upload).exists()


def test_what_nobody_touches_for_a_day_is_deleted(sender: Viewer, uploads_root: Path) -> None:
    upload, taken = start(sender), whole(sender)
    Upload.objects.filter(pk=taken.pk).update(state="taking")
    (uploads_root / "nobodys").mkdir()
    later = FixedClock(CLOCK.now() + timedelta(hours=23))
    assert collect.sweep_uploads(clock=later) == 0
    assert spool.path_of(upload).exists()
    later = FixedClock(max(datetime.now(UTC), CLOCK.now()) + timedelta(hours=25))
    assert collect.sweep_uploads(clock=later) == 1
    upload.refresh_from_db()
    assert upload.state == "expired"
    assert [path.name for path in uploads_root.iterdir()] == [taken.key]


def test_another_department_does_not_see_an_upload(sender: Viewer) -> None:
    made = create_organisation("海关（虚构）", "department", reference="customs")
    person = create_person("c@example.cn", "a long enough passphrase 7", name="c",
                           organisation=made, role="data_officer")  # fmt: skip
    upload = start(sender)
    with pytest.raises(errors.UnknownUpload):
        collect.find_upload(upload.key, viewer_of(person))
    assert list(collect.uploads_of(viewer_of(person))) == []
    assert list(collect.uploads_of(sender)) == [upload]


def test_a_discarded_upload_is_gone_and_cannot_go_on(sender: Viewer) -> None:
    upload = start(sender)
    collect.discard_upload(upload, clock=CLOCK)
    assert not spool.path_of(upload).exists()
    with pytest.raises(errors.WrongState):
        collect.receive_chunk(upload, 0, b"x", clock=CLOCK)
    assert not spool.path_of(upload).exists()
    collect.discard_upload(upload, clock=CLOCK)
    done = collect.confirm_upload(whole(sender), clock=CLOCK)
    with pytest.raises(errors.WrongState):
        collect.discard_upload(done, clock=CLOCK)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("纳税.csv", "纳税.csv"),
        ("../../etc/passwd", "passwd"),
        (r"C:\数据\十月 报送.xlsx", "十月 报送.xlsx"),
        ("<img src=x onerror=alert(1)>.csv", "_img src=x onerror=alert(1)_.csv"),
        ("税\u202egnp.csv", "税gnp.csv"),
        ("a\x00b\n.csv", "ab.csv"),
        (".htaccess", "htaccess"),
        ("..", "upload"),
        ("", "upload"),
        ("长" * 300 + ".csv", "长" * 76 + ".csv"),
        ("\ud800.csv", "csv"),
    ],
)
def test_names_are_made_harmless(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept
    assert len(safe_name(sent).encode()) < 256


def test_a_name_may_be_as_long_as_a_receipt_keeps(sender: Viewer) -> None:
    done = collect.confirm_upload(whole(sender, name="长" * 300 + ".csv"), clock=CLOCK)
    assert collect.receipt(done.batch or 0).source_name.endswith(".csv")


def test_every_error_says_what_to_do_in_both_languages() -> None:
    made: list[UploadError] = [
        errors.UnknownUpload(), errors.WrongOffset(3, "f"), errors.ChunkRefused(3, "f"),
        errors.EmptyUpload("f"), errors.UploadTooLarge(9, 3, "f"),
        errors.UploadTooLarge(9, 3, "f", by_form=True), errors.NoRoom("f"),
        errors.DigestDiffers("f"), errors.WrongState("f"),
    ]  # fmt: skip
    for error in made:
        assert error.words.zh.endswith("。")
        assert error.words.en.endswith(".")
        assert error.remedy
    assert len({type(error).code for error in made}) == len({type(error) for error in made})
