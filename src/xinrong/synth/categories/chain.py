"""Who sells to whom: invoices along the trades' supply chains, customs, government contracts."""

from __future__ import annotations

import numpy as np

from xinrong.synth.life import Chunk
from xinrong.synth.register import COMPANY, NULL
from xinrong.synth.rows import Coded, Rows, coded, digits, fen, joined, within, year_of
from xinrong.synth.streams import Bools, Ints, below, label, mix, salt

REGULARS = 8  # buyers that a seller keeps
COUNTRIES = (
    "美国",
    "德国",
    "越南",
    "俄罗斯",
    "印度",
    "巴西",
    "墨西哥",
    "日本",
    "泰国",
    "波兰",
    "阿联酋",
    "尼日利亚",
)
PURCHASERS = (
    "市第一中学",
    "市立医院",
    "市公路管理中心",
    "市水利局",
    "市机关事务中心",
    "市职业技术学院",
)


def _goods(c: Chunk, sellers: Ints) -> Coded:
    trades = c.city.place.trades
    return coded([f"{i.company}（{i.title}）" for i in trades], c.people.industry[sellers])


def regular_buyers(c: Chunk) -> Ints:
    """The buyers (by number) of each enterprise: of the chunk by trade, the last from outside."""
    people = c.people
    by_trade = [
        np.nonzero(people.industry == trade)[0] for trade in range(len(c.city.place.trades))
    ]
    everyone = np.arange(len(people))
    pools = []
    for trades in c.city.place.buyers:
        found = np.concatenate([by_trade[trade] for trade in trades])
        pools.append(found if len(found) else everyone)
    edge = np.cumsum([0, *(len(pool) for pool in pools)])
    flat = np.concatenate(pools)
    length = np.diff(edge)[people.industry]
    buyers = np.empty((len(people), REGULARS), dtype=np.int64)
    key = salt(c.city.seed, label("regular buyers"))
    for slot in range(REGULARS):
        at = below(mix(people.number * REGULARS + slot, key), length)
        buyers[:, slot] = people.number[flat[edge[people.industry] + at]]
    outside = below(mix(people.number, key), len(c.outsiders))
    buyers[:, -1] = c.outsiders.number[outside]
    return np.where(buyers == people.number[:, None], 0, buyers)


def _stands(c: Chunk, numbers: Ints, day: Ints) -> Bools:
    """Whether the buyer of that number (0 is nobody) stands on the day."""
    first, size = int(c.people.number[0]), len(c.people)
    founded = np.concatenate([c.people.founded, c.outsiders.founded])
    ended = np.concatenate([c.people.ended, c.outsiders.ended])
    own = (numbers >= first) & (numbers < first + size)
    other = size + np.minimum(np.searchsorted(c.outsiders.number, numbers), len(c.outsiders) - 1)
    place = np.where(own, numbers - first, other)
    last = ended[place]
    standing: Bools = (founded[place] <= day) & ((last == NULL) | (last >= day))
    return (numbers > 0) & standing


def vat_invoice(c: Chunk) -> Rows:
    """Sales invoices: most to a few regular buyers, the rest to buyers that give no code."""
    people, draws = c.people, c.stream("vat_invoice")
    who, month = c.cells(c.detailed() & (c.sales > 0))
    per_month = np.where(people.kind == COMPANY, 1.6, 0.45) * c.invoices
    expected = per_month[who] * (0.5 + c.draw("invoices")[who])
    count = np.minimum((expected + draws.unit(len(who))).astype(np.int64), 400)
    cell = np.repeat(np.arange(len(who)), count)
    ordinal = within(cell)
    size = len(cell)
    weight = (draws.lognormal(size, 0.9) * 1_000).astype(np.int64) + 1
    total = np.bincount(cell, weights=weight, minlength=len(who)).astype(np.int64)
    seller, when = who[cell], month[cell]
    net = (c.sales[seller, when] * 0.87 * (weight / np.maximum(total[cell], 1))).astype(np.int64)
    first = c.starts[when]
    day = first + draws.below(size, c.starts[when + 1] - first)
    slot = np.minimum(draws.below(size, REGULARS), draws.below(size, REGULARS + 1))
    named = draws.chance(size, 0.82)
    buyer = np.where(named, regular_buyers(c)[seller, slot % REGULARS], 0)
    buyer = np.where(_stands(c, buyer, day), buyer, 0)
    rate = np.where(people.general_taxpayer[seller], 13, 1)
    fate = draws.unit(size)
    state = np.where(fate < 0.012, 1, np.where(fate < 0.03, 2, 0))
    net = np.where(state == 2, -net, net)
    serial = people.number[seller] * 100_000_000 + when * 100_000 + ordinal
    year = coded([str(y)[2:] for y in range(1990, 2090)], year_of(day) - 1990)
    return Rows(
        seller,
        {
            "invoice_no": joined(year.text(), digits(c.city.place.invoices + serial, 18)),
            "issued_on": day,
            "buyer": buyer,
            "goods": _goods(c, seller),
            "amount": net,
            "vat": net * rate // 100,
            "state": coded(("normal", "void", "red"), state),
        },
    )


def customs_declaration(c: Chunk) -> Rows:
    """Exports of exporters, one to three declarations a month."""
    people, draws = c.people, c.stream("customs_declaration")
    who, month = c.cells(c.detailed() & people.exporter[:, None] & (c.sales > 0))
    count = 1 + draws.below(len(who), 3)
    cell = np.repeat(np.arange(len(who)), count)
    ordinal = within(cell)
    size = len(cell)
    seller, when = who[cell], month[cell]
    value = (c.sales[seller, when] * 0.16 * (0.3 + draws.unit(size))).astype(np.int64)
    home = draws.below(size, 4) + people.number[seller] % 9
    serial = people.number[seller] * 10_000 + when * 10 + ordinal
    return Rows(
        seller,
        {
            "declaration_no": joined("3106", digits(serial, 14)),
            "direction": coded(("export", "import"), draws.chance(size, 0.06).astype(np.int64)),
            "country": coded(COUNTRIES, home % len(COUNTRIES)),
            "goods": _goods(c, seller),
            "weight": (value // 2_500 + 1) * 10_000,
            "amount": value,
            "declared_on": c.starts[when] + draws.below(size, 28),
        },
    )


def government_contract(c: Chunk) -> Rows:
    """A few contracts of builders, dealers and software firms."""
    people, draws = c.people, c.stream("government_contract")
    wins = np.array([i.code in ("4710", "6513", "5174", "8111") for i in c.city.place.trades])
    able = (people.kind == COMPANY) & wins[people.industry]
    count = np.where(able & draws.chance(len(people), 0.3), 1 + draws.below(len(people), 4), 0)
    who = np.repeat(np.arange(len(people)), count)
    ordinal, size = within(who), int(count.sum())
    window = c.city.until - c.city.start
    share = 0.02 + 0.12 * draws.unit(size)
    software = people.industry[who] == c.city.place.position["6513"]
    return Rows(
        who,
        {
            "contract_no": joined(
                f"{c.city.place.short}采合", digits(people.number[who], 7), digits(ordinal, 2)
            ),
            "purchaser": coded(PURCHASERS, draws.below(size, len(PURCHASERS))),
            "title": coded(("维修改造与物资采购项目", "信息化建设项目"), software.astype(np.int64)),
            "amount": fen(people.yearly_sales[who] / 100 * share, 100) + 1_000_000,
            "signed_on": c.city.start + draws.below(size, window),
        },
    )
