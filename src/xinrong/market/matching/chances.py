"""The chance of approval of a product: what its lender decided on this platform, as of a day.

Figures about lenders, of no enterprise: whoever was decided on counts once, and what rests on fewer
than FLOOR enterprises is not kept at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from xinrong.domain.text import Text

#: Enterprises on which a figure rests at least; fewer are not known yet.
FLOOR = 10
#: Enterprises decided on, by all lenders together, from which their common share counts.
COMMON_FROM = 30
#: Percent that is assumed before that.
EVEN = 50
#: Enterprises at the common share that are put to those of a product or lender: of few decisions
#: little follows.
WEIGHT = 10
#: Decisions of so long before the day count.
LOOKED_BACK = timedelta(days=730)
#: Chances in the same ten points stand alike in the ranking.
BAND = 10

DEFINITION = Text(
    zh="获批可能：截至当日零时前两年内，该产品（不足 10 家时为该机构全部产品）已有结果的企业中"
    "获得报价的比例，每家企业只计一次，拒绝与到期未答均计为未获批；"
    "再并入 10 家按全部机构平均比例计的企业，以免少数结果左右数字。"
    "不足 10 家的，显示“尚无数据”，排序时按全部机构的平均比例计。",
    en="Chance of approval: of the enterprises that had an outcome in the two years before the day"
    " began, for this product (of its lender's products altogether where they are fewer than 10),"
    " the share that got an offer. Each enterprise counts once; a refusal and an application left"
    " without an answer count alike. Ten enterprises at the share of all lenders are put to them,"
    " so that a few outcomes do not make the figure. With fewer than 10 it is “not known yet” and"
    " is ranked as the share of all lenders together.",
)


@dataclass(frozen=True)
class Decided:
    """Enterprises that had an outcome, and how many of them got an offer."""

    enterprises: int
    offered: int


@dataclass(frozen=True)
class Chance:
    """A chance of approval in whole percent; about how many enterprises it rests on, in tens.

    `of_lender`: it is of all products of the lender, since this one has too few.
    """

    percent: int
    about: int
    of_lender: bool


@dataclass(frozen=True)
class Chances:
    """What is known as of a day; None: nothing was counted yet."""

    day: date | None = None
    products: Mapping[str, Decided] = field(default_factory=dict)
    lenders: Mapping[str, Decided] = field(default_factory=dict)
    every: Decided | None = None

    @cached_property
    def common(self) -> int:
        """The percent of all lenders together: an unknown chance counts as this one."""
        if self.every is None or self.every.enterprises < COMMON_FROM:
            return EVEN
        return _percent(self.every.offered, self.every.enterprises)

    def of(self, lender: str, product: str) -> Chance | None:
        """The chance of a product; None where it is not known yet."""
        return self._of_products.get(product) or self._of_lenders.get(lender)

    def band(self, chance: Chance | None) -> int:
        """The ten points in which a chance is ranked, 0 to 9; an unknown one in the common ones."""
        percent = self.common if chance is None else chance.percent
        return min(percent // BAND, 100 // BAND - 1)

    @cached_property
    def _of_products(self) -> Mapping[str, Chance]:
        return self._chances(self.products, of_lender=False)

    @cached_property
    def _of_lenders(self) -> Mapping[str, Chance]:
        return self._chances(self.lenders, of_lender=True)

    def _chances(self, decided: Mapping[str, Decided], *, of_lender: bool) -> dict[str, Chance]:
        return {
            name: Chance(
                _percent(
                    100 * one.offered + WEIGHT * self.common, 100 * (one.enterprises + WEIGHT)
                ),
                _tens(one.enterprises),
                of_lender,
            )
            for name, one in decided.items()
            if one.enterprises >= FLOOR
        }


NOTHING_KNOWN = Chances()


def _percent(part: int, whole: int) -> int:
    """Whole percent, halves up."""
    return (200 * part + whole) // (2 * whole)


def _tens(number: int) -> int:
    return (number + 5) // 10 * 10
