"""The directory in a real browser, at desk and phone width."""

from __future__ import annotations

from typing import Any

from tests.pages.test_browser import WIDTHS, Axe, blocked, violations


def test_the_directory_is_accessible_and_nothing_is_wider_than_a_phone(
    browser_page: Any, axe: Axe, live_site: str, settings: Any, faults: list[str]
) -> None:
    settings.REGION = "taizhou"
    page = browser_page
    found = violations(page, axe, f"{live_site}/outlets")
    page.set_viewport_size({"width": WIDTHS["phone"], "height": 800})
    found += violations(page, axe, f"{live_site}/outlets?need_area=331083&purpose=research")
    assert page.locator("ol li").count() == 8
    assert not found + blocked(faults)
