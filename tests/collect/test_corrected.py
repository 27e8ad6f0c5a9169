"""Rejected rows come back corrected through the same feed, whatever its format."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from tests.collect.city import ALPHA, HEADINGS, MISTYPED, csv_bytes, feed, rejected, row, send, sums
from xinrong.collect.models import Receipt
from xinrong.collect.rejects.export import ADDED, export_rejects
from xinrong.domain.cells import plain_cell, safe_cell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]


def workbook(path: Path, rows: list[list[str]], *, above: int = 0) -> bytes:
    """Rows of text as a spreadsheet saves them."""
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet()
        for place, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if cell:
                    sheet.write_string(place + above, column, cell)
    return path.read_bytes()


def fixed(receipt: Receipt, **cells: str) -> list[list[str]]:
    """The file of rejects as a table, cells of every row corrected by their headings."""
    table = list(csv.reader(io.StringIO(export_rejects(receipt).decode("utf-8-sig"))))
    for line in table[1:]:
        for heading, cell in cells.items():
            line[table[0].index(heading)] = cell
    return table


def as_csv(table: list[list[str]], encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(table)
    return out.getvalue().encode(encoding)


SENT = [row("T1"), row("T2", MISTYPED, 备注="=1+1"), row("T3"), row("T4", MISTYPED, 税额="-5")]


def sent_as(kind: str, path: Path) -> tuple[bytes, Any]:
    """The rows in one of the layouts that departments use, and their feed."""
    match kind:
        case "gb18030":
            layout = {"format": "csv", "encoding": "gb18030"}
            return csv_bytes(SENT).decode().encode("gb18030"), feed(layout=layout)
        case "tsv":
            text = "".join("\t".join(cells) + "\n" for cells in (HEADINGS, *SENT))
            return text.encode(), feed(layout={"format": "tsv", "delimiter": "\t"})
        case "no headings":
            layout = {"format": "csv", "header_rows": [], "columns": list(HEADINGS)}
            return csv_bytes(SENT).split(b"\n", 1)[1], feed(layout=layout)
        case "xlsx":
            layout = {"format": "xlsx", "encoding": "", "header_rows": [3]}
            made = workbook(path, [list(HEADINGS), *SENT], above=2)
            return made, feed(layout=layout)
    return csv_bytes(SENT), feed()


@pytest.mark.parametrize("kind", ["csv", "gb18030", "tsv", "no headings", "xlsx"])
@pytest.mark.parametrize("saved", ["as it is", "gb18030", "semicolons", "tabs", "workbook"])
def test_what_was_rejected_comes_back_corrected_through_its_feed(tmp_path, kind, saved):
    content, of = sent_as(kind, tmp_path / "made.xlsx")
    first = send(tmp_path / "sent", content, of)
    assert sums(first) == (4, 2, 2, 0)
    numbers = [number for number, _ in rejected(first)]
    table = fixed(first, 代码=ALPHA)
    again = {
        "as it is": lambda: as_csv(table),
        "gb18030": lambda: as_csv(table, "gb18030"),
        "semicolons": lambda: as_csv(table, "utf-8", ";"),
        "tabs": lambda: as_csv(table, "utf-8-sig", "\t"),
        "workbook": lambda: workbook(tmp_path / "again.xlsx", table),
    }[saved]()
    second = send(tmp_path / "again", again, of)
    assert sums(second) == (2, 1, 1, 0)
    assert "corrected_rejects" in [note["code"] for note in second.notes]
    assert rejected(second) == [(numbers[1], [("below_minimum", "amount")])]
    third = send(tmp_path / "third", as_csv(fixed(second, 税额="5")), of)
    assert sums(third) == (1, 1, 0, 0)
    whole = [cells[:] for cells in SENT]
    whole[1][0] = whole[3][0] = ALPHA
    whole[3][HEADINGS.index("税额")] = "5"
    assert sums(send(tmp_path / "whole.csv", whole)) == (4, 0, 0, 4)


def test_rejects_that_come_back_as_they_are_are_rejected_again(tmp_path):
    first = send(tmp_path / "a.csv", SENT)
    again = send(tmp_path / "b.csv", export_rejects(first))
    assert rejected(again) == rejected(first)


def test_a_column_that_no_rejected_row_filled_can_be_filled_in(tmp_path):
    first = send(tmp_path / "a.csv", [row("T1"), row("T2", 入库日期="")])
    again = send(tmp_path / "b.csv", as_csv(fixed(first, 入库日期="2025-06-30")))
    assert sums(again) == (1, 1, 0, 0)


def test_changed_row_numbers_are_told_of_and_do_no_harm(tmp_path):
    first = send(tmp_path / "a.csv", SENT)
    for number in ("", "7", "0", "x"):
        table = fixed(first)
        table[1][0] = table[2][0] = number
        again = send(tmp_path / f"b{number}.csv", as_csv(table))
        assert [place for place, _ in rejected(again)] == [2, 3]
        assert "row_numbers_changed" in [note["code"] for note in again.notes]


def test_cells_beyond_the_headings_are_never_dropped_unseen(tmp_path):
    content = csv_bytes([row("T1"), [*row("T2"), "too", "many"]])
    first = send(tmp_path / "a.csv", content)
    again = send(tmp_path / "b.csv", export_rejects(first))
    assert rejected(again) == [(3, [("row_too_many_cells", "")])]
    table = fixed(again, **{"+1": "", "+2": ""})
    assert sums(send(tmp_path / "c.csv", as_csv(table))) == (1, 1, 0, 0)


def test_a_row_of_which_nothing_is_left_is_blank(tmp_path):
    first = send(tmp_path / "a.csv", SENT)
    table = fixed(first, 代码=ALPHA, 税额="5")
    table[1][len(ADDED) :] = [""] * (len(table[1]) - len(ADDED))
    again = send(tmp_path / "b.csv", as_csv(table))
    assert (sums(again), again.blank) == ((1, 1, 0, 0), 1)


def test_a_workbook_that_is_no_file_of_rejects_is_read_by_its_feed(tmp_path):
    content, of = sent_as("xlsx", tmp_path / "made.xlsx")
    assert sums(send(tmp_path / "a.xlsx", content, of)) == (4, 2, 2, 0)


@given(st.text())
def test_a_cell_made_safe_is_given_back(text: str):
    assert plain_cell(safe_cell(text)) == text


@given(st.text(alphabet="'=+-@\t\r1a"))
def test_a_cell_of_marks_made_safe_is_given_back(text: str):
    assert plain_cell(safe_cell(text)) == text
