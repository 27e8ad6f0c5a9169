"""A credit product as its lender publishes it: terms, fees, for whom, in versions with dates.

Rates and shares are in percent, as a leaflet says them: 0.35 over a base rate of 3.00 is 3.35 %.
Amounts are yuan. What cannot be a product at all is refused here, what is odd by `linting`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from xinrong.catalogue.contract import Strict
from xinrong.domain.criteria import Source
from xinrong.domain.dated import check_one_a_day, check_order, holds, in_force
from xinrong.domain.financing import Channel, NeedPurpose, Security
from xinrong.domain.loans import FeeBase, FeeTime, Repayment
from xinrong.domain.text import Text

NAME = r"^[a-z][a-z0-9_]*$"


class LenderKind(StrEnum):
    """What a lender is."""

    STATE = "state"
    JOINT_STOCK = "joint_stock"
    CITY = "city"
    RURAL = "rural"
    VILLAGE = "village"
    ONLINE = "online"
    MICRO = "micro"


LENDER_WORDS: Mapping[LenderKind, Text] = {
    LenderKind.STATE: Text(zh="国有大型银行", en="Large state bank"),
    LenderKind.JOINT_STOCK: Text(zh="股份制银行", en="Joint-stock bank"),
    LenderKind.CITY: Text(zh="城市商业银行", en="City commercial bank"),
    LenderKind.RURAL: Text(zh="农村商业银行", en="Rural commercial bank"),
    LenderKind.VILLAGE: Text(zh="村镇银行", en="Village bank"),
    LenderKind.ONLINE: Text(zh="民营网络银行", en="Private online bank"),
    LenderKind.MICRO: Text(zh="小额贷款公司", en="Microcredit company"),
}
REPAYMENT_WORDS: Mapping[Repayment, Text] = {
    Repayment.EQUAL_INSTALMENTS: Text(zh="等额本息", en="Equal instalments"),
    Repayment.EQUAL_PRINCIPAL: Text(zh="等额本金", en="Equal principal"),
    Repayment.INTEREST_FIRST: Text(zh="先息后本", en="Interest first, principal at the end"),
    Repayment.AT_END: Text(zh="到期一次还本付息", en="All at the end"),
}
FEE_TIME_WORDS: Mapping[FeeTime, Text] = {
    FeeTime.AT_DISBURSEMENT: Text(zh="放款时", en="at disbursement"),
    FeeTime.YEARLY: Text(zh="每年年初", en="at the beginning of each year"),
    FeeTime.EACH_PERIOD: Text(zh="每期", en="with each payment"),
    FeeTime.AT_END: Text(zh="到期时", en="at the end"),
}


class Lender(Strict):
    """An institution that lends, and the districts in which it has outlets."""

    id: str = Field(pattern=NAME, max_length=40)
    title: Text
    kind: LenderKind
    outlets: int = Field(ge=0)


class Published(Strict):
    """A base rate as it was published, in percent a year, from a day on."""

    valid_from: date
    percent: Decimal = Field(gt=0, max_digits=7, decimal_places=4)


class BaseRate(Strict):
    """A rate over which others are quoted, with every value that it had."""

    title: Text
    source: Source
    values: tuple[Published, ...]

    @model_validator(mode="after")
    def _has_a_value(self) -> Self:
        if not self.values:
            raise ValueError("a base rate has a value (基准利率须有数值)")
        return self

    def on(self, day: date) -> Decimal | None:
        """The rate of a day, in percent; None before the first."""
        known = [one for one in self.values if one.valid_from <= day]
        return max(known, key=lambda one: one.valid_from).percent if known else None


class Programme(Strict):
    """A programme that several lenders' products belong to."""

    title: Text
    note: Text


class Book(Strict):
    """What all products of a region share. `invented`: no lender in it is real."""

    title: Text
    note: Text
    invented: bool
    base_rates: Mapping[str, BaseRate] = Field(min_length=1)
    programmes: Mapping[str, Programme]


class Amounts(Strict):
    """From how much to how much is lent, in yuan."""

    least: Decimal = Field(max_digits=15, decimal_places=2)
    most: Decimal = Field(max_digits=15, decimal_places=2)


class Months(Strict):
    """For how long is lent, in months."""

    least: int
    most: int


class Rate(Strict):
    """The yearly rate: a base rate and so many points over it (below it when negative)."""

    base: str
    low: Decimal = Field(max_digits=7, decimal_places=4)
    high: Decimal = Field(max_digits=7, decimal_places=4)


class ProductFee(Strict):
    """What has to be paid besides interest, to whomever: `percent` or `yuan`, one of the two."""

    title: Text
    when: FeeTime
    percent: Decimal | None = None
    yuan: Decimal | None = Field(default=None, max_digits=15, decimal_places=2)
    of: FeeBase = FeeBase.AMOUNT

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if (self.percent is None) == (self.yuan is None):
            raise ValueError("a fee has percent or yuan, one of the two (费用写 percent 或 yuan)")
        return self


class ForWhom(Strict):
    """Whom the lender wants, besides what the terms ask: a criterion over the need."""

    text: str = Field(min_length=1)
    source: Source


class Terms(Strict):
    """A product from `valid_from` to `valid_until`, both days included.

    No `purposes`: any; no `areas`: the whole region; no `security`: on credit alone, else any one
    of those named. Days are working days: until an answer, until the money is there.
    """

    valid_from: date
    valid_until: date | None = None
    amount: Amounts
    months: Months
    rate: Rate
    repayment: Repayment
    months_per_period: int = Field(default=1, ge=1, le=12)
    security: tuple[Security, ...]
    fees: tuple[ProductFee, ...] = ()
    deposit_percent: Decimal | None = None
    for_whom: ForWhom
    purposes: tuple[NeedPurpose, ...] = ()
    areas: tuple[str, ...] = ()
    channels: tuple[Channel, ...]
    answer_days: int = Field(ge=0, le=60)
    money_days: int = Field(ge=0, le=120)
    documents: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        check_order(self)
        return self

    def holds_on(self, day: date) -> bool:
        """Whether these terms are in force on a day."""
        return holds(self, day)


class Product(Strict):
    """One product: its words, and its terms in the order of time."""

    id: str = Field(pattern=NAME, max_length=64)
    title: Text
    programme: str = ""
    versions: tuple[Terms, ...]

    @model_validator(mode="after")
    def _one_version_a_day(self) -> Self:
        check_one_a_day(self.versions)
        return self

    def on(self, day: date) -> Terms | None:
        """The terms in force on a day, None when it is not offered then."""
        return in_force(self.versions, day)

    def number_of(self, terms: Terms) -> int:
        """The number of a version, counted from 1."""
        return self.versions.index(terms) + 1


class LenderFile(Strict):
    """One file: a lender and what it offers."""

    lender: Lender
    products: tuple[Product, ...]
