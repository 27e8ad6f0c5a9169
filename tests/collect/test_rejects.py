"""The file of rejected rows: what the sender needs, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.collect.city import MISTYPED, csv_bytes, row, send
from xinrong.collect.rejects.export import ADDED, export_rejects
from xinrong.domain.cells import safe_cell


@pytest.mark.django_db
@pytest.mark.usefixtures("store_root")
def test_rejected_rows_come_with_row_number_rules_reasons_and_their_own_cells(
    tmp_path: Path,
) -> None:
    sent = [row("T1"), row("=1+1", MISTYPED, 税额="-5"), ["short"]]
    made = send(tmp_path / "upload.csv", csv_bytes(sent))
    content = export_rejects(made)
    assert content.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [line[ADDED[0]] for line in table] == ["3", "4"]
    assert table[0][ADDED[1]] == "subject: code_check_digit; amount: below_minimum"
    assert "校验位" in table[0][ADDED[2]]
    assert "check character" in table[0][ADDED[3]]
    assert (table[0]["税票号"], table[0]["税额"], table[0]["代码"]) == ("'=1+1", "-5", MISTYPED)
    assert table[1]["代码"] == "short"


@given(st.text(min_size=1))
def test_no_cell_begins_like_a_formula_unless_it_is_a_number(text: str) -> None:
    cell = safe_cell(text)
    if cell[0] in "=+-@\t\r":
        float(cell)
    assert cell in (text, f"'{text}")
