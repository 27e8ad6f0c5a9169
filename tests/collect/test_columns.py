"""From a file's columns to the contract's fields: order, constants, missing and extra columns."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from tests.collect.city import CONTRACT, FEED_DATA, HEADINGS, feed
from xinrong.collect.judging.columns import Plan, plan_columns
from xinrong.collect.readers import FileError


def mapped(**sources: Any) -> dict[str, Any]:
    return {**FEED_DATA["mapping"], **sources}


def plan(headings: tuple[str, ...] = HEADINGS, **changes: Any) -> Plan:
    return plan_columns(feed(**changes), CONTRACT, headings, "upload.csv")


def text_of(found: Plan, name: str, cells: dict[str, list[str | None]]) -> list[str | None]:
    (entry,) = [one for one in found.fields if one.field.name == name]
    texts: list[str | None] = entry.text(pa.table(cells)).to_pylist()
    return texts


def test_columns_are_tried_in_order_row_by_row() -> None:
    found = plan((*HEADINGS, "说明"), mapping=mapped(remark={"column": ["备注", "说明"]}))
    cells: dict[str, list[str | None]] = {"备注": ["a", " ", None], "说明": ["b", "c", None]}
    assert text_of(found, "remark", cells) == ["a", "c", None]


def test_one_of_several_columns_is_enough() -> None:
    found = plan(mapping=mapped(remark={"column": ["旧备注", "备注"]}))
    assert text_of(found, "remark", {"备注": ["a"]}) == ["a"]
    assert found.notes == ()


def test_a_constant_needs_no_column_and_fills_the_gaps_of_one() -> None:
    found = plan(
        mapping=mapped(
            standing={"constant": "good"}, remark={"column": "备注", "constant": "无备注"}
        )
    )
    cells: dict[str, list[str | None]] = {"备注": ["a", ""]}
    assert text_of(found, "standing", cells) == ["good", "good"]
    assert text_of(found, "remark", cells) == ["a", "无备注"]


def test_a_constant_stands_in_for_a_column_that_is_not_there() -> None:
    found = plan(HEADINGS[:-1], mapping=mapped(remark={"column": "备注", "constant": "无备注"}))
    assert text_of(found, "remark", {"税额": ["1"]}) == ["无备注"]
    assert found.notes == ()


def test_a_file_without_its_names_is_taken_with_a_note() -> None:
    found = plan(tuple(name for name in HEADINGS if name != "名称"))
    assert (found.code, found.name) == (("代码",), ())
    assert [note.code for note in found.notes] == ["columns_missing"]


def test_a_file_without_its_codes_is_refused_although_it_has_names() -> None:
    with pytest.raises(FileError) as refused:
        plan(tuple(name for name in HEADINGS if name != "代码"))
    assert refused.value.place.field == "代码"


def test_a_feed_that_sends_names_only_needs_its_names() -> None:
    only_names = {"name": "名称"}
    assert plan(HEADINGS[1:], subject=only_names).name == ("名称",)
    with pytest.raises(FileError):
        plan(HEADINGS[2:], subject=only_names)


def test_the_nearest_unknown_heading_is_offered() -> None:
    renamed = tuple({"税票号": "税票号码", "备注": "其他"}.get(name, name) for name in HEADINGS)
    with pytest.raises(FileError) as refused:
        plan(renamed)
    assert "税票号码" in refused.value.words.zh
    assert refused.value.place.file == "upload.csv"
