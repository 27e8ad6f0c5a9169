"""All enterprises in one scan get the answers that each gets alone; what is counted is what is."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from tests.profiles import city
from xinrong.domain.criteria import Outcome, parameters
from xinrong.domain.financing import Need, NeedPurpose, Security
from xinrong.market.matching.batch import answers_sql, fits_of_all, least_need
from xinrong.market.matching.matching import match
from xinrong.market.matching.shelf import shelf_on
from xinrong.profiles.errors import NoProfile
from xinrong.profiles.services import criteria, query_profiles

pytestmark = pytest.mark.django_db
#: Districts of the invented city, as its register names them.
CODES = {words.zh: code for code, words in criteria.areas_of("taizhou").items()}
SAID = {Outcome.YES: True, Outcome.NO: False, Outcome.UNKNOWN: None}
NEEDS = (
    Need(Decimal(500_000), 12, NeedPurpose.WORKING_CAPITAL),
    Need(Decimal("30000.50"), 6, NeedPurpose.STOCK, first_time=True, max_rate=Decimal("6.5")),
    Need(
        Decimal(2_000_000), 24, NeedPurpose.EQUIPMENT,
        frozenset({Security.PROPERTY, Security.FUND}), area="331081", first_time=False,
    ),
)  # fmt: skip


@pytest.fixture
def rows(profiled: Any) -> list[dict[str, Any]]:
    """The profiles of all forty."""
    found: list[dict[str, Any]] = query_profiles(
        "SELECT * FROM profile ORDER BY enterprise"
    ).to_pylist()
    assert len(found) == 40
    return found


def test_a_need_is_answered_alike_in_sql_and_alone(rows: list[dict[str, Any]]) -> None:
    shelf = shelf_on("taizhou", city.UNTIL)
    asked = parameters([one.explainer.expression for one in shelf.offered], city.UNTIL)
    seen: set[bool | None] = set()
    for need in NEEDS:
        sql = f"{answers_sql(shelf, need)} ORDER BY enterprise"
        table = query_profiles(sql, asked).to_pylist()
        for row, answers in zip(rows, table, strict=True):
            found = match(shelf, need, row, {})
            mine = {
                fit.name: SAID[fit.outcome]
                for fit in (*found.admitted, *found.open, *found.refused)
            }
            in_sql = {one.product.id: answers[f"a{n}"] for n, one in enumerate(shelf.offered)}
            assert mine == in_sql
            seen |= set(mine.values())
    assert seen == {True, False, None}, "all three answers occur"


def test_what_is_counted_is_what_each_would_be_told(rows: list[dict[str, Any]]) -> None:
    shelf = shelf_on("taizhou", city.UNTIL)
    for one in fits_of_all("taizhou")[::10]:
        answer = one.offered.explainer.explain
        need = least_need(one.offered)
        told = Counter(
            answer({**row, **need.row(CODES.get(row["reg_district"]))}, shelf.day).outcome
            for row in rows
        )
        assert (one.yes, one.no, one.unknown) == (
            told[Outcome.YES], told[Outcome.NO], told[Outcome.UNKNOWN],
        )  # fmt: skip
    rural = [one for one in fits_of_all("taizhou") if one.offered.terms.areas]
    assert any(one.yes for one in rural), "who lends in one district finds its enterprises"


def test_before_the_first_profile_there_is_nothing_to_count(filled: Any) -> None:
    with pytest.raises(NoProfile, match="profile"):
        fits_of_all("taizhou")
