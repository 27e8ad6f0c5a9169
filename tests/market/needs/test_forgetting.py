"""A sole trader who is erased leaves no word beside a need; that there was one stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.market.needs.cast import ANSWERS, FIRM, NOW, OTHER, drafted, representative
from tests.profiles import city
from xinrong.accounts.services import proof
from xinrong.market.needs.forgetting import forget, held
from xinrong.market.services import needs

WORDS = f"{proof.FORGOTTEN}：2026-11-02"
SAID = "某某的家在后街"


@pytest.fixture
def firms(db: None, taizhou: None) -> None:
    city.make_enterprises([FIRM, OTHER])


def test_what_was_written_beside_a_need_goes_once_and_for_all(firms: None) -> None:
    own = drafted(representative(), {**ANSWERS, "note": [SAID]})
    other = drafted(representative(OTHER), {**ANSWERS, "note": [SAID]})
    assert held(FIRM) == 1
    assert forget(FIRM, WORDS, NOW - timedelta(days=1)) == 0, "written after that moment"
    assert forget(FIRM, WORDS, NOW) == 1
    assert (held(FIRM), forget(FIRM, WORDS, NOW)) == (0, 0)
    kept = needs.need_by_number(own.number)
    assert (kept.note, kept.amount) == (WORDS, 50_000_000)
    assert needs.need_by_number(other.number).note == SAID
