"""The service centre in a real browser: accessible for everybody, on desk and phone, by keys."""

from __future__ import annotations

from typing import Any

import pytest

from tests.market.centre.cast import SERVICE, WORDS, a_desk, firms
from tests.pages.test_browser import WIDTHS, Axe, blocked, violations
from tests.pages.test_events_browser import signed_in
from tests.profiles.conftest import taizhou
from xinrong.domain.clock import SystemClock

__all__ = ["taizhou"]


@pytest.mark.big
def test_a_service_is_asked_for_and_given_by_keys(
    browser_page: Any, axe: Axe, live_site: str, taizhou: None, faults: list[str]
) -> None:
    firms()
    desk = a_desk()
    desk.now = SystemClock().now()
    page, found = browser_page, []
    signed_in(page, live_site, desk.firm)
    for width in ("desk", "phone"):
        page.set_viewport_size({"width": WIDTHS[width], "height": 800})
        for address in ("/services", f"/services/{SERVICE}/ask", "/services/requests"):
            found += violations(page, axe, live_site + address)
    page.goto(f"{live_site}/services/{SERVICE}/ask")
    page.fill("#text", WORDS)
    page.locator("main form button", has_text="申请这项服务").press("Enter")
    page.wait_for_url("**/cases/**")
    address = page.url
    number = address.rsplit("/", 1)[-1]
    signed_in(page, live_site, desk.officer)
    found += violations(page, axe, address)
    page.locator("main form button", has_text="受理").first.press("Enter")
    page.wait_for_selector("text=作出安排")
    arrange = f"{live_site}/services/requests/{number}/arrange"
    for width in ("desk", "phone"):
        page.set_viewport_size({"width": WIDTHS[width], "height": 800})
        found += violations(page, axe, address)
        found += violations(page, axe, arrange)
    page.fill("#held_on", "2099-01-01")
    page.fill("#text", "王老师上门")
    page.locator("main form button", has_text="作出安排").press("Enter")
    page.wait_for_selector("[role=alert]")
    assert page.input_value("#text") == "王老师上门"
    signed_in(page, live_site, desk.operator)
    desk.now = SystemClock().now()
    found += violations(page, axe, f"{live_site}/services")
    problems = [fault for fault in blocked(faults) if "422" not in fault]
    assert not found + problems
