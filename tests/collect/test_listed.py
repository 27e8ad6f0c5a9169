"""A list of codes in a file that somebody brings along."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from xlsxwriter import Workbook

from tests.files.firm import code
from xinrong.collect import listed
from xinrong.collect.listed import read_listed
from xinrong.collect.services import FileError

A, B, C = (code(number) for number in (1, 2, 3))


def workbook(*rows: list[Any]) -> bytes:
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "cells", "column"),
    [
        (f"名称,统一社会信用代码\n甲,{A}\n乙,{B}\n".encode(), [(2, A), (3, B)], "统一社会信用代码"),
        (f"名称,统一社会信用代码\n甲,{A}\n".encode("gb18030"), [(2, A)], "统一社会信用代码"),
        (f"\ufeff代码\n{A}\n123\n".encode(), [(2, A), (3, "123")], "代码"),
        (f"{A}\n{B}\n{A}\n".encode(), [(1, A), (2, B), (3, A)], ""),
        (f"甲,{A}\n乙,{B}\n".encode(), [(1, A), (2, B)], ""),
        (f"名称\t企业\n甲\t{A}\n".encode(), [(2, A)], "企业"),
        (f"名称;号\n甲;{A}\n".encode(), [(2, A)], "号"),
        (workbook(["名称", "USCC"], ["甲", A], ["乙", B]), [(2, A), (3, B)], "USCC"),
        (workbook([A], [B]), [(1, A), (2, B)], ""),
    ],
)
def test_the_column_of_codes_is_found(
    content: bytes, cells: list[tuple[int, str]], column: str
) -> None:
    found = read_listed("list.csv", content)
    assert (list(found.cells), found.column) == (cells, column)
    assert found.rows_in == len(cells)


def test_a_row_that_cannot_be_read_is_kept_with_its_reason() -> None:
    found = read_listed("x.csv", f"名称,代码\n甲,{A}\n乙\n丙,{B},9,9\n".encode())
    assert list(found.cells) == [(2, A)]
    assert [fault.row_no for fault in found.faults] == [3, 4]
    assert found.rows_in == 3


def test_formulas_are_never_evaluated() -> None:
    content = workbook(["代码"], ['=HYPERLINK("http://x","1")'], [A])
    found = read_listed("x.xlsx", content)
    assert (3, A) in found.cells
    assert not any("http" in text for _, text in found.cells)


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 x", "format"),
        (b"PK\x03\x04broken", "unreadable_workbook"),
        ("名称,地址\n甲,乙\n".encode(), "list_without_codes"),
        ("统一社会信用代码\n".encode(), "list_empty"),
        (b"x" * (3 << 20), "too_large"),
    ],
)
def test_what_is_no_list_is_refused_with_what_to_do(content: bytes, wrong: str) -> None:
    with pytest.raises(FileError) as error:
        read_listed("list.csv", content)
    assert wrong in error.value.code
    assert error.value.words.zh
    assert error.value.remedy


def test_a_list_of_too_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listed, "MOST_LISTED", 2)
    with pytest.raises(FileError) as error:
        read_listed("x.csv", f"代码\n{A}\n{B}\n{C}\n".encode())
    assert error.value.code == "list_too_long"


def test_an_archive_that_unpacks_to_too_much_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"x")
        archive.writestr("xl/media/a", b"\0" * (65 << 20))
    with pytest.raises(FileError) as error:
        read_listed("x.xlsx", out.getvalue())
    assert "large" in error.value.code


def test_a_hostile_name_stays_a_name(tmp_path: Any) -> None:
    for name in ("../../etc/passwd", "/", "..", "\x00", "a" * 500):
        try:
            found = read_listed(name.replace("\x00", "_"), f"{A}\n".encode())
        except FileError as error:
            pytest.fail(str(error))
        assert list(found.cells) == [(1, A)]
