"""Which outlet of a lender a need goes to: by a rule that is published, the same for everybody."""

from __future__ import annotations

import math
from dataclasses import dataclass

from xinrong.domain.financing import NeedPurpose
from xinrong.domain.text import Text
from xinrong.market.directory.definitions import (
    FEATURE_OF_PURPOSE,
    FEATURE_WORDS,
    Feature,
    OutletKind,
    Seat,
)
from xinrong.market.directory.packs import Directory, Placed
from xinrong.market.errors import MarketRefused

#: Kilometres within which a featured outlet serves a district that is not its own.
REACH = 30.0
RULE = Text(
    zh="需求先送到为该用途设立的特色银行：本区县的，没有则 30 公里内最近的；"
    "其次是本区县的小微专营机构，再次是本区县的综合网点、社区支行；"
    "本区县没有网点的，送到最近的区县，次序相同。条件相同的按网点编号。"
    "距离按区县驻地的直线距离计算。排位不能购买。",
    en="A need goes first to an outlet featured for its purpose: in the district, else the nearest"
    " within 30 km; then to a small-business institution of the district; then to its general"
    " outlets and community branches; where the district has none, to the nearest district, in"
    " the same order. Equal ones go by their ids. Distances are straight lines between the"
    " districts' seats. No place can be bought.",
)
_ORDER = {OutletKind.SMALL_BUSINESS: 0, OutletKind.ORDINARY: 1, OutletKind.COMMUNITY: 2}
_EARTH = 6371.0


@dataclass(frozen=True)
class Routed:
    """An outlet that serves a need: how far its district's seat is, and why it is this one."""

    placed: Placed
    kilometres: float
    why: Text


def route(
    directory: Directory,
    lender: str,
    area: str,
    purpose: NeedPurpose | None = None,
    feature: Feature | None = None,
) -> Routed | None:
    """The outlet of a lender that a need of a district goes to; None for a lender without any.

    `feature` is asked for by name (tourism, culture), else the purpose has its own. Raises
    MarketRefused for a district that the directory does not place.
    """
    ranked = serving(directory, area, purpose, feature, lender=lender)
    return ranked[0] if ranked else None


def serving(
    directory: Directory,
    area: str,
    purpose: NeedPurpose | None = None,
    feature: Feature | None = None,
    *,
    lender: str = "",
) -> list[Routed]:
    """Every outlet of the region (of a lender), in the order of the rule. Raises MarketRefused."""
    home = directory.book.places.get(area)
    if home is None:
        raise MarketRefused(
            f"the directory has no district {area[:6]!r}",
            remedy=f"It has {', '.join(directory.districts)}.",
            code="outlet_area",
        )
    wanted = feature or (FEATURE_OF_PURPOSE.get(purpose) if purpose is not None else None)
    offered = directory.by_lender.get(lender, ()) if lender else directory.placed
    ranked = sorted(
        ((_key(one, home, area, wanted), one) for one in offered if one.here),
        key=lambda pair: pair[0],
    )
    return [Routed(one, distance(home, one.seat), _why(one, area, wanted)) for _key_, one in ranked]


def distance(one: Seat, other: Seat) -> float:
    """Kilometres between two seats on a sphere."""
    x, y = math.radians(one.latitude), math.radians(other.latitude)
    turn = math.radians(other.longitude - one.longitude)
    cosine = math.sin(x) * math.sin(y) + math.cos(x) * math.cos(y) * math.cos(turn)
    return _EARTH * math.acos(max(-1.0, min(1.0, cosine)))


def _key(one: Placed, home: Seat, area: str, wanted: Feature | None) -> tuple[int, float, int, str]:
    """Featured ones within reach first, then by district, then by kind."""
    away = 0.0 if one.outlet.area == area else distance(home, one.seat)
    featured = wanted is not None and one.outlet.feature is wanted and away <= REACH
    return (0 if featured else 1, round(away, 3), _ORDER[one.outlet.kind], one.outlet.id)


def _why(one: Placed, area: str, wanted: Feature | None) -> Text:
    here = one.outlet.area == area
    place = Text(zh="本区县", en="in the district") if here else one.seat.title
    if wanted is not None and one.outlet.feature is wanted:
        words = FEATURE_WORDS[wanted]
        return Text(zh=f"{words.zh}，{place.zh}", en=f"{words.en}, {place.en}")
    if one.outlet.kind is OutletKind.SMALL_BUSINESS:
        return Text(zh=f"小微专营，{place.zh}", en=f"For small business, {place.en}")
    return place
