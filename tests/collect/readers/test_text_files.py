"""Text files with everything that departments do to them."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from tests.collect.readers.files import COLUMNS, HEADER, drain, read, text_file
from xinrong.catalogue.feed import Layout
from xinrong.collect.readers import Bounds, FileError, open_rows

GOOD = ["甲公司", "1", "无"]


def refusal(path: Path, bounds: Bounds | None = None, **layout: object) -> FileError:
    with pytest.raises(FileError) as caught:
        open_rows(path, Layout(**layout), bounds=bounds)
    assert caught.value.words.zh
    assert caught.value.words.en
    assert caught.value.place.file == path.name
    return caught.value


def test_rows_keep_their_numbers_and_empty_cells_are_null(tmp_path: Path) -> None:
    reading = read(text_file(tmp_path, f"{HEADER}\n甲公司,1,无\n乙公司,,\n"))
    assert reading.source.columns == COLUMNS
    assert reading.row_nos == [2, 3]
    assert reading.rows == [GOOD, ["乙公司", None, None]]
    assert reading.notes == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_every_kind_of_line_end_is_read(tmp_path: Path, end: str, last: bool) -> None:
    lines = [HEADER, "甲公司,1,无", "", "乙公司,2,有"]
    content = end.join(lines) + (end if last else "")
    reading = read(text_file(tmp_path, content))
    assert reading.row_nos == [2, 4]
    assert reading.source.blank == 1


def test_the_other_encoding_is_read_when_it_was_agreed(tmp_path: Path) -> None:
    content = f"{HEADER}\n甲公司,1,无\n㐀𠀀公司,2,\n".encode("gb18030")
    reading = read(text_file(tmp_path, content), encoding="gb18030")
    assert reading.rows == [GOOD, ["㐀𠀀公司", "2", None]]


@pytest.mark.parametrize(("agreed", "actual"), [("utf-8", "gb18030"), ("gb18030", "utf-8")])
def test_a_file_in_the_wrong_encoding_is_refused_with_the_right_one(
    tmp_path: Path, agreed: str, actual: str
) -> None:
    content = f"{HEADER}\n甲公司,1,无\n".encode(actual)
    error = refusal(text_file(tmp_path, content), encoding=agreed)
    assert error.code == "wrong_encoding"
    assert actual.upper() in error.words.zh


def test_utf_16_is_refused_by_its_name(tmp_path: Path) -> None:
    error = refusal(text_file(tmp_path, HEADER.encode("utf-16")))
    assert error.code == "wrong_format"
    assert "UTF-16" in error.words.en


def test_a_byte_order_mark_is_skipped_and_noted(tmp_path: Path) -> None:
    reading = read(text_file(tmp_path, codecs.BOM_UTF8 + f"{HEADER}\n甲公司,1,无\n".encode()))
    assert reading.source.columns == COLUMNS
    assert reading.rows == [GOOD]
    assert reading.notes == ["byte_order_mark"]


def test_in_mixed_encodings_only_the_strange_lines_are_faults(tmp_path: Path) -> None:
    content = f"{HEADER}\n甲公司,1,无\n".encode() + "乙公司,2,有\n".encode("gb18030")
    reading = read(text_file(tmp_path, content + "丙公司,3,无\n丁公司,4,无\n".encode()))
    assert reading.row_nos == [2, 4, 5]
    assert reading.problems == [(3, "undecodable")]


def test_utf_8_lines_in_a_gb18030_file_are_faults_and_not_nonsense(tmp_path: Path) -> None:
    content = f"{HEADER}\n甲公司,1,无\n".encode("gb18030") + "乙公司,2,有\n".encode()
    content += "丙公司,3,无\n".encode("gb18030") + "乙某公司,4,\n".encode()
    reading = read(text_file(tmp_path, content), encoding="gb18030")
    assert [row[0] for row in reading.rows] == ["甲公司", "丙公司"]
    assert reading.problems == [(3, "undecodable"), (5, "undecodable")]
    "乙某公司".encode().decode("gb18030")  # it would pass for GB18030, as nonsense


@pytest.mark.parametrize("content", [b"", codecs.BOM_UTF8, b"\n\r\n  \n", b"\x00" * 5000])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    assert refusal(text_file(tmp_path, content)).code == "empty_file"


def test_a_file_of_headings_alone_has_no_rows(tmp_path: Path) -> None:
    reading = read(text_file(tmp_path, f"{HEADER}\n"))
    assert reading.source.rows_in == 0


@pytest.mark.parametrize(
    "first", ["甲公司,91110108672355000Q,无", "甲公司,2021-03-04,无", "甲公司,1,2021年3月4日"]
)
def test_a_file_without_headings_is_refused(tmp_path: Path, first: str) -> None:
    error = refusal(text_file(tmp_path, f"{first}\n乙公司,1,无\n"))
    assert error.code == "no_header"
    assert error.place.row == 1


def test_an_empty_header_row_is_refused(tmp_path: Path) -> None:
    assert refusal(text_file(tmp_path, f",,\n{HEADER}\n")).code == "no_header"


def test_a_file_agreed_to_have_no_headings_is_read_by_the_feeds_columns(tmp_path: Path) -> None:
    path = text_file(tmp_path, "甲公司,1,无\n")
    reading = read(path, header_rows=(), columns=COLUMNS)
    assert (reading.row_nos, reading.rows) == ([1], [GOOD])


def test_headings_below_a_title_are_found_where_the_feed_says(tmp_path: Path) -> None:
    path = text_file(tmp_path, f"某某名单,,\n\n{HEADER}\n甲公司,1,无\n")
    reading = read(path, header_rows=(3,))
    assert (reading.source.columns, reading.row_nos) == (COLUMNS, [4])


def test_two_header_rows_are_joined_and_a_merged_one_spreads_to_the_right(tmp_path: Path) -> None:
    path = text_file(tmp_path, "序号,企业,,处罚,\n,名称,代码,日期,金额\n1,甲,2,3,4\n")
    reading = read(path, header_rows=(1, 2))
    assert reading.source.columns == ("序号", "企业 名称", "企业 代码", "处罚 日期", "处罚 金额")
    assert reading.row_nos == [3]


def test_line_breaks_and_spaces_in_headings_do_not_count(tmp_path: Path) -> None:
    path = text_file(tmp_path, '"企业\n名称", 代码 ,　说明\n甲公司,1,无\n')
    reading = read(path)
    assert reading.source.columns == COLUMNS
    assert reading.row_nos == [3]


def test_a_heading_that_is_there_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    error = refusal(text_file(tmp_path, "名称,代码,名称\n甲,1,乙\n"))
    assert error.code == "duplicate_heading"
    assert error.place.field == "名称"
    assert "1" in error.words.zh
    assert "3" in error.words.zh


def test_a_column_without_a_heading_is_numbered_and_noted(tmp_path: Path) -> None:
    reading = read(text_file(tmp_path, "名称,,代码,,\n甲,x,1,,\n"))
    assert reading.source.columns == ("名称", "第2列", "代码")
    assert reading.rows == [["甲", "x", "1"]]
    assert reading.notes == ["unnamed_columns"]


def test_ragged_rows_are_faults_with_their_text(tmp_path: Path) -> None:
    reading = read(text_file(tmp_path, f"{HEADER}\n甲公司,1\n甲公司,1,无\n乙公司,2,有,多\n"))
    assert reading.rows == [GOOD]
    assert reading.problems == [(2, "too_few_cells"), (4, "too_many_cells")]
    assert reading.faults[1].original == ["乙公司", "2", "有", "多"]


def test_empty_cells_beyond_the_headings_do_no_harm(tmp_path: Path) -> None:
    assert read(text_file(tmp_path, f"{HEADER}\n甲公司,1,无,, \n")).rows == [GOOD]


def test_blank_rows_are_no_rows(tmp_path: Path) -> None:
    reading = read(text_file(tmp_path, f"{HEADER}\n\n,,\n甲公司,1,无\n ,　,\n\n"))
    assert reading.row_nos == [4]
    assert reading.source.rows_in == 1
    assert reading.source.blank == 4


def test_quotes_hold_separators_line_breaks_and_quotes(tmp_path: Path) -> None:
    path = text_file(tmp_path, f'{HEADER}\n"甲,公司","1","多\n行"\n乙公司,"2","说""好"""\n')
    reading = read(path)
    assert reading.rows == [["甲,公司", "1", "多\n行"], ["乙公司", "2", '说"好"']]
    assert reading.row_nos == [2, 4]


