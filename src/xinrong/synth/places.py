"""Where an invented city lies: the districts, the trades and the offices' names of each region."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from xinrong.synth import industries, words
from xinrong.synth.industries import SEASONS, Industry
from xinrong.synth.streams import Floats, Ints
from xinrong.synth.words import District

TAIZHOU = "taizhou"


@dataclass(frozen=True)
class Place:
    """One region's words. Two cities of one seed in two places have nobody in common.

    `court`: the province in a case number. `office`: what authorities' names begin with. `short`:
    what their documents' numbers begin with. `invoices`: added to the numbers of invoices.
    `mark`: written behind every name; Taizhou's are marked by their codes alone.
    """

    districts: tuple[District, ...]
    trades: tuple[Industry, ...]
    court: str
    office: str
    short: str
    invoices: int
    mark: str = ""

    @cached_property
    def position(self) -> dict[str, int]:
        """Where each trade stands, by its code."""
        return {trade.code: place for place, trade in enumerate(self.trades)}

    @cached_property
    def farming(self) -> frozenset[int]:
        """Trades of agriculture, whose firms are cooperatives (section A: 01 to 05)."""
        return frozenset(place for place, one in enumerate(self.trades) if one.code < "0600")

    @cached_property
    def weights(self) -> Ints:
        """Weight of each trade (column) in each district (row)."""
        return np.array(
            [
                [one.weight * (3 if district.code in one.home else 1) for one in self.trades]
                for district in self.districts
            ],
            dtype=np.int64,
        )

    @cached_property
    def season(self) -> Floats:
        """Sales by month of the year (column) of each trade (row); 1.0 is an even month."""
        return np.array([SEASONS[one.season] for one in self.trades], dtype=np.float64) / 100.0

    @cached_property
    def buyers(self) -> tuple[tuple[int, ...], ...]:
        """For each trade those that buy its goods; retail and wholesale where nobody does."""
        found: list[tuple[int, ...]] = []
        for seller in self.trades:
            who = tuple(self.position[i.code] for i in self.trades if seller.code in i.buys)
            found.append(who or (self.position["5174"], self.position["5211"]))
        return tuple(found)


PLACES = {
    TAIZHOU: Place(
        words.DISTRICTS, industries.INDUSTRIES, "浙", "台州市", "台", 331_000_000_000_000_000
    ),
    "qinghai": Place(
        words.QINGHAI, industries.QINGHAI, "青", "青海省", "青", 630_000_000_000_000_000,
        mark="（虚构）",
    ),
}  # fmt: skip
