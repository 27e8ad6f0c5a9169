"""Invented names for tests of resolution."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from xinrong.domain.naming import parse
from xinrong.subjects.nameindex import NameIndex
from xinrong.subjects.nameindex.making import rows_of, segment_of
from xinrong.subjects.resolution.features import Features, features_of

PAIRS = Path(__file__).parents[2] / "cases" / "resolution" / "pairs.csv"

REGIONS = ("海城", "海城市", "温岭", "台州市椒江区", "")
TRADES = ("恒远", "恒源", "恒达", "南山青禾", "南山青和", "东方", "西方", "第一", "中国", "恒")
INDUSTRIES = ("精密机械", "智能农业装备", "科技", "科技发展", "餐饮管理", "银行", "")
FORMS = ("有限公司", "有限责任公司", "股份有限公司", "集团有限公司", "厂", "公司", "")
BRANCHES = ("", "", "", "第一分公司", "第1分公司", "海城南关支行", "南关分行", "椒江营业部")


@dataclass(frozen=True)
class Case:
    """One labelled pair."""

    sent: str
    registered: str
    region: str
    seat: str
    verdict: str
    why: str


def cases() -> list[Case]:
    """The labelled pairs."""
    with PAIRS.open(encoding="utf-8") as lines:
        return [Case(**row) for row in csv.DictReader(lines)]


def invented(step: int = 1) -> list[str]:
    """Names of all parts, every `step`th of them, each once."""
    parts = product(REGIONS, TRADES, INDUSTRIES, FORMS, BRANCHES)
    return list(dict.fromkeys("".join(name) for name in list(parts)[::step]))


def features(name: str, region: str = "") -> Features:
    """The features of a name."""
    return features_of(parse(name), region=region)


def index_of(names: list[str]) -> NameIndex:
    """An index in which a name's enterprise is its place, counted from 1."""
    return NameIndex((segment_of(rows_of(enumerate(names, 1))),))
