"""The services of a region's service centre as its authors write them: `regions/<r>/services.yaml`.

A district may have services of its own: `area` says for whom one is. Nothing of a service is in
code but the process in which it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from xinrong.catalogue.contract import Strict
from xinrong.domain.text import Text

NAME = r"^[a-z][a-z0-9_]*$"


class Lead(StrEnum):
    """A page of the platform to which a service leads, beside asking for it."""

    NEEDS = "needs"
    PRODUCTS = "products"
    EVENTS = "events"
    OUTLETS = "outlets"
    STATISTICS = "statistics"
    MEASURES = "measures"


LEAD_WORDS: Mapping[Lead, Text] = {
    Lead.NEEDS: Text(zh="提出融资需求", en="State a financing need"),
    Lead.PRODUCTS: Text(zh="查看信贷产品", en="Look at products"),
    Lead.EVENTS: Text(zh="对接活动", en="Financing events"),
    Lead.OUTLETS: Text(zh="银行网点", en="Outlets of banks"),
    Lead.STATISTICS: Text(zh="融资统计", en="Statistics of financing"),
    Lead.MEASURES: Text(zh="奖惩措施目录", en="Measures"),
}


class Promise(Strict):
    """On what the times to answer rest: an agreement of those who run the services, no law."""

    document: str = Field(min_length=1)
    article: str = ""
    evidence: Literal["agreed"]


class Service(Strict):
    """One service. `department` answers, in `answer_days` working days once it has taken it up.

    `area` is the six digits of the district for whose enterprises it is; empty, for all.
    """

    id: str = Field(pattern=NAME, max_length=40)
    title: Text
    gives: Text
    department: str = Field(pattern=NAME)
    area: str = ""
    answer_days: int = Field(ge=1, le=20)
    leads: tuple[Lead, ...] = ()


class ServiceBook(Strict):
    """The services of a region, in the order in which they are shown. `invented`: none is real."""

    title: Text
    note: Text
    invented: bool
    promise: Promise
    services: tuple[Service, ...]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if not self.services:
            raise ValueError("there is no service in it: write one, or delete the file")
        seen: set[str] = set()
        for one in self.services:
            if one.id in seen:
                raise ValueError(f"the service {one.id} is there twice: rename one")
            seen.add(one.id)
        return self
