"""In which order products are shown. The rule is published: docs/how-to/publish-a-product.md.

Nothing that a lender pays, and nothing about who it is, stands in the key: of a lender it has what
it decided, and one of which that is not known counts as all of them together.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from typing import Protocol

from xinrong.domain.text import Text

RULE = Text(
    zh="按综合年化成本从低到高排列：以产品标明的最高利率计算，计入全部费用，取到 0.1 个百分点；"
    "成本相同的，获批可能更大的在前（每 10 个百分点为一档，尚无数据的按全部机构的平均比例计）；"
    "再相同的，放款更快的在前；仍相同的，按需求与产品编号的摘要决定先后，每个需求各不相同。排名不出售。",
    en="From the lowest all-in annual cost: at the highest rate that the product states, every fee"
    " counted, to a tenth of a point. At the same cost the likelier approval comes first, in steps"
    " of ten points; one that is not known yet counts as the share of all lenders together. Then"
    " whoever pays out sooner; then a digest of the need and the product decides, another one for"
    " each need. No place can be bought.",
)
#: Costs that are the same to a tenth of a point are the same.
SAME = Decimal("0.1")


class Ranked(Protocol):
    """What is put in order."""

    @property
    def name(self) -> str: ...

    @property
    def cost(self) -> Decimal | None: ...

    @property
    def band(self) -> int: ...

    @property
    def money_days(self) -> int: ...


def ranked[One: Ranked](found: Iterable[One], seed: str) -> list[One]:
    """In order of the rule; `seed` stands for the need. What has no cost comes last."""
    return sorted(found, key=lambda one: _key(one, seed))


def _key(one: Ranked, seed: str) -> tuple[bool, Decimal, int, int, bytes]:
    cost, lot = one.cost, drawn(seed, one.name)
    if cost is None:
        return True, Decimal(0), -one.band, one.money_days, lot
    return False, cost.quantize(SAME, ROUND_HALF_UP), -one.band, one.money_days, lot


def drawn(seed: str, name: str) -> bytes:
    """What decides between products that are alike: another order for each need."""
    return sha256(f"{seed}\n{name}".encode()).digest()
