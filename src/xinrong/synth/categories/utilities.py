"""Bills for electricity, water and gas: what nobody can leave unpaid for long and go on working."""

from __future__ import annotations

import numpy as np

from xinrong.synth.categories.tax import period_of
from xinrong.synth.life import Chunk
from xinrong.synth.register import NULL
from xinrong.synth.rows import Rows, coded, digits, joined
from xinrong.synth.streams import Bools, Ints

#: Restaurants (GB/T 4754): they burn more gas for their sales.
KITCHENS = ("6210", "6220")


def _bills(c: Chunk, what: str, mask: Bools, quantity: Ints, price: int, mark: str) -> Rows:
    """One bill for each cell of `mask`; `quantity` is in whole units, `price` fen a unit.

    Bills go unpaid at the time of a default, and are late now and then with anybody.
    """
    draws = c.stream(what)
    who, month = c.cells(mask)
    size = len(who)
    units = quantity[who, month]
    bill = c.starts[month + 1] + 1 + draws.below(size, 6)
    gap = c.before_default[who, month]
    unpaid = (gap <= 0) | ((gap <= 2) & draws.chance(size, 0.5))
    late = ~unpaid & draws.chance(size, 0.03)
    paid = np.where(late, bill + 25 + draws.below(size, 30), bill + 2 + draws.below(size, 14))
    paid = np.where(unpaid | (paid > c.city.until), NULL, paid)
    state = np.where(unpaid, 2, np.where(late, 1, 0))
    return Rows(
        who,
        {
            "account_no": joined(mark, digits(c.people.number[who], 8)),
            "period": period_of(c, month),
            "quantity": units * 10_000,
            "amount": units * price,
            "billed_on": bill,
            "paid_on": paid,
            "state": coded(("paid", "late", "unpaid"), state),
        },
    )


def electricity_bill(c: Chunk) -> Rows:
    """Monthly; the bill and its use fall before a default."""
    return _bills(c, "electricity_bill", c.detailed() & (c.power > 0), c.power, 72, "E33")


def water_bill(c: Chunk) -> Rows:
    """Every second month, for those with a meter of their own."""
    own = (c.draw("water meter") < 0.7)[:, None]
    even = (np.arange(c.city.months) % 2 == 1)[None, :]
    use = c.power // 60 + 4 + c.staff * 2
    return _bills(c, "water_bill", c.detailed() & own & even, use, 435, "W33")


def gas_bill(c: Chunk) -> Rows:
    """Monthly, for those that burn gas: kitchens, foundries, chemistry."""
    burns = c.people.burns_gas[:, None]
    trades = c.city.place.trades
    rate = np.array([0.10 if i.code in KITCHENS else 0.03 for i in trades])[c.people.industry]
    use = (c.sales / 1_000_000.0 * 90.0 * rate[:, None]).astype(np.int64) + 5
    return _bills(c, "gas_bill", c.detailed() & burns, use, 362, "G33")
