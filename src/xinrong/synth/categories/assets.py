"""What it owns and has been given: real estate, patents, titles, subsidies."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from xinrong.synth.life import Chunk
from xinrong.synth.register import COMPANY, COOPERATIVE
from xinrong.synth.rows import Rows, coded, digits, fen, joined, within, year_of
from xinrong.synth.streams import Bools, Ints


class Title(NamedTuple):
    """An honour: the feed that sends it, who gives it (behind the place), its length in days."""

    feed: str
    title: str
    authority: str
    days: int


TITLES = (
    Title("science_honours", "科技型中小企业", "科学技术局", 365),
    Title("science_honours", "高新技术企业", "科学技术局", 1096),
    Title("economy_honours", "专精特新中小企业", "经济和信息化局", 1096),
    Title("economy_honours", "创新型中小企业", "经济和信息化局", 1096),
    Title("reform_honours", "诚信示范企业", "发展和改革委员会", 731),
)


class Programme(NamedTuple):
    """A subsidy: the feed, the programme, who pays (behind the place)."""

    feed: str
    title: str
    authority: str


PROGRAMMES = (
    Programme("economy_subsidies", "技术改造项目补助", "经济和信息化局"),
    Programme("economy_subsidies", "首次上规企业奖励", "经济和信息化局"),
    Programme("economy_subsidies", "数字化改造补助", "经济和信息化局"),
    Programme("commerce_subsidies", "出口信用保险补助", "商务局"),
    Programme("commerce_subsidies", "境外参展补助", "商务局"),
)


def makes(c: Chunk) -> Bools:
    """Manufacturers and software firms that are companies."""
    trades = c.city.place.trades
    maker = np.array([("1300" <= i.code < "4200") or i.code == "6513" for i in trades])
    made: Bools = maker[c.people.industry] & (c.people.kind == COMPANY)
    return made


def _repeated(c: Chunk, count: Ints) -> tuple[Ints, Ints, int]:
    who = np.repeat(np.arange(len(c.people)), count)
    return who, within(who), int(count.sum())


def real_estate(c: Chunk) -> Rows:
    """Workshops, shops and offices; two in three of them mortgaged."""
    people, draws = c.people, c.stream("real_estate")
    size = len(people)
    share = (
        np.where(people.kind == COMPANY, 0.22, 0.05) + (people.yearly_sales > 2_000_000_000) * 0.4
    )
    who, ordinal, rows = _repeated(
        c, np.where(draws.chance(size, share), 1 + draws.below(size, 3), 0)
    )
    use = np.where(
        makes(c)[who], draws.pick(rows, (70, 4, 10, 16)), draws.pick(rows, (8, 52, 26, 14))
    )
    area = (60 + draws.lognormal(rows, 1.0) * np.array([1_900, 220, 180, 900])[use]).astype(
        np.int64
    )
    return Rows(
        who,
        {
            "certificate_no": joined("浙台不动产权", digits(people.number[who] * 10 + ordinal, 8)),
            "use": coded(("industrial", "commercial", "office", "warehouse"), use),
            "area": area * 10_000 + draws.below(rows, 100) * 100,
            "mortgaged": coded(("否", "是"), draws.chance(rows, 0.66).astype(np.int64)),
            "registered_on": people.founded[who] + 60 + draws.below(rows, 3_000),
        },
    )


def patent(c: Chunk) -> Rows:
    """Patents of makers: few have many."""
    people, draws = c.people, c.stream("patent")
    size = len(people)
    scale = (c.city.until - c.city.start) / 1096.0
    spread = draws.lognormal(size, 1.1) * 1.3 * scale
    inventive = makes(c) & (c.draw("inventive") < 0.3)
    who, ordinal, rows = _repeated(
        c, np.where(inventive, np.minimum(spread.astype(np.int64), 60), 0)
    )
    kind = draws.pick(rows, (12, 66, 22))
    day = c.city.start + draws.below(rows, c.city.until - c.city.start)
    year = coded([str(y) for y in range(1990, 2090)], np.clip(year_of(day) - 1991, 0, 99))
    mark = coded(("1", "2", "3"), kind)
    number = digits(people.number[who] * 100 + ordinal, 9)
    return Rows(
        who,
        {
            "patent_no": joined("ZL", year.text(), mark.text(), number),
            "kind": coded(("invention", "utility", "design"), kind),
            "title": coded(
                [f"一种{i.company}生产用装置" for i in c.city.place.trades], people.industry[who]
            ),
            "granted_on": day,
        },
    )


def honour(c: Chunk) -> Rows:
    """Titles of three authorities, for the inventive and the careful."""
    people, draws = c.people, c.stream("honour")
    size = len(people)
    chance = np.where(makes(c), 0.14, 0.01) * (1.6 - c.draw("care"))
    chance = chance + (c.draw("inventive") < 0.3) * makes(c) * 0.3
    who, ordinal, rows = _repeated(
        c, np.where(draws.chance(size, chance), 1 + draws.below(size, 2), 0)
    )
    what = draws.pick(rows, (40, 14, 12, 20, 14))
    day = c.city.start + draws.below(rows, c.city.until - c.city.start)
    return Rows(
        who,
        {
            "certificate_no": joined(
                f"{c.city.place.short}认", digits(people.number[who] * 10 + ordinal, 8)
            ),
            "title": coded([t.title for t in TITLES], what),
            "granted_on": day,
            "valid_until": day + np.array([t.days for t in TITLES])[what],
            "authority": coded([c.city.place.office + t.authority for t in TITLES], what),
        },
        coded(sorted({t.feed for t in TITLES}), _feed(TITLES, what)),
    )


def subsidy(c: Chunk) -> Rows:
    """Subsidies of industry and of foreign trade."""
    people, draws = c.people, c.stream("subsidy")
    size = len(people)
    chance = np.where(makes(c), 0.16, np.where(people.kind == COOPERATIVE, 0.05, 0.01))
    who, ordinal, rows = _repeated(
        c, np.where(draws.chance(size, chance), 1 + draws.below(size, 3), 0)
    )
    what = np.where(people.exporter[who], draws.below(rows, 5), draws.below(rows, 3))
    day = c.city.start + draws.below(rows, c.city.until - c.city.start)
    return Rows(
        who,
        {
            "payment_no": joined("兑付", digits(people.number[who] * 10 + ordinal, 8)),
            "programme": coded([p.title for p in PROGRAMMES], what),
            "amount": fen(5_000 + draws.lognormal(rows, 1.0) * 40_000, 100),
            "paid_on": day,
            "authority": coded([c.city.place.office + p.authority for p in PROGRAMMES], what),
        },
        coded(sorted({p.feed for p in PROGRAMMES}), _feed(PROGRAMMES, what)),
    )


def _feed(things: tuple[Title, ...] | tuple[Programme, ...], what: Ints) -> Ints:
    feeds = sorted({thing.feed for thing in things})
    return np.array([feeds.index(thing.feed) for thing in things])[what]
