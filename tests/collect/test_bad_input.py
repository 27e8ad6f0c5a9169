"""Every bad input that departments send, end to end: what the receipt says, which row, why."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import xlsxwriter

from tests.collect.city import (
    BETA,
    HEADINGS,
    csv_bytes,
    feed,
    note_codes,
    rejected,
    row,
    send,
    sums,
)
from xinrong.collect.models import QuarantinedRow, Receipt
from xinrong.collect.readers import FileError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "upload.csv"


# The file as a whole


def test_a_sound_file_is_taken_row_by_row(file: Path) -> None:
    assert sums(send(file, [row("T1"), row("T2"), row("T3", BETA)])) == (3, 3, 0, 0)


def test_an_empty_file_is_refused_and_leaves_no_batch(file: Path) -> None:
    with pytest.raises(FileError) as refused:
        send(file, b"")
    assert "empty" in refused.value.code
    assert not Receipt.objects.exists()


def test_a_file_without_its_header_is_refused(file: Path) -> None:
    content = csv_bytes([row("T1"), row("T2")]).split(b"\n", 1)[1]
    with pytest.raises(FileError) as refused:
        send(file, content)
    assert refused.value.code == "no_header"


def test_a_file_in_another_encoding_than_agreed_is_refused(file: Path) -> None:
    content = csv_bytes([row(str(number)) for number in range(200)]).decode().encode("gb18030")
    with pytest.raises(FileError) as refused:
        send(file, content)
    assert "encoding" in refused.value.code


def test_gb18030_is_read_when_agreed(file: Path) -> None:
    content = csv_bytes([row("T1", 备注="㐀字")]).decode().encode("gb18030")
    agreed = feed(layout={"format": "csv", "encoding": "gb18030"})
    assert sums(send(file, content, agreed)) == (1, 1, 0, 0)


def test_a_line_in_another_encoding_is_quarantined_and_its_neighbours_are_taken(file: Path) -> None:
    good = csv_bytes([row("T1"), row("T2"), row("T3", BETA)]).split(b"\n")
    good[2] = good[2].decode().encode("gb18030")
    receipt = send(file, b"\n".join(good))
    assert sums(receipt) == (3, 2, 1, 0)
    assert rejected(receipt) == [(3, [("row_undecodable", "")])]


def test_a_byte_order_mark_is_skipped_and_noted(file: Path) -> None:
    receipt = send(file, b"\xef\xbb\xbf" + csv_bytes([row("T1")]))
    assert sums(receipt) == (1, 1, 0, 0)
    assert receipt.notes


def test_two_header_rows_are_joined(file: Path) -> None:
    above = ["企业", "", *HEADINGS[2:]]
    below = ["代码", "名称", *[""] * (len(HEADINGS) - 2)]
    content = csv_bytes([below, row("T1")], above)
    agreed = feed(
        layout={"format": "csv", "header_rows": [1, 2]},
        subject={"code": "企业 代码", "name": "企业 名称"},
    )
    assert sums(send(file, content, agreed)) == (1, 1, 0, 0)


def test_merged_cells_of_a_workbook_are_read_as_they_look(tmp_path: Path) -> None:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 1, "企业")
        for column, heading in enumerate(HEADINGS[2:], 2):
            sheet.merge_range(0, column, 1, column, heading)
        sheet.write_row(1, 0, ["代码", "名称"])
        sheet.write_row(2, 0, row("T1"))
    agreed = feed(
        layout={"format": "xlsx", "encoding": "", "header_rows": [1, 2]},
        subject={"code": "企业 代码", "name": "企业 名称"},
    )
    receipt = send(tmp_path / "upload.xlsx", held.getvalue(), agreed)
    assert sums(receipt) == (1, 1, 0, 0)


def test_a_heading_that_is_there_twice_refuses_the_file(file: Path) -> None:
    with pytest.raises(FileError) as refused:
        send(file, csv_bytes([[*row("T1"), "200"]], [*HEADINGS, "税额"]))
    assert refused.value.code == "duplicate_heading"
    assert "税额" in refused.value.words.zh


@pytest.mark.parametrize("heading", ["税票号", "入库日期"])
def test_a_missing_column_of_the_key_or_of_a_required_field_refuses_the_file(
    file: Path, heading: str
) -> None:
    kept = [name for name in HEADINGS if name != heading]
    with pytest.raises(FileError) as refused:
        send(file, csv_bytes([["x"] * len(kept)], kept))
    assert refused.value.code == "column_missing"
    assert refused.value.place.field == heading


def test_a_renamed_column_refuses_the_file_and_is_named(file: Path) -> None:
    renamed = ["备 注说明" if name == "备注" else name for name in HEADINGS]
    with pytest.raises(FileError, match="备 注说明"):
        send(file, csv_bytes([row("T1")], renamed))


def test_a_missing_optional_column_is_noted(file: Path) -> None:
    receipt = send(file, csv_bytes([row("T1")[:-1]], HEADINGS[:-1]))
    assert sums(receipt) == (1, 1, 0, 0)
    assert note_codes(receipt) == {"columns_missing"}


def test_an_extra_column_is_noted_and_not_read(file: Path) -> None:
    receipt = send(file, csv_bytes([[*row("T1"), "x"]], [*HEADINGS, "新列"]))
    assert sums(receipt) == (1, 1, 0, 0)
    assert note_codes(receipt) == {"columns_extra"}


def test_an_ignored_column_is_no_news(file: Path) -> None:
    content = csv_bytes([[*row("T1"), "x"]], [*HEADINGS, "新列"])
    assert send(file, content, feed(ignore=["新列"])).notes == []


# One row


def test_ragged_rows_are_quarantined_by_their_row_number(file: Path) -> None:
    receipt = send(file, csv_bytes([row("T1"), row("T2")[:-2], [*row("T3"), "x"], row("T4")]))
    assert sums(receipt) == (4, 2, 2, 0)
    assert rejected(receipt) == [
        (3, [("row_too_few_cells", "")]),
        (4, [("row_too_many_cells", "")]),
    ]


def test_a_cell_beyond_the_headings_is_kept_in_the_original(file: Path) -> None:
    receipt = send(file, csv_bytes([[*row("T1"), "走失的单元格"], row("T2")]))
    assert QuarantinedRow.objects.get(receipt=receipt).original["+1"] == "走失的单元格"


def test_a_broken_quote_takes_its_own_row_only(file: Path) -> None:
    lines = csv_bytes([row("T1"), row("T2"), row("T3")]).split(b"\n")
    lines[2] += b'"x" y'
    receipt = send(file, b"\n".join(lines))
    assert sums(receipt) == (3, 2, 1, 0)
    assert rejected(receipt)[0][0] == 3


def test_nul_bytes_take_their_own_row_only_and_are_stored_on_every_database(file: Path) -> None:
    lines = csv_bytes([row("T1"), row("T2"), row("T3")]).split(b"\n")
    lines[2] = lines[2].replace(b"T2", b"T\x002")
    receipt = send(file, b"\n".join(lines))
    assert sums(receipt) == (3, 2, 1, 0)
    assert rejected(receipt) == [(3, [("row_nul", "")])]


def test_blank_lines_are_no_rows(file: Path) -> None:
    receipt = send(file, csv_bytes([row("T1")]) + b"\n,,,\n" + b"," * (len(HEADINGS) - 1) + b"\n")
    assert receipt.blank >= 1
    assert receipt.accepted == 1
