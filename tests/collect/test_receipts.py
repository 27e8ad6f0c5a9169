"""What becomes of a file: sums that always add up, corrections, repeats, conflicts, retraction."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.collect.city import (
    ALPHA,
    BETA,
    CLOCK,
    GAMMA,
    HEADINGS,
    MISTYPED,
    csv_bytes,
    feed,
    region,
    rejected,
    row,
    send,
    sums,
)
from xinrong.collect import intake
from xinrong.collect.errors import FileChanged, UnknownBatch, UnknownFeed
from xinrong.collect.models import QuarantinedRow, Receipt
from xinrong.collect.services import (
    collect_file,
    quarantine_of,
    receipt,
    receipts,
    retract,
    retracted_batches,
)
from xinrong.store.models import Batch
from xinrong.store.services import Delta, RecordId, Writer, check, erase, snapshot
from xinrong.subjects.models import Enterprise, IdentityLink

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "upload.csv"


def amounts() -> list[int]:
    with snapshot() as snap:
        return list(snap.query("SELECT amount FROM record ORDER BY amount")["amount"].to_pylist())


CELLS = {
    "代码": st.sampled_from([ALPHA, BETA, GAMMA, MISTYPED, "", "无", "1" * 18, "331000000012345"]),
    "名称": st.sampled_from(["甲公司", "乙公司", "", "-"]),
    "税票号": st.sampled_from(["T1", "T2", "T3", ""]),
    "入库日期": st.sampled_from(["2025-06-30", "2025/6/30", "2025-02-30", "", "长期"]),
    "税额": st.sampled_from(["100", "100.00", "200", "-1", "万", ""]),
    "评价": st.sampled_from(["好", "差", "bad", "?", ""]),
    "代缴人": st.sampled_from([BETA, "丙公司", MISTYPED, ""]),
}
ROWS = st.lists(
    st.one_of(
        st.fixed_dictionaries(CELLS).map(
            lambda cells: [cells.get(heading, "") for heading in HEADINGS]
        ),
        st.just(["孤零零"]),
        st.just([""] * len(HEADINGS)),
    ),
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=ROWS, second=ROWS, chunk_rows=st.sampled_from([2, 50_000]))
def test_every_row_is_accepted_or_quarantined_or_duplicate(
    file: Path, first: list[list[str]], second: list[list[str]], chunk_rows: int
) -> None:
    """Whatever is sent, in two files after one another, chunk by chunk, and the store agrees."""
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake, "CHUNK_ROWS", chunk_rows)
        accepted = corrected = 0
        for rows in (first, second):
            # An anchor keeps the file from being empty; its remark keeps the bytes from repeating.
            content = csv_bytes([row(f"anchor {len(rows)} {accepted}", GAMMA), *rows])
            made = send(file, content)
            made.refresh_from_db()
            assert made.rows_in == made.accepted + made.quarantined + made.duplicates
            assert made.quarantined == QuarantinedRow.objects.filter(receipt=made).count()
            sent = [cells for cells in rows if any(cells)]
            assert made.repeated or made.rows_in == len(sent) + 1
            if not made.repeated:
                accepted, corrected = accepted + made.accepted, corrected + made.corrected
        with snapshot() as snap:
            (alive,) = snap.query("SELECT count(*) AS n FROM record")["n"].to_pylist()
        assert alive == accepted - corrected
        transaction.set_rollback(True)


def test_the_database_itself_refuses_a_receipt_that_does_not_add_up(file: Path) -> None:
    made = send(file, [row("T1")])
    with pytest.raises(IntegrityError), transaction.atomic():
        Receipt.objects.filter(pk=made.pk).update(rows_in=5)


def test_a_correction_and_its_return_are_two_corrections(file: Path) -> None:
    send(file, [row("T1", 税额="100")])
    second = send(file, [row("T1", 税额="200")])
    third = send(file, csv_bytes([row("T1", 税额="100")]) + b"\n")
    assert [(made.accepted, made.corrected) for made in (second, third)] == [(1, 1), (1, 1)]
    assert amounts() == [10_000]


def test_the_same_record_again_is_a_duplicate(file: Path) -> None:
    send(file, [row("T1"), row("T2")])
    assert sums(send(file, [row("T1"), row("T2"), row("T3")])) == (3, 1, 0, 2)


def test_the_same_content_written_otherwise_is_a_duplicate(file: Path) -> None:
    send(file, [row("T1", 税额="100.00", 月数="6", 备注="x")])
    again = row("T1", ALPHA.lower(), 入库日期="2025年6月30日", 税额="100元", 月数="6.0", 备注=" x ")
    assert sums(send(file, [again])) == (1, 0, 0, 1)


def test_the_same_row_twice_in_one_file_is_one_record_and_one_duplicate(file: Path) -> None:
    assert sums(send(file, [row("T1"), row("T1"), row("T1")])) == (3, 1, 0, 2)


def test_two_contents_of_one_record_in_one_file_are_both_quarantined(file: Path) -> None:
    made = send(file, [row("T1", 税额="1"), row("T2"), row("T1", 税额="2")])
    assert sums(made) == (3, 1, 2, 0)
    assert rejected(made) == [(2, [("conflict_in_batch", "")]), (4, [("conflict_in_batch", "")])]
    assert quarantine_of(made)[1].original["税额"] == "2"
    assert amounts() == [10_000]


def test_a_conflict_makes_no_enterprise(file: Path) -> None:
    send(file, [row("T1", ALPHA, 税额="1"), row("T1", ALPHA, 税额="2"), row("T2", BETA)])
    assert set(Enterprise.objects.values_list("code", flat=True)) == {BETA}


def test_a_record_of_one_number_belongs_to_each_subject_apart(file: Path) -> None:
    assert sums(send(file, [row("T1", ALPHA), row("T1", BETA)])) == (2, 2, 0, 0)


def test_the_same_bytes_give_the_first_receipt_and_write_nothing(file: Path) -> None:
    first = send(file, [row("T1"), row("T2", MISTYPED)])
    again = send(file, [row("T1"), row("T2", MISTYPED)])
    assert (again.pk, again.repeated, first.repeated) == (first.pk, True, False)
    assert Receipt.objects.count() == Batch.objects.count() == 1


def test_the_same_bytes_are_read_anew_when_the_feed_has_changed(file: Path) -> None:
    send(file, [row("T1")])
    assert sums(send(file, [row("T1")], feed(version=2))) == (1, 0, 0, 1)


def test_after_a_retraction_the_same_bytes_are_taken_anew(file: Path) -> None:
    first = send(file, [row("T1")])
    retract(first.batch, "wrong month", clock=CLOCK)
    assert retracted_batches([first.batch]) == {first.batch}
    assert amounts() == []
    again = send(file, [row("T1")])
    assert (sums(again), again.repeated) == ((1, 1, 0, 0), False)
    assert amounts() == [10_000]


def test_what_fails_inside_the_transaction_leaves_nothing(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the database went away")

    monkeypatch.setattr(intake, "link_new", broken)
    with pytest.raises(RuntimeError):
        send(file, [row("T1"), row("T2", MISTYPED)])
    assert not Receipt.objects.exists()
    assert not QuarantinedRow.objects.exists()
    assert not Batch.objects.exists()
    assert amounts() == []


def test_an_upload_that_is_overtaken_is_compared_again(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another upload of the category commits between comparing and committing."""
    prepare = Writer.prepare

    def overtaken_once(out: Writer, delta: Delta) -> None:
        monkeypatch.setattr(Writer, "prepare", prepare)
        send(file.with_name("other.csv"), [row("T1"), row("T9")])
        prepare(out, delta)

    monkeypatch.setattr(Writer, "prepare", overtaken_once)
    made = send(file, [row("T1"), row("T2"), row("T3", MISTYPED)])
    assert sums(made) == (3, 1, 1, 1)  # T1 came from the other upload meanwhile
    assert Receipt.objects.count() == 2
    assert check().faults == []


