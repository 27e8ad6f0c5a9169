"""The trades of the invented city: what is made, by how many, when in the year, and for whom.

Classes are of GB/T 4754-2017. Weights follow the shape of Taizhou's economy (moulds, pumps,
valves, plastics, shoes, car parts, medicine; trade and catering by number) and are a modelling
choice, not a statistic.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from xinrong.synth.streams import Floats, Ints
from xinrong.synth.words import DISTRICTS


class Industry(NamedTuple):
    """One trade.

    `weight`: share by number. `companies`: percent that are companies (the rest sole traders, or
    cooperatives in farming). `scale`: yearly sales against the median. `power`: kWh for each
    10,000 yuan of sales. `gas`, `export`: percent that burn gas, that export. `season`: sales by
    month of the year in percent. `home`: districts where it is three times as common. `buys`:
    trades whose goods it buys.
    """

    code: str
    title: str
    company: str  # the trade in a company's name
    shop: str  # the trade in a sole trader's name
    weight: int
    companies: int
    scale: float
    power: int
    gas: int
    export: int
    season: str
    home: tuple[str, ...]
    buys: tuple[str, ...]


SEASONS: dict[str, tuple[int, ...]] = {
    "factory": (85, 55, 105, 108, 107, 103, 98, 95, 106, 104, 112, 122),
    "trade": (125, 90, 90, 95, 98, 97, 93, 94, 105, 102, 106, 105),
    "catering": (115, 130, 88, 92, 102, 96, 100, 104, 92, 108, 86, 87),
    "fruit": (25, 20, 30, 45, 95, 330, 290, 130, 75, 65, 55, 40),
    "summer": (60, 45, 90, 120, 145, 155, 140, 115, 95, 85, 75, 75),
    "flat": (100,) * 12,
}

# fmt: off
INDUSTRIES = (
    Industry("3525", "模具制造", "模具", "模具加工店", 42, 70, 1.3, 420, 6, 30, "factory", ("331003",), ("3389", "5174")),
    Industry("2927", "日用塑料制品制造", "塑料制品", "塑料加工店", 48, 62, 1.4, 520, 4, 42, "factory", ("331003", "331082"), ("3525", "4210")),
    Industry("3441", "泵及真空设备制造", "泵业", "水泵配件店", 45, 68, 1.6, 260, 5, 48, "summer", ("331081",), ("3812", "3484", "3482")),
    Industry("3443", "阀门和旋塞制造", "阀门", "阀门配件店", 40, 66, 1.5, 300, 18, 52, "factory", ("331083",), ("3484", "4210")),
    Industry("3812", "电动机制造", "电机", "电机维修店", 22, 66, 1.5, 240, 3, 34, "summer", ("331081", "331002"), ("3482", "3484")),
    Industry("3670", "汽车零部件及配件制造", "汽车零部件", "汽车配件加工店", 38, 72, 1.8, 340, 14, 38, "factory", ("331083", "331023"), ("3525", "2913", "3482")),
    Industry("3553", "缝制机械制造", "缝纫机", "缝纫机配件店", 18, 64, 1.7, 180, 3, 46, "factory", ("331002",), ("3484", "3812")),
    Industry("1953", "塑料鞋制造", "鞋业", "鞋材加工店", 36, 46, 1.1, 150, 2, 40, "factory", ("331081",), ("2929", "5131")),
    Industry("2710", "化学药品原料药制造", "药业", "化工原料店", 7, 92, 9.0, 610, 46, 62, "flat", ("331082", "331024", "331002"), ("5174",)),
    Industry("2913", "橡胶零件制造", "橡塑", "橡胶加工店", 24, 60, 1.1, 380, 8, 26, "factory", ("331022",), ("5174",)),
    Industry("2929", "塑料零件及其他塑料制品制造", "塑胶", "塑料配件店", 30, 58, 1.2, 480, 3, 24, "factory", ("331003", "331004"), ("3525",)),
    Industry("2431", "雕塑工艺品制造", "工艺品", "工艺品加工店", 26, 48, 0.9, 90, 2, 66, "factory", ("331024", "331082"), ("2929",)),
    Industry("3587", "眼镜制造", "眼镜", "眼镜加工店", 22, 54, 1.0, 130, 1, 58, "factory", ("331082",), ("2929", "3482")),
    Industry("1781", "非织造布制造", "滤料", "滤布加工店", 14, 66, 1.4, 290, 6, 28, "factory", ("331023",), ("5131",)),
    Industry("3484", "机械零部件加工", "机械", "机械加工店", 60, 44, 0.8, 330, 5, 9, "factory", ("331081", "331083"), ("4210", "5174")),
    Industry("3482", "紧固件制造", "紧固件", "标准件店", 22, 58, 1.1, 310, 8, 30, "factory", ("331083", "331004"), ("4210",)),
    Industry("4210", "金属废料和碎屑加工处理", "再生资源", "废旧金属回收站", 18, 60, 3.2, 190, 4, 6, "flat", ("331004",), ()),
    Industry("3389", "其他金属制日用品制造", "五金", "五金加工店", 28, 50, 1.0, 260, 7, 36, "factory", ("331004", "331083"), ("4210",)),
    Industry("3731", "金属船舶制造", "船舶", "船舶修造点", 4, 96, 12.0, 160, 12, 44, "flat", ("331081", "331022"), ("3484", "3482")),
    Industry("4710", "住宅房屋建筑", "建设", "装修服务部", 30, 72, 4.5, 40, 2, 1, "flat", (), ("3389", "5174")),
    Industry("5174", "五金产品批发", "贸易", "五金经营部", 85, 34, 1.5, 12, 1, 14, "trade", ("331004",), ("3389", "3482")),
    Industry("5131", "纺织品、针织品及原料批发", "纺织品", "布料经营部", 40, 30, 1.2, 10, 1, 18, "trade", ("331004",), ()),
    Industry("5211", "百货零售", "商贸", "百货店", 120, 10, 0.5, 22, 2, 0, "trade", (), ("2927", "5123")),
    Industry("5123", "果品、蔬菜批发", "果蔬", "果蔬经营部", 44, 16, 0.8, 18, 0, 3, "trade", (), ("0159", "0411")),
    Industry("6210", "正餐服务", "餐饮管理", "饭店", 95, 9, 0.5, 55, 78, 0, "catering", (), ("5123", "5211")),
    Industry("5431", "普通货物道路运输", "物流", "货运服务部", 40, 42, 0.9, 8, 0, 0, "factory", ("331004", "331081"), ("8111",)),
    Industry("8111", "汽车修理与维护", "汽车服务", "汽车修理店", 36, 18, 0.5, 36, 1, 0, "flat", (), ("3670",)),
    Industry("6513", "应用软件开发", "信息科技", "电脑服务部", 24, 76, 0.7, 10, 0, 2, "flat", ("331002",), ()),
    Industry("0159", "其他水果种植", "杨梅", "果园", 34, 6, 0.4, 9, 0, 1, "fruit", ("331024", "331003"), ()),
    Industry("0411", "海水养殖", "水产", "养殖场", 26, 10, 0.8, 60, 0, 2, "flat", ("331022", "331083"), ()),
)
# fmt: on

POSITION = {industry.code: position for position, industry in enumerate(INDUSTRIES)}
FARMING = frozenset(POSITION[code] for code in ("0159", "0411"))

#: Weight of each trade in each district, and the months of each trade, as arrays.
WEIGHTS: Ints = np.array(
    [
        [industry.weight * (3 if place.code in industry.home else 1) for industry in INDUSTRIES]
        for place in DISTRICTS
    ],
    dtype=np.int64,
)
SEASON: Floats = np.array([SEASONS[i.season] for i in INDUSTRIES], dtype=np.float64) / 100.0


def buyers_of() -> tuple[tuple[int, ...], ...]:
    """For each trade the trades that buy its goods; retail and wholesale where nobody does."""
    found: list[tuple[int, ...]] = []
    for seller in INDUSTRIES:
        who = tuple(POSITION[i.code] for i in INDUSTRIES if seller.code in i.buys)
        found.append(who or (POSITION["5174"], POSITION["5211"]))
    return tuple(found)
