"""Registration, its changes, annual reports, investments: what the register knows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from xinrong.synth.life import Chunk
from xinrong.synth.register import COMPANY, CONVERTS, KINDS, MERGES, NULL, names_text
from xinrong.synth.rows import Rows, coded, digits, fen, joined, stack, year_of
from xinrong.synth.streams import Ints, below, label, mix, pick, salt
from xinrong.synth.words import GIVEN_1, GIVEN_2, STREETS, SURNAMES, TOWNS


def _everyone(c: Chunk) -> Ints:
    return np.arange(len(c.people), dtype=np.int64)


def person(c: Chunk, who: Ints, what: str = "person") -> pa.Array:
    """An invented person's name for each enterprise, two or three characters."""
    raw = mix(c.people.number[who], salt(c.city.seed, label(what)))
    first = coded(tuple(GIVEN_1), below(raw, len(GIVEN_1)))
    second = coded(tuple(GIVEN_2), below(mix(raw.astype(np.int64), 5), len(GIVEN_2)))
    family = coded(tuple(SURNAMES), below(mix(raw.astype(np.int64), 6), len(SURNAMES)))
    return joined(family.text(), first.text(), second.text())


def address(c: Chunk, who: Ints, what: str = "address") -> pa.Array:
    """District, town, street and number."""
    raw = mix(c.people.number[who], salt(c.city.seed, label(what)))
    other = mix(raw.astype(np.int64), 7)
    place = coded([f"{d.seat}{d.name}" for d in c.city.place.districts], c.people.district[who])
    street = coded(STREETS, below(raw, len(STREETS)))
    town = coded(TOWNS, below(mix(raw.astype(np.int64), 8), len(TOWNS)))
    number = pa.array(1 + below(other, 880)).cast(pa.string())
    return joined(place.text(), town.text(), street.text(), number, "号")


def registration(c: Chunk) -> Rows:
    """One row for each enterprise, as it stands on the last day."""
    people, who = c.people, _everyone(c)
    known = people.founded <= c.city.until
    trades, trade = c.city.place.trades, people.industry
    return Rows(
        who,
        {
            "legal_representative": person(c, who),
            "registered_capital": people.capital,
            "established_on": people.founded,
            "industry_code": coded([i.code for i in trades], trade),
            "industry": coded([i.title for i in trades], trade),
            "district": coded([d.name for d in c.city.place.districts], people.district),
            "address": address(c, who),
            "kind": coded(KINDS, people.kind),
            "state": coded(("active", "deregistered"), (people.ended != NULL).astype(np.int64)),
            "deregistered_on": people.ended,
            "scope": coded(
                [f"一般项目：{i.title}；{i.company}销售及相关服务" for i in trades],
                trade,
            ),
        },
    ).where(known)


def registration_change(c: Chunk) -> Rows:
    """Renamings, mergers, conversions, deregistrations, and changes of capital and address."""
    people, who = c.people, _everyone(c)
    window = c.city.until - c.city.start
    moved = c.draw("moves") < 0.05
    moved_on = c.city.start + (c.draw("moved") * window).astype(np.int64)
    raised = (people.kind == COMPANY) & (c.draw("raises") < 0.06)
    raised_on = c.city.start + (c.draw("raised") * window).astype(np.int64)
    wound = people.ended != NULL
    item = np.where(people.fate == MERGES, 4, np.where(people.fate == CONVERTS, 5, 3))
    blocks = (
        (who[people.renamed != NULL], 0, people.renamed),
        (who[moved], 1, moved_on),
        (who[raised], 2, raised_on),
        (who[wound], item, people.ended),
    )
    all_who = np.concatenate([block[0] for block in blocks])
    items = np.concatenate(
        [np.broadcast_to(block[1], len(who))[block[0]] for block in blocks]
    ).astype(np.int64)
    day = np.concatenate([block[2][block[0]] for block in blocks])
    old_name, new_name = names_text(c.city, people, former=True), names_text(c.city, people)
    old_capital = pa.array(people.capital // 1_000_000 // 2 + 1).cast(pa.string())
    new_capital = pa.array(people.capital // 1_000_000).cast(pa.string())
    nothing = pa.array([""] * len(who), type=pa.string())
    before = (old_name, address(c, who, "former address"), joined(old_capital, "万元"), nothing)
    after = (new_name, address(c, who), joined(new_capital, "万元"), nothing)
    takes = [np.asarray(block[0]) for block in blocks]
    return Rows(
        all_who,
        {
            "item": coded(
                ("name", "address", "capital", "deregistration", "merger", "conversion"), items
            ),
            "changed_on": day,
            "before": pa.concat_arrays(
                [t.take(pa.array(w)) for t, w in zip(before, takes, strict=True)]
            ),
            "after": pa.concat_arrays(
                [t.take(pa.array(w)) for t, w in zip(after, takes, strict=True)]
            ),
            "successor": np.where(items >= 4, people.partner[all_who], 0),
        },
    )


def annual_report(c: Chunk) -> Rows:
    """One report a year, sent between January and June of the next.

    Of a year that the window holds in part, twelve times the mean of its months is reported.
    """
    draws = c.stream("annual_report")
    month_year = year_of(c.starts[:-1])
    blocks: list[Rows] = []
    for year in np.unique(month_year).tolist():
        inside = month_year == year
        who = np.nonzero(c.alive[:, inside].all(axis=1))[0].astype(np.int64)
        size = len(who)
        revenue = c.sales[who][:, inside].sum(axis=1) * 12 // int(inside.sum())
        margin = draws.unit(size) * 0.22 - 0.07
        assets = (revenue * (0.5 + draws.unit(size))).astype(np.int64)
        opening = int(np.datetime64(f"{year + 1}-01-01").astype("datetime64[D]").astype(np.int64))
        blocks.append(
            Rows(
                who,
                {
                    "year": np.full(size, year, dtype=np.int64),
                    "reported_on": opening + draws.below(size, 180),
                    "staff": c.staff[who][:, inside].max(axis=1),
                    "revenue": revenue,
                    "assets": assets,
                    "liabilities": (assets * (0.2 + 0.7 * draws.unit(size))).astype(np.int64),
                    "net_profit": (revenue * margin).astype(np.int64),
                    "tax_paid": (revenue * 0.031).astype(np.int64),
                },
            )
        )
    return stack(blocks)


def investment(c: Chunk) -> Rows:
    """Companies that hold shares of other companies of the city."""
    people = c.people
    draws = c.stream("investment")
    companies = np.nonzero(people.kind == COMPANY)[0].astype(np.int64)
    holder = companies[draws.chance(len(companies), 0.08)]
    size = len(holder)
    target = companies[draws.below(size, len(companies))]
    keep = holder != target
    holder, target, size = holder[keep], target[keep], int(keep.sum())
    earliest = np.maximum(people.founded[holder], people.founded[target])
    day = np.maximum(earliest + 20 + draws.below(size, 500), c.city.start)
    last = np.where(people.ended == NULL, c.city.until, people.ended)
    made = Rows(
        holder,
        {
            "filing_no": joined("TZ", digits(people.number[holder], 7), digits(np.arange(size), 5)),
            "investee": people.number[target],
            "share": (1 + pick(draws.raw(size), (8, 6, 5, 4, 6, 3, 2, 1)) * 12) * 10_000,
            "amount": fen(people.capital[target] / 100 * 0.3, 10_000) + 1_000_000,
            "invested_on": day,
        },
    )
    return made.where(day <= last[target])
