"""The register's history as the gate releases it: days, masks, and as it was at a seq."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from xinrong.accounts.services import Viewer
from xinrong.collect.services import collect_file
from xinrong.domain.clock import FixedClock
from xinrong.domain.uscc import check_digit
from xinrong.files import services as files
from xinrong.files.history import RegisterHistoryContent
from xinrong.store import services as store
from xinrong.subjects.services import enterprise_by_code, subjects_of
from xinrong.trust.services import Purpose

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root", "taizhou")]
NOW = FixedClock(datetime(2026, 11, 1, 4, tzinfo=UTC))
PUBLIC = Viewer(None, None, "", "public", "public")
CODE = "91331003MA0000001"
CODE += check_digit(CODE)
HEADINGS = (
    "统一社会信用代码", "企业名称", "法定代表人", "注册资本(万元)", "成立日期", "行业代码", "行业",
    "所在区县", "住所", "主体类型", "登记状态", "注销日期", "经营范围", "变更类型", "数据日期",
)  # fmt: skip
ROW = (
    CODE, "甲一（虚构）有限公司", "张某", "100", "2020-05-06", "3525", "模具制造", "黄岩区",
    "甲路1号", "公司", "存续", "", "模具", "设立", "2026-09-01",
)  # fmt: skip


@pytest.fixture
def taizhou(settings: Any) -> None:
    settings.REGION = "taizhou"


def send(folder: Path, **cells: str) -> int:
    """A delta with one row; its batch."""
    values = dict(zip(HEADINGS, ROW, strict=True)) | cells
    path = folder / f"{values['数据日期']}.csv"
    path.write_text("\n".join(",".join(line) for line in (HEADINGS, values.values())) + "\n")
    done = collect_file(path, "market_registration", clock=NOW)
    assert done.accepted == 1, done
    return done.batch


def told(
    who: Viewer = PUBLIC, purpose: Purpose = Purpose.PUBLIC, **at: Any
) -> RegisterHistoryContent:
    pk = enterprise_by_code(CODE).pk
    content = files.register_history(who, pk, purpose, clock=NOW, **at).content
    assert isinstance(content, RegisterHistoryContent)
    return content


def changes(content: RegisterHistoryContent) -> list[tuple[Any, ...]]:
    """(day, field, before, after) of every change of a field, newest first."""
    [history] = content.histories
    return [
        (entry.day, change.after.name, change.before.value, change.after.value)
        for entry in history.entries
        for change in entry.changes
    ]


@pytest.fixture
def moved(tmp_path: Path) -> list[int]:
    """The batches of a firm that moved, and then had its capital raised and was renamed."""
    raised = {"注册资本(万元)": "300", "住所": "乙路2号", "企业名称": "甲二（虚构）有限公司"}
    return [
        send(tmp_path),
        send(tmp_path, 变更类型="变更", 住所="乙路2号", 数据日期="2026-09-10"),
        send(tmp_path, 变更类型="变更", 数据日期="2026-10-02", **raised),
    ]


def test_what_changed_stands_with_the_day_that_the_register_says(moved: list[int]) -> None:
    content = told()
    first = date(2026, 9, 1)
    found = changes(content)
    assert found[:2] == [
        (date(2026, 10, 2), "registered_capital", Decimal("1000000.00"), Decimal("3000000.00")),
        (date(2026, 9, 10), "address", "甲路1号", "乙路2号"),
    ]
    assert {(day, before) for day, _field, before, _after in found[2:]} == {(first, None)}
    assert ("industry_code", "3525") in {(field, after) for _, field, _, after in found[2:]}
    names = [(one.day, one.before, one.after) for one in content.histories[0].entries
             if one.what == "name"]  # fmt: skip
    assert names == [(date(2026, 10, 2), "甲一（虚构）有限公司", "甲二（虚构）有限公司")]
    batches = [entry.origin.batch for entry in content.histories[0].entries if entry.changes
               and entry.origin]  # fmt: skip
    assert batches == moved[::-1]


def test_kind_and_standing_are_told_once(tmp_path: Path) -> None:
    send(tmp_path)
    send(tmp_path, 变更类型="注销", 登记状态="注销", 注销日期="2026-10-09", 数据日期="2026-10-10")
    content = told()
    fields = {field for _day, field, _before, _after in changes(content)}
    assert not fields & {"state", "kind", "deregistered_on"}
    [gone] = [one for one in content.histories[0].entries if one.what == "cancelled"]
    assert (gone.day, gone.after) == (date(2026, 10, 9), "yes")


def test_a_field_beyond_the_viewers_level_is_masked_on_both_sides(tmp_path: Path) -> None:
    send(tmp_path)
    send(tmp_path, 变更类型="变更", 法定代表人="李某", 数据日期="2026-09-20")
    [change] = [
        one
        for entry in told().histories[0].entries
        for one in entry.changes
        if entry.day == date(2026, 9, 20)
    ]
    for side in (change.before, change.after):
        assert (side.name, side.masked, side.value) == ("legal_representative", True, None)


def test_it_is_told_again_as_it_was(moved: list[int], tmp_path: Path) -> None:
    seq = store.last_seq()
    before = told()
    send(tmp_path, 变更类型="变更", 住所="丙路3号", 数据日期="2026-10-20")
    store.compact(NOW.now(), whole=True)
    assert len(changes(told())) > len(changes(before))
    again = told(at_seq=seq)
    assert changes(again) == changes(before)
    assert [one.what for one in again.histories[0].entries] == [
        one.what for one in before.histories[0].entries
    ]


def test_an_erased_record_leaves_no_version(moved: list[int]) -> None:
    with store.snapshot() as snapshot:
        subjects = subjects_of([enterprise_by_code(CODE).pk])
        [numbers] = subjects.values()
        [row] = snapshot.records(numbers, ["registration"]).to_pylist()
    record = store.RecordId("registration", row["key"], row["subject"])
    store.erase([record], article="个人信息保护法第四十七条", reason="依法", at=NOW.now())
    assert changes(told()) == []