def test_only_a_register_feed_makes_full_enterprises(file: Path) -> None:
    send(file, [row("T1", ALPHA)])
    assert Enterprise.objects.get(code=ALPHA).provisional
    send(file, [row("T2", ALPHA, 代缴人=BETA)], feed(feed="register", register_feed=True))
    assert not Enterprise.objects.get(code=ALPHA).provisional
    assert Enterprise.objects.get(code=BETA).provisional  # a register's counterparty is no entry


def test_a_name_alone_is_counted_and_linked_to_nobody(file: Path) -> None:
    made = send(file, [row("T1", ""), row("T2", ALPHA)])
    assert made.unlinked == 1
    assert IdentityLink.objects.count() == 1


def test_a_golden_receipt(file: Path) -> None:
    """Every count at once, down to the row."""
    send(file, [row("old"), row("same")])
    made = send(
        file,
        [
            row("old", 税额="7"),  # 2: correction
            row("same"),  # 3: duplicate
            row("new", ALPHA.lower()),  # 4: accepted, repaired
            row("named", ""),  # 5: accepted, unlinked
            row("clash", 税额="1"),  # 6 and 7: conflict
            row("clash", 税额="2"),
            row("bad", 入库日期="2025-02-30"),  # 8: quarantined
            ["short"],  # 9: quarantined
        ],
    )
    made.refresh_from_db()
    counts = (made.corrected, made.unlinked, made.repaired)
    assert (sums(made), counts) == ((8, 3, 4, 1), (1, 1, 1))
    assert [number for number, _ in rejected(made)] == [6, 7, 8, 9]
    assert (made.feed, made.category, made.department) == ("tax_csv", "tax_payment", "tax_bureau")
    assert (made.region, made.received_at, made.source_name) == (
        "tests",
        CLOCK.now(),
        "upload.csv",
    )
    assert len(made.source_digest) == 64
    assert check().faults == []


