"""Every bad value that departments send, end to end: which rule, which reason, what is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.collect.city import (
    ALPHA,
    BETA,
    FEED_DATA,
    MISTYPED,
    feed,
    note_codes,
    only_rule,
    rejected,
    row,
    send,
    stored,
    sums,
)
from xinrong.collect.models import QuarantinedRow, Receipt
from xinrong.collect.rejects.rejected import REMOVED
from xinrong.domain.uscc import ALPHABET

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "upload.csv"


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


def display() -> list[dict[str, Any]]:

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
