"""In a real browser: the outlet that the rule names, chances of approval, a lender's borrowers."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from tests.market.applying.cast import Cast
from tests.market.applying.test_placing import desk, in_a_district
from tests.pages.application_support import a_cast, client_of
from tests.pages.test_applications_browser import see
from tests.pages.test_browser import Axe, blocked, violations
from tests.pages.test_classes_browser import as_client
from xinrong.domain.clock import day_in_china
from xinrong.market import services as market
from xinrong.market.models import ApprovalDay
from xinrong.market.services import applying


@pytest.fixture
def cast(live_site: str, store_root: Any, settings: Any) -> Cast:
    settings.REGION = "taizhou"
    return a_cast()


@pytest.mark.big
@pytest.mark.parametrize(
    ("language", "width"),
    [("zh-hans", "phone"), ("en", "desk")],
)
def test_what_is_new_on_the_way_to_a_loan_can_be_read_by_everybody(
    browser_page: Any, axe: Axe, live_site: str, cast: Cast, faults: list[str],
    language: str, width: str,
) -> None:  # fmt: skip
    today = day_in_china(timezone.now())
    pair = [40, 26]
    products = {one.product.id: pair for one in market.shelf_on("taizhou", today).offered[::2]}
    ApprovalDay.objects.create(
        day=today, products=products, lenders={}, every=pair, made_at=timezone.now()
    )
    in_a_district(cast)
    desk(cast, applying.bank_of(cast.lender_of(cast.products[0])), 0)
    page = browser_page
    see(page, live_site, language, width)
    as_client(page, client_of(cast.firm), live_site)
    found = violations(page, axe, f"{live_site}/needs/{cast.need}")
    address = f"/applications/new?need={cast.need}&product={cast.products[0]}"
    found += violations(page, axe, live_site + address)
    one, other = cast.apply(1), cast.apply(0)
    cast.to_contract(one)
    cast.pay_out(one)
    as_client(page, client_of(cast.officer(one)), live_site)
    found += violations(page, axe, f"{live_site}/applications/desk?show=loans")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/applications/{one.number}")
    assert other.organisation_id != other.institution_id, "at the outlet of the rule"
    assert not found + blocked(faults)
