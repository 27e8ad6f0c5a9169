"""Key projects in a real browser: accessible for everybody, on desk and phone, by keys."""

from __future__ import annotations

from typing import Any

import pytest

from tests.market.projects.cast import TOLD, a_board, firms
from tests.pages.test_browser import WIDTHS, Axe, blocked, violations
from tests.pages.test_events_browser import signed_in
from tests.profiles.conftest import taizhou
from xinrong.domain.clock import SystemClock

__all__ = ["taizhou"]


@pytest.mark.big
def test_a_project_is_listed_and_a_need_begun_for_it_by_keys(
    browser_page: Any, axe: Axe, live_site: str, taizhou: None, faults: list[str]
) -> None:
    firms()
    board = a_board()
    board.now = SystemClock().now()
    page, found = browser_page, []
    signed_in(page, live_site, board.officer)
    page.goto(f"{live_site}/projects/new")
    for name, value in TOLD.items():
        page.fill(f"#{name}", value)
    page.fill("#amount", "0")
    page.locator("main form button", has_text="列入清单").press("Enter")
    page.wait_for_selector("[role=alert]")
    assert page.input_value("#title") == TOLD["title"]
    page.fill("#amount", TOLD["amount"])
    page.locator("main form button", has_text="列入清单").press("Enter")
    page.wait_for_selector("text=在清单上")
    address = page.url
    for width in ("desk", "phone"):
        page.set_viewport_size({"width": WIDTHS[width], "height": 800})
        for each in (f"{live_site}/projects", f"{live_site}/projects/own", address,
                     f"{address}/correct"):  # fmt: skip
            found += violations(page, axe, each)
    signed_in(page, live_site, board.firm)
    found += violations(page, axe, address)
    page.locator("main form button", has_text="为它提出需求").press("Enter")
    page.wait_for_url("**/needs/**")
    found += violations(page, axe, f"{live_site}/projects/own")
    problems = [fault for fault in blocked(faults) if "422" not in fault]
    assert not found + problems
