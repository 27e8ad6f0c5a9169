"""The pages on people, keys and support in a real browser: accessible, at both widths."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.pages.support import Town
from tests.pages.test_browser import WIDTHS, Axe, SignIn, blocked, violations
from xinrong.accounts.models import Membership

OPERATOR = ("/account", "/account/people", "/account/people/invite", "/account/keys",
            "/account/keys/new", "/account/log", "/account/support", "/support")  # fmt: skip


@pytest.mark.big
@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_has_an_accessibility_violation(
    browser_page: Any, axe: Axe, live_site: str, live_town: Town, sign_in: SignIn,
    faults: list[str], width: str,
) -> None:  # fmt: skip
    page = browser_page
    page.set_viewport_size({"width": WIDTHS[width], "height": 800})
    Membership.objects.filter(person=live_town.people["operator"]).update(manages=True)
    sign_in("operator")
    found = []
    for address in OPERATOR:
        found += violations(page, axe, live_site + address)
    number = Membership.objects.get(person=live_town.people["operator"]).pk
    found += violations(page, axe, f"{live_site}/account/people/{number}")
    assert not found + blocked(faults)


@pytest.mark.big
def test_an_invitation_goes_from_hand_to_hand(
    browser_page: Any, axe: Axe, live_site: str, live_town: Town, sign_in: SignIn
) -> None:
    """Made on the page, opened by somebody without an account, accepted, signed in with."""
    page = browser_page
    Membership.objects.filter(person=live_town.people["operator"]).update(manages=True)
    sign_in("operator")
    page.goto(f"{live_site}/account/people/invite")
    page.fill("#email", "new@example.cn")
    page.click("main form button")
    link = page.input_value("#link")
    page.context.clear_cookies(name="sessionid")
    assert violations(page, axe, link) == []
    page.fill("#id_name", "新同事")
    page.fill("#id_password", "a long enough passphrase 7")
    page.fill("#id_again", "a long enough passphrase 7")
    page.click("main form button")
    page.wait_for_url("**/sign-in")
    assert violations(page, axe, link) == []
    expect(page.locator("main h1")).to_have_text("此链接无法打开")


def test_a_support_session_is_seen_and_ended_from_any_page(
    browser_page: Any, axe: Axe, live_site: str, live_town: Town, sign_in: SignIn
) -> None:
    page = browser_page
    page.set_viewport_size({"width": WIDTHS["phone"], "height": 800})
    sign_in("operator")
    page.goto(f"{live_site}/support")
    page.select_option("#organisation", label="海丰银行（虚构）")
    page.fill("#reason", "电话求助：找不到批次")
    page.click("main form button")
    expect(page.locator(".support-banner")).to_contain_text("海丰银行（虚构）")
    assert violations(page, axe, f"{live_site}/search") == []
    page.click(".support-banner button")
    page.wait_for_url("**/support")
    expect(page.locator(".support-banner")).to_have_count(0)
