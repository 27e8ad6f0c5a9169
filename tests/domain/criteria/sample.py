"""The columns that the tests of criteria are written over, and an invented enterprise's row."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from xinrong.domain.criteria import Column, Expression, Schema, Storage, Stratum, Type, parse
from xinrong.domain.text import Text

TODAY = date(2026, 3, 31)


def column(name: str, of: Type, zh: str, en: str, **more: Any) -> Column:
    return Column(name, of, Text(zh=zh, en=en), **more)


STATES = {
    "normal": Text(zh="正常", en="in business"),
    "cancelled": Text(zh="注销", en="deregistered"),
    "revoked": Text(zh="吊销", en="revoked"),
}
SCHEMA = Schema(
    [
        column("tax_12m", Type.MONEY, "近12个月纳税额", "Tax paid in 12 months"),
        column("revenue_12m", Type.MONEY, "近12个月营业收入", "Revenue of 12 months", level=3),
        column("debt", Type.MONEY, "负债总额", "Total debt", level=3, share="consent"),
        column("assets", Type.MONEY, "资产总额", "Total assets", storage=Storage.DECIMAL),
        column("staff", Type.COUNT, "参保人数", "Insured staff", unit="人"),
        column("penalties", Type.COUNT, "处罚次数", "Penalties", unit="次"),
        column("power_3m", Type.NUMBER, "近3个月用电量", "Electricity in 3 months", unit="度"),
        column("score", Type.NUMBER, "信用得分", "Credit score", unit="分", stratum=Stratum.GRADE),
        column("debt_ratio", Type.RATIO, "资产负债率", "Debt ratio"),
        column("growth", Type.RATIO, "营收增长率", "Growth of revenue"),
        column("burden", Type.RATIO, "税负率", "Tax burden", storage=Storage.DOUBLE),
        column("spread", Type.RATIO, "波动率", "Spread", storage=Storage.DOUBLE),
        column("on_time", Type.NUMBER, "按时缴纳率", "Paid on time", unit="%"),
        column(
            "water_3m",
            Type.NUMBER,
            "近3个月用水量",
            "Water in 3 months",
            unit="吨",
            storage=Storage.WHOLE,
        ),
        column("industry", Type.CODE, "行业代码", "Industry code"),
        column("state", Type.CODE, "登记状态", "State", values=STATES),
        column("town", Type.TEXT, "所在乡镇", "Town"),
        column("established_on", Type.DATE, "成立日期", "Established on"),
        column("licence_until", Type.DATE, "许可证有效期至", "Licence valid until"),
        column("in_park", Type.BOOLEAN, "在园区内", "In a park"),
        column("listed", Type.BOOLEAN, "在名单上", "On a list"),
        column("need.amount", Type.MONEY, "融资需求金额", "Amount needed"),
    ]
)
ROW: dict[str, Any] = {
    "tax_12m": 20_000_000,  # fen
    "revenue_12m": None,
    "debt": 150_000_050,
    "assets": Decimal("3000000.00"),
    "staff": 12,
    "penalties": 0,
    "power_3m": Decimal("12500.5000"),
    "score": Decimal("612.0000"),
    "debt_ratio": Decimal("0.725000"),
    "growth": Decimal("-0.030000"),
    "burden": 1 / 3,
    "spread": None,
    "on_time": Decimal("97.5000"),
    "water_3m": 1_250_000,  # ten-thousandths
    "industry": "C13",
    "state": "normal",
    "town": "甲镇",
    "established_on": date(2025, 5, 1),
    "licence_until": None,
    "in_park": False,
    "listed": None,
    "need.amount": 100_000_000,
}


def read(text: str) -> Expression:
    return parse(text, SCHEMA)


def sql_type(of: Column) -> pa.DataType:
    """How a part of the store holds the column."""
    if of.numeric:
        exact = pa.int64() if of.whole else pa.decimal128(18, of.scale)
        return pa.float64() if of.inexact else exact
    return {Type.DATE: pa.date32(), Type.BOOLEAN: pa.bool_()}.get(of.type, pa.string())


def table(rows: list[dict[str, Any]], schema: Schema = SCHEMA) -> pa.Table:
    """Rows as a table with the store's types; `need.amount` lies in a struct `need`."""
    plain = [one for one in schema.values() if "." not in one.name]
    nested = [one for one in schema.values() if "." in one.name]
    fields = {one.name: pa.array([row[one.name] for row in rows], sql_type(one)) for one in plain}
    for one in nested:
        outer, inner = one.name.split(".")
        values = pa.array([row[one.name] for row in rows], sql_type(one))
        fields[outer] = pa.StructArray.from_arrays([values], [inner])
    return pa.table({"id": pa.array(range(len(rows)), pa.int32()), **fields})
