"""A financing need: how much, for how long, what for, and what can be offered as security.

What it says of itself stands beside the profile of the enterprise when criteria are asked
(`need.amount` and so on); `need_columns` are its columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xinrong.domain.criteria import Column, Storage, Type
from xinrong.domain.errors import Place, XinrongError
from xinrong.domain.financing.words import (
    PURPOSE_WORDS,
    SECURITY_WORDS,
    NeedPurpose,
    Security,
)
from xinrong.domain.money import fen, yuan
from xinrong.domain.text import Text

#: Yuan. Below, no lender opens a file; above, it is no small or micro enterprise's loan.
LEAST, MOST = Decimal(1_000), Decimal(1_000_000_000)
MOST_MONTHS = 360
#: Percent a year. What is dearer is no offer of a licensed lender.
MOST_RATE = Decimal(36)
#: Column of a need that says whether it offers a security: `need.offers_property`.
OFFERS = "need.offers_{}"

_COLUMNS = (
    Column("need.amount", Type.MONEY, Text(zh="融资需求金额", en="Sum needed"),
           storage=Storage.DECIMAL),
    Column("need.months", Type.COUNT, Text(zh="融资需求期限", en="Term needed"), "个月", least=0),
    Column("need.max_rate", Type.NUMBER,
           Text(zh=f"可接受的最高年利率（未填按 {MOST_RATE}%）",
                en=f"Highest yearly rate accepted ({MOST_RATE} % where none is named)"),
           "%", least=0),
    Column("need.purpose", Type.CODE, Text(zh="资金用途", en="What the money is for"),
           values={str(one): words for one, words in PURPOSE_WORDS.items()}),
    Column("need.first_time", Type.BOOLEAN,
           Text(zh="首次向银行贷款", en="First loan from a bank")),
    Column("need.registered", Type.BOOLEAN,
           Text(zh="已登记注册", en="Registered already")),
    *(
        Column(OFFERS.format(one), Type.BOOLEAN,
               Text(zh=f"可提供{words.zh}", en=f"Can offer: {words.en[0].lower()}{words.en[1:]}"))
        for one, words in SECURITY_WORDS.items()
    ),
)  # fmt: skip


def need_columns(areas: Mapping[str, Text]) -> tuple[Column, ...]:
    """What criteria may ask of a need; `areas` are the districts of the region, by their codes."""
    title = Text(zh="用款所在区县", en="District where it is used")
    return (*_COLUMNS, Column("need.area", Type.CODE, title, values=areas))


class NeedRefused(XinrongError):
    """A need that cannot be meant as it is written. `words` say so on a page.

    Codes: need_amount, need_fen, need_months, need_rate, need_area.
    """

    code = "need_refused"

    def __init__(self, code: str, field: str, wrong: Text, remedy: Text) -> None:
        super().__init__(wrong.en, place=Place(field=field), remedy=remedy.en, code=code)
        self.words = Text(zh=f"{wrong.zh}。{remedy.zh}", en=f"{wrong.en}. {remedy.en}")


@dataclass(frozen=True, slots=True)
class Need:
    """One need: `amount` in yuan, `months` to repay it, `purpose`, and the securities offered.

    `area` is the six-digit code of the district; "" is that of the register. `first_time` says
    whether it would be the first loan from a bank, None where nobody said. `max_rate` is the
    dearest yearly rate accepted, in percent. Raises NeedRefused.
    """

    amount: Decimal
    months: int
    purpose: NeedPurpose
    offers: frozenset[Security] = frozenset()
    area: str = ""
    first_time: bool | None = None
    registered: bool = True
    max_rate: Decimal | None = None

    def __post_init__(self) -> None:
        _check_amount(self.amount)
        if not 1 <= self.months <= MOST_MONTHS:
            raise NeedRefused(
                "need_months", "months",
                Text(zh=f"期限 {self.months} 个月不在 1 至 {MOST_MONTHS} 个月之间",
                     en=f"a term of {self.months} months is not between 1 and {MOST_MONTHS}"),
                Text(zh="请按月填写用款期限。", en="Give the term in months."),
            )  # fmt: skip
        if self.max_rate is not None:
            _check_rate(self.max_rate)
        if self.area and not (len(self.area) == 6 and self.area.isascii() and self.area.isdigit()):
            raise NeedRefused(
                "need_area", "area",
                Text(zh=f"“{self.area[:20]}”不是六位的区县代码",
                     en=f"{self.area[:20]!r} is no six-digit code of a district"),
                Text(zh="请填写如 331002 的代码。", en="Write a code such as 331002."),
            )  # fmt: skip

    def row(self, district: Any = None) -> dict[str, Any]:
        """Its columns as criteria read them; `district` is the enterprise's, where it has one."""
        return {
            "need.amount": self.amount,
            "need.months": self.months,
            "need.max_rate": MOST_RATE if self.max_rate is None else self.max_rate,
            "need.purpose": str(self.purpose),
            "need.area": self.area or district,
            "need.first_time": self.first_time,
            "need.registered": self.registered,
            **{OFFERS.format(one): one in self.offers for one in Security},
        }

    def told(self) -> dict[str, str | int]:
        """What audit rows and digests keep of it: codes and whole numbers, the sum in fen."""
        found: dict[str, str | int] = {
            "amount": fen(self.amount),
            "months": self.months,
            "purpose": str(self.purpose),
        }
        if self.offers:
            found["offers"] = ".".join(sorted(self.offers))
        if self.area:
            found["area"] = self.area
        if self.first_time is not None:
            found["first_time"] = int(self.first_time)
        if not self.registered:
            found["registered"] = 0
        if self.max_rate is not None:
            found["max_rate"] = f"{self.max_rate.normalize():f}"
        return found

    @classmethod
    def read(cls, told: Mapping[str, str | int]) -> Need:
        """The need that `told` wrote down."""
        offers = str(told.get("offers", ""))
        first = told.get("first_time")
        return cls(
            amount=yuan(int(told["amount"])),
            months=int(told["months"]),
            purpose=NeedPurpose(str(told["purpose"])),
            offers=frozenset(Security(one) for one in offers.split(".") if one),
            area=str(told.get("area", "")),
            first_time=None if first is None else bool(first),
            registered=bool(told.get("registered", 1)),
            max_rate=Decimal(told["max_rate"]) if "max_rate" in told else None,
        )


