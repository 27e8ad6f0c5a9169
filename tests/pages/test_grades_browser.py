"""Grades in a real browser: accessible, nothing wider than a phone, a record found by its link."""

from __future__ import annotations

from typing import Any

import pytest

from tests.counting import Counters
from tests.pages.class_support import representative
from tests.pages.test_browser import WIDTHS, Axe, blocked, violations
from tests.pages.test_classes_browser import as_client
from tests.pages.test_grade_pages import FIRM, carded, town
from tests.profiles import city
from tests.rating.support import other
from xinrong.accounts.services import Person, viewer_of
from xinrong.profiles.services import build_profile
from xinrong.rating.cards import load_cards
from xinrong.rating.services import build_grades, versions

__all__ = ["carded", "town"]


@pytest.fixture
def live_grades(live_site: str, store_root: Any, carded: None) -> None:
    """The cards in force, everybody graded, and a second version that waits."""
    build_profile(city.NOW, city.UNTIL)
    build_grades(city.NOW)
    from tests.rating.support import APPROVED

    first = viewer_of(Person.objects.get(email="first@example.cn"))
    made = versions.draft_of_document(
        first, other(load_cards("taizhou"), 20).written(), "twenty more", now=APPROVED
    )
    versions.propose(first, made.number, APPROVED.date(), now=APPROVED)


@pytest.mark.big
@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_grades_are_accessible_and_fit(
    browser_page: Any, axe: Axe, live_site: str, live_grades: None, faults: list[str], width: str
) -> None:
    page = browser_page
    page.set_viewport_size({"width": WIDTHS[width], "height": 800})
    found = violations(page, axe, f"{live_site}/grades")
    as_client(page, representative(FIRM), live_site)
    found += violations(page, axe, f"{live_site}/enterprises/{city.code(FIRM)}/grade")
    page.click("a[href*='#dishonest_judgment_debtor/71/']")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.querySelector(':target') !== null"), "the record is shown"
    as_client(page, Counters().client("operator"), live_site)
    for address in ("/scorecards", "/scorecards/1", "/scorecards/2"):
        found += violations(page, axe, f"{live_site}{address}")
    assert not found + blocked(faults)
