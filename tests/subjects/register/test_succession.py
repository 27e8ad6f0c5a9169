"""One enterprise follows another: joined, dated, taken back; never a circle."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.subjects.people import NOW, code, known
from xinrong.store import services as store
from xinrong.subjects.errors import SuccessionRefused, UnknownSuccession
from xinrong.subjects.models import Enterprise, EnterpriseKind
from xinrong.subjects.services import (
    Succession,
    history_of,
    merge,
    predecessors_of,
    record_succession,
    subjects_of,
    successions_of,
    successors_of,
    undo,
    undo_succession,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]
DAY = date(2026, 3, 1)


def firm(number: int, kind: str = EnterpriseKind.COMPANY) -> int:
    pk, _subject = known(number, f"某某{number}（虚构）有限公司")
    Enterprise.objects.filter(pk=pk).update(kind=kind)
    return pk


def follow(before: int, after: int, kind: str = "merger", on: date | None = DAY) -> Succession:
    return record_succession(before, after, kind=kind, on=on, by="王某", why="登记机关通知", at=NOW)


def test_a_conversion_joins_sole_trader_and_company_and_moves_nothing() -> None:
    trader, company = firm(1, EnterpriseKind.SOLE_TRADER), firm(2)
    own = subjects_of([trader, company])
    made = follow(trader, company, "conversion")
    [before] = predecessors_of(company)
    assert (before.enterprise.pk, before.succession, before.steps) == (trader, made, 1)
    assert [one.enterprise.pk for one in successors_of(trader)] == [company]
    assert subjects_of([trader, company]) == own


def test_histories_name_the_other_side_with_the_day() -> None:
    trader, company = firm(1, EnterpriseKind.SOLE_TRADER), firm(2)
    follow(trader, company, "conversion")
    [_entered, end] = history_of(trader)
    assert (end.what, end.after, end.day) == ("succeeded_by", code(2), DAY)
    [_entered, begin] = history_of(company)
    assert (begin.what, begin.before, begin.day) == ("follows", code(1), DAY)


def test_predecessors_are_found_through_several_steps_each_once() -> None:
    one, two, three, four = (firm(number) for number in range(1, 5))
    follow(one, two)
    follow(two, four)
    follow(three, four)
    found = {joined.enterprise.pk: joined.steps for joined in predecessors_of(four)}
    assert found == {two: 1, three: 1, one: 2}


def test_a_division_has_several_successors_and_a_merger_one() -> None:
    whole, left, right, other = (firm(number) for number in range(1, 5))
    follow(whole, left, "division")
    follow(whole, right, "division")
    assert {joined.enterprise.pk for joined in successors_of(whole)} == {left, right}
    with pytest.raises(SuccessionRefused, match="has a successor already"):
        follow(whole, other, "merger")


def test_no_enterprise_ends_twice() -> None:
    one, two, three = (firm(number) for number in range(1, 4))
    follow(one, two)
    for kind in ("merger", "division"):
        with pytest.raises(SuccessionRefused, match="has a successor already"):
            follow(one, three, kind)
    with pytest.raises(SuccessionRefused, match="already"):
        follow(one, two)


def test_there_is_no_circle() -> None:
    one, two, three = (firm(number) for number in range(1, 4))
    follow(one, two)
    follow(two, three)
    for before, after in ((three, one), (two, one), (one, one)):
        with pytest.raises(SuccessionRefused):
            follow(before, after)


def test_only_a_sole_trader_is_converted_and_into_none() -> None:
    company, other = firm(1), firm(2)
    trader = firm(3, EnterpriseKind.SOLE_TRADER)
    for before, after in ((company, other), (trader, firm(4, EnterpriseKind.SOLE_TRADER))):
        with pytest.raises(SuccessionRefused, match="from a sole trader"):
            follow(before, after, "conversion")


def test_who_is_part_of_another_neither_follows_nor_is_followed() -> None:
    part, whole, other = (firm(number) for number in range(1, 4))
    merge(part, whole, by="王某", why="同一家", at=NOW)
    for before, after in ((part, other), (other, part)):
        with pytest.raises(SuccessionRefused, match="is part of"):
            follow(before, after)


@pytest.mark.parametrize(("by", "why"), [("", "x"), ("x", "  ")])
def test_nobody_decides_without_a_name_and_a_reason(by: str, why: str) -> None:
    one, two = firm(1), firm(2)
    with pytest.raises(SuccessionRefused):
        record_succession(one, two, kind="merger", on=None, by=by, why=why, at=NOW)
    made = follow(one, two)
    with pytest.raises(SuccessionRefused):
        undo_succession(made.pk, by=by, why=why, at=NOW)


def test_what_is_taken_back_holds_no_more_and_is_still_read_as_it_was() -> None:
    one, two = firm(1), firm(2)
    made = follow(one, two)
    before = store.last_seq()
    undone = undo_succession(made.pk, by="李某", why="登记机关更正", at=NOW + timedelta(days=1))
    assert predecessors_of(two) == []
    assert [joined.enterprise.pk for joined in predecessors_of(two, seq=before)] == [one]
    assert [event.what for event in history_of(two)] == ["entered"]
    assert [event.what for event in history_of(two, seq=before)] == ["entered", "follows"]
    assert undone.to_seq == store.last_seq()
    assert [(each.pk, each.undone_by) for each in successions_of(one)] == [(made.pk, "李某")]
    with pytest.raises(SuccessionRefused, match="taken back"):
        undo_succession(made.pk, by="李某", why="又一次", at=NOW)
    follow(one, two)  # and it may be said anew
    assert len(predecessors_of(two)) == 1


def test_an_unknown_number_is_named() -> None:
    with pytest.raises(UnknownSuccession, match="12345"):
        undo_succession(12345, by="李某", why="错", at=NOW)


def test_successions_follow_the_identity_map() -> None:
    trader, company, whole = firm(1, EnterpriseKind.SOLE_TRADER), firm(2), firm(3)
    follow(trader, company, "conversion")
    before = store.last_seq()
    done = merge(company, whole, by="王某", why="同一家", at=NOW)
    assert [one.enterprise.pk for one in predecessors_of(whole)] == [trader]
    assert [one.enterprise.pk for one in successors_of(trader)] == [whole]
    assert [one.enterprise.pk for one in successors_of(trader, seq=before)] == [company]
    undo(done.pk, by="王某", why="不是", at=NOW)
    assert predecessors_of(whole) == []
    assert [one.enterprise.pk for one in successors_of(trader)] == [company]


def test_who_became_one_does_not_follow_itself() -> None:
    one, two = firm(1), firm(2)
    follow(one, two)
    merge(one, two, by="王某", why="同一家", at=NOW)
    assert predecessors_of(two) == successors_of(two) == []