def _check_amount(amount: Decimal) -> None:
    ask = Text(
        zh=f"请以元为单位填写 {LEAST:,} 元至 {MOST:,} 元之间的金额。",
        en=f"Give a sum in yuan between {LEAST:,} and {MOST:,}.",
    )
    if not amount.is_finite() or not LEAST <= amount <= MOST:
        shown = f"{amount:,}" if amount.is_finite() else str(amount)
        raise NeedRefused(
            "need_amount", "amount",
            Text(zh=f"{shown} 元不能作为融资需求", en=f"{shown} yuan cannot be needed as a loan"),
            ask,
        )  # fmt: skip
    try:
        fen(amount)
    except ValueError:
        raise NeedRefused(
            "need_fen", "amount",
            Text(zh=f"{amount} 元不是整数分", en=f"{amount} yuan is no whole number of fen"),
            Text(zh="最多写两位小数。", en="Write two places at most."),
        ) from None  # fmt: skip


def _check_rate(rate: Decimal) -> None:
    if not rate.is_finite() or not 0 < rate <= MOST_RATE:
        raise NeedRefused(
            "need_rate", "max_rate",
            Text(zh=f"年利率 {rate}% 不在 0 与 {MOST_RATE}% 之间",
                 en=f"a yearly rate of {rate} % is not between 0 and {MOST_RATE} %"),
            Text(zh="按百分数填写，如 4.5；没有要求时不填。",
                 en="Write percent, such as 4.5, or leave it out."),
        )  # fmt: skip
