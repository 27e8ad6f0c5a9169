"""What authorities decide: penalties, licences, inspections, lists and yearly grades."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from xinrong.synth.life import Chunk
from xinrong.synth.register import COMPANY, FAILS, NULL
from xinrong.synth.rows import Rows, coded, digits, joined, only, within, year_of
from xinrong.synth.streams import Ints


class Authority(NamedTuple):
    """Who decides: the feed, the name, the mark in its document numbers, its weight."""

    feed: str
    title: str
    mark: str
    weight: int


class Licensing(NamedTuple):
    """A licence: who grants it, its name, its length in days (0: none), codes of its trades."""

    authority: int
    title: str
    days: int
    trades: tuple[str, ...]


PENALISING = (
    Authority("market_regulation_penalties", "市场监督管理局", "市监处罚", 44),
    Authority("ecology_penalties", "生态环境局", "环罚", 11),
    Authority("emergency_penalties", "应急管理局", "应急罚", 8),
    Authority("transport_penalties", "交通运输局", "交罚", 12),
    Authority("law_enforcement_penalties", "综合行政执法局", "综执罚", 15),
    Authority("health_penalties", "卫生健康委员会", "卫罚", 5),
    Authority("fire_penalties", "消防救援支队", "消行罚", 5),
)
FACTS = (
    "发布虚假广告",
    "超标排放水污染物",
    "未按规定对从业人员进行安全培训",
    "超限运输",
    "擅自占用城市道路",
    "公共场所卫生不符合标准",
    "消防设施未保持完好有效",
)
LAWS = (
    "中华人民共和国广告法",
    "中华人民共和国水污染防治法",
    "中华人民共和国安全生产法",
    "中华人民共和国公路法",
    "城市道路管理条例",
    "公共场所卫生管理条例",
    "中华人民共和国消防法",
)
LICENSING = (
    Authority("market_regulation_licences", "市场监督管理局", "市监许", 0),
    Authority("health_licences", "卫生健康委员会", "卫许", 0),
    Authority("housing_licences", "住房和城乡建设局", "建许", 0),
    Authority("transport_licences", "交通运输局", "交许", 0),
    Authority("ecology_licences", "生态环境局", "排污", 0),
    Authority("agriculture_licences", "农业农村局", "农许", 0),
)
#: Divisions of section C of GB/T 4754, and of 42: what may need a pollution permit.
MAKERS = tuple(str(division) for division in range(13, 43))
LICENCES = (
    Licensing(0, "食品经营许可证", 1826, ("6210", "5211", "5123")),
    Licensing(0, "全国工业产品生产许可证", 1826, ("3441", "3482", "2913")),
    Licensing(1, "公共场所卫生许可证", 1461, ("6210",)),
    Licensing(2, "建筑业企业资质证书", 1826, ("4710",)),
    Licensing(3, "道路运输经营许可证", 1461, ("5431",)),
    Licensing(4, "排污许可证", 1826, MAKERS),
    Licensing(5, "水域滩涂养殖证", 3652, ("0411",)),
)


def _trades(c: Chunk, codes: tuple[str, ...]) -> list[int]:
    """Where the trades stand whose codes begin so."""
    return [at for at, one in enumerate(c.city.place.trades) if one.code.startswith(codes)]


def administrative_penalty(c: Chunk) -> Rows:
    """Decisions of seven authorities; the careless are penalised more than once."""
    people, draws = c.people, c.stream("administrative_penalty")
    size = len(people)
    care = c.draw("care")
    window = c.city.until - c.city.start
    scale = window / 1096.0
    rate = (0.03 + 0.30 * care * care * care) * scale + (people.fate == FAILS) * 0.25
    count = (rate + draws.unit(size)).astype(np.int64) + draws.chance(size, rate * 0.3)
    who = np.repeat(np.arange(size), count)
    ordinal, rows = within(who), int(count.sum())
    by = draws.pick(rows, tuple(a.weight for a in PENALISING))
    kind = draws.pick(rows, (24, 64, 9, 3))
    yuan = (2_000 + draws.lognormal(rows, 1.1) * 8_000).astype(np.int64) // 100 * 100
    day = c.city.start + draws.below(rows, window)
    year = coded([str(y) for y in range(1990, 2090)], np.clip(year_of(day) - 1990, 0, 99))
    mark = coded([f"{c.city.place.short}{a.mark}〔" for a in PENALISING], by)
    number = digits(people.number[who] * 10 + ordinal % 10, 8)
    return Rows(
        who,
        {
            "decision_no": joined(mark.text(), year.text(), "〕", number, "号"),
            "decided_on": day,
            "kind": coded(("warning", "fine", "confiscation", "suspension"), kind),
            "fact": coded(FACTS, by),
            "law": coded(LAWS, by),
            "amount": only(yuan * 100, (kind == 1) | (kind == 2)),
            "authority": coded([f"{c.city.place.office}{a.title}" for a in PENALISING], by),
        },
        coded([a.feed for a in PENALISING], by),
    )


def administrative_licence(c: Chunk) -> Rows:
    """The licences that a trade needs, renewed when they run out."""
    people, draws = c.people, c.stream("administrative_licence")
    who_parts, what_parts = [], []
    for number, licence in enumerate(LICENCES):
        trades = _trades(c, licence.trades)
        holders = np.isin(people.industry, trades) & draws.chance(len(people), 0.6)
        found = np.nonzero(holders)[0].astype(np.int64)
        who_parts.append(found)
        what_parts.append(np.full(len(found), number))
    who, what = np.concatenate(who_parts), np.concatenate(what_parts)
    size = len(who)
    length = np.array([licence.days for licence in LICENCES])[what]
    authority = np.array([licence.authority for licence in LICENCES])[what]
    back = (length * draws.unit(size)).astype(np.int64)
    granted = np.maximum(people.founded[who] + 10, c.city.until - back)
    mark = coded([a.mark for a in LICENSING], authority)
    number = digits(people.number[who] * 10 + what, 9)
    return Rows(
        who,
        {
            "licence_no": joined(c.city.place.short, mark.text(), number),
            "title": coded([licence.title for licence in LICENCES], what),
            "granted_on": granted,
            "valid_until": granted + length,
            "authority": coded([f"{c.city.place.office}{a.title}" for a in LICENSING], authority),
        },
        coded([a.feed for a in LICENSING], authority),
    )


ITEMS = ("产品质量监督抽查", "食品安全检查", "计量器具检查", "广告行为检查", "登记事项检查")


def inspection(c: Chunk) -> Rows:
    """Random inspections: one enterprise in six a year; the careless fail more."""
    people, draws = c.people, c.stream("inspection")
    size = len(people)
    window = c.city.until - c.city.start
    rate = 0.5 * window / 1096.0
    count = (rate + draws.unit(size)).astype(np.int64) + draws.chance(size, 0.1)
    who = np.repeat(np.arange(size), count)
    ordinal, rows = within(who), int(count.sum())
    failed = draws.chance(rows, 0.02 + 0.12 * c.draw("care")[who])
    return Rows(
        who,
        {
            "inspection_no": joined("双随机", digits(people.number[who] * 100 + ordinal, 10)),
            "inspected_on": c.city.start + draws.below(rows, window),
            "item": coded(ITEMS, draws.below(rows, len(ITEMS))),
            "result": coded(("passed", "failed"), failed.astype(np.int64)),
        },
    )


def abnormal_operation(c: Chunk) -> Rows:
    """Listed in July for want of the yearly report, or when nobody is found at the address."""
    people, draws = c.people, c.stream("abnormal_operation")
    size = len(people)
    gone = (people.fate == FAILS) & draws.chance(size, 0.6)
    forgot = (people.fate != FAILS) & draws.chance(size, 0.03)
    years = np.unique(year_of(c.starts))
    chosen = years[draws.below(size, len(years))]
    july = (chosen - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64) + 185
    listed = np.where(gone, people.default + 90 + draws.below(size, 200), july)
    removed = only(listed + 15 + draws.below(size, 200), forgot & draws.chance(size, 0.8))
    removed = np.where(removed > c.city.until, NULL, removed)
    who = np.nonzero(gone | forgot)[0].astype(np.int64)
    return Rows(
        who,
        {
            "reason": coded(("no_report", "not_found", "false_report"), gone[who].astype(np.int64)),
            "listed_on": listed[who],
            "removed_on": removed[who],
            "authority": coded(
                (f"{c.city.place.office}市场监督管理局",), np.zeros(len(who), dtype=np.int64)
            ),
        },
    )


def _yearly(c: Chunk, who: Ints) -> tuple[Ints, Ints]:
    """Each of `who` with each full calendar year that lies before the last day."""
    years = np.unique(year_of(c.starts))[1:]
    return np.repeat(who, len(years)), np.tile(years, len(who))


def environmental_grade(c: Chunk) -> Rows:
    """The yearly grade of manufacturers that need a pollution permit, given each May."""
    people, draws = c.people, c.stream("environmental_grade")
    trades = [place for place in _trades(c, MAKERS) if c.city.place.trades[place].power > 250]
    covered = np.isin(people.industry, trades) & (people.kind == COMPANY) & (c.draw("green") < 0.4)
    who, year = _yearly(c, np.nonzero(covered)[0].astype(np.int64))
    size = len(who)
    day = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64) + 130
    level = c.draw("care")[who] * 0.7 + draws.unit(size) * 0.3
    grade = np.searchsorted(np.array([0.22, 0.72, 0.88, 0.96]), level)
    return Rows(
        who,
        {
            "year": year - 1,
            "grade": coded(("A", "B", "C", "D", "E"), grade),
            "announced_on": day + draws.below(size, 10),
        },
    )
