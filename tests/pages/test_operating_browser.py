"""Pages of operators and auditors, and those about processes, in a real browser: axe and a phone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pages.support import Town
from tests.pages.test_browser import WIDTHS, Axe, SignIn, blocked, violations

pytestmark = pytest.mark.big
PUBLIC = ("/processes", "/processes/correction", "/processes/representation")
OPERATOR = ("/organisations", "/organisations/new", "/messages", "/indicators",
            "/indicators/tax_paid_12m", "/notices", "/notices/settings", "/identity")  # fmt: skip


@pytest.mark.parametrize("width", sorted(WIDTHS))
def test_no_page_of_these_has_an_accessibility_violation(
    browser_page: Any, axe: Axe, live_site: str, live_town: Town, sign_in: SignIn,
    faults: list[str], width: str,
) -> None:  # fmt: skip
    page = browser_page
    page.set_viewport_size({"width": WIDTHS[width], "height": 800})
    found = []
    for address in PUBLIC:
        found += violations(page, axe, live_site + address)
    sign_in("operator")
    for address in OPERATOR:
        found += violations(page, axe, live_site + address)
    assert not found + blocked(faults)
