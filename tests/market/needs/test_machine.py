"""Whatever is tried in whichever order, a need moves along its table and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.market.needs.cast import FIRM, NOW, drafted, representative
from tests.profiles import city
from xinrong.domain.process import MoveRefused
from xinrong.market.errors import MarketRefused
from xinrong.market.needs.table import ENTERPRISE, LENDER
from xinrong.market.services import needs

EVENTS = {"fill_in": ENTERPRISE, "state": ENTERPRISE, "withdraw": ENTERPRISE,
          "settle": LENDER, "look_again": LENDER}  # fmt: skip


@pytest.fixture
def firms(db: None, taizhou: None) -> None:
    city.make_enterprises([FIRM])


def act(who: Any, number: str, event: str) -> None:
    """The service of an event."""
    if event == "fill_in":
        needs.answer(who, number, "months", {"months": ["6"]}, now=NOW)
    elif event == "state":
        version = needs.need_by_number(number).version
        needs.state(who, number, version=version, now=NOW)
    elif event == "withdraw":
        needs.withdraw(who, number, now=NOW)
    else:
        {"settle": needs.settle, "look_again": needs.look_again}[event](number, now=NOW)


def test_a_need_moves_along_its_table_only(firms: None) -> None:
    who = representative()

    @settings(max_examples=25)
    @given(st.lists(st.sampled_from(sorted(EVENTS)), max_size=8))
    def any_order(events: list[str]) -> None:
        number = drafted(who).number
        for event in events:
            before = needs.need_by_number(number)
            try:
                wanted = needs.NEED_PROCESS.step(before.state, event, EVENTS[event]).target
            except MoveRefused:
                wanted = None
            try:
                act(who, number, event)
            except MarketRefused as error:
                assert (error.code, wanted) == ("need_state", None)  # noqa: PT017
            after = needs.need_by_number(number)
            assert after.state == (wanted or before.state)
            assert after.version == before.version + (wanted is not None)
        needs.StatedNeed.objects.filter(number=number).delete()

    any_order()
