"""Stating a need in a real browser: by keyboard, on a phone, accessible, without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest

from tests.market.needs.test_visits import csv_of
from tests.pages.class_support import representative, small_city
from tests.pages.test_browser import WIDTHS, Axe, blocked, violations
from tests.pages.test_classes_browser import as_client
from tests.pages.test_questionnaire_pages import bureau, publish
from tests.pages.test_visit_pages import officer
from tests.profiles import city


@pytest.fixture
def live_city(live_site: str, store_root: Any, settings: Any) -> None:
    settings.REGION = "taizhou"
    small_city()


def look(page: Any, axe: Axe) -> list[str]:
    """What is inaccessible on the page that is open, and whether it is wider than the screen."""
    page.wait_for_load_state("networkidle")
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    found = [f"{page.url}: {entry['id']}: {entry['nodes'][0]['html'][:120]}" for entry in axe(page)]
    return found + ([f"{page.url}: {wide} px too wide"] if wide > 0 else [])


@pytest.mark.parametrize(
    ("language", "width"),
    [("zh-hans", "phone"), pytest.param("en", "desk", marks=pytest.mark.big)],
)
def test_a_need_is_stated_and_its_answers_read(
    browser_page: Any, axe: Axe, live_site: str, live_city: None, faults: list[str],
    language: str, width: str,
) -> None:  # fmt: skip
    page = browser_page
    page.set_viewport_size({"width": WIDTHS[width], "height": 800})
    as_client(page, representative(3), live_site)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_site}])
    found = violations(page, axe, f"{live_site}/needs")
    page.click("main form button")
    for name, typed in (("amount", "10万"), ("purpose", ""), ("months", "12")):
        page.wait_for_url(f"**/ask/{name}")
        found += look(page, axe)
        if typed:
            page.fill("#answer", typed)
            page.keyboard.press("Enter")
        else:
            page.check("#purpose-stock")
            page.click("main form button")
    page.wait_for_url("**/ask/offers")
    page.check("#offers-property")
    page.click("main form button")
    page.wait_for_url("**/ask/max_rate")
    page.fill("#answer", "cheap")
    page.keyboard.press("Enter")
    page.wait_for_selector("#problem")
    found += look(page, axe)
    page.fill("#answer", "")
    while "/ask/" in page.url:
        before = page.url
        page.click("main form button")
        page.wait_for_url(lambda now, before=before: now != before)
    found += look(page, axe)
    page.click("main form .btn-lg")
    page.wait_for_url(lambda now: "preview" not in now)
    found += violations(page, axe, page.url)
    for box in page.query_selector_all(".fit input")[:3]:
        box.check()
    page.click(".sticky-act button")
    page.wait_for_url("**/compare?**")
    assert page.locator("table.side-by-side thead th").count() == 4
    found += look(page, axe)
    found += violations(page, axe, f"{live_site}/needs")
    assert not found + blocked(faults)


def test_the_form_works_without_javascript(browser: Any, live_site: str, live_city: None) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en")
    page = context.new_page()
    as_client(page, representative(3), live_site)
    page.goto(f"{live_site}/needs")
    page.click("main form button")
    page.fill("#answer", "100000")
    page.click("main form.sheet button")
    page.check("#purpose-stock")
    page.click("main form.sheet button")
    assert page.locator("#answer").get_attribute("name") == "months"
    context.close()


@pytest.mark.big
def test_visits_and_questionnaires_are_accessible_and_fit_a_phone(
    browser_page: Any, axe: Axe, live_site: str, live_city: None, faults: list[str]
) -> None:
    page, visitor, publisher = browser_page, officer(), bureau()
    page.set_viewport_size({"width": WIDTHS["phone"], "height": 800})
    address = publish(publisher, questions="offers")["Location"]
    as_client(page, visitor, live_site)
    found = violations(page, axe, f"{live_site}/visits/new")
    page.fill("#code", city.code(3))
    page.fill("#amount", "50万")
    page.select_option("#purpose", "stock")
    page.fill("#months", "12")
    page.click("form.sheet button[type=submit]")
    page.wait_for_url("**/visits")
    row = [city.code(3), "60万", "备货进料", "12", "", "", "", "", ""]
    content = csv_of(row, row, [city.code(4), "很多", *row[2:]])
    page.set_input_files("#file", {"name": "f.csv", "mimeType": "text/csv", "buffer": content})
    found += look(page, axe)
    page.click("form[enctype] button")
    page.wait_for_url("**/visits/upload")
    found += look(page, axe)
    as_client(page, publisher, live_site)
    for one in ("/questionnaires", "/questionnaires/new", address):
        found += violations(page, axe, f"{live_site}{one}")
    as_client(page, representative(3), live_site)
    found += violations(page, axe, f"{live_site}/needs")
    found += violations(page, axe, f"{live_site}{address}/answer")
    page.click("form.sheet .btn-quiet")  # nothing is needed now
    page.wait_for_url("**/needs")
    page.click(".plain-list a")  # what was written down on the visit
    page.wait_for_url("**/preview")
    found += look(page, axe)
    assert not found + blocked(faults)
