"""Bad input in JSON, Parquet, archives and workbooks, end to end."""

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
    BETA,
    HEADINGS,
    csv_bytes,
    feed,
    note_codes,
    rejected,
    row,
    send,
    stored,
    sums,
)
from xinrong.collect.models import QuarantinedRow, Receipt
from xinrong.collect.readers import FileError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "upload.csv"


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
    assert rejected(receipt) == [(3, [("row_error_cell", "备注")])]


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
