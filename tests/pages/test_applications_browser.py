"""A bank's desk by keyboard, an offer that shows its cost as it is written, offers side by side."""

from __future__ import annotations

from typing import Any

import pytest

from tests.market.applying.cast import Cast
from tests.pages.application_support import a_cast, client_of
from tests.pages.test_browser import WIDTHS, Axe, blocked, violations
from tests.pages.test_classes_browser import as_client
from xinrong.market.services import applying
from xinrong.trust.services import Stage


@pytest.fixture
def cast(live_site: str, store_root: Any, settings: Any) -> Cast:
    settings.REGION = "taizhou"
    return a_cast()


def see(page: Any, site: str, language: str, width: str) -> None:
    page.set_viewport_size({"width": WIDTHS[width], "height": 800})
    page.context.add_cookies([{"name": "django_language", "value": language, "url": site}])


def test_single_keys_can_be_turned_off_and_stay_off(
    browser_page: Any, axe: Axe, live_site: str, cast: Cast
) -> None:
    page, one = browser_page, cast.apply()
    see(page, live_site, "en", "desk")
    as_client(page, client_of(cast.officer(one)), live_site)
    page.goto(f"{live_site}/applications/desk")
    page.get_by_role("button", name="Turn these keys off").click()
    assert axe(page) == []
    page.reload()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    page.get_by_role("button", name="Turn these keys on").click()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.tagName") == "A"


@pytest.mark.parametrize(
    ("language", "width"),
    [("en", "desk"), pytest.param("zh-hans", "phone", marks=pytest.mark.big)],
)
def test_an_officer_works_the_desk_by_keyboard_and_sees_the_cost_as_it_is_written(
    browser_page: Any, axe: Axe, live_site: str, cast: Cast, faults: list[str],
    language: str, width: str,
) -> None:  # fmt: skip
    page, one = browser_page, cast.apply()
    see(page, live_site, language, width)
    as_client(page, client_of(cast.officer(one)), live_site)
    found = violations(page, axe, f"{live_site}/applications/desk")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.tagName") == "A"
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/applications/{one.number}")
    found += violations(page, axe, page.url)
    page.reload()  # what looks for faults opens everything
    page.locator(".act summary").first.focus()
    page.keyboard.press("Enter")
    page.locator(".act[open] button[type=submit]").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert cast.state(one) == "accepted"
    cast.look(one, Stage.PRE_LOAN)
    applying.investigate(cast.officer(one), one.number, now=cast.tick())
    cast.look(one, Stage.APPROVAL)
    found += violations(page, axe, f"{live_site}/applications/{one.number}/offer")
    page.fill("#o-rate", "2.5")
    page.fill("#o-fs-0", "1%")
    page.keyboard.press("Tab")
    page.locator("#cost", has_text="5,000.00").wait_for()
    page.wait_for_load_state("networkidle")
    page.click("main form .btn-main")
    page.wait_for_url(f"**/applications/{one.number}")
    assert cast.state(one) == "offered"
    found += violations(page, axe, page.url)
    assert not found + blocked(faults)


@pytest.mark.big
@pytest.mark.parametrize(
    ("language", "width"),
    [("zh-hans", "phone"), ("en", "desk")],
)
def test_an_enterprise_applies_and_chooses_between_two_offers(
    browser_page: Any, axe: Axe, live_site: str, cast: Cast, faults: list[str],
    language: str, width: str,
) -> None:  # fmt: skip
    page = browser_page
    see(page, live_site, language, width)
    as_client(page, client_of(cast.firm), live_site)
    address = f"{live_site}/applications/new?need={cast.need}&product={cast.products[0]}"
    found = violations(page, axe, address)
    for box in page.query_selector_all("input[name=sensitive]"):
        box.check()
    page.click("main form button[type=submit]")
    page.wait_for_url(lambda url: "new" not in url)
    found += violations(page, axe, page.url)
    one, two = applying.Application.objects.get(), cast.apply(1)
    cast.to_offer(one)
    cast.to_offer(two)
    found += violations(page, axe, f"{live_site}/applications")
    found += violations(page, axe, f"{live_site}/applications/needs/{cast.need}")
    with page.expect_navigation():
        page.locator("table.side-by-side form button").first.click()
    assert {cast.state(one), cast.state(two)} == {"chosen", "offered"}
    found += violations(page, axe, page.url)
    assert not found + blocked(faults)
