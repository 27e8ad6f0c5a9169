"""What an order to erase takes away outside the store, and what it must leave."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.collect.city import ALPHA, BETA, CLOCK, HEADINGS, code, rejected, row, send, sums
from xinrong.collect.erasing import erasure
from xinrong.collect.erasing.carrying import Marks, even, file_carries
from xinrong.collect.erasing.erasure import (
    NothingToErase,
    empty_again,
    erase_enterprise,
    erase_records,
    forget_again,
    preview_erasure,
)
from xinrong.collect.models import ErasureOrder, QuarantinedRow
from xinrong.domain.uscc import check_digit
from xinrong.store import services as store
from xinrong.store.backups import journal
from xinrong.subjects.models import Enterprise, EnterpriseName, RegisterChange, Subject
from xinrong.subjects.services import enterprise_by_code, search

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]

_FIRST = "92331000MA0000009"
TRADER = _FIRST + check_digit(_FIRST)
NAME = "台州市甲某某小吃店"
ORDER = {"article": "个人信息保护法第四十七条", "reason": "asked for"}


@pytest.fixture(autouse=True)
def _journal(settings: Any, tmp_path: Path) -> None:
    settings.JOURNAL = tmp_path / "journal"


@pytest.fixture
def filled(tmp_path: Path) -> dict[str, int]:
    """Two records of a sole trader (one of them corrected), one of a company, four rejects."""
    trader = {"名称": NAME, "备注": "MARK"}
    send(tmp_path / "1.csv", [row("T1", TRADER, **trader), row("T2", TRADER, **trader), row("T3")])
    send(tmp_path / "2.csv", [row("T1", TRADER, 税额="7.00", **trader)])
    send(
        tmp_path / "3.csv",
        [
            row("T4", TRADER, 入库日期="soon", **trader),
            row("T5", TRADER.translate(FULL_WIDTH), 入库日期="soon", 名称=""),
            row("T6", "", 名称=NAME, 入库日期="soon"),
            row("T7", BETA, 入库日期="soon", 名称="乙公司"),
        ],
    )
    return {one.code: one.pk for one in Enterprise.objects.all()}


FULL_WIDTH = {ord(char): ord(char) + 0xFEE0 for char in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def test_a_preview_counts_and_changes_nothing(filled: dict[str, int]) -> None:
    found = preview_erasure(filled[TRADER])
    assert found.personal
    assert found.records == {"tax_payment": 2}
    assert (found.versions, found.quarantined, found.names) == (3, 3, 1)
    assert not ErasureOrder.objects.exists()
    assert list(journal.read()) == []
    assert preview_erasure(filled[TRADER]) == found


def test_erased_records_are_shown_to_nobody_and_others_stay(filled: dict[str, int]) -> None:
    order = erase_enterprise(filled[TRADER], clock=CLOCK, **ORDER)
    with store.snapshot() as snap:
        left = snap.query("SELECT code FROM record").to_pylist()
        then = snap.query("SELECT count(*) AS n FROM record").to_pylist()
    assert [one["code"] for one in left] == ["T3"]
    assert then == [{"n": 1}]
    assert order.erased_at == CLOCK.now()
    assert order.due_at == CLOCK.now() + timedelta(days=30)
    with store.snapshot(seq=2) as snap:  # as of then: gone as well
        assert len(snap.query("SELECT 1 AS x FROM record")) == 1


def test_quarantined_rows_lose_their_cells_and_receipts_still_add_up(
    filled: dict[str, int], tmp_path: Path
) -> None:
    erase_enterprise(filled[TRADER], clock=CLOCK, **ORDER)
    kept = {one.row_no: one for one in QuarantinedRow.objects.all()}
    assert [number for number, one in kept.items() if one.original] == [5]
    assert kept[5].original["税票号"] == "T7"
    text = json.dumps([one.problems for one in kept.values() if not one.original])
    assert "soon" not in text
    assert {one["rule"] for one in kept[2].problems} == {"erased"}
    receipt = kept[2].receipt
    assert receipt.quarantined == len(kept) == 4


def test_the_names_of_a_sole_trader_go_with_the_whole(filled: dict[str, int]) -> None:
    RegisterChange.objects.create(
        enterprise_id=filled[TRADER], seq=1, what="name", before="台州市前某某小吃店", after=NAME
    )
    erase_enterprise(filled[TRADER], clock=CLOCK, **ORDER)
    whole = json.dumps(
        [
            list(Subject.objects.values_list("key", "name")),
            list(Enterprise.objects.values_list("code", "name", "folded_name")),
            list(EnterpriseName.objects.values_list("name", "folded_name")),
            list(RegisterChange.objects.values_list("before", "after")),
        ],
        ensure_ascii=False,
    )
    assert "某某" not in whole
    assert search("甲某某") == []
    assert enterprise_by_code(TRADER).name == "依法删除"
    assert enterprise_by_code(ALPHA).name == "甲公司"


def test_a_category_or_a_company_keeps_its_name(filled: dict[str, int]) -> None:
    erase_enterprise(filled[TRADER], category="tax_payment", clock=CLOCK, **ORDER)
    erase_enterprise(filled[ALPHA], clock=CLOCK, **ORDER)
    assert enterprise_by_code(TRADER).name == NAME
    assert enterprise_by_code(ALPHA).name == "甲公司"
    with store.snapshot() as snap:
        assert len(snap.query("SELECT 1 AS x FROM record")) == 0


def test_single_records_are_erased_in_every_version(filled: dict[str, int]) -> None:
    with store.snapshot() as snap:
        rows = snap.query("SELECT category, key, subject, code FROM record").to_pylist()
    first = next(one for one in rows if one["code"] == "T1")
    record = store.RecordId(first["category"], first["key"], first["subject"])
    order = erase_records(filled[TRADER], [record], clock=CLOCK, **ORDER)
    assert order.counts["versions"] == 2
    with store.snapshot() as snap:
        left = snap.query("SELECT code FROM record ORDER BY code").to_pylist()
    assert [one["code"] for one in left] == ["T2", "T3"]
    assert enterprise_by_code(TRADER).name == NAME


def test_a_record_that_was_erased_is_not_brought_back_by_sending_it_again(
    filled: dict[str, int], tmp_path: Path
) -> None:
    erase_enterprise(filled[TRADER], clock=CLOCK, **ORDER)
    again = send(
        tmp_path / "4.csv", [row("T1", TRADER, 名称=NAME, 备注="MARK AGAIN"), row("T8", ALPHA)]
    )
    assert sums(again) == (2, 1, 1, 0)
    assert rejected(again) == [(2, [("erased", "")])]
    kept = QuarantinedRow.objects.get(receipt=again)
    assert kept.original == {}
    with store.snapshot() as snap:
        assert len(snap.query("SELECT 1 AS x FROM record")) == 2


def test_where_nothing_is_held_nothing_is_ordered(filled: dict[str, int]) -> None:
    erase_enterprise(filled[ALPHA], clock=CLOCK, **ORDER)
    with pytest.raises(NothingToErase):
        erase_enterprise(filled[ALPHA], category="no_such", clock=CLOCK, **ORDER)
    assert ErasureOrder.objects.count() == 1


def test_order_and_journal_hold_no_value(filled: dict[str, int], tmp_path: Path) -> None:
    order = erase_enterprise(filled[TRADER], clock=CLOCK, **ORDER)
    text = json.dumps([order.counts, [dict(one.payload) for one in journal.read()]])
    for value in (TRADER, NAME, "MARK", "T1", "soon"):
        assert value not in text


def test_what_was_erased_is_erased_again_in_a_restored_database(filled: dict[str, int]) -> None:
    rows = list(QuarantinedRow.objects.filter(row_no__lt=5).values_list("pk", flat=True))
    numbers = list(Subject.objects.filter(code=TRADER).values_list("pk", flat=True))
    journal.record(erasure.QUARANTINE_ERASED, {"rows": rows, "article": "47"}, CLOCK.now())
    journal.record(erasure.QUARANTINE_ERASED, {"rows": [999], "article": "47"}, CLOCK.now())
    whom = {"enterprise": filled[TRADER], "subjects": numbers}
    journal.record(erasure.NAMES_ERASED, whom, CLOCK.now())
    first, unknown, names = journal.read()
    assert [empty_again(first), empty_again(unknown), forget_again(names)] == [
        "applied",
        "absent",
        "applied",
    ]
    assert [empty_again(first), forget_again(names)] == ["present", "present"]
    assert not QuarantinedRow.objects.filter(pk__in=rows).exclude(original={}).exists()


def test_a_decision_that_cannot_be_written_down_is_not_taken(
    filled: dict[str, int], settings: Any, tmp_path: Path
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("", encoding="utf-8")
    settings.JOURNAL = blocked
    with pytest.raises(journal.JournalUnwritable):
        erase_enterprise(filled[TRADER], clock=CLOCK, **ORDER)
    assert not ErasureOrder.objects.exists()
    assert enterprise_by_code(TRADER).name == NAME
    with store.snapshot() as snap:
        assert len(snap.query("SELECT 1 AS x FROM record")) == 3


def test_files_that_a_folder_drop_put_aside_are_deleted_when_they_carry_it(
    filled: dict[str, int], tmp_path: Path
) -> None:
    drop = tmp_path / "drop"
    for kind in ("taken", "refused"):
        (drop / "tax_csv" / kind).mkdir(parents=True)
        (drop / "tax_csv" / kind / "a.csv").write_text(f"x,{TRADER}\n", encoding="utf-8")
        (drop / "tax_csv" / kind / "b.csv").write_text(f"x,{BETA}\n", encoding="utf-8")
    (drop / "tax_csv" / "new.csv").write_text(f"x,{TRADER}\n", encoding="utf-8")
    (drop / "tax_csv" / "taken" / "link.csv").symlink_to(drop / "tax_csv" / "new.csv")
    assert preview_erasure(filled[TRADER], folders=[drop]).files == 2
    order = erase_enterprise(filled[TRADER], folders=[drop], clock=CLOCK, **ORDER)
    assert order.counts["files"] == 2
    left = sorted(path.relative_to(drop).as_posix() for path in drop.rglob("*.csv"))
    assert left == [
        "tax_csv/new.csv",  # not taken yet: its rows will meet the erasure
        "tax_csv/refused/b.csv",
        "tax_csv/taken/b.csv",
        "tax_csv/taken/link.csv",
    ]


# -- where marks are found --------------------------------------------------------------------


def test_codes_are_found_as_they_were_sent() -> None:
    marks = Marks.of([TRADER], [])
    spaced = f"{TRADER[:6]} {TRADER[6:].lower()}"
    for cell in (TRADER, TRADER.translate(FULL_WIDTH), spaced, f"代码：{TRADER}。"):
        assert marks.in_cells(["x", cell])
    assert not marks.in_cells([code(77), ""])


def test_a_short_name_is_found_as_a_whole_cell_only() -> None:
    marks = Marks.of([], ["王小二", NAME])
    assert marks.in_cells(["王小二"])
    assert not marks.in_cells(["王小二十"])
    assert marks.in_cells([f"开户名{NAME}"])


def test_an_empty_name_marks_nobody() -> None:
    assert not Marks.of(["", " "], [""]).in_cells(["", "anything"])


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le"])
def test_files_are_searched_in_the_encodings_that_departments_use(
    tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f"{','.join(HEADINGS)}\n{'x' * (1 << 20)}{NAME}\n".encode(encoding))
    assert file_carries(path, Marks.of([], [NAME]))
    assert not file_carries(path, Marks.of([TRADER], ["另外一家公司"]))


def test_archives_workbooks_and_parquet_are_searched_inside(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<t>{NAME}</t>")
    (tmp_path / "a.xlsx").write_bytes(packed.getvalue())
    pq.write_table(pa.table({"name": [NAME], "n": [1]}), tmp_path / "a.parquet")
    (tmp_path / "half.xlsx").write_bytes(packed.getvalue()[:40])
    marks = Marks.of([], [NAME])
    assert file_carries(tmp_path / "a.xlsx", marks)
    assert file_carries(tmp_path / "a.parquet", marks)
    assert not file_carries(tmp_path / "half.xlsx", marks)
    assert not file_carries(tmp_path / "absent", marks)


def test_searching_evens_out_width_case_and_space() -> None:
    assert even(" Ａb　1 ") == "AB1"
