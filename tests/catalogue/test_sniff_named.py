"""Samples whose format names its fields, and samples in archives, become drafts, too."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from xinrong.catalogue.draft import draft
from xinrong.catalogue.errors import SampleError
from xinrong.catalogue.feed import Layout
from xinrong.catalogue.sniff import read_sample

RECORDS: list[dict[str, Any]] = [
    {"企业名称": "台州甲机械有限公司", "处罚日期": "2024-03-01", "罚款金额": 3000.5},
    {"企业名称": "台州乙塑业有限公司", "处罚日期": "2024-03-02", "罚款金额": 500, "备注": None},
]
COLUMNS = ("企业名称", "处罚日期", "罚款金额", "备注")


def json_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def layout_of(path: Path) -> Layout:
    """The layout of the drafted feed; a layout that is not lawful raises."""
    return Layout.model_validate(yaml.safe_load(draft(path, name="penalty").feed)["layout"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize(
    ("content", "kind", "records"),
    [
        (json_text(RECORDS), "json", ""),
        (json_text({"meta": {"page": [1]}, "data": {"rows": RECORDS}}), "json", "data.rows"),
        ("\n".join(map(json_text, RECORDS)), "jsonl", ""),
    ],
    ids=["array", "array under keys", "lines"],
)
def test_json_is_told_by_its_bytes(
    content: str, kind: str, records: str, encoding: str, tmp_path: Path
) -> None:
    path = tmp_path / "sample.csv"
    path.write_bytes(content.encode(encoding))
    sample = read_sample(path)
    assert sample.columns == COLUMNS
    assert sample.rows[0][:3] == ("台州甲机械有限公司", "2024-03-01", "3000.5")
    layout = layout_of(path)
    assert (layout.format, layout.records) == (kind, records)
    assert layout.encoding == encoding.removesuffix("-sig")
    assert "header_rows" not in layout.model_fields_set


def test_parquet_is_told_by_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "sample.dat"
    columns = {"企业名称": ["甲公司"], "日期": [date(2024, 3, 1)], "金额": [Decimal("1.50")]}
    pq.write_table(pa.table(columns), path)
    assert read_sample(path).rows == (("甲公司", "2024-03-01", "1.50"),)
    layout = layout_of(path)
    assert (layout.format, layout.model_fields_set) == ("parquet", {"format"})


def test_an_archive_is_drafted_by_the_kind_of_file_that_it_holds_most_of(tmp_path: Path) -> None:
    path = tmp_path / "sample.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("说明.txt", "说明")
        archive.writestr("一月.csv", "企业名称,金额\n甲公司,1\n")
        archive.writestr("二月.csv", "企业名称,金额\n乙公司,2\n")
    sample = read_sample(path)
    assert (sample.path, sample.rows) == (path, (("甲公司", "1"),))
    layout = layout_of(path)
    assert (layout.format, layout.members, layout.header_rows) == ("csv", "*.csv", (1,))


def test_nested_fields_are_told_since_their_records_would_be_refused(tmp_path: Path) -> None:
    path = tmp_path / "sample.json"
    path.write_text(json_text([{"企业名称": "甲公司", "地址": {"区": "椒江"}}]), encoding="utf-8")
    assert any("地址" in note for note in read_sample(path).notes)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'[{"a": 1}, {"a"', "sample_not_a_table"),
        (b'{"a": {"b": 1},\n "c": 2}', "sample_not_a_table"),
        (b"[]", "sample_not_a_table"),
        (b"PAR1" + b"x" * 100, "sample_not_a_table"),
        (b'{"a": null}\n{}\n', "sample_empty"),
    ],
)
def test_what_holds_no_records_is_refused(content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "sample.json"
    path.write_bytes(content)
    with pytest.raises(SampleError) as refused:
        read_sample(path)
    assert refused.value.code == code


@pytest.mark.parametrize("name", ["a.pdf", "a.csv/"])
def test_an_archive_without_tables_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "sample.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, "")
    with pytest.raises(SampleError, match="without a table"):
        read_sample(path)
