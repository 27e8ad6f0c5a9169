"""A need is the enterprise's word: drafted question by question, stated by a proven person."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.market.needs.cast import ANSWERS, FIRM, NOW, OTHER, drafted, person, representative
from tests.market.needs.cast import stated as stated_by
from tests.profiles import city
from xinrong.domain.financing import Need, NeedPurpose, NeedRefused, Security
from xinrong.domain.money import fen
from xinrong.market.errors import MarketRefused
from xinrong.market.services import needs
from xinrong.work import services as work


@pytest.fixture
def firms(db: None, taizhou: None) -> None:
    city.make_enterprises([FIRM, OTHER])


def refused(code: str) -> Any:
    return pytest.raises(MarketRefused, check=lambda error: error.code == code)


def test_a_draft_is_saved_with_each_answer_and_becomes_the_need_that_is_matched(
    firms: None,
) -> None:
    who = representative()
    found = drafted(
        who,
        {**ANSWERS, "offers": ["fund", "property"], "max_rate": ["4.5%"], "first_time": ["yes"],
         "area": ["331002"], "note": ["旺季  备货"]},
    )  # fmt: skip
    assert needs.need_for(who, found.number).note == "旺季 备货"
    found = needs.state(who, found.number, version=found.version, now=NOW)
    assert (found.state, found.stated_by_id, found.enterprise_id) == (
        "stated", who.person_id, FIRM,
    )  # fmt: skip
    assert needs.need_of(found) == Need(
        Decimal(500_000), 12, NeedPurpose.STOCK, frozenset({Security.FUND, Security.PROPERTY}),
        "331002", first_time=True, max_rate=Decimal("4.5"),
    )  # fmt: skip


def test_a_person_without_an_enterprise_states_the_need_of_a_firm_yet_to_be_registered(
    firms: None,
) -> None:
    founder = person("founder")
    found = drafted(founder)
    with refused("need_incomplete"):  # a firm is called something
        needs.state(founder, found.number, version=found.version, now=NOW)
    found = needs.answer(
        founder, found.number, "planned_name", {"planned_name": ["新店（虚构）"]}, now=NOW
    )
    found = needs.state(founder, found.number, version=found.version, now=NOW)
    assert not needs.need_of(found).registered
    assert list(needs.needs_of(founder)) == [found]


def test_once_the_firm_is_registered_its_proven_founder_takes_the_need_over(firms: None) -> None:
    founder = person("founder")
    found = stated_by(founder, {**ANSWERS, "planned_name": ["新店（虚构）"]})
    stranger = representative(OTHER)
    with refused("need_unknown"):
        needs.take_over(stranger, found.number, now=NOW)
    found.person_id = stranger.person_id  # the founder is the one who was proven
    found.save()
    assert list(needs.founded_by(stranger)) == [found]
    taken = needs.take_over(stranger, found.number, now=NOW)
    assert (taken.enterprise_id, needs.need_of(taken).registered) == (OTHER, True)
    assert list(needs.needs_of(stranger)) == [taken]
    with refused("need_unknown"):  # and no second time
        needs.take_over(stranger, found.number, now=NOW)


@pytest.mark.parametrize(
    ("kind", "role"),
    [("bank", "loan_officer"), ("department", "data_officer"), ("operator", "operator"),
     ("regulator", "auditor"), ("adviser", "adviser")],
)  # fmt: skip
def test_nobody_else_states_needs(firms: None, kind: str, role: str) -> None:
    reference = "taxation" if kind == "department" else ""
    with refused("need_role"):
        needs.draft(person(role, kind, role, reference), now=NOW)


def test_another_enterprises_need_is_unknown_word_for_word_as_none(firms: None) -> None:
    own, other = representative(), representative(OTHER)
    found = drafted(own)
    said = set()
    for who in (other, person("founder"), person("bank", "bank", "loan_officer")):
        for number in (found.number, "0" * 32, "", "x" * 500):
            for act in (
                needs.need_for,
                lambda who, number: needs.answer(who, number, "months", {"months": ["6"]}, now=NOW),
                lambda who, number: needs.state(who, number, version=1, now=NOW),
                lambda who, number: needs.withdraw(who, number, now=NOW),
            ):
                with pytest.raises(MarketRefused) as error:
                    act(who, number)
                said.add((error.value.code, str(error.value)))
    assert len(said) == 1
    assert not needs.needs_of(other).exists()


def test_a_draft_begun_twice_is_one(firms: None) -> None:
    who = representative()
    assert needs.draft(who, now=NOW).pk == needs.draft(who, now=NOW).pk
    drafted(who)
    assert needs.needs_of(who).count() == 1
    assert needs.draft(who, now=NOW).pk != needs.needs_of(who).last().pk


def test_unfinished_drafts_are_few(firms: None) -> None:
    who = representative()
    for _ in range(needs.MOST_DRAFTS):
        drafted(who, {"months": ["6"]})
    with refused("needs_many"):
        needs.draft(who, now=NOW)


def test_two_tabs_on_one_draft_lose_nothing_and_the_older_preview_states_nothing(
    firms: None,
) -> None:
    who = representative()
    found = drafted(who)
    before = found.version
    needs.answer(who, found.number, "months", {"months": ["24"]}, now=NOW)
    needs.answer(who, found.number, "amount", {"amount": ["80000"]}, now=NOW)
    with refused("need_stale"):
        needs.state(who, found.number, version=before, now=NOW)
    found = needs.need_for(who, found.number)
    assert (found.months, found.amount) == (24, fen(Decimal(80_000)))


def test_stated_twice_it_is_stated_once(firms: None) -> None:
    who = representative()
    found = drafted(who)
    once = needs.state(who, found.number, version=found.version, now=NOW)
    again = needs.state(who, found.number, version=found.version, now=NOW + timedelta(hours=1))
    assert (again.pk, again.stated_at) == (once.pk, NOW)


def test_a_need_is_withdrawn_in_every_state_in_which_it_stands(firms: None) -> None:
    who = representative()
    told: list[str] = []
    needs.after_withdrawal(lambda need, _, __: told.append(need.number))
    try:
        draft, stated = drafted(who), stated_by(who)
        assert needs.withdraw(who, draft.number, now=NOW).state == "withdrawn"
        assert told == []  # nobody knew of it
        assert needs.withdraw(who, stated.number, now=NOW).state == "withdrawn"
        assert told == [stated.number]
        for number in (draft.number, stated.number):
            with refused("need_state"):
                needs.withdraw(who, number, now=NOW)
            with refused("need_state"):
                needs.answer(who, number, "months", {"months": ["6"]}, now=NOW)
        settled = stated_by(who)
        needs.settle(settled.number, now=NOW)
        with refused("need_state"):
            needs.withdraw(who, settled.number, now=NOW)
        needs.look_again(settled.number, now=NOW)
        assert needs.withdraw(who, settled.number, now=NOW).state == "withdrawn"
    finally:
        from xinrong.market.needs import stating

        stating._FOLLOWING.pop()


@pytest.mark.parametrize(
    ("name", "typed", "code"),
    [
        ("amount", "0", "need_amount"),
        ("amount", "1000000000000", "need_amount"),
        ("amount", "100000000万亿", "need_amount"),
        ("amount", "五十万左右", "need_amount"),
        ("amount", "", "need_amount"),
        ("amount", "-50000", "need_amount"),
        ("amount", "5000.001", "need_amount"),
        ("amount", "5000 美元", "need_amount"),
        ("months", "0", "need_months"),
        ("months", "361", "need_months"),
        ("months", "1.5", "need_months"),
        ("months", "十二", "need_months"),
        ("months", "9" * 4_000, "need_months"),
        ("purpose", "yacht", "need_purpose"),
        ("offers", "kidney", "need_offers"),
        ("max_rate", "0", "need_rate"),
        ("max_rate", "-1", "need_rate"),
        ("max_rate", "400", "need_rate"),
        ("max_rate", "NaN", "need_rate"),
        ("max_rate", "Infinity", "need_rate"),
        ("max_rate", "1e-9", "need_rate"),
        ("max_rate", "4,5", "need_rate"),
        ("first_time", "maybe", "need_first_time"),
        ("area", "110000", "need_area"),
        ("area", "<script>", "need_area"),
        ("planned_name", "甲", "need_name"),
        ("planned_name", "甲" * 101, "need_name"),
        ("note", "长" * 501, "need_note"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_both_languages_and_changes_nothing(
    firms: None, name: str, typed: str, code: str
) -> None:
    who = representative()
    found = drafted(who)
    with pytest.raises(NeedRefused) as error:
        needs.answer(who, found.number, name, {name: [typed]}, now=NOW)
    assert (error.value.code, error.value.place.field) == (code, name)
    assert all((error.value.words.zh, error.value.words.en, error.value.remedy))
    assert needs.need_for(who, found.number).version == found.version


@given(st.text(max_size=60), st.sampled_from(sorted(needs.QUESTIONS)))
def test_any_text_is_read_or_refused(typed: str, name: str) -> None:
    try:
        read = needs.read_answer(name, {name: [typed]})
    except NeedRefused as error:
        read = {error.place.field: None}
    assert set(read) == {name}


def test_what_is_asked_of_nobody_is_unknown(firms: None) -> None:
    who = representative()
    found = drafted(who)
    with refused("need_unknown"):
        needs.answer(who, found.number, "state", {"state": ["stated"]}, now=NOW)


def test_at_most_ten_questions_are_asked() -> None:
    for registered in (True, False):
        assert len(needs.questions_for(registered=registered)) <= 10


def test_where_no_product_admits_it_the_operator_answers_by_a_fixed_day(firms: None) -> None:
    who, operator = representative(), person("operator", "operator", "operator")
    found = stated_by(who)
    case = needs.ask_advice(who, found.number, now=NOW)
    assert case.due_at is not None
    assert case.due_at > NOW
    with refused("advice_open"):
        needs.ask_advice(who, found.number, now=NOW)
    answered = work.move(
        case.number, "advise", operator, version=case.version, now=NOW, text="先办理政府性担保。"
    )
    assert answered.state == "advised"
    assert needs.advice_on(found.number).ended_at is not None
    needs.ask_advice(who, found.number, now=NOW)  # and once more, with another question


def test_unanswered_advice_is_overdue_then_unresolved_and_never_forgotten(firms: None) -> None:
    who = representative()
    case = needs.ask_advice(who, stated_by(who).number, now=NOW)
    for days, state in ((7, "overdue"), (21, "unresolved")):
        work.tick(NOW + timedelta(days=days))
        case.refresh_from_db()
        assert case.state == state


def test_advice_is_asked_of_the_own_need_that_stands(firms: None) -> None:
    who, other = representative(), representative(OTHER)
    draft, stated = drafted(who), stated_by(who)
    with refused("need_state"):
        needs.ask_advice(who, draft.number, now=NOW)
    with refused("need_unknown"):
        needs.ask_advice(other, stated.number, now=NOW)
    with refused("need_role"):
        needs.ask_advice(person("founder"), stated.number, now=NOW)
