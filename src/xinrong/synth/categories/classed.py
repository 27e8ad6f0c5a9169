"""What classes of enterprises and the monitoring of finance read: rolls, parks, visits.

These categories came after the others. Each draws from streams of its own and `density` does not
count them, so that what a seed said before it still says.
"""

from __future__ import annotations

import numpy as np

from xinrong.synth.categories.assets import honour, makes
from xinrong.synth.categories.chain import regular_buyers
from xinrong.synth.categories.credit import borrows
from xinrong.synth.life import Chunk
from xinrong.synth.register import COMPANY, FAILS, SOLE_TRADER
from xinrong.synth.rows import Coded, Rows, coded, digits, fen, joined, only, within
from xinrong.synth.streams import Ints

#: Yearly sales (fen) from which a buyer leads a chain.
LEADS = 3_000_000_000
PARKS = ("一号小微企业园", "二号小微企业园", "三号小微企业园", "产业集聚区")
#: The titles of the roll, in the order of the values of its contract.
ROLL = {
    "科技型中小企业": "technology_sme",
    "高新技术企业": "high_tech",
    "专精特新中小企业": "specialised_new",
    "创新型中小企业": "innovative_sme",
}
#: Days before the end of the window in which enterprises are visited.
VISITED = 540


def park_membership(c: Chunk) -> Rows:
    """One maker in four is settled in a park, few others; one in twelve has left."""
    people, draws = c.people, c.stream("park_membership")
    share = np.where(makes(c), 0.26, np.where(people.kind == COMPANY, 0.05, 0.006))
    who = np.nonzero(draws.chance(len(people), share))[0].astype(np.int64)
    size = len(who)
    entered = people.founded[who] + 20 + draws.below(size, 900)
    left = entered + 300 + draws.below(size, 1_500)
    gone = draws.chance(size, 0.08) & (left <= c.city.until)
    place = people.district[who] * len(PARKS) + draws.pick(size, (40, 28, 20, 12))
    return Rows(
        who,
        {
            "entry_no": joined("园入", digits(people.number[who], 8)),
            "park": coded(
                [f"{d.name}{park}" for d in c.city.place.districts for park in PARKS], place
            ),
            "entered_on": entered,
            "left_on": only(left, gone),
        },
    )


def chain_supplier(c: Chunk) -> Rows:
    """Companies of which a regular buyer is large, where the leader names them as suppliers."""
    people, draws = c.people, c.stream("chain_supplier")
    buyers, first = regular_buyers(c), int(people.number[0])
    own = (buyers >= first) & (buyers < first + len(people))
    sales = np.where(own, people.yearly_sales[np.where(own, buyers - first, 0)], 0)
    best = sales.argmax(axis=1)
    every = np.arange(len(people))
    named = draws.chance(len(people), 0.4)
    supplies = (people.kind == COMPANY) & (sales[every, best] >= LEADS) & named
    who = np.nonzero(supplies)[0].astype(np.int64)
    size = len(who)
    leader = buyers[who, best[who]]
    day = c.city.until - 30 - draws.below(size, 700)
    trade = people.industry[leader - first]
    return Rows(
        who,
        {
            "listing_no": joined("链配", digits(people.number[who], 8)),
            "chain": coded([f"{i.company}产业链" for i in c.city.place.trades], trade),
            "leader": leader,
            "listed_on": day,
            "valid_until": day + 730,
        },
    )


def technology_enterprise(c: Chunk) -> Rows:
    """Who holds one of the titles of the roll, from the day on which it was given."""
    held = honour(c)
    title = held.fields["title"]
    assert isinstance(title, Coded)
    found = held.where(title.is_word(*ROLL))
    words = found.fields["title"]
    assert isinstance(words, Coded)
    place = np.array([list(ROLL).index(one) if one in ROLL else -1 for one in words.words])
    who = found.who
    return Rows(
        who,
        {
            "entry_no": joined("科录", digits(c.people.number[who] * 10 + _turn(who), 8)),
            "kind": coded(list(ROLL.values()), place[words.index]),
            "listed_on": found.fields["granted_on"],
            "valid_until": found.fields["valid_until"],
        },
    )


def _turn(who: Ints) -> Ints:
    """0, 1, 2 … within each enterprise, whatever the order of the rows."""
    order = np.argsort(who, kind="stable")
    turn = np.empty(len(who), dtype=np.int64)
    turn[order] = within(who[order])
    return turn


def customs_registration(c: Chunk) -> Rows:
    """Every exporter before it first exports; some companies that do not declare, or no more."""
    people, draws = c.people, c.stream("customs_registration")
    idle = (people.kind == COMPANY) & ~people.exporter & draws.chance(len(people), 0.03)
    who = np.nonzero(people.exporter | idle)[0].astype(np.int64)
    size = len(who)
    day = people.founded[who] + draws.below(size, 25)
    off = day + 500 + draws.below(size, 3_000)
    cancelled = idle[who] & draws.chance(size, 0.3) & (off <= c.city.until)
    return Rows(
        who,
        {
            "registration_no": joined("3311", digits(people.number[who], 6)),
            "registered_on": day,
            "cancelled_on": only(off, cancelled),
        },
    )


def financing_visit(c: Chunk) -> Rows:
    """Visits of the last year and a half: half of the companies, one in three of the rest."""
    people, draws = c.people, c.stream("financing_visit")
    size = len(people)
    visited = draws.chance(size, np.where(people.kind == SOLE_TRADER, 0.32, 0.52))
    count = np.where(visited, 1 + draws.chance(size, 0.2), 0)
    who = np.repeat(np.arange(size), count)
    turn, rows = within(who), int(count.sum())
    day = c.city.until - draws.below(rows, min(VISITED, c.city.until - c.city.start))
    wish = np.where(people.fate[who] == FAILS, 0.6, np.where(borrows(c)[who], 0.44, 0.16))
    needs = draws.chance(rows, wish)
    yuan = people.yearly_sales[who] / 100 * (0.05 + 0.2 * draws.unit(rows))
    return Rows(
        who,
        {
            "visit_no": joined("走访", digits(people.number[who], 8), digits(turn, 1)),
            "visited_on": day,
            "need": coded(("none", "has"), needs.astype(np.int64)),
            "amount": only(fen(yuan, 10_000) + 5_000_000, needs),
        },
    )
