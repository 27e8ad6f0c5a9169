"""An outlet as its lender publishes it: where it is, what kind it is, what it is featured for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field

from xinrong.catalogue.contract import Strict
from xinrong.domain.financing import NeedPurpose
from xinrong.domain.text import Text
from xinrong.market.products.definitions import NAME


class OutletKind(StrEnum):
    """What kind of outlet it is."""

    SMALL_BUSINESS = "small_business"
    ORDINARY = "ordinary"
    COMMUNITY = "community"


class Feature(StrEnum):
    """What a featured bank is for (特色银行)."""

    E_COMMERCE = "e_commerce"
    SCIENCE = "science"
    TOURISM = "tourism"
    TALENT = "talent"
    CULTURE = "culture"


KIND_WORDS: Mapping[OutletKind, Text] = {
    OutletKind.SMALL_BUSINESS: Text(zh="小微专营机构", en="Small-business institution"),
    OutletKind.ORDINARY: Text(zh="综合网点", en="General outlet"),
    OutletKind.COMMUNITY: Text(zh="社区支行", en="Community branch"),
}
FEATURE_WORDS: Mapping[Feature, Text] = {
    Feature.E_COMMERCE: Text(zh="电商特色", en="E-commerce"),
    Feature.SCIENCE: Text(zh="科技特色", en="Technology"),
    Feature.TOURISM: Text(zh="旅游特色", en="Tourism"),
    Feature.TALENT: Text(zh="人才特色", en="Talent"),
    Feature.CULTURE: Text(zh="文化特色", en="Culture"),
}
#: Which featured outlets a purpose goes to first.
FEATURE_OF_PURPOSE: Mapping[NeedPurpose, Feature] = {
    NeedPurpose.RESEARCH: Feature.SCIENCE,
    NeedPurpose.TRADE: Feature.E_COMMERCE,
    NeedPurpose.START_UP: Feature.TALENT,
}


class Outlet(Strict):
    """One outlet. `area` is the six digits of its district, or of a city elsewhere."""

    id: str = Field(pattern=NAME, max_length=64)
    title: Text
    area: str = Field(pattern=r"^\d{6}$")
    kind: OutletKind
    feature: Feature | None = None


class OutletFile(Strict):
    """One file: a lender's outlets. `lender` is its id among the products' lenders."""

    lender: str = Field(pattern=NAME, max_length=40)
    outlets: tuple[Outlet, ...]


class Seat(Strict):
    """A district or a city: its names, and about where its seat lies, in degrees."""

    title: Text
    longitude: float = Field(ge=-180, le=180)
    latitude: float = Field(ge=-90, le=90)


class OutletBook(Strict):
    """What all outlets of a region share: the places, by code. `invented`: no outlet is real."""

    invented: bool
    places: Mapping[str, Seat] = Field(min_length=1)
