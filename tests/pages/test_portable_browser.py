"""A report in a real browser: made as a person does, on a wide screen and on a phone; checked."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.test import Client

from tests.pages.support import Town

Axe = Callable[[Any], list[dict[str, Any]]]
WIDTHS = (1280, 375)


def looked_at(page: Any, axe: Axe, name: str) -> None:
    """No violation, and nothing beyond the edge of a phone."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        if os.environ.get("XINRONG_TEST_SHOTS"):
            place = Path(os.environ["XINRONG_TEST_SHOTS"]) / f"{name}-{width}.png"
            page.screenshot(path=place, full_page=True)
    assert axe(page) == [], name


def test_chosen_seen_signed_fetched_and_checked(
    live_town: Town, live_site: str, browser_page: Any, axe: Axe, faults: list[str], tmp_path: Path
) -> None:
    page, client = browser_page, Client()
    client.force_login(live_town.people["representative"])
    key = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": key, "url": live_site}])
    page.goto(f"{live_site}/reports")
    looked_at(page, axe, "reports-empty")
    page.click("main a.btn-main")
    looked_at(page, axe, "report-new")
    page.fill("#to", "海丰银行（虚构）")
    page.click("main form.sheet button[type=submit]")
    page.wait_for_selector("#part-negative")
    looked_at(page, axe, "report-preview")
    page.click("main form.sheet button[type=submit]")
    page.wait_for_selector("img.code-picture")
    looked_at(page, axe, "report")
    assert page.evaluate("document.querySelector('img.code-picture').naturalWidth") > 0
    with page.expect_download() as download:
        page.click("form[action$='/json'] .btn-main")
    file = tmp_path / "report.json"
    download.value.save_as(file)
    page.click("details:has(.digest) summary")
    qr = page.inner_text("p.digest").strip()
    # A phone opens what the code says; another browser has the file.
    page.context.clear_cookies()
    page.goto(live_site + "/verify#" + qr.split("#", 1)[1])
    assert page.input_value("#qr").startswith("XRR1.")
    assert "#" not in page.url
    page.set_input_files("#file", file)
    page.click("main form.sheet button[type=submit]")
    page.wait_for_selector(".verdict")
    assert "可以采信" in page.inner_text(".verdict")
    looked_at(page, axe, "verify")
    assert faults == []
