"""Objecting in a real browser: accessible, on a phone, from the button to the marked record."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pages.support import FIRM, Town
from tests.pages.test_browser import WIDTHS, Axe, SignIn, blocked, violations


@pytest.mark.big
def test_an_objection_is_accessible_and_fits_a_phone(
    browser_page: Any, axe: Axe, live_site: str, live_town: Town, sign_in: SignIn,
    faults: list[str],
) -> None:  # fmt: skip
    page = browser_page
    page.set_viewport_size({"width": WIDTHS["phone"], "height": 800})
    sign_in("representative")
    found = violations(page, axe, f"{live_site}/objections")
    page.goto(f"{live_site}/enterprises/{FIRM}/signs/")
    page.click("article.record-negative a[href^='/objections/ask']")
    address = page.url
    found += violations(page, axe, address)
    page.check("fieldset li:nth-child(2) input")
    page.fill("#statement", "该案件当事人是同名企业")
    page.fill("#why", "处理决定书第一页的地址不是我公司")
    page.click("main form button")
    page.wait_for_selector(".objection")
    assert "该案件当事人是同名企业" in page.inner_text("article.record")
    page.click("button[value=back]")
    page.wait_for_selector("#statement")
    assert page.input_value("#statement") == "该案件当事人是同名企业"
    assert page.is_checked("fieldset li:nth-child(2) input")
    page.click("main form button")
    page.wait_for_selector(".objection")
    page.click("main form .btn-main")
    page.wait_for_url("**/cases/*")
    case = page.url
    found += violations(page, axe, case)
    found += violations(page, axe, f"{live_site}/enterprises/{FIRM}/signs/")
    assert "存在异议" in page.inner_text("article.record-negative") or (
        "Under objection" in page.inner_text("article.record-negative")
    )
    page.goto(case)
    page.click("details.act:has(input[value=withdraw]) summary")
    page.click("details.act:has(input[value=withdraw]) button")
    page.wait_for_selector(".note[role=status]")
    found += violations(page, axe, case.replace("/cases/", "/objections/") + "/letter")
    assert not found + blocked(faults)
