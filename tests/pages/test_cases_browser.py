"""Inbox and cases in a real browser: accessible, on a phone, and from asking to the answer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pages.support import Town
from tests.pages.test_browser import WIDTHS, Axe, SignIn, blocked, violations
from tests.pages.test_inbox import open_correction


@pytest.mark.big
def test_inbox_and_cases_are_accessible_and_fit_a_phone(
    browser_page: Any, axe: Axe, live_site: str, live_town: Town, sign_in: SignIn,
    faults: list[str],
) -> None:  # fmt: skip
    page = browser_page
    page.set_viewport_size({"width": WIDTHS["phone"], "height": 800})
    case = open_correction(live_town)
    sign_in("registrar")
    found = []
    for address in (
        "/inbox",
        "/inbox?q=nothing",
        f"/cases/{case.number}",
        "/cases",
        "/corrections",
    ):
        found += violations(page, axe, live_site + address)
    page.goto(f"{live_site}/cases/{case.number}")
    page.click("details.act:has(input[value=ask_more]) summary")
    page.fill("#text-ask_more", "请补充新执照的复印件")
    page.click("details.act:has(input[value=ask_more]) button")
    page.wait_for_selector(".note[role=status]")
    assert "请补充新执照的复印件" in page.inner_text(".timeline")
    page.context.clear_cookies()
    page.set_viewport_size({"width": WIDTHS["desk"], "height": 800})
    sign_in("representative")
    found += violations(page, axe, f"{live_site}/corrections/ask")
    page.goto(f"{live_site}/inbox")
    page.click("table a")
    assert "请补充新执照的复印件" in page.inner_text(".timeline")
    assert not found + blocked(faults)
