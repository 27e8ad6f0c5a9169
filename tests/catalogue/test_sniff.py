"""What a sample file is: told by its bytes and its rows, whatever its name says."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
import xlwt

from xinrong.catalogue.errors import SampleError
from xinrong.catalogue.recognise import code_rank, guess, name_rank
from xinrong.catalogue.region import load_region, regions_root
from xinrong.catalogue.sniff import read_sample

TABLE = [
    ["企业名称", "统一社会信用代码", "处罚日期", "罚款金额"],
    ["台州甲机械有限公司", "91331000MA2AKXXX0X", "2024-03-01", "3,000"],
    ["台州乙塑业有限公司", "91331000MA2AKXXX1X", "2024-03-02", "500"],
]


def text(delimiter: str = ",", rows: list[list[str]] = TABLE) -> str:
    quoted = [[f'"{cell}"' if delimiter in cell else cell for cell in row] for row in rows]
    return "".join(delimiter.join(row) + "\r\n" for row in quoted)


def file_of(tmp_path: Path, content: bytes, name: str = "样本.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "encoding", "delimiter", "kind"),
    [
        (text().encode(), "utf-8", ",", "csv"),
        (b"\xef\xbb\xbf" + text().encode(), "utf-8", ",", "csv"),
        (text().encode("gb18030"), "gb18030", ",", "csv"),
        (text("\t").encode("gb18030"), "gb18030", "\t", "tsv"),
        (text(";").encode(), "utf-8", ";", "csv"),
        (text("|").encode(), "utf-8", "|", "csv"),
    ],
    ids=["utf-8", "byte-order mark", "gb18030", "tabs", "semicolons", "bars"],
)
def test_encoding_and_delimiter_are_told_by_the_bytes(
    content: bytes, encoding: str, delimiter: str, kind: str, tmp_path: Path
) -> None:
    sample = read_sample(file_of(tmp_path, content, "misleading.xlsx"))
    assert (sample.format, sample.encoding, sample.delimiter) == (kind, encoding, delimiter)
    assert sample.columns == tuple(TABLE[0])
    assert sample.header_rows == (1,)
    assert sample.rows == (tuple(TABLE[1]), tuple(TABLE[2]))


def test_a_gb18030_file_cut_in_the_middle_of_a_character_is_still_read(tmp_path: Path) -> None:
    rows = [TABLE[0], *[TABLE[1]] * 20_000]
    sample = read_sample(file_of(tmp_path, text(rows=rows).encode("gb18030")))
    assert sample.encoding == "gb18030"
    assert len(sample.rows) == 200


def test_lines_of_title_above_the_header_are_passed_over(tmp_path: Path) -> None:
    rows = [["2024年行政处罚公示", "", "", ""], ["单位：元", "", "", ""], *TABLE]
    sample = read_sample(file_of(tmp_path, text(rows=rows).encode()))
    assert sample.header_rows == (3,)
    assert sample.columns == tuple(TABLE[0])


def test_two_header_rows_are_joined_and_a_merged_heading_spreads(tmp_path: Path) -> None:
    rows = [
        ["企业名称", "代码", "处罚信息", "", "备注"],
        ["", "", "日期", "金额", ""],
        ["台州甲机械有限公司", "x", "2024-03-01", "3000", ""],
        ["台州乙机械有限公司", "y", "2024-03-02", "400", "无"],
    ]
    sample = read_sample(file_of(tmp_path, text(rows=rows).encode()))
    assert sample.header_rows == (1, 2)
    assert sample.columns == ("企业名称", "代码", "处罚信息 日期", "处罚信息 金额", "备注")


def test_merged_cells_of_a_workbook_name_every_column_under_them(tmp_path: Path) -> None:
    path = tmp_path / "merged.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("说明")
        sheet = book.add_worksheet("数据")
        sheet.merge_range("A1:D1", "处罚公示表")
        sheet.merge_range("A2:A3", "企业名称")
        sheet.merge_range("B2:C2", "处罚信息")
        sheet.write_row("B3", ["日期", "金额"])
        sheet.merge_range("D2:D3", "备注")
        for row in range(3, 9):
            sheet.write_row(row, 0, [f"台州{row}号机械有限公司", "2024-03-01", 3000.0, ""])
    sample = read_sample(path)
    assert (sample.format, sample.encoding, sample.sheet) == ("xlsx", "", "数据")
    assert sample.header_rows == (2, 3)
    assert sample.columns == ("企业名称", "处罚信息 日期", "处罚信息 金额", "备注")
    assert sample.rows[0] == ("台州3号机械有限公司", "2024-03-01", "3000", "")


def test_an_old_workbook_is_read_by_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for row, cells in enumerate(TABLE):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.save(str(path))
    sample = read_sample(path)
    assert (sample.format, sample.sheet, sample.columns) == ("xls", "", tuple(TABLE[0]))


def test_a_file_without_a_header_gets_numbered_columns(tmp_path: Path) -> None:
    sample = read_sample(file_of(tmp_path, text(rows=TABLE[1:]).encode()))
    assert sample.header_rows == ()
    assert sample.columns == ("列1", "列2", "列3", "列4")
    assert len(sample.rows) == 2
    assert any("no header" in note for note in sample.notes)


def test_faults_of_a_text_file_are_told_and_do_not_stop_it(tmp_path: Path) -> None:
    content = (
        text().encode() + "台州丙公司,多,出,一,列\r\n台州".encode() + "丁公司,短".encode("gb18030")
    )
    content += b"\0\r\n" + '"台州戊公司,没有关的引号\r\n'.encode()
    notes = " ".join(read_sample(file_of(tmp_path, content)).notes)
    assert "mixes encodings" in notes
    assert "NUL" in notes
    assert "longer or shorter" in notes


def test_a_heading_that_is_there_twice_is_told(tmp_path: Path) -> None:
    rows = [["企业名称", "日期", "日期"], ["台州甲公司", "2024-01-01", "2024-01-02"]]
    notes = read_sample(file_of(tmp_path, text(rows=rows).encode())).notes
    assert any("twice, have them renamed: 日期" in note for note in notes)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "sample_empty"),
        (b"\xef\xbb\xbf\r\n  \r\n", "sample_empty"),
        (b"%PDF-1.7 ...", "sample_not_a_table"),
        (b"\x89PNG\r\n\x1a\n...", "sample_not_a_table"),
        (b"\xff\xd8\xff\xe0 JFIF", "sample_not_a_table"),
        (b"\x1f\x8b\x08...", "sample_not_a_table"),
        (b"PK\x03\x04 not a workbook", "sample_not_a_table"),
        (b"\xd0\xcf\x11\xe0 broken", "sample_not_a_table"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "sample_not_a_table"),
        (b"\x00\x01\x02\x03" * 100, "sample_not_a_table"),
        (text().encode("utf-16"), "sample_utf16"),
    ],
    ids=str,
)
def test_what_is_no_table_is_refused_with_a_way_out(
    content: bytes, code: str, tmp_path: Path
) -> None:
    with pytest.raises(SampleError) as raised:
        read_sample(file_of(tmp_path, content))
    assert raised.value.code == code
    assert "样本.csv" in raised.value.place.file
    assert raised.value.remedy


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet()
    with pytest.raises(SampleError) as raised:
        read_sample(path)
    assert raised.value.code == "sample_empty"


def test_an_absent_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "nowhere.csv", "sample_absent"), (tmp_path, "sample_is_folder")):
        with pytest.raises(SampleError) as raised:
            read_sample(path)
        assert raised.value.code == code


def test_guesses_agree_with_the_feeds_that_people_wrote() -> None:
    """Of Beijing's shipped files nine in ten layouts, columns and types come out as written."""
    region, project = load_region("beijing"), regions_root().parent
    right: dict[str, list[bool]] = {"layout": [], "code": [], "name": [], "type": []}
    for feed in (feed for feed in region.feeds.values() if feed.sample):
        sample = read_sample(project / feed.sample)
        layout = feed.layout
        right["layout"].append(
            (sample.format, sample.encoding, sample.header_rows)
            == (layout.format, layout.encoding, layout.header_rows)
        )
        cells = {c: sample.values(i) for i, c in reversed(list(enumerate(sample.columns)))}
        guesses = {c: guess(c, cells[c], len(sample.rows)) for c in cells}
        ranks = {c: code_rank(c, guesses[c].type) for c in cells}
        code = min((c for c in cells if ranks[c] is not None), key=lambda c: ranks[c], default="")
        right["code"].append(code in ((*_names(feed.subject.code),) or ("",)))
        rest = [c for c in cells if c != code and name_rank(c, cells[c]) is not None]
        name = min(rest, key=lambda c: name_rank(c, cells[c]), default="")
        right["name"].append(name in ((*_names(feed.subject.name),) or ("",)))
        contract = region.contract_of(feed)
        for field in feed.mapping:
            source = feed.source(field)
            for column in source.columns if source else ():
                if cells.get(column):
                    right["type"].append(guesses[column].type == contract.field(field).type)
    shares = {what: sum(found) / len(found) for what, found in right.items()}
    assert all(share >= 0.9 for share in shares.values()), shares
    assert len(right["type"]) > 200


def _names(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return ((value,) if value else ()) if isinstance(value, str) else value
