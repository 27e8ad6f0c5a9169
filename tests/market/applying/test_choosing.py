"""One need, one loan: offers side by side, withdrawal, expiry, and what is nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.market.applying.cast import Cast, everything, officer
from tests.market.applying.test_lending import refused
from tests.market.needs.cast import representative
from xinrong.domain.process import MoveRefused
from xinrong.market.applying.table import BEFORE_CONTRACT
from xinrong.market.services import applying
from xinrong.trust.services import ConsentRefused, Stage, consenting
from xinrong.work import services as work

pytestmark = pytest.mark.django_db


def test_of_two_offers_one_is_chosen_and_the_contract_ends_the_other(cast: Cast) -> None:
    one, two = cast.apply(0), cast.apply(1)
    cast.to_offer(one)
    cast.to_offer(two)
    applying.choose(cast.firm, one.number, now=cast.now)
    again = applying.choose(cast.firm, one.number, now=cast.now)
    assert again.application_id == one.pk
    refused("choice_taken", applying.choose, cast.firm, two.number, now=cast.now)
    refused("need_settled", cast.apply, 2)
    cast.sign(one)
    work.deliver(cast.now)
    assert cast.state(two) == "superseded"


def test_a_chosen_offer_that_is_withdrawn_sets_the_need_free(cast: Cast) -> None:
    one, two = cast.apply(0), cast.apply(1)
    cast.to_offer(one)
    cast.to_offer(two)
    applying.choose(cast.firm, one.number, now=cast.now)
    applying.withdraw(cast.firm, one.number, now=cast.now)
    applying.choose(cast.firm, two.number, now=cast.now)
    assert (cast.state(one), cast.state(two)) == ("withdrawn", "chosen")


def test_an_offer_lapses_on_its_day_and_is_not_chosen_after(cast: Cast) -> None:
    one = cast.apply()
    cast.to_offer(one)
    late = cast.now + timedelta(days=11)
    refused("move_overdue", applying.choose, cast.firm, one.number, now=late)
    assert cast.state(one) == "expired"
    refused("offer_none", applying.choose, cast.firm, one.number, now=late)
    cast.now = late
    assert cast.apply().number != one.number  # the need is open, for the same product as well


def test_an_offer_cannot_be_changed_while_it_stands(cast: Cast) -> None:
    one = cast.apply()
    made = cast.to_offer(one)
    who = cast.officer(one)
    assert applying.make_offer(who, one.number, cast.offering(one), now=cast.now).pk == made.pk
    dearer = cast.offering(one, months=6)
    refused("offer_stands", applying.make_offer, who, one.number, dearer, now=cast.now)


def test_the_same_application_twice_is_one(cast: Cast) -> None:
    assert cast.apply().number == cast.apply().number
    assert applying.Application.objects.count() == 1


def _submitted(cast: Cast, one: Any) -> None:
    pass


def _silent(cast: Cast, one: Any) -> None:
    assert cast.wait(one) == "silent"


def _accepted(cast: Cast, one: Any) -> None:
    applying.accept(cast.officer(one), one.number, now=cast.now)


def _more(cast: Cast, one: Any) -> None:
    cast.to_diligence(one)
    applying.ask_more(cast.officer(one), one.number, "请补充合同", now=cast.now)


def _late(cast: Cast, one: Any) -> None:
    _accepted(cast, one)
    assert cast.wait(one) == "late"


def _appealed(cast: Cast, one: Any) -> None:
    applying.refuse(cast.officer(one), one.number, ["debts"], "负债偏高。", now=cast.now)
    applying.appeal(cast.firm, one.number, "已还清。", now=cast.tick())


def _appeal_late(cast: Cast, one: Any) -> None:
    _appealed(cast, one)
    assert cast.wait(one) == "appeal_late"


def _chosen(cast: Cast, one: Any) -> None:
    cast.to_offer(one)
    applying.choose(cast.firm, one.number, now=cast.now)


def _unsigned(cast: Cast, one: Any) -> None:
    _chosen(cast, one)
    assert cast.wait(one) == "unsigned"


def _contracted(cast: Cast, one: Any) -> None:
    cast.to_contract(one)


def _unpaid(cast: Cast, one: Any) -> None:
    cast.to_contract(one)
    assert cast.wait(one) == "unpaid"


def _diligence(cast: Cast, one: Any) -> None:
    cast.to_diligence(one)


def _offered(cast: Cast, one: Any) -> None:
    cast.to_offer(one)


WAYS: dict[str, Callable[[Cast, Any], None]] = {
    "submitted": _submitted, "silent": _silent, "accepted": _accepted,
    "due_diligence": _diligence, "more_wanted": _more, "late": _late, "offered": _offered,
    "appealed": _appealed, "appeal_late": _appeal_late, "chosen": _chosen, "unsigned": _unsigned,
    "contracted": _contracted, "unpaid": _unpaid,
}  # fmt: skip


def test_every_state_before_the_money_has_a_way_here() -> None:
    assert set(WAYS) == {*BEFORE_CONTRACT, "chosen", "unsigned", "contracted", "unpaid"}


@pytest.mark.parametrize("state", WAYS)
def test_an_application_is_withdrawn_in_every_state_before_the_money(
    cast: Cast, state: str
) -> None:
    one = cast.apply()
    WAYS[state](cast, one)
    assert cast.state(one) == state
    applying.withdraw(cast.firm, one.number, "不再需要", now=cast.tick())
    assert cast.state(one) == "withdrawn"
    assert applying.application_of(one.number).ended_at is not None
    assert applying.choice_of_need(cast.need) is None


def test_money_that_was_paid_out_is_not_withdrawn(cast: Cast) -> None:
    one = cast.apply()
    cast.to_contract(one)
    cast.pay_out(one)
    refused("move_unknown", applying.withdraw, cast.firm, one.number, now=cast.tick())


@pytest.mark.parametrize("event", ["accept", "investigate", "refuse", "offer"])
def test_a_state_does_not_go_backwards(cast: Cast, event: str) -> None:
    one = cast.apply()
    cast.to_contract(one)
    who, number = cast.officer(one), one.number
    acts: dict[str, Callable[[], Any]] = {
        "accept": lambda: applying.accept(who, number, now=cast.now),
        "investigate": lambda: applying.investigate(who, number, now=cast.now),
        "refuse": lambda: applying.refuse(who, number, ["debts"], "否", now=cast.now),
        "offer": lambda: applying.make_offer(
            who, number, cast.offering(one, months=6), now=cast.now
        ),
    }
    with pytest.raises(Exception) as wrong:
        acts[event]()
    assert getattr(wrong.value, "code", "") in ("move_unknown", "offer_stands")
    assert cast.state(one) == "contracted"


def test_another_banks_application_is_none_for_it(cast: Cast) -> None:
    one = cast.apply(0)
    other = cast.officers[cast.lender_of(cast.products[1])]
    stranger = officer("stranger", cast.outlets[cast.lender_of(cast.products[1])])
    outlet = officer("outlet", cast.outlets[one.lender])
    for who in (other, stranger, outlet, representative(6)):
        with pytest.raises(work.CaseRefused) as wrong:
            applying.accept(who, one.number, now=cast.now)
        assert wrong.value.code == "case_unknown"


def test_an_application_at_an_outlet_is_the_outlets_and_its_banks_managers_see_it(
    cast: Cast,
) -> None:
    lender = cast.lender_of(cast.products[0])
    outlet = cast.outlets[lender]
    one = cast.apply(office=outlet.pk)
    assert (one.organisation_id, one.institution_id) == (outlet.pk, outlet.parent_id)
    with pytest.raises(work.CaseRefused):
        applying.accept(cast.officers[lender], one.number, now=cast.now)
    with pytest.raises(MoveRefused) as wrong:  # its manager stands by, as supervisor
        applying.accept(cast.chiefs[lender], one.number, now=cast.now)
    assert wrong.value.code == "move_role"
    applying.accept(officer("outlet", outlet), one.number, now=cast.now)


def test_without_a_consent_nothing_is_submitted(cast: Cast) -> None:
    refused("consent_needed", applying.apply, cast.firm, cast.need, cast.products[0], now=cast.now)
    levels = applying.wanted(cast.now).levels
    bare = consenting.Answer(levels)  # the separate ticks are missing
    with pytest.raises(ConsentRefused) as wrong:
        applying.apply(cast.firm, cast.need, cast.products[0], now=cast.now, answer=bare)
    assert wrong.value.code == "separate_tick"
    assert not applying.Application.objects.exists()
    assert not consenting.ConsentRequest.objects.exists()


def test_requests_that_wait_do_not_keep_an_enterprise_from_applying(cast: Cast) -> None:
    bank = cast.officers[cast.lender_of(cast.products[0])]
    asking = consenting.Party.of(bank)
    for _ in range(3):
        consenting.ask(5, asking, applying.wanted(cast.now), now=cast.now)
    with pytest.raises(ConsentRefused):
        consenting.ask(5, asking, applying.wanted(cast.now), now=cast.now)
    firsts = consenting.ConsentRequest.objects.filter(state="asked")
    firsts.update(stages=["post_loan"])  # whatever else the bank wants
    assert cast.state(cast.apply()) == "submitted"


def test_a_product_that_does_not_admit_the_need_is_not_applied_for(cast: Cast) -> None:
    refused("product_unknown", applying.apply, cast.firm, cast.need, "x", now=cast.now)
    said = everything(timezone.now())
    shelf = [one.product.id for one in applying_shelf(cast)]
    other = next(name for name in shelf if name not in admitted(cast))
    with pytest.raises(Exception) as wrong:
        applying.apply(cast.firm, cast.need, other, now=cast.now, answer=said)
    assert getattr(wrong.value, "code", "") in ("not_admitted", "lender_not_here")


def applying_shelf(cast: Cast) -> Any:
    from django.conf import settings

    from xinrong.domain.clock import day_in_china
    from xinrong.market.services import shelf_on

    return shelf_on(settings.REGION, day_in_china(cast.now)).offered


def admitted(cast: Cast) -> set[str]:
    from tests.market.applying.cast import FIRM
    from xinrong.domain.clock import day_in_china
    from xinrong.market.services import match_of, needs
    from xinrong.trust.services import Purpose

    found = match_of(
        cast.firm, FIRM, needs.need_of(needs.need_by_number(cast.need)), Purpose.SELF,
        as_of=day_in_china(cast.now),
    ).content.matched  # fmt: skip
    return {fit.name for fit in (*found.admitted, *found.open)}


def test_more_is_asked_once_and_the_time_to_answer_starts_anew(cast: Cast) -> None:
    one = cast.apply()
    who, number = cast.officer(one), one.number
    cast.to_diligence(one)
    before = work.Case.objects.get(number=number).due_at
    applying.ask_more(who, number, "请补充合同", now=cast.now)
    cast.now += timedelta(days=3)
    applying.supply(cast.firm, number, "见附件", now=cast.now)
    after = work.Case.objects.get(number=number).due_at
    assert before is not None
    assert after is not None
    assert after > before
    refused("move_guard", applying.ask_more, who, number, "再补", now=cast.now)
    cast.look(one, Stage.APPROVAL)
    applying.make_offer(who, number, cast.offering(one), now=cast.now)
