"""The decision aid in a real browser: accessible at desk and phone width, with its chart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.pages.support import Town
from tests.pages.test_allocation_pages import APPLICANTS, RATES
from tests.pages.test_browser import WIDTHS, Axe, blocked, violations
from xinrong.market.models import AllocationPlan
from xinrong.market.services import planning


@pytest.mark.big
def test_an_officer_makes_a_plan_by_keyboard_and_reads_it_on_a_phone(
    browser_page: Any, axe: Axe, live_site: str, live_town: Town, faults: list[str],
    sign_in: Callable[[str], None], tmp_path: Path,
) -> None:  # fmt: skip
    page = browser_page
    (tmp_path / "a.csv").write_text(APPLICANTS, encoding="utf-8")
    (tmp_path / "r.csv").write_text(RATES, encoding="utf-8")
    sign_in("loan_officer")
    found = violations(page, axe, f"{live_site}/bank/allocation")
    page.set_input_files("#applicants", tmp_path / "a.csv")
    page.set_input_files("#rates", tmp_path / "r.csv")
    page.fill("#budget", "120万")
    page.press("#budget", "Enter")
    page.wait_for_selector('[role="alert"]')
    found += [f"faults: {entry['id']}" for entry in axe(page)]
    page.set_input_files("#applicants", tmp_path / "a.csv")
    page.set_input_files("#rates", tmp_path / "r.csv")
    page.fill("#never", "D")
    page.press("#never", "Enter")
    page.wait_for_url("**/bank/allocation/*")
    found += [f"preview: {entry['id']}" for entry in axe(page)]
    page.locator("main form.sheet button").press("Enter")
    page.wait_for_selector("progress")
    found += [f"progress: {entry['id']}" for entry in axe(page)]
    planning.make(AllocationPlan.objects.get().key)
    page.wait_for_selector('[data-chart="tried"] canvas')
    found += [f"plan: {entry['id']}" for entry in axe(page)]
    page.set_viewport_size({"width": WIDTHS["phone"], "height": 800})
    found += violations(page, axe, page.url)
    expected = [one for one in faults if "422" not in one]  # the form that had to be mended
    assert not found + blocked(expected)
