"""Classes and financing in a real browser: accessible, charts drawn, nothing wider than a phone."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from tests.counting import Counters
from tests.pages.class_support import representative, small_city
from tests.pages.test_browser import WIDTHS, Axe, blocked, violations
from tests.profiles import city
from xinrong.profiles.services import build_profile


@pytest.fixture
def live_city(live_site: str, store_root: Any, settings: Any) -> None:
    settings.REGION = "taizhou"
    small_city()
    build_profile(city.NOW, city.UNTIL)


def as_client(page: Any, client: Client, address: str) -> None:
    """Look with the session of a client."""
    name = django_settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])


@pytest.mark.big
def test_the_pages_of_classes_are_accessible_and_fit_a_phone(
    browser_page: Any, axe: Axe, live_site: str, live_city: None, faults: list[str]
) -> None:
    page = browser_page
    page.set_viewport_size({"width": WIDTHS["phone"], "height": 800})
    found = violations(page, axe, f"{live_site}/classes")
    as_client(page, representative(3), live_site)
    found += violations(page, axe, f"{live_site}/enterprises/{city.code(3)}/class")
    as_client(page, Counters().client("auditor"), live_site)
    found += violations(page, axe, f"{live_site}/figures/financing")
    assert page.eval_on_selector_all("[data-chart] canvas", "all => all.length") == 2
    page.click("table.financing tbody th a >> nth=-1")  # the last industry: drilled into
    page.wait_for_load_state("networkidle")
    assert "section=" in page.url
    page.select_option("#f-class", "none")
    page.click(".filter-buttons button")
    page.wait_for_load_state("networkidle")
    assert "class=none" in page.url
    assert "section=" in page.url
    assert not found + blocked(faults)
