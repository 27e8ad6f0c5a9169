"""A small registry to take files from: who there is, and what changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.collect.city import csv_bytes
from tests.subjects.people import NOW, code
from xinrong.catalogue.contract import Contract
from xinrong.catalogue.feed import Feed
from xinrong.catalogue.region import Department, Region, RegionInfo
from xinrong.collect.models import Receipt
from xinrong.collect.services import collect_file
from xinrong.domain.clock import FixedClock
from xinrong.domain.text import Text


def _text(words: str) -> dict[str, str]:
    return {"zh": words, "en": words}


def _contract(category: str, **parts: Any) -> Contract:
    return Contract.model_validate(
        {
            "category": category,
            "title": _text(category),
            "description": _text(category),
            "group": "registration",
            "basis": [{"document": "条例"}],
            "share": "open",
            "polarity": {"sign": "neutral"},
            **parts,
        }
    )


ENTRY = _contract(
    "registration",
    key=["subject"],
    fields=[
        {"name": "kind", "title": _text("类型"), "slot": "t4"},
        {"name": "state", "title": _text("状态"), "slot": "status"},
        {"name": "gone_on", "title": _text("注销日"), "type": "date", "slot": "end_date"},
        {"name": "founded", "title": _text("成立日"), "type": "date", "slot": "event_date"},
        {"name": "capital", "title": _text("资本"), "type": "money", "slot": "amount"},
        {"name": "address", "title": _text("住所")},
    ],
)
CHANGE = _contract(
    "change",
    key=["subject", "item"],
    fields=[
        {
            "name": "item",
            "title": _text("事项"),
            "slot": "code",
            "required": True,
            "values": {"合并": _text("合并"), "个转企": _text("个转企"), "其他": _text("其他")},
        },
        {"name": "on", "title": _text("核准日"), "type": "date", "slot": "event_date"},
        {
            "name": "successor",
            "title": _text("存续"),
            "type": "enterprise",
            "slot": "counterparty",
        },
    ],
    succession={"field": "item", "values": {"合并": "merger", "个转企": "conversion"}},
)
_FRESH = {"every_days": 1, "stale_after_days": 3}
REGISTER = Feed.model_validate(
    {
        "feed": "register",
        "title": _text("登记"),
        "department": "market",
        "category": "registration",
        "layout": {"format": "csv"},
        "subject": {"code": "代码", "name": "名称"},
        "mapping": {
            "kind": "类型",
            "state": "状态",
            "gone_on": "注销日",
            "founded": "成立日",
            "capital": {"column": "资本", "unit": "万元"},
            "address": "住所",
        },
        "freshness": _FRESH,
        "register_feed": True,
        "register_file": {
            "mode": "either",
            "kind": "kind",
            "kinds": {"店": "sole_trader", "厂": "company"},
            "status": {"field": "state", "cancelled": ["注销"], "since": "gone_on"},
            "change": {
                "column": "变更",
                "values": {"新": "new", "改": "changed", "销": "cancelled"},
            },
            "order": {"column": "日期"},
        },
    }
)
CHANGES = Feed.model_validate(
    {
        "feed": "changes",
        "title": _text("变更"),
        "department": "market",
        "category": "change",
        "layout": {"format": "csv"},
        "subject": {"code": "代码", "name": "名称"},
        "mapping": {"item": "事项", "on": "核准日", "successor": "存续"},
        "freshness": _FRESH,
    }
)
REGION = Region(
    info=RegionInfo(region="tests", title=Text(zh="测试市", en="Test"), jurisdictions=("cn",)),
    departments={"market": Department(id="market", title=Text(zh="市监局", en="Market"))},
    contracts={one.category: one for one in (ENTRY, CHANGE)},
    feeds={one.feed: one for one in (REGISTER, CHANGES)},
)
COLUMNS = ("代码", "名称", "类型", "状态", "注销日", "成立日", "资本", "住所")
USUAL = {"类型": "厂", "状态": "存续", "成立日": "2026-02-03", "资本": "100", "住所": "甲路1号"}


def trader_code(number: int) -> str:
    """The code of a sole trader."""
    return code(number, "92")


class Registry:
    """Sends files one after another."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.sent = folder, 0

    def register(self, day: str, *rows: dict[str, str], change: str = "") -> Receipt:
        """A full file as of a day, or with `change` a delta."""
        columns = (*COLUMNS, *(("变更",) if change else ()), "日期")
        stamped = {"变更": change, "日期": day}
        lines = [[{**USUAL, **row, **stamped}.get(name, "") for name in columns] for row in rows]
        return self._send("register", lines, columns)

    def changed(self, *rows: tuple[str, str, str, str, str]) -> Receipt:
        """Records of changes: code, name, item, day, code of who follows."""
        columns = ("代码", "名称", "事项", "核准日", "存续")
        return self._send("changes", [list(row) for row in rows], columns)

    def _send(self, feed: str, lines: list[list[str]], columns: tuple[str, ...]) -> Receipt:
        self.sent += 1
        path = self.folder / f"{feed}-{self.sent}.csv"
        path.write_bytes(csv_bytes(lines, columns))
        return collect_file(path, feed, clock=FixedClock(NOW), region=REGION)


def entry(number: int, name: str, **cells: str) -> dict[str, str]:
    """A company's row."""
    return {"代码": code(number), "名称": name, **cells}