def test_a_quote_within_a_bare_cell_is_a_character(tmp_path: Path) -> None:
    assert read(text_file(tmp_path, f'{HEADER}\n甲"公司",1,5"\n')).rows == [['甲"公司"', "1", '5"']]


@pytest.mark.parametrize(
    "broken", ['甲公司,1,"没有关上', '"甲"公司,1,无', '甲公司,"1"2,无', '"甲公司,1,无']
)
def test_a_broken_quote_costs_its_own_row_only(tmp_path: Path, broken: str) -> None:
    content = f'{HEADER}\n{broken}\n乙公司,2,有\n丙公司,"3",无\n'
    reading = read(text_file(tmp_path, content))
    assert reading.problems == [(2, "broken_quote")]
    assert reading.faults[0].original == [broken]
    assert reading.rows == [["乙公司", "2", "有"], ["丙公司", "3", "无"]]


def test_many_broken_quotes_do_not_make_reading_slow_or_lose_rows(tmp_path: Path) -> None:
    lines = [f'甲公司{number},"{number},无' for number in range(3000)]
    reading = read(text_file(tmp_path, "\n".join([HEADER, *lines])))
    assert reading.source.rows_in == 3000
    assert {problem for _, problem in reading.problems} == {"broken_quote"}


def test_nul_bytes_are_faults_of_their_rows(tmp_path: Path) -> None:
    reading = read(text_file(tmp_path, f"{HEADER}\n甲公司,1,无\n乙\x00公司,2,有\n"))
    assert reading.rows == [GOOD]
    assert reading.problems == [(3, "nul")]
    assert "\x00" not in "".join(reading.faults[0].original)


