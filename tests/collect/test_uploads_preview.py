"""A preview says what taking the file in would give, and writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

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
    row,
    send,
)
from xinrong.collect.models import QuarantinedRow, Receipt
from xinrong.collect.preview import previewing
from xinrong.collect.preview.previewing import Preview, preview_file
from xinrong.store.models import Batch
from xinrong.subjects.models import Subject

pytestmark = pytest.mark.usefixtures("db", "store_root")


def look(
    path: Path, rows: Sequence[Sequence[str]] | bytes, headings: Sequence[str] = HEADINGS,
    renamed: dict[str, str] | None = None, **changes: Any,
) -> Preview:  # fmt: skip
    path.write_bytes(rows if isinstance(rows, bytes) else csv_bytes(rows, headings))
    return preview_file(
        path, "tax_csv", clock=CLOCK, region=region(feed(**changes)), renamed=renamed
    )


def sums(preview: Preview) -> tuple[int, int, int, int]:
    return preview.rows, preview.accepted, preview.quarantined, preview.duplicates


MIXED = [
    row("T1"), row("T2", BETA), row("T2", BETA), row("T3", MISTYPED), row("T4", 入库日期="2025-02-30"),
    row("T5", GAMMA, 税额="1"), row("T5", GAMMA, 税额="2"), row("T6", "", 名称="只有名称的公司"),
    row("T7", 代缴人=BETA),
]  # fmt: skip


def test_a_preview_of_a_small_file_is_what_its_receipt_says(tmp_path: Path) -> None:
    send(tmp_path / "before.csv", [row("T1"), row("T7", 代缴人=GAMMA)])
    preview = look(tmp_path / "f.csv", MIXED)
    receipt = send(tmp_path / "f.csv", MIXED)
    assert sums(preview) == (
        receipt.rows_in, receipt.accepted, receipt.quarantined, receipt.duplicates
    )  # fmt: skip
    assert sums(preview) == (9, 3, 4, 2)
    assert preview.corrected == receipt.corrected == 1
    assert preview.whole
    rules = {(one.problem.rule, one.problem.field): one.rows for one in preview.reasons}
    kept = [
        (problem["rule"], problem["field"])
        for one in QuarantinedRow.objects.filter(receipt=receipt)
        for problem in one.problems
    ]
    assert rules == {key: kept.count(key) for key in kept}


def test_nothing_is_written(tmp_path: Path) -> None:
    look(tmp_path / "f.csv", MIXED)
    for model in (Subject, Batch, Receipt, QuarantinedRow):
        assert not model.objects.exists()


def test_a_long_file_is_judged_by_its_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previewing, "SAMPLE_ROWS", 50)
    monkeypatch.setattr(previewing, "_CHUNK", 20)
    rows = [row(f"T{number:04}") for number in range(500)]
    preview = look(tmp_path / "f.csv", rows)
    assert (preview.rows, preview.whole) == (50, False)
    assert 300 < (preview.rows_expected or 0) < 800
    assert not look(tmp_path / "g.csv", rows[:51]).whole
    assert look(tmp_path / "h.csv", rows[:50]).whole


def test_the_first_rows_stand_as_sent_and_as_read(tmp_path: Path) -> None:
    preview = look(
        tmp_path / "f.csv",
        [row("T1", 税额="1,234.5", 评价="差", 申报额="2", 网上="是", 税率="5.10", 代缴人=BETA),
         row("T2", 入库日期="2025-02-30"), row("T3")],
    )  # fmt: skip
    first, second, _ = preview.shown
    cells = {cell.title.zh: cell for cell in first.cells}
    assert (first.row_no, first.fate) == (2, "accepted")
    assert cells["所属企业"].read is not None
    assert ALPHA in cells["所属企业"].read.zh
    said = {name: (cell.sent, cell.read.zh if cell.read else None) for name, cell in cells.items()}
    assert said["amount"] == ("1,234.5", "1,234.50 元")
    assert said["standing"] == ("差", "差")
    assert said["declared"] == ("2", "20,000.00 元")
    assert said["online"] == ("是", "是")
    assert said["rate"] == ("5.10", "5.1")
    assert said["payer"] == (BETA, BETA)
    assert said["remark"] == ("", None)
    assert second.fate == "quarantined"
    problem = next(cell.problem for cell in second.cells if cell.title.zh == "paid_on")
    assert problem is not None
    assert "没有这一天" in problem.zh


def test_an_identity_number_in_the_place_of_a_code_is_not_shown(tmp_path: Path) -> None:
    number = "11010519491231002X"
    preview = look(tmp_path / "f.csv", [row("T1", number)])
    said = [
        cell.sent + (cell.problem.zh if cell.problem else "") for cell in preview.shown[0].cells
    ]
    assert not any(number in text for text in said)
    assert any("[removed]" in text for text in said)


def headings(**other: str) -> list[str]:
    return [other.get(name, name) for name in HEADINGS]


def test_a_renamed_column_is_guessed_by_name_and_by_what_is_in_it(tmp_path: Path) -> None:
    preview = look(
        tmp_path / "f.csv",
        [row("T1"), row("T2", BETA)],
        headings(代码="信用号", 入库日期="缴入国库日期", 税票号="税票号码"),
    )
    assert preview.error is not None
    assert preview.error.code == "column_missing"
    guesses = {one.column: (one.guess, one.vital) for one in preview.missing}
    assert guesses == {
        "代码": ("信用号", True), "入库日期": ("缴入国库日期", True), "税票号": ("税票号码", True)
    }  # fmt: skip
    assert set(preview.unknown) == {"信用号", "缴入国库日期", "税票号码"}


def test_a_heading_whose_cells_do_not_fit_is_not_guessed(tmp_path: Path) -> None:
    preview = look(
        tmp_path / "f.csv", [row("T1", 入库日期="尚未")], headings(入库日期="入库日期说明")
    )
    assert [one.guess for one in preview.missing] == [""]


def test_what_the_person_says_is_read_so_and_kept_on_the_receipt(tmp_path: Path) -> None:
    from xinrong.collect.services import collect_file

    path, renamed = tmp_path / "f.csv", {"信用号": "代码"}
    preview = look(path, [row("T1"), row("T2", BETA)], headings(代码="信用号"), renamed)
    assert preview.error is None
    assert sums(preview) == (2, 2, 0, 0)
    assert [one.column for one in preview.missing] == ["代码"]  # so that it can be changed again
    receipt = collect_file(path, "tax_csv", clock=CLOCK, region=region(), renamed=renamed)
    assert (receipt.accepted, receipt.renamed) == (2, renamed)
    assert any(note["code"] == "columns_renamed" for note in receipt.notes)
    again = collect_file(path, "tax_csv", clock=CLOCK, region=region(), renamed=renamed)
    assert again.repeated


def test_the_same_bytes_read_in_another_way_are_another_batch(tmp_path: Path) -> None:
    from xinrong.collect.services import collect_file

    path = tmp_path / "f.csv"
    path.write_bytes(csv_bytes([row("T1", 备注="x")], headings(备注="附注")))
    optional = feed(ignore=("附注",))
    plain = collect_file(path, "tax_csv", clock=CLOCK, region=region(optional))
    mapped = collect_file(
        path, "tax_csv", clock=CLOCK, region=region(optional), renamed={"附注": "备注"}
    )
    assert (plain.repeated, mapped.repeated) == (False, False)
    assert (plain.accepted, mapped.corrected) == (1, 1)


@pytest.mark.parametrize("renamed", [{"没有": "代码"}, {"名称": "代码"}])
def test_a_renaming_that_does_not_fit_is_refused(tmp_path: Path, renamed: dict[str, str]) -> None:
    preview = look(tmp_path / "f.csv", [row("T1")], HEADINGS, renamed)
    assert preview.error is not None
    assert preview.error.code == "renaming_misfit"


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "empty_file"), (b"%PDF-1.7 x", "wrong_format"), (b"<html><table>", "wrong_format"),
     (",".join(HEADINGS).encode("gb18030") + b"\n", "wrong_encoding")],
)  # fmt: skip
def test_a_file_that_is_refused_gives_a_preview_with_its_error(
    tmp_path: Path, content: bytes, code: str
) -> None:
    preview = look(tmp_path / "f.csv", content)
    assert preview.error is not None
    assert preview.error.code == code
    assert preview.rows == 0
