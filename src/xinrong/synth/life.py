"""How each enterprise of a chunk fares, month by month: the state that all categories speak of.

One matrix each for sales, staff and health. Health falls towards a default in the order that
lenders see it: sales and tax first, then electricity, then staff, then arrears, then loans.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from xinrong.synth.register import COMPANY, NULL, City, Register, codes_text, names_text, register
from xinrong.synth.streams import Bools, Floats, Ints, Stream, below, label, mix, salt, unit

CHUNK = 5_000

#: Health by months before default (index 0 = the month of default, 12 = a year before).
_SALES_BEFORE = (0.18, 0.26, 0.34, 0.42, 0.49, 0.56, 0.63, 0.70, 0.77, 0.84, 0.90, 0.95, 1.0)
_POWER_BEFORE = (0.22, 0.30, 0.38, 0.47, 0.56, 0.64, 0.72, 0.80, 0.88, 0.95, 1.0, 1.0, 1.0)
_STAFF_BEFORE = (0.42, 0.50, 0.58, 0.66, 0.75, 0.84, 0.92, 0.97, 1.0, 1.0, 1.0, 1.0, 1.0)
_DIP = (0.55, 0.62, 0.74, 0.86, 0.94, 1.0)  # by months from the bottom of a bad spell
_AFTER = 0.05  # what is left once it no longer pays


def month_starts(city: City) -> Ints:
    """First day of each month of the window, and of the one after (days since 1970-01-01)."""
    first = np.array(city.start).astype("datetime64[D]").astype("datetime64[M]")
    run = first + np.arange(city.months + 1)
    return run.astype("datetime64[D]").astype(np.int64)


@dataclass(frozen=True)
class Chunk:
    """Enterprises `people` of one chunk and their months; every category reads from here."""

    city: City
    index: int
    people: Register
    detail_from: int  # first month of which monthly bills and invoices are sent
    invoices: float  # sales invoices a month of an enterprise of middling size

    def stream(self, what: str) -> Stream:
        """The stream of random numbers of this chunk for one purpose."""
        return Stream(self.city.seed, self.index, label(what))

    def draw(self, what: str) -> Floats:
        """One number in [0, 1) for each enterprise, whatever else is generated."""
        return unit(mix(self.people.number, salt(self.city.seed, label(what))))

    @cached_property
    def starts(self) -> Ints:
        """First days of the months, with one more at the end."""
        return month_starts(self.city)

    @cached_property
    def calendar(self) -> Ints:
        """Month of the year, 0 to 11, of each month of the window."""
        months: Ints = (
            self.starts[:-1].astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        )
        return months % 12

    @cached_property
    def alive(self) -> Bools:
        """Whole months in which it stands: founded before, not deregistered by the end."""
        begin, end = self.starts[None, :-1], self.starts[None, 1:]
        last = np.where(self.people.ended == NULL, self.city.until + 40, self.people.ended)
        inside: Bools = (self.people.founded[:, None] <= begin) & (last[:, None] >= end + 12)
        return inside

    @cached_property
    def before_default(self) -> Ints:
        """Months until default: 0 in its month, negative after, 999 where none comes."""
        default = self.people.default[:, None]
        month = np.searchsorted(self.starts, self.people.default, side="right") - 1
        gap = month[:, None] - np.arange(self.city.months)[None, :]
        return np.where(default == NULL, 999, gap)

    def _health(self, table: tuple[float, ...], after: float) -> Floats:
        gap = self.before_default
        falling = np.array(table)[np.clip(gap, 0, 12)]
        health = np.where(gap < 0, after, falling)
        bottom = np.searchsorted(self.starts, self.people.dip, side="right") - 1
        away = np.abs(bottom[:, None] - np.arange(self.city.months)[None, :])
        spell = np.array(_DIP)[np.clip(away, 0, 5)]
        dipped: Floats = np.where(self.people.dip[:, None] == NULL, health, health * spell)
        return dipped

    @cached_property
    def sales(self) -> Ints:
        """Sales of each month, fen; 0 where it does not stand."""
        people, months = self.people, self.city.months
        size = len(people)
        month_rate = 1.0 + people.growth / 12.0
        trend = np.ones((size, months))
        for month in range(1, months):
            trend[:, month] = trend[:, month - 1] * month_rate
        season = self.city.place.season[people.industry][:, self.calendar]
        noise = self.stream("sales").unit(size * months).reshape(size, months) * 0.36 + 0.82
        base = people.yearly_sales[:, None].astype(np.float64) / 12.0
        fen = base * trend * season * noise * self._health(_SALES_BEFORE, _AFTER)
        return np.where(self.alive, fen.astype(np.int64), 0)

    @cached_property
    def power(self) -> Ints:
        """Electricity of each month, kWh."""
        people = self.people
        trades = self.city.place.trades
        rate = np.array([i.power for i in trades], dtype=np.float64)[people.industry]
        own = 0.7 + 0.6 * self.draw("power")
        noise = self.stream("power").unit(self.sales.size).reshape(self.sales.shape) * 0.2 + 0.9
        health = self._health(_POWER_BEFORE, 0.02) / self._health(_SALES_BEFORE, _AFTER)
        kwh = self.sales / 1_000_000.0 * (rate * own)[:, None] * noise * health
        return np.where(self.alive, kwh.astype(np.int64) + 30, 0)

    @cached_property
    def staff(self) -> Ints:
        """People insured in each month."""
        people = self.people
        per_head = 32_000_000 + 48_000_000 * self.draw("per head")  # fen of sales a year a head
        heads = people.yearly_sales / per_head + np.where(people.kind == COMPANY, 2, 1)
        growth = 1.0 + people.growth[:, None] * np.arange(self.city.months)[None, :] / 20.0
        wobble = self.stream("staff").unit(self.sales.size).reshape(self.sales.shape) * 0.06 + 0.97
        counted = heads[:, None] * growth * wobble * self._health(_STAFF_BEFORE, 0.12)
        return np.where(self.alive, np.maximum(counted.astype(np.int64), 1), 0)

    @cached_property
    def outsiders(self) -> Register:
        """Some enterprises of the whole city that trade with this chunk."""
        raw = self.stream("outsiders").raw(min(600, self.city.enterprises))
        return register(self.city, np.unique(below(raw, self.city.enterprises)) + 1)

    @cached_property
    def codes(self) -> pa.Array:
        """Credit codes by position."""
        return codes_text(self.city, self.people)

    @cached_property
    def names(self) -> pa.Array:
        """Names by position, followed by the names before a renaming."""
        now = names_text(self.city, self.people)
        return pa.concat_arrays([now, names_text(self.city, self.people, former=True)])

    def codes_of(self, numbers: Ints) -> pa.Array:
        """Credit codes of enterprises of this chunk or of `outsiders`; null for number 0."""
        first, size = int(self.people.number[0]), len(self.people)
        own = (numbers >= first) & (numbers < first + size)
        other = size + np.searchsorted(self.outsiders.number, numbers)
        place = pa.array(np.where(own, numbers - first, other), mask=numbers == 0)
        return self._code_book.take(place)

    @cached_property
    def _code_book(self) -> pa.Array:
        return pa.concat_arrays([self.codes, codes_text(self.city, self.outsiders)])

    def cells(self, mask: Bools) -> tuple[Ints, Ints]:
        """Positions (enterprise in chunk, month) where `mask` holds, by enterprise, then month."""
        who, month = np.nonzero(mask)
        return who.astype(np.int64), month.astype(np.int64)

    def detailed(self) -> Bools:
        """Living months of which departments send every bill."""
        return self.alive & (np.arange(self.city.months) >= self.detail_from)[None, :]

    def stands_on(self, who: Ints, day: Ints) -> Bools:
        """Whether the enterprise stands on that day, inside the window."""
        people = self.people
        last = np.where(people.ended == NULL, self.city.until, people.ended)[who]
        standing: Bools = (day >= people.founded[who]) & (day <= last) & (day <= self.city.until)
        return standing


def chunks_of(city: City, detail_from: int = 0, invoices: float = 3.0) -> Iterator[Chunk]:
    """The chunks of a city one after another; drop each before the next to bound memory."""
    for index, first in enumerate(range(1, city.enterprises + 1, CHUNK)):
        last = min(first + CHUNK - 1, city.enterprises)
        numbers = np.arange(first, last + 1, dtype=np.int64)
        yield Chunk(city, index, register(city, numbers), detail_from, invoices)
