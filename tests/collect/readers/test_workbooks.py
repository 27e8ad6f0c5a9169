"""XLS and XLSX workbooks."""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import xlwt

from tests.collect.readers.files import read, sheet_file, text_file
from xinrong.catalogue.feed import Layout
from xinrong.collect.readers import Bounds, FileError, open_rows
from xinrong.collect.readers.sheet_biff import MAGIC, old_errors

HEADER = ["企业名称", "代码", "日期"]


def refusal(path: Path, bounds: Bounds | None = None, **layout: Any) -> FileError:
    with pytest.raises(FileError) as caught:
        open_rows(path, Layout(**{"format": "xlsx", **layout}), bounds=bounds)
    assert caught.value.words.zh
    return caught.value


def test_values_become_the_text_that_a_person_sees(tmp_path: Path) -> None:
    rows = [
        HEADER,
        ["甲公司", 12, date(2021, 3, 4)],
        ["乙公司", 1234.5, datetime(2021, 3, 4, 12, 30)],
        ["丙公司", 0.1 + 0.2, True],
        ["丁公司", 911101086723550000, None],
        ["戊公司", "007", ""],
    ]
    reading = read(sheet_file(tmp_path, rows), format="xlsx")
    assert reading.rows == [
        ["甲公司", "12", "2021-03-04"],
        ["乙公司", "1234.5", "2021-03-04 12:30:00"],
        ["丙公司", "0.3", "TRUE"],
        ["丁公司", "911101086723550000", None],
        ["戊公司", "007", None],
    ]
    assert reading.row_nos == [2, 3, 4, 5, 6]


