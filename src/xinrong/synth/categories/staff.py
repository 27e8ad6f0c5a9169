"""Who works there: social insurance, housing provident fund, wages found unpaid."""

from __future__ import annotations

import numpy as np

from xinrong.synth.categories.tax import period_of
from xinrong.synth.life import Chunk
from xinrong.synth.register import COMPANY, FAILS, NULL
from xinrong.synth.rows import Rows, coded, digits, joined, only


def social_insurance(c: Chunk) -> Rows:
    """Monthly, of companies and of sole traders with hired hands.

    The last months before a default are declared and not paid.
    """
    people, draws = c.people, c.stream("social_insurance")
    insures = (people.kind == COMPANY) | (c.draw("insures") < 0.18)
    who, month = c.cells(c.detailed() & insures[:, None] & (c.before_default > -6))
    size = len(who)
    persons = c.staff[who, month]
    due = persons * (138_000 + (c.draw("wage level")[who] * 42_000).astype(np.int64))
    gap = c.before_default[who, month]
    owed = (gap <= 1) | ((gap <= 3) & draws.chance(size, 0.35)) | draws.chance(size, 0.002)
    return Rows(
        who,
        {
            "period": period_of(c, month),
            "persons": persons,
            "due": due,
            "amount": np.where(owed, 0, due),
            "settled_on": c.starts[month + 1] + draws.below(size, 10),
            "state": coded(("paid", "owed"), owed.astype(np.int64)),
        },
    )


def provident_fund(c: Chunk) -> Rows:
    """Monthly, of the larger companies; it stops first when money runs short."""
    people, draws = c.people, c.stream("provident_fund")
    takes_part = (people.kind == COMPANY) & (c.draw("provident fund") < 0.38)
    who, month = c.cells(c.detailed() & takes_part[:, None] & (c.before_default > 2))
    size = len(who)
    persons = np.maximum(c.staff[who, month] * 6 // 10, 1)
    each = 62_000 + (c.draw("fund level")[who] * 70_000).astype(np.int64)
    return Rows(
        who,
        {
            "period": period_of(c, month),
            "persons": persons,
            "amount": persons * each,
            "paid_on": c.starts[month + 1] + draws.below(size, 10),
        },
    )


def wage_arrears(c: Chunk) -> Rows:
    """Found by labour inspection from a month before a default to two months after."""
    people, draws = c.people, c.stream("wage_arrears")
    size = len(people)
    failing = (people.fate == FAILS) & draws.chance(size, 0.45)
    other = (people.fate != FAILS) & draws.chance(size, 0.004)
    window = max(c.city.until - c.city.start - 60, 1)
    shift = draws.between(size, -35, 60)
    day = np.where(failing, people.default + shift, c.city.start + draws.below(size, window))
    heads = 1 + np.minimum(people.yearly_sales // 60_000_000, 80)
    settled = only(day + 20 + draws.below(size, 120), other | draws.chance(size, 0.3))
    settled = np.where(settled > c.city.until, NULL, settled)
    who = np.nonzero(failing | other)[0].astype(np.int64)
    return Rows(
        who,
        {
            "case_no": joined(f"{c.city.place.short}劳监", digits(people.number[who], 7)),
            "people": heads[who],
            "amount": (heads * (600_000 + draws.below(size, 900_000)))[who],
            "found_on": day[who],
            "settled_on": settled[who],
            "state": coded(("open", "settled"), (settled[who] != NULL).astype(np.int64)),
        },
    )
