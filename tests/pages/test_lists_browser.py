"""Lists in a real browser: accessible, nothing wider than a phone, no script of a stranger's runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.pages.test_browser import WIDTHS, Axe, blocked, violations
from tests.pages.test_classes_browser import as_client
from tests.pages.test_lists_pages import HOSTILE, LIST, as_, entered
from tests.profiles import city
from tests.remedy.listing.conftest import Town
from xinrong.remedy.listing.handling import handle_lists
from xinrong.remedy.listing.measures import apply
from xinrong.subjects.models import Enterprise


@pytest.fixture
def live_lists(live_site: str, store_root: Any, settings: Any, tmp_path: Path) -> Town:
    settings.REGION = "taizhou"
    settings.JOURNAL = tmp_path / "journal"
    handle_lists()
    return Town()


@pytest.mark.big
def test_lists_are_accessible_and_fit_a_phone(
    browser_page: Any, axe: Axe, live_site: str, live_lists: Town, faults: list[str]
) -> None:
    page, town = browser_page, live_lists
    page.set_viewport_size({"width": WIDTHS["phone"], "height": 800})
    Enterprise.objects.filter(pk=1).update(name=HOSTILE)
    case = entered(town)
    apply(town.finance, case.number, "no_subsidy", until=None, why="按目录办理", now=timezone.now())
    found = []
    for address in ("/lists", "/lists/measures", LIST):
        found += violations(page, axe, live_site + address)
    assert page.inner_text("tbody th").startswith(HOSTILE)
    as_client(page, as_("firm"), live_site)
    found += violations(page, axe, f"{live_site}/lists/own")
    found += violations(page, axe, f"{live_site}/cases/{case.number}")
    as_client(page, as_("finance"), live_site)
    found += violations(page, axe, f"{live_site}/lists/desk")
    found += violations(page, axe, f"{live_site}/lists/entries/{case.number}")
    as_client(page, as_("human_resources"), live_site)
    found += violations(page, axe, f"{live_site}{LIST}/propose?code={city.code(2)}")
    page.check("#record-1")
    page.fill("#persons", "虚构人，法定代表人")
    page.fill("#why", "责令后逾期未付")
    page.click("main form.sheet[method=post] button[type=submit]")
    page.wait_for_selector("button[name=sure]")
    found += [f"preview: {entry['id']}" for entry in axe(page)]
    page.click("button[name=sure]")
    page.wait_for_url("**/cases/*")
    assert not found + blocked(faults)