def test_rows_before_a_file_that_breaks_off_are_not_kept(file: Path) -> None:
    made = send(file, csv_bytes([row("T1")]) + b'"no end\n' + b"x\n" * 3)
    assert made.rows_in == made.accepted + made.quarantined


def test_receipts_are_found_by_text_department_and_state(file: Path) -> None:
    clean = send(file, [row("T1")])
    dirty = send(file, [row("T1", MISTYPED)])
    assert list(receipts(text="upload")) == [dirty, clean]
    assert list(receipts(quarantined=True)) == [dirty]
    assert list(receipts(quarantined=False, department="tax_bureau")) == [clean]
    assert list(receipts(department="elsewhere")) == []
    assert receipt(clean.batch) == clean


def test_an_unknown_batch_and_an_unknown_feed_are_told_what_there_is(file: Path) -> None:
    with pytest.raises(UnknownBatch):
        receipt(404)
    with pytest.raises(UnknownFeed, match="tax_csv"):
        collect_file(file, "tax_cvs", clock=CLOCK, region=region())


def test_a_file_that_is_still_being_written_is_refused(file: Path) -> None:
    file.write_bytes(csv_bytes([row("T1")]))

    def write_more(_: int) -> None:
        with file.open("ab") as handle:
            handle.write(b"more\n")

    with pytest.raises(FileChanged):
        collect_file(file, "tax_csv", clock=CLOCK, region=region(), progress=write_more)
    assert not Batch.objects.exists()
    assert amounts() == []


def test_progress_is_told_chunk_by_chunk(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "CHUNK_ROWS", 2)
    file.write_bytes(csv_bytes([row(f"T{number}") for number in range(5)]))
    seen: list[int] = []
    collect_file(file, "tax_csv", clock=CLOCK, region=region(), progress=seen.append)
    assert seen[-1] == 5
    assert seen == sorted(seen)


def test_an_upload_that_fails_in_its_commit_leaves_nothing(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(intake.Intake, "_link", fails)
    clash = [row("clash", 税额="1"), row("clash", 税额="2")]
    with pytest.raises(OSError, match="no space"):
        send(file, [row("T1"), row("T2", MISTYPED), *clash])
    assert not QuarantinedRow.written.exists()
    assert not Receipt.objects.exists()
    assert not Batch.objects.exists()
    assert amounts() == []


def test_a_record_that_was_erased_is_quarantined_without_its_cells(file: Path) -> None:
    send(file, [row("T1"), row("T2")])
    with snapshot() as snap:
        found = snap.query("SELECT category, key, subject FROM record WHERE code = 'T1'")
    records = [RecordId(**one) for one in found.to_pylist()]
    erase(records, article="个人信息保护法第四十七条", reason="ordered", at=CLOCK.now())
    made = send(file, [row("T1", 税额="7"), row("T2"), row("T3")])
    assert sums(made) == (3, 1, 1, 1)
    assert rejected(made) == [(2, [("erased", "")])]
    assert QuarantinedRow.objects.get(receipt=made).original == {}
