"""The builder in a real browser: it follows what is typed, and nothing is out of reach."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pages.support import Town
from tests.pages.test_browser import WIDTHS, Axe, SignIn, blocked, violations


@pytest.mark.big
@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_criteria_are_accessible_and_fit_a_phone(
    browser_page: Any, axe: Axe, live_site: str, live_town: Town, sign_in: SignIn,
    faults: list[str], width: str,
) -> None:  # fmt: skip
    page = browser_page
    page.set_viewport_size({"width": WIDTHS[width], "height": 800})
    sign_in("operator")
    text = "abn_now+%3D+0+AND+(lic_active+%3E+0+OR+pen_count_12m+%3D+0)"
    found = violations(page, axe, f"{live_site}/criteria")
    found += violations(page, axe, f"{live_site}/criteria/build?text={text}&column=pen_count_12m")
    found += violations(page, axe, f"{live_site}/criteria/build?text=abn_nov+%3E+1")
    assert not found + blocked(faults)


def test_the_builder_follows_what_is_typed_and_chosen(
    browser_page: Any, live_site: str, live_town: Town, sign_in: SignIn, faults: list[str]
) -> None:
    page = browser_page
    sign_in("operator")
    page.goto(f"{live_site}/criteria/build")
    page.fill("#c-text", "pen_count_12m >")
    page.wait_for_selector("#told mark")
    page.fill("#c-text", "pen_count_12m = 0")
    page.wait_for_selector("#told .criterion-lines")
    assert "处罚" in page.inner_text("#told")
    page.fill("#c-q", "处罚 机关")
    page.wait_for_selector('#c-column option[value="abn_now"]', state="detached")
    page.select_option("#c-column", "pen_authorities_36m")
    page.wait_for_selector("#c-value")
    page.select_option("#c-operator", "<=")
    page.fill("#c-value", "50,000")
    page.keyboard.press("Tab")
    page.click("button[value=add]")
    page.wait_for_selector("#told .depth-1")
    assert page.input_value("#c-text") == "pen_count_12m = 0 AND pen_authorities_36m <= 50000"
    assert not blocked(faults)
