"""Products in a real browser: accessible, nothing wider than a phone, usable by keyboard."""

from __future__ import annotations

from typing import Any

from tests.pages.test_browser import WIDTHS, Axe, blocked, violations


def test_products_are_accessible_and_a_need_is_asked_by_keyboard(
    browser_page: Any, axe: Axe, live_site: str, settings: Any, faults: list[str]
) -> None:
    settings.REGION = "taizhou"
    page = browser_page
    page.set_viewport_size({"width": WIDTHS["phone"], "height": 800})
    found = violations(page, axe, f"{live_site}/products")
    page.fill("#amount", "50万")
    page.press("#amount", "Tab")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    page.wait_for_url("**amount=50**")
    assert page.locator("tbody tr").count() == 30
    found += [f"need: {entry['id']}" for entry in axe(page)]
    found += violations(page, axe, f"{live_site}/products/donghai_mortgage")
    assert not found + blocked(faults)
