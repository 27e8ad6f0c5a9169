"""Counting in a real browser: the lists follow each other, and nothing is out of reach."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pages.support import Town
from tests.pages.test_browser import WIDTHS, Axe, SignIn, blocked, violations


@pytest.mark.big
@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_counts_are_accessible_and_fit_a_phone(
    browser_page: Any, axe: Axe, live_site: str, live_town: Town, sign_in: SignIn,
    faults: list[str], width: str,
) -> None:  # fmt: skip
    page = browser_page
    page.set_viewport_size({"width": WIDTHS[width], "height": 800})
    found = []
    for query in ("", "?rows=district&columns=time", "?measure=converted"):
        found += violations(page, axe, f"{live_site}/figures/register{query}")
    sign_in("operator")
    conditions = "c=little_giant&c=enterprise_registration.registered_on+%3E%3D+2020-01-01"
    for address in ("/counts", f"/counts?{conditions}", "/counts?written=x&add=1"):
        found += violations(page, axe, live_site + address)
    assert not found + blocked(faults)


def test_a_draft_is_built_from_lists_and_counted(
    browser_page: Any, live_site: str, live_town: Town, sign_in: SignIn, faults: list[str]
) -> None:
    page = browser_page
    sign_in("operator")
    page.goto(f"{live_site}/counts")
    page.select_option("#n-category", "enterprise_registration")
    page.wait_for_selector("#n-field")
    page.select_option("#n-field", "registered_on")
    page.wait_for_selector("#n-value")
    page.select_option("#n-operator", ">=")
    page.fill("#n-value", "2020-01-01")
    page.click("button[name=add]")
    page.wait_for_selector(".conditions")
    assert "enterprise_registration.registered_on >= 2020-01-01" in page.inner_text(".conditions")
    page.click(".count-form button")
    page.wait_for_selector(".counted-figure")
    assert "不足 10 家" in page.inner_text(".counted-figure")
    assert not blocked(faults)
