"""From a project to a need, what its department reads of it, and the figures behind the floor."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from tests.market.applying.cast import Cast
from tests.market.applying.conftest import cast
from tests.market.needs.cast import person
from tests.market.projects.cast import TOLD, Board
from tests.profiles import city
from xinrong.domain.clock import day_in_china
from xinrong.market.errors import MarketRefused
from xinrong.market.league.services import Period
from xinrong.market.projects import figures
from xinrong.market.services import needs, projects
from xinrong.store.services import engine

__all__ = ["cast"]
GRANTED, NEW = figures.FIGURES[1], figures.FIGURES[2]


def test_the_owner_begins_a_need_with_sum_and_term_and_the_rest_is_asked(board: Board) -> None:
    made = board.add()
    need = projects.begin_need(board.firm, made.number, now=board.now)
    assert (need.amount, need.months, need.purpose) == (3_000_000_000, 36, "")
    assert need.enterprise_id == made.enterprise_id
    asked = needs.next_question(need)
    assert asked is not None
    assert asked.name == "purpose"
    again = projects.begin_need(board.firm, made.number, now=board.now)
    assert again.number == need.number, "a draft that waits is gone on with"
    need = needs.answer(board.firm, need.number, "purpose", {"purpose": ["equipment"]},
                        now=board.now)  # fmt: skip
    needs.state(board.firm, need.number, version=need.version, now=board.now)
    assert projects.begin_need(board.firm, made.number, now=board.now).number != need.number


def test_the_department_reads_of_a_need_once_it_is_stated(board: Board) -> None:
    made = board.add()
    need = projects.begin_need(board.firm, made.number, now=board.now)
    assert not projects.needs_told(board.officer, made)
    assert [one.need.number for one in projects.needs_told(board.firm, made)] == [need.number]
    need = needs.answer(board.firm, need.number, "purpose", {"purpose": ["stock"]}, now=board.now)
    needs.state(board.firm, need.number, version=need.version, now=board.now)
    [seen] = projects.needs_told(board.officer, made)
    assert seen.amount == Decimal(30_000_000)


def test_a_need_is_begun_by_the_owner_of_what_is_on_the_list_only(board: Board) -> None:
    made = board.add()
    refused = []
    for who in (board.other, board.officer):
        with pytest.raises(MarketRefused) as error:
            projects.begin_need(who, made.number, now=board.now)
        refused.append(error.value.code)
    assert refused == ["project_unknown", "need_role"]
    later = board.add(title="明年的", listed_from="2027-01-01")
    projects.end(board.officer, made.number, "停建", now=board.now)
    for number in (made.number, later.number):
        with pytest.raises(MarketRefused) as error:
            projects.begin_need(board.firm, number, now=board.now)
        assert error.value.code == "project_not_listed"


def test_a_contract_for_a_need_of_a_project_counts_and_its_bank_is_for_the_owner(
    cast: Cast,
) -> None:
    officer = person("planning", "department", "data_officer", "development")
    day = day_in_china(cast.now)
    told = TOLD | {"amount": "50万", "months": "12", "listed_until": str(day.replace(year=2036))}
    told |= {"listed_from": str(day)}
    made = projects.add(officer, city.code(5), projects.read_listing(told), now=cast.now)
    need = projects.begin_need(cast.firm, made.number, now=cast.now)
    need = needs.answer(cast.firm, need.number, "purpose", {"purpose": ["stock"]}, now=cast.now)
    needs.state(cast.firm, need.number, version=need.version, now=cast.now)
    cast.need = need.number
    application = cast.apply()
    cast.to_contract(application)
    cast.pay_out(application, principal=Decimal(200_000))
    [seen], [own] = projects.needs_told(officer, made), projects.needs_told(cast.firm, made)
    [row], [mine] = seen.applications, own.applications
    assert (row.granted, row.disbursed) == (Decimal(500_000), Decimal(200_000))
    assert (row.lender, row.number) == ("", "")
    assert (mine.lender != "", mine.number) == (True, application.number)
    period = Period.year_to(day)
    assert figures.contracts_of(period).to_pylist() == [
        {"enterprise": 5, "new": True, "granted_fen": 50_000_000, "paid_fen": 20_000_000}
    ]
    assert figures.projects_of(period).to_pylist() == [{"enterprise": 5}]
    assert projects.published(now=cast.now).figures == {}, "one enterprise: nothing is published"


def test_projects_are_published_of_ten_enterprises(board: Board) -> None:
    city.make_enterprises(list(range(10, 20)))
    for number in range(10, 19):
        board.add(code=city.code(number))
    assert projects.published(now=board.now).figures == {}
    board.add(code=city.code(19))
    assert projects.published(now=board.now).figures == {"projects": 10.0}


def contracts(old: int, new: int) -> Any:
    """So many enterprises with a former contract, and others with a new one, 10,000 yuan each."""
    rows = [
        {"enterprise": place, "new": place >= old, "granted_fen": 1_000_000, "paid_fen": 0}
        for place in range(old + new)
    ]
    return pa.Table.from_pylist(rows, figures.CONTRACTS)


@pytest.mark.parametrize(
    ("old", "new", "many"), [(0, 12, 12), (1, 12, 1), (9, 12, 9), (10, 12, 10), (12, 9, 9)]
)
def test_new_credit_is_of_as_many_as_the_smaller_part_so_that_no_difference_tells(
    old: int, new: int, many: int
) -> None:
    [row] = engine().query(NEW.query, {"contracts": contracts(old, new)}).to_pylist()
    assert (float(row["value"]), row["enterprises"]) == (new, many)
    [row] = engine().query(GRANTED.query, {"contracts": contracts(old, new)}).to_pylist()
    assert (float(row["value"]), row["enterprises"]) == (old + new, old + new)
