"""Where an application goes when the enterprise chooses no office: by the published rule."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.market.applying.cast import Cast, everything, officer
from tests.market.applying.test_lending import refused
from xinrong.accounts.services import Membership, Organisation, create_organisation, everywhere
from xinrong.market.directory.packs import load_outlets
from xinrong.market.directory.routing import serving
from xinrong.market.models import StatedNeed
from xinrong.market.services import applying, needs
from xinrong.work import services as work

pytestmark = pytest.mark.django_db


def in_a_district(cast: Cast) -> None:
    """The need names 椒江."""
    StatedNeed.objects.filter(number=cast.need).update(area="331002")


@pytest.fixture(autouse=True)
def _district(cast: Cast) -> None:
    in_a_district(cast)


def bank_of(cast: Cast, place: int = 0) -> Organisation:
    return applying.bank_of(cast.lender_of(cast.products[place]))


def ranked(cast: Cast, lender: str) -> list[Any]:
    stated = needs.need_by_number(cast.need)
    purpose = needs.need_of(stated).purpose
    return serving(load_outlets("taizhou"), stated.area, purpose, lender=lender)


def desk(cast: Cast, bank: Organisation, place: int, *, staffed: bool = True) -> Organisation:
    """The outlet at that place of the rule, as an organisation."""
    outlet = ranked(cast, bank.reference)[place].placed.outlet
    made = create_organisation(outlet.title.zh, "bank", reference=outlet.id, parent=bank)
    if staffed:
        officer(outlet.id, made)
    return made


def placed(cast: Cast, bank: Organisation) -> applying.Placing:
    return applying.place(needs.need_by_number(cast.need), bank)


def test_the_first_outlet_of_the_rule_that_has_a_desk_gets_it(cast: Cast) -> None:
    bank = bank_of(cast)
    assert placed(cast, bank).office == bank
    assert "none of its outlets" in placed(cast, bank).why.en
    later = desk(cast, bank, 4)
    assert placed(cast, bank).office == later
    first = desk(cast, bank, 0)
    found = placed(cast, bank)
    assert found.office == first
    assert found.routed is not None
    assert found.why == ranked(cast, bank.reference)[0].why
    one = cast.apply(0)
    assert one.organisation_id == first.pk
    assert one.institution_id == bank.pk


def test_the_enterprise_chooses_another_office_and_that_one_has_it(cast: Cast) -> None:
    bank = bank_of(cast)
    desk(cast, bank, 0)
    assert cast.apply(0, office=bank.pk).organisation_id == bank.pk
    other = bank_of(cast, 1)
    refused("office_unknown", cast.apply, 0, office=other.pk)


def test_an_outlet_where_nobody_works_gets_nothing(cast: Cast) -> None:
    bank = bank_of(cast)
    empty = desk(cast, bank, 0, staffed=False)
    assert placed(cast, bank).office == bank
    who = officer("once", empty)
    assert placed(cast, bank).office == empty
    rows = everywhere(Membership, because="a test").filter(person=who.person_id)
    rows.update(suspended_at=cast.now)
    assert placed(cast, bank).office == bank
    rows.update(suspended_at=None)
    Organisation.objects.filter(pk=empty.pk).update(closed_at=cast.now - timedelta(days=1))
    assert placed(cast, bank).office == bank


def test_without_a_district_the_lender_itself_has_it(cast: Cast) -> None:
    bank, stated = bank_of(cast), needs.need_by_number(cast.need)
    desk(cast, bank, 0)
    stated.area = ""
    found = applying.place(stated, bank)
    assert (found.office, found.routed) == (bank, None)
    assert "no district" in found.why.en


def test_where_nobody_works_at_the_lender_itself_its_office_with_somebody_has_it(
    cast: Cast,
) -> None:
    bank = bank_of(cast)
    everywhere(Membership, because="a test").filter(organisation=bank).delete()
    assert placed(cast, bank).office == bank, "nobody anywhere: it is the lender's clock"
    officer("outlet", cast.outlets[bank.reference])
    assert placed(cast, bank).office == cast.outlets[bank.reference]


def test_what_is_proposed_and_taken_up_goes_by_the_same_rule(cast: Cast) -> None:
    one = cast.apply(0)
    applying.refuse(cast.officer(one), one.number, ["sum"], "金额偏高。", now=cast.now)
    work.deliver(cast.now)
    [proposal] = applying.proposals_of(cast.firm)
    bank = applying.bank_of(proposal.lender)
    first = desk(cast, bank, 0)
    made = applying.take_up(cast.firm, proposal.pk, now=cast.now, answer=everything(cast.now))
    assert made.organisation_id == first.pk
