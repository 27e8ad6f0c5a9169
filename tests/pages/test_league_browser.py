"""Statistics in a real browser: accessible on desk and phone, published and a bank's own."""

from __future__ import annotations

from typing import Any

import pytest

from tests.market.applying.cast import made_cast
from tests.pages.test_browser import WIDTHS, Axe, blocked, violations
from tests.pages.test_events_browser import signed_in
from tests.profiles.conftest import filled, taizhou

__all__ = ["filled", "taizhou"]


@pytest.mark.big
def test_statistics_are_accessible_and_no_wider_than_a_phone(
    browser_page: Any, axe: Axe, live_site: str, filled: dict[str, Any], faults: list[str]
) -> None:
    cast = made_cast()
    one = cast.apply(0)
    page = browser_page
    found = []
    for width in WIDTHS.values():
        page.set_viewport_size({"width": width, "height": 800})
        found += violations(page, axe, f"{live_site}/statistics/financing?by=bank")
        found += violations(page, axe, f"{live_site}/statistics/financing")
    signed_in(page, live_site, cast.officer(one))
    found += violations(page, axe, f"{live_site}/bank/league")
    page.locator("details summary").first.press("Enter")
    found += [f"definition: {entry['id']}" for entry in axe(page)]
    assert not found + blocked(faults)
