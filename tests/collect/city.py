"""A small city of the tests' own: a register feed, a tax feed of every field type, a clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from xinrong.catalogue.contract import Contract
from xinrong.catalogue.feed import Feed
from xinrong.catalogue.region import Department, Region, RegionInfo
from xinrong.collect.models import QuarantinedRow, Receipt
from xinrong.collect.services import collect_file
from xinrong.domain.clock import FixedClock
from xinrong.domain.text import Text
from xinrong.domain.uscc import check_digit

CLOCK = FixedClock(datetime(2026, 3, 1, 2, 0, tzinfo=UTC))  # the morning of 1 March in China
TODAY = "2026-03-01"


def code(number: int) -> str:
    """A lawful code, another one for each number."""
    first = f"91331000MA{number:07d}"
    return first + check_digit(first)


ALPHA, BETA, GAMMA = code(1), code(2), code(3)
#: Lawful in shape, wrong in its check character.
MISTYPED = ALPHA[:-1] + ("1" if ALPHA[-1] != "1" else "2")


def _text(words: str) -> dict[str, str]:
    return {"zh": words, "en": words}


def _field(name: str, kind: str = "text", slot: str = "", **more: Any) -> dict[str, Any]:
    return {"name": name, "title": _text(name), "type": kind, "slot": slot, **more}


CONTRACT = Contract.model_validate(
    {
        "category": "tax_payment",
        "title": _text("纳税"),
        "description": _text("纳税"),
        "group": "tax",
        "basis": [{"document": "税收征收管理法"}],
        "share": "consent",
        "polarity": {"by": "standing", "positive": ["good"], "negative": ["bad"]},
        "fields": [
            _field("number", slot="code", required=True),
            _field("paid_on", "date", "event_date", required=True),
            _field("due_on", "date", "end_date", future=True),
            _field("amount", "money", "amount", min=0),
            _field("standing", slot="status", values={"good": _text("好"), "bad": _text("差")}),
            _field("months", "integer", "n1", min=0, max=12),
            _field("rate", "number", "n2"),
            _field("payer", "enterprise", "counterparty"),
            _field("declared", "money"),
            _field("area", "number"),
            _field("online", "boolean"),
            _field("remark"),
        ],
        "key": ["subject", "number"],
    }
)
COLUMNS = ("代码", "名称", "税票号", "入库日期", "期限", "税额", "评价", "月数", "税率", "代缴人")
MORE_COLUMNS = ("申报额", "面积", "网上", "备注")
HEADINGS = (*COLUMNS, *MORE_COLUMNS)
FEED_DATA: dict[str, Any] = {
    "feed": "tax_csv",
    "title": _text("纳税"),
    "department": "tax_bureau",
    "category": "tax_payment",
    "layout": {"format": "csv"},
    "subject": {"code": "代码", "name": "名称"},
    "mapping": {
        "number": "税票号",
        "paid_on": "入库日期",
        "due_on": "期限",
        "amount": "税额",
        "standing": {"column": "评价", "values": {"好": "good", "差": "bad"}},
        "months": "月数",
        "rate": "税率",
        "payer": "代缴人",
        "declared": {"column": "申报额", "unit": "万元"},
        "area": "面积",
        "online": "网上",
        "remark": "备注",
    },
    "freshness": {"every_days": 30, "stale_after_days": 60},
}


def feed(**changes: Any) -> Feed:
    """The tax feed with some of its keys changed."""
    return Feed.model_validate({**FEED_DATA, **changes})


def region(*feeds: Feed, contract: Contract = CONTRACT) -> Region:
    """A region with the given feeds, all of them of one contract."""
    return Region(
        info=RegionInfo(
            region="tests", title=Text(zh="测试市", en="Test city"), jurisdictions=("cn",)
        ),
        departments={
            "tax_bureau": Department(id="tax_bureau", title=Text(zh="税务局", en="Tax bureau"))
        },
        contracts={contract.category: contract},
        feeds={one.feed: one for one in feeds or (feed(),)},
    )


def row(number: str = "T1", owner: str = ALPHA, **cells: str) -> list[str]:
    """A sound row; other cells by their headings."""
    plain = {"代码": owner, "名称": "甲公司", "税票号": number, "入库日期": "2025-06-30"}
    given = {**plain, "税额": "100.00", "评价": "好", **cells}
    return [given.get(heading, "") for heading in HEADINGS]


def csv_bytes(rows: Sequence[Sequence[str]], headings: Sequence[str] = HEADINGS) -> bytes:
    """Rows as UTF-8 text; cells with a comma, quote or line break are quoted."""
    return "".join(",".join(map(_cell, cells)) + "\n" for cells in (headings, *rows)).encode()


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\n\r') else text


def send(path: Path, content: bytes | Sequence[Sequence[str]], of: Feed | None = None) -> Receipt:
    """Write a file and take it in through the feed (the plain tax feed when none is given)."""
    path.write_bytes(content if isinstance(content, bytes) else csv_bytes(content))
    chosen = of or feed()
    return collect_file(path, chosen.feed, clock=CLOCK, region=region(chosen))


def rejected(receipt: Receipt) -> list[tuple[int, list[tuple[str, str]]]]:
    """Row number and (rule, field) of everything in quarantine."""
    return [
        (one.row_no, [(problem["rule"], problem["field"]) for problem in one.problems])
        for one in QuarantinedRow.objects.filter(receipt=receipt).order_by("row_no")
    ]


def sums(receipt: Receipt) -> tuple[int, int, int, int]:
    """Rows in, accepted, quarantined, duplicates."""
    return receipt.rows_in, receipt.accepted, receipt.quarantined, receipt.duplicates


def only_rule(receipt: Receipt) -> str:
    ((_, ((rule, _),)),) = rejected(receipt)
    return rule


def note_codes(receipt: Receipt) -> set[str]:
    return {note["code"] for note in receipt.notes}


def stored(column: str) -> list[Any]:
    from xinrong.store.services import snapshot

    with snapshot() as snap:
        found: list[Any] = snap.query(f"SELECT {column} AS x FROM record ORDER BY x")[
            "x"
        ].to_pylist()
    return found