def test_the_old_format_is_read_the_same_way(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("数据")
    style = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for column, heading in enumerate(HEADER):
        sheet.write(0, column, heading)
    sheet.write(1, 0, "甲公司")
    sheet.write(1, 1, 12)
    sheet.write(1, 2, date(2021, 3, 4), style)
    path = tmp_path / "file.xls"
    book.save(path)
    assert read(path, format="xls").rows == [["甲公司", "12", "2021-03-04"]]


def test_a_formula_counts_by_its_stored_value_and_is_never_evaluated(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write(1, 0, "甲公司")
        sheet.write_formula(1, 1, "=1+1", None, 5)
        sheet.write_formula(1, 2, '=HYPERLINK("http://example.invalid")', None, "链接")
    assert read(path, format="xlsx").rows == [["甲公司", "5", "链接"]]


def test_rows_keep_their_numbers_across_blank_ones_and_an_empty_margin(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(3, 1, HEADER)
        sheet.write_row(4, 1, ["甲公司", "1", "无"])
        sheet.write_row(6, 1, ["乙公司", "2", "有"])
    reading = read(path, format="xlsx", header_rows=(4,))
    assert reading.source.columns == ("第1列", *HEADER)
    assert reading.row_nos == [5, 7]
    assert reading.source.blank == 1


def test_merged_headings_count_for_each_column_and_row_that_they_cover(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 3, "某某名单")
        sheet.merge_range(1, 0, 2, 0, "序号")
        sheet.merge_range(1, 1, 1, 2, "企业")
        sheet.write(1, 3, "备注")
        sheet.write_row(2, 1, ["名称", "代码"])
        sheet.write_row(3, 0, [1, "甲公司", "2", "x"])
    reading = read(path, format="xlsx", header_rows=(2, 3))
    assert reading.source.columns == ("序号", "企业 名称", "企业 代码", "备注")
    assert reading.rows == [["1", "甲公司", "2", "x"]]
    assert reading.notes == []


def test_a_merged_cell_among_the_data_counts_once_and_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.merge_range(1, 0, 2, 0, "甲公司")
        sheet.write(1, 1, "1")
        sheet.write(2, 1, "2")
    reading = read(path, format="xlsx")
    assert reading.rows == [["甲公司", "1", None], [None, "2", None]]
    assert reading.notes == ["merged_cells"]


def test_text_beyond_the_headings_is_a_fault(tmp_path: Path) -> None:
    rows = [HEADER, ["甲公司", "1", "无"], ["乙公司", "2", "有", "多"]]
    reading = read(sheet_file(tmp_path, rows), format="xlsx")
    assert reading.row_nos == [2]
    assert reading.problems == [(3, "too_many_cells")]


def test_a_workbook_named_csv_is_read_by_its_bytes_and_noted(tmp_path: Path) -> None:
    path = sheet_file(tmp_path, [HEADER, ["甲公司", "1", "无"]], "file.csv")
    reading = read(path, format="xlsx")
    assert reading.rows == [["甲公司", "1", "无"]]
    assert reading.notes == ["other_format"]


def test_one_workbook_format_for_the_other_is_noted(tmp_path: Path) -> None:
    path = sheet_file(tmp_path, [HEADER, ["甲公司", "1", "无"]])
    assert read(path, format="xls").notes == ["other_format"]


def test_text_where_a_workbook_was_agreed_is_refused(tmp_path: Path) -> None:
    assert refusal(text_file(tmp_path, "企业名称,代码\n", "file.xls")).code == "wrong_format"
    page = text_file(tmp_path, "<html><table></table></html>", "file.xls")
    assert "HTML" in refusal(page, format="xls").words.zh


def test_a_missing_sheet_is_refused_with_those_that_are_there(tmp_path: Path) -> None:
    error = refusal(sheet_file(tmp_path, [HEADER]), sheet="名单")
    assert error.code == "missing_sheet"
    assert "名单" in error.words.zh
    assert "数据" in error.words.zh


def hidden_first(folder: Path) -> Path:
    path = folder / "file.xlsx"
    with xlsxwriter.Workbook(path) as book:
        hidden = book.add_worksheet("隐藏")
        hidden.write_row(0, 0, ["密", "码"])
        shown = book.add_worksheet("数据")
        shown.write_row(0, 0, HEADER)
        shown.write_row(1, 0, ["甲公司", "1", "无"])
        shown.activate()
        shown.set_first_sheet()
        hidden.hide()
        book.add_worksheet("说明").write(0, 0, "填表说明")
    return path


def test_the_first_visible_sheet_is_read_and_others_are_noted(tmp_path: Path) -> None:
    reading = read(hidden_first(tmp_path), format="xlsx")
    assert reading.source.columns == tuple(HEADER)
    assert reading.notes == ["hidden_sheet", "other_sheets"]


def test_a_hidden_sheet_is_read_only_when_it_is_named(tmp_path: Path) -> None:
    reading = read(hidden_first(tmp_path), format="xlsx", sheet="隐藏")
    assert reading.source.columns == ("密", "码")
    assert reading.notes == ["hidden_sheet"]


@pytest.mark.parametrize("rows", [[], [["甲公司", "91110108672355000Q", "无"]]])
def test_a_sheet_without_headings_is_refused(tmp_path: Path, rows: list[list[str]]) -> None:
    assert refusal(sheet_file(tmp_path, rows)).code == "no_header"


def test_a_heading_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    error = refusal(sheet_file(tmp_path, [["名称", "代码", "名称"]]))
    assert error.code == "duplicate_heading"


def test_damaged_workbooks_are_refused(tmp_path: Path) -> None:
    whole = sheet_file(tmp_path, [HEADER]).read_bytes()
    assert refusal(text_file(tmp_path, whole[:-300], "half.xlsx")).code == "unreadable_workbook"
    assert refusal(text_file(tmp_path, b"PK\x03\x04nothing")).code == "unreadable_workbook"
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
    assert refusal(text_file(tmp_path, ole), format="xls").code == "unreadable_workbook"


def test_any_other_archive_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "not a workbook")
    assert refusal(path).code == "unreadable_workbook"


def test_an_encrypted_workbook_is_refused_as_such(tmp_path: Path) -> None:
    ole = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le")
    )
    assert refusal(text_file(tmp_path, ole, "file.xlsx")).code == "encrypted"


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = sheet_file(tmp_path, [HEADER, *[["甲公司", "1", "无"]] * 2000])
    assert refusal(path, Bounds(unpacked=20_000)).code == "file_too_large"


def test_a_single_cell_far_out_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write(1_048_575, 16_383, "x")
    assert refusal(path).code == "sheet_too_large"


def test_a_cell_beyond_its_bound_is_a_fault(tmp_path: Path) -> None:
    rows = [HEADER, ["甲公司", "1", "无" * 200], ["甲公司", "1", "无"]]
    reading = read(sheet_file(tmp_path, rows), Bounds(cell=100), format="xlsx")
    assert reading.problems == [(2, "cell_too_long")]
    assert reading.row_nos == [3]


def test_a_workbook_beyond_its_bound_is_refused(tmp_path: Path) -> None:
    path = sheet_file(tmp_path, [HEADER])
    assert refusal(path, Bounds(workbook=100)).code == "file_too_large"


def edited(path: Path, change: dict[str, tuple[str, str]], extra: dict[str, bytes]) -> Path:
    """The workbook with words of its members replaced, and members added."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for name, (old, new) in change.items():
        assert old.encode() in members[name]
        members[name] = members[name].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {**members, **extra}.items():
            archive.writestr(name, content)
    return path


def test_an_error_cell_makes_its_row_a_fault_that_shows_it(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("前面")
        sheet = book.add_worksheet("数据")
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ["甲公司", "1", "无"])
        sheet.write(2, 0, "乙公司")
        sheet.write_formula(2, 1, "=1/0", None, "#DIV/0!")
        sheet.write_row(3, 0, ["丙公司", "3", "无"])
        sheet.write_formula(4, 2, "=A99", None, "#REF!")
    reading = read(path, format="xlsx", sheet="数据")
    assert reading.row_nos == [2, 4]
    assert reading.problems == [(3, "error_cell"), (5, "error_cell")]
    assert reading.faults[0].original[:2] == ["乙公司", "#DIV/0!"]
    assert reading.faults[0].words.en.startswith(f"The column “{HEADER[1]}” holds #DIV/0!. ")
    assert "#REF!" in reading.faults[1].original


def test_a_look_up_that_failed_is_an_error_and_the_same_typed_as_text_is_nothing(
    tmp_path: Path,
) -> None:
    path = tmp_path / "file.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write(1, 0, "甲公司")
        sheet.write_formula(1, 1, "=VLOOKUP(1,A1:B2,2)", None, "#N/A")
        sheet.write(2, 0, "乙公司")
        sheet.write_string(2, 1, "#N/A")
    reading = read(path, format="xlsx")
    assert reading.problems == [(2, "error_cell")]
    assert reading.rows == [["乙公司", "#N/A", None]]


def test_an_error_of_the_old_format_is_a_fault_that_names_row_and_columns(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    other = book.add_sheet("前面")
    other.row(2).set_cell_error(0, "#NUM!")
    sheet = book.add_sheet("数据", cell_overwrite_ok=True)
    for column, heading in enumerate(HEADER):
        sheet.write(0, column, heading)
    for row in range(1, 1_200):
        sheet.write(row, 0, f"企业{row}")
        sheet.write(row, 1, xlwt.Formula("1+1"))
    sheet.row(7).set_cell_error(2, "#REF!")
    sheet.row(9).set_cell_error(1, "#N/A!")
    sheet.row(9).set_cell_error(2, "#DIV/0!")
    sheet.row(11).set_cell_boolean(2, True)
    sheet.row(1_300).set_cell_error(1, "#NAME?")
    path = tmp_path / "file.xls"
    book.save(path)
    reading = read(path, format="xls", sheet="数据")
    assert reading.problems == [(8, "error_cell"), (10, "error_cell"), (1_301, "error_cell")]
    first, second, _ = reading.faults
    assert (first.original[0], first.original[2]) == ("企业7", "#REF!")
    assert (first.column, second.column) == (HEADER[2], HEADER[1])
    assert first.words.zh.startswith(f"“{HEADER[2]}”列为 #REF!。")
    assert f"“{HEADER[1]}” holds #N/A, the column “{HEADER[2]}” holds #DIV/0!" in second.words.en
    assert len(reading.rows) == 1_197


def test_a_formula_of_the_old_format_whose_result_is_an_error_is_found(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("数据")
    for column, heading in enumerate(HEADER):
        sheet.write(0, column, heading)
    for row in range(1, 400):
        sheet.write(row, 0, f"企业{row}")
        sheet.write(row, 1, xlwt.Formula("1+1"))
    path = tmp_path / "file.xls"
    book.save(path)
    content = path.read_bytes()
    at = re.search(rb"\x06\x00..\x05\x00\x01\x00..", content, re.DOTALL)  # the formula in B6
    assert at
    error = b"\x02\x00\x17\x00\x00\x00\xff\xff"
    path.write_bytes(content[: at.end()] + error + content[at.end() + 8 :])
    assert read(path, format="xls").problems == [(6, "error_cell")]


@pytest.mark.parametrize("kept", [0, 7, 511, 600, 5_000])
def test_an_old_workbook_that_cannot_be_followed_has_no_errors_to_show(
    tmp_path: Path, kept: int
) -> None:
    book = xlwt.Workbook()
    book.add_sheet("数据").row(2).set_cell_error(0, "#NUM!")
    path = tmp_path / "file.xls"
    book.save(path)
    path.write_bytes(path.read_bytes()[:kept])
    assert old_errors(path, "数据").count == 0
    path.write_bytes(MAGIC + b"\xff" * 2_000)
    assert old_errors(path, "数据").count == 0


def test_a_formula_without_a_stored_result_makes_its_row_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ["甲公司", "1", "无"])
        sheet.write(2, 0, "乙公司")
        sheet.write_formula(2, 1, "=1+1", None, "")
    reading = read(path, format="xlsx")
    assert reading.row_nos == [2]
    assert reading.problems == [(3, "no_stored_value")]


def test_a_formula_whose_result_is_no_text_is_an_empty_cell(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write(1, 0, "甲公司")
        sheet.write_formula(1, 1, '=IF(1=1,"","x")', None, "")
    sheet_xml = "xl/worksheets/sheet1.xml"
    edited(path, {sheet_xml: ('<c r="B2">', '<c r="B2" t="str">')}, {})
    assert read(path, format="xlsx").rows == [["甲公司", None, None]]


def test_macros_are_not_run_and_noted(tmp_path: Path) -> None:
    path = sheet_file(tmp_path, [HEADER, ["甲公司", "1", "无"]], "file.xlsm")
    reading = read(edited(path, {}, {"xl/vbaProject.bin": b"macro"}), format="xlsx")
    assert reading.rows == [["甲公司", "1", "无"]]
    assert reading.notes == ["macros"]


def test_links_to_other_files_are_not_followed_and_noted(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write(1, 0, "甲公司")
        sheet.write_formula(1, 1, "='[1]Sheet1'!A1", None, 7)
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    reading = read(edited(path, {}, {"xl/externalLinks/externalLink1.xml": link}), format="xlsx")
    assert reading.rows == [["甲公司", "7", None]]
    assert reading.notes == ["external_links"]


@pytest.mark.parametrize("part", [0.3, 0.7, 0.99])
def test_a_workbook_cut_off_is_refused(tmp_path: Path, part: float) -> None:
    path = sheet_file(tmp_path, [HEADER, *[["甲公司", "1", "无"]] * 500])
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * part)])
    assert refusal(path).code == "unreadable_workbook"
