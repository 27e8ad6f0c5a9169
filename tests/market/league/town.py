"""Enough deals, through the real services, for figures to be published."""

from __future__ import annotations

from typing import Any

from tests.market.applying.cast import Cast, everything
from tests.market.needs.cast import ANSWERS, representative
from xinrong.domain.clock import day_in_china
from xinrong.market.errors import MarketRefused
from xinrong.market.released import match_of
from xinrong.market.services import applying, needs
from xinrong.trust.services import Purpose, Stage


def many_deals(cast: Cast, enterprises: range) -> list[Any]:
    """An application of each enterprise to the first lender here that would have it; refused."""
    made = []
    for number in enterprises:
        who = representative(number)
        found = needs.draft(who, now=cast.now)
        for name, given in ANSWERS.items():
            found = needs.answer(who, found.number, name, {name: given}, now=cast.now)
        found = needs.state(who, found.number, version=found.version, now=cast.now)
        assert found.enterprise_id is not None
        matched = match_of(
            who, found.enterprise_id, needs.need_of(found), Purpose.SELF,
            as_of=day_in_china(cast.now),
        ).content.matched  # fmt: skip
        fits = (*matched.admitted, *matched.open)
        product = next((f.name for f in fits if f.offered.lender.id in cast.officers), None)
        if product is None:
            continue
        try:
            one = applying.apply(
                who, found.number, product, now=cast.now, answer=everything(cast.now)
            )
        except MarketRefused:
            continue
        cast.to_diligence(one)
        cast.look(one, Stage.APPROVAL)
        applying.refuse(cast.officer(one), one.number, ["sum"], "金额过大", now=cast.now)
        made.append(one)
    return made