def test_a_cell_beyond_its_bound_is_a_fault_cut_short(tmp_path: Path) -> None:
    bounds = Bounds(cell=100, original=50)
    path = text_file(tmp_path, f"{HEADER}\n甲公司,1,{'无' * 101}\n甲公司,1,无\n")
    reading = read(path, bounds)
    assert reading.problems == [(2, "cell_too_long")]
    assert sum(map(len, reading.faults[0].original)) <= 50
    assert reading.rows == [GOOD]


def test_a_line_without_end_is_cut_and_what_follows_is_read(tmp_path: Path) -> None:
    endless = "长" * (3 << 20)
    path = text_file(tmp_path, f"{HEADER}\n甲公司,1,无\n乙,2,{endless}\n甲公司,1,无\n")
    reading = read(path)
    assert reading.row_nos == [2, 4]
    assert reading.problems == [(3, "cell_too_long")]


def test_a_file_beyond_its_bound_is_refused(tmp_path: Path) -> None:
    path = text_file(tmp_path, f"{HEADER}\n甲公司,1,无\n")
    with pytest.raises(FileError) as caught:
        open_rows(path, Layout(), limit_bytes=10)
    assert caught.value.code == "file_too_large"


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"PK\x03\x04" + b"x" * 100, "XLSX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100, "XLS"),
        (b"<html><table><tr><td>1</td></tr></table>", "HTML"),
        (b"%PDF-1.7 ...", "PDF"),
    ],
)
def test_what_is_no_text_is_refused_by_what_it_is(tmp_path: Path, head: bytes, said: str) -> None:
    error = refusal(text_file(tmp_path, head))
    assert error.code == "wrong_format"
    assert said in error.words.zh


def test_tabs_separate_where_agreed(tmp_path: Path) -> None:
    path = text_file(tmp_path, "企业名称\t代码\t说明\n甲公司\t1\t无\n", "file.txt")
    assert read(path, format="tsv").rows == [GOOD]


def test_another_separator_is_used_where_agreed(tmp_path: Path) -> None:
    path = text_file(tmp_path, "企业名称|代码|说明\n甲公司|1|无\n")
    assert read(path, delimiter="|").rows == [GOOD]


def test_a_broken_header_is_refused(tmp_path: Path) -> None:
    assert refusal(text_file(tmp_path, '"企业"名称,代码\n甲,1\n')).code == "broken_header"


def test_chunks_hold_about_as_many_rows_as_asked(tmp_path: Path) -> None:
    lines = [f'"甲公司\n{number}",1,无' for number in range(250)]  # record by record
    path = text_file(tmp_path, "\n".join([HEADER, *lines]))
    source = open_rows(path, Layout())
    sizes = [chunk.cells.num_rows for chunk in source.chunks(rows=100)]
    assert sizes == [100, 100, 50]
    assert drain(open_rows(path, Layout())).row_nos == list(range(2, 502, 2))


def test_a_record_of_too_many_lines_is_a_broken_quote(tmp_path: Path) -> None:
    lines = ['甲公司,1,"开', *['行""行'] * 9, '关"', "乙公司,2,有"]
    path = text_file(tmp_path, "\n".join([HEADER, *lines]))
    assert read(path, Bounds(record_lines=11)).row_nos == [2, 13]
    reading = read(path, Bounds(record_lines=10))
    assert reading.problems[0] == (2, "broken_quote")
    assert reading.row_nos == [13]
