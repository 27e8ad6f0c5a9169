"""Every bad input that departments send, end to end: what the receipt says, which row, why."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from tests.collect.city import (
    ALPHA,
    BETA,
    FEED_DATA,
    HEADINGS,
    MISTYPED,
    csv_bytes,
    feed,
    rejected,
    row,
    send,
    sums,
)
from xinrong.collect.models import QuarantinedRow, Receipt
from xinrong.collect.readers import FileError
from xinrong.collect.rejected import REMOVED
from xinrong.domain.uscc import ALPHABET

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "upload.csv"


def only_rule(receipt: Receipt) -> str:
    ((_, ((rule, _),)),) = rejected(receipt)
    return rule


def note_codes(receipt: Receipt) -> set[str]:
    return {note["code"] for note in receipt.notes}


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


# Values

NINE_FORMATS = [
    "2025-06-30",
    "2025/6/30",
    "2025.6.30",
    "2025年6月30日",
    "20250630",
    "2025-06-30 12:30:00",
    "30-Jun-2025",
    "45838",
    "2025-06-30T12:30:00+08:00",
]


def test_dates_in_nine_formats_are_one_date(file: Path) -> None:
    from xinrong.store.services import snapshot

    rows = [row(f"T{number}", 入库日期=text) for number, text in enumerate(NINE_FORMATS)]
    receipt = send(file, rows)
    assert sums(receipt) == (9, 9, 0, 0)
    with snapshot() as snap:
        found = snap.query("SELECT DISTINCT event_date::VARCHAR AS day FROM record")
    assert found["day"].to_pylist() == ["2025-06-30"]


VALUES: list[tuple[dict[str, str], str, str]] = [
    ({"入库日期": "2025-02-30"}, "date_impossible", "paid_on"),
    ({"入库日期": "13/31/2025"}, "date_impossible", "paid_on"),
    ({"入库日期": "昨天"}, "date_unreadable", "paid_on"),
    ({"入库日期": "2025"}, "date_incomplete", "paid_on"),
    ({"入库日期": "3/4/2025"}, "date_ambiguous", "paid_on"),
    ({"入库日期": "2026-03-02"}, "date_future", "paid_on"),
    ({"入库日期": ""}, "required", "paid_on"),
    ({"税票号": " "}, "required", "number"),
    ({"税额": "-1"}, "below_minimum", "amount"),
    ({"税额": "一百"}, "money_unreadable", "amount"),
    ({"税额": "0.001"}, "money_precision", "amount"),
    ({"税额": "USD 100"}, "money_currency", "amount"),
    ({"税额": "1.23E+11"}, "money_precision", "amount"),
    ({"税额": "-0.01"}, "below_minimum", "amount"),
    ({"税额": "(100)"}, "below_minimum", "amount"),
    ({"税额": "负100元"}, "below_minimum", "amount"),
    ({"评价": "一般"}, "value_not_in_list", "standing"),
    ({"月数": "13"}, "above_maximum", "months"),
    ({"月数": "1.5"}, "integer_not_whole", "months"),
    ({"税率": "多"}, "number_unreadable", "rate"),
    ({"网上": "也许"}, "boolean_unreadable", "online"),
    ({"代缴人": MISTYPED}, "code_check_digit", "payer"),
    ({"代码": MISTYPED}, "code_check_digit", "subject"),
    ({"代码": "9.13310E+17"}, "code_mangled", "subject"),
    ({"代码": "913310000123456000"}, "code_mangled", "subject"),
    ({"代码": "111111111111111111"}, "code_placeholder", "subject"),
    ({"代码": ALPHA[:-1]}, "code_length", "subject"),
    ({"代码": "91331000MA#0000019"}, "code_alphabet", "subject"),
    ({"代码": "", "名称": ""}, "subject_missing", "subject"),
    ({"代码": "", "名称": "——"}, "subject_missing", "subject"),
    ({"代码": "", "名称": "公司" * 101}, "name_too_long", "subject"),
]


@pytest.mark.parametrize(("cells", "rule", "field"), VALUES, ids=lambda value: str(value)[:40])
def test_a_bad_value_quarantines_its_row_with_rule_field_reason_and_original(
    file: Path, cells: dict[str, str], rule: str, field: str
) -> None:
    receipt = send(file, [row("T1"), row("T2", **cells)])
    assert sums(receipt) == (2, 1, 1, 0)
    assert rejected(receipt) == [(3, [(rule, field)])]
    kept = QuarantinedRow.objects.get(receipt=receipt)
    assert kept.problems[0]["reason_zh"]
    assert kept.problems[0]["reason_en"]
    sent = {heading: cell for heading, cell in cells.items() if cell.strip()}
    assert sent.items() <= kept.original.items()


def test_every_problem_of_a_row_is_told_at_once(file: Path) -> None:
    receipt = send(file, [row("T1", MISTYPED, 入库日期="2025-02-30", 税额="-5", 月数="99")])
    assert rejected(receipt) == [
        (
            2,
            [
                ("code_check_digit", "subject"),
                ("date_impossible", "paid_on"),
                ("below_minimum", "amount"),
                ("above_maximum", "months"),
            ],
        )
    ]


def test_amounts_with_units_are_read_to_the_fen(file: Path) -> None:
    amounts = {"3,000 万元": 3_000_000_000, "1.5亿": 15_000_000_000, "￥800.50元": 80_050}
    send(file, [row(f"T{number}", 税额=text) for number, text in enumerate(amounts)])
    assert stored("amount") == sorted(amounts.values())


def test_the_feeds_unit_holds_where_the_cell_names_none(file: Path) -> None:
    send(file, [row("T1", 申报额="2.5"), row("T2", 申报额="300元")])
    assert [held["declared"] for held in display()] == ["25000.00", "300.00"]


def stored(column: str) -> list[Any]:
    from xinrong.store.services import snapshot

    with snapshot() as snap:
        found: list[Any] = snap.query(f"SELECT {column} AS x FROM record ORDER BY x")[
            "x"
        ].to_pylist()
    return found


def display() -> list[dict[str, Any]]:
    import json

    from xinrong.store.services import snapshot

    with snapshot() as snap:
        rows = snap.query("SELECT display FROM record ORDER BY row_no")["display"].to_pylist()
    return [json.loads(one) for one in rows]


# Whose record it is


@pytest.mark.parametrize(
    "written",
    [
        ALPHA.lower(),
        f"{ALPHA[:8]} {ALPHA[8:]}",
        "".join(chr(ord(char) + 0xFEE0) for char in ALPHA),
        ALPHA.replace("0", "O"),
        f"'{ALPHA}",
    ],
    ids=["lower case", "space", "full width", "O for 0", "apostrophe"],
)
def test_a_slip_that_can_be_meant_in_one_way_is_repaired_and_counted(
    file: Path, written: str
) -> None:
    receipt = send(file, [row("T1", written), row("T2", ALPHA)])
    assert sums(receipt) == (2, 2, 0, 0)
    assert (receipt.repaired, receipt.unlinked) == (1, 0)
    assert note_codes(receipt) == {"codes_repaired"}
    assert len(set(stored("subject"))) == 1


def test_a_wrong_code_is_never_passed_over_in_favour_of_the_name(file: Path) -> None:
    from xinrong.subjects.models import Subject

    assert set(MISTYPED) <= set(ALPHABET)
    receipt = send(file, [row("T1", MISTYPED, 名称="甲公司")])
    assert sums(receipt) == (1, 0, 1, 0)
    assert not Subject.objects.exists()


def test_an_older_number_leaves_the_name_to_speak(file: Path) -> None:
    receipt = send(file, [row("T1", "331000000012345", 名称="甲公司")])
    assert sums(receipt) == (1, 1, 0, 0)
    assert receipt.unlinked == 1
    assert note_codes(receipt) == {"older_numbers"}


def test_an_older_number_without_a_name_is_a_code_fault(file: Path) -> None:
    assert only_rule(send(file, [row("T1", "331000000012345", 名称="")])) == (
        "code_old_registration_no"
    )


@pytest.mark.parametrize("mark", ["", "-", "/", "无", "NULL"])
def test_a_mark_for_no_code_is_no_code(file: Path, mark: str) -> None:
    receipt = send(file, [row("T1", mark, 名称="甲公司")])
    assert sums(receipt) == (1, 1, 0, 0)
    assert receipt.unlinked == 1


def test_a_citizens_number_in_the_code_column_is_kept_nowhere(file: Path) -> None:
    number = "11010519491231002X"
    receipt = send(file, [row("T1", number), ["T2", f"王某 {number}，电话不详"]])
    assert [rules[0][0] for _, rules in rejected(receipt)] == [
        "code_personal_id",
        "row_too_few_cells",
    ]
    for kept in QuarantinedRow.objects.filter(receipt=receipt):
        assert REMOVED in str(kept.original)
        assert number not in str(kept.original)
        assert number not in str(kept.problems)


def test_a_counterparty_is_a_subject_by_code_or_by_name(file: Path) -> None:
    from xinrong.subjects.models import Subject

    rows = [row("T1", 代缴人=BETA), row("T2", 代缴人="乙公司"), row("T3", 代缴人="无")]
    assert sums(send(file, rows)) == (3, 3, 0, 0)
    keys = set(Subject.objects.values_list("key", flat=True))
    assert keys == {f"code:{ALPHA}", f"code:{BETA}", "name:tax_bureau:乙公司"}
    assert sum(one is not None for one in stored("counterparty")) == 2


# Cells that are read, but not as they stand there


def counted_notes(receipt: Receipt) -> dict[str, int]:
    return {note["code"]: note["count"] for note in receipt.notes}


def test_cells_with_a_unit_of_their_own_or_rounded_are_counted_on_the_receipt(file: Path) -> None:
    rows = [
        row("T1", 申报额="300元", 面积="1.23456"),
        row("T2", 申报额="300元", 税额="1.2E3"),
        row("T3", 申报额="5", 税额="0.30000000000000004", 面积="1.2345"),
    ]
    receipt = send(file, rows)
    assert sums(receipt) == (3, 3, 0, 0)
    assert counted_notes(receipt) == {
        "own_unit": 2,
        "rounded": 1,
        "scientific": 1,
        "float_noise": 1,
    }
    assert all("declared" in note["en"] for note in receipt.notes if note["code"] == "own_unit")
    assert stored("amount") == [30, 10000, 120_000]


# Day and month


@pytest.mark.parametrize(
    ("order", "text", "day"),
    [
        ("dmy", "3/4/2025", "2025-04-03"),
        ("mdy", "3/4/2025", "2025-03-04"),
        ("dmy", "23/10/2023 00:00:00", "2023-10-23"),
        ("dmy", "2025-06-30", "2025-06-30"),
    ],
)
def test_the_feed_settles_which_of_day_and_month_comes_first(
    file: Path, order: str, text: str, day: str
) -> None:
    mapping = {**FEED_DATA["mapping"], "paid_on": {"column": "入库日期", "date_order": order}}
    receipt = send(file, [row("T1", 入库日期=text)], feed(mapping=mapping))
    assert sums(receipt) == (1, 1, 0, 0)
    assert str(stored("event_date")[0]) == day


# Names and codes


def test_one_code_with_two_names_is_one_subject_and_both_rows_are_taken(file: Path) -> None:
    receipt = send(file, [row("T1", ALPHA, 名称="甲公司"), row("T2", ALPHA, 名称="甲有限公司")])
    assert (sums(receipt), receipt.unlinked) == ((2, 2, 0, 0), 0)
    assert len(set(stored("subject"))) == 1


def test_one_name_with_two_codes_is_two_subjects_since_the_code_decides(file: Path) -> None:
    receipt = send(file, [row("T1", ALPHA, 名称="甲公司"), row("T2", BETA, 名称="甲公司")])
    assert (sums(receipt), receipt.unlinked) == ((2, 2, 0, 0), 0)
    assert len(set(stored("subject"))) == 2


# Other formats, end to end


def as_records(*rows: list[str]) -> list[dict[str, str]]:
    return [dict(zip(HEADINGS, cells, strict=True)) for cells in rows]


def json_bytes(*records: dict[str, Any]) -> bytes:
    return json.dumps(records, ensure_ascii=False).encode()


def lines_bytes(*records: dict[str, Any]) -> bytes:
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in records).encode()


def parquet_bytes(*records: dict[str, Any]) -> bytes:
    held = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(records)), held)
    return held.getvalue()


WRITERS = {"json": json_bytes, "jsonl": lines_bytes, "parquet": parquet_bytes}


@pytest.mark.parametrize("kind", WRITERS)
def test_every_format_gives_the_same_records_as_text(tmp_path: Path, kind: str) -> None:
    rows = [row("T1", 税额="100.10", 申报额="2.5"), row("T2", BETA, 入库日期="2025-02-30")]
    content = WRITERS[kind](*as_records(*rows))
    receipt = send(tmp_path / "upload", content, feed(layout={"format": kind}))
    assert sums(receipt) == (2, 1, 1, 0)
    assert rejected(receipt) == [(2, [("date_impossible", "paid_on")])]
    assert stored("amount") == [10_010]


@pytest.mark.parametrize("kind", WRITERS)
def test_a_record_with_a_nested_value_is_quarantined(tmp_path: Path, kind: str) -> None:
    records: list[dict[str, Any]] = as_records(row("T1"), row("T2"))
    records[0]["附加"] = None
    records[1]["附加"] = {"区": "椒江"}
    receipt = send(tmp_path / "upload", WRITERS[kind](*records), feed(layout={"format": kind}))
    assert sums(receipt) == (2, 1, 1, 0)
    assert rejected(receipt) == [(2, [("row_nested_value", "")])]
    assert "椒江" in QuarantinedRow.objects.get(receipt=receipt).original["附加"]


def test_an_archive_is_one_upload_and_each_of_its_rows_has_a_number(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("1月.csv", csv_bytes([row("T1"), row("T2")]))
        archive.writestr("2月.csv", csv_bytes([row("T3"), row("T4", 税额="-1"), row("T1")]))
    agreed = feed(layout={"format": "csv", "members": "*.csv"})
    receipt = send(tmp_path / "upload.zip", held.getvalue(), agreed)
    assert receipt.rows_in == 5
    assert rejected(receipt)[0] == (6, [("below_minimum", "amount")])
    assert "members" in note_codes(receipt)


def test_an_archive_that_hides_something_leaves_no_batch(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("../upload.csv", csv_bytes([row("T1")]))
    agreed = feed(layout={"format": "csv", "members": "*.csv"})
    with pytest.raises(FileError) as refused:
        send(tmp_path / "upload.zip", held.getvalue(), agreed)
    assert refused.value.code == "unsafe_member"
    assert not Receipt.objects.exists()


def test_an_error_cell_of_a_workbook_is_quarantined(tmp_path: Path) -> None:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate([list(HEADINGS), row("T1"), row("T2")]):
            sheet.write_row(number, 0, cells)
        sheet.write_formula(2, HEADINGS.index("备注"), "=A99", None, "#REF!")
    agreed = feed(layout={"format": "xlsx", "encoding": ""})
    receipt = send(tmp_path / "upload.xlsx", held.getvalue(), agreed)
    assert sums(receipt) == (2, 1, 1, 0)
    assert rejected(receipt) == [(3, [("row_error_cell", "")])]


@pytest.mark.parametrize("kind", ["csv", "json", "parquet", "zip"])
def test_half_a_file_leaves_no_record_that_was_not_whole(tmp_path: Path, kind: str) -> None:
    rows = [row(f"T{number}", 备注="字") for number in range(20)]
    if kind == "csv":
        cut = csv_bytes(rows)
        receipt = send(tmp_path / "upload", cut[: cut.rfind("字".encode()) + 1])
        assert sums(receipt) == (20, 19, 1, 0)
        assert rejected(receipt) == [(21, [("row_undecodable", "")])]
        return
    layout = {"format": "csv", "members": "*"} if kind == "zip" else {"format": kind}
    if kind == "zip":
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.csv", csv_bytes(rows))
        content = held.getvalue()
    else:
        content = WRITERS[kind](*as_records(*rows))
    with pytest.raises(FileError):
        send(tmp_path / "upload", content[: len(content) // 2], feed(layout=layout))
    assert not Receipt.objects.exists()
