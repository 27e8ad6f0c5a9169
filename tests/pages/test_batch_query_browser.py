"""A batch query in a real browser: the parts come by themselves, rows are found, a phone's width."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client

from tests.files.test_batching import CODES, banker, clients, firms
from tests.pages.test_browser import Axe
from xinrong.accounts.services import Person, Viewer
from xinrong.pages.bank.batch_query import asking
from xinrong.trust.models import AuditRow

__all__ = ["banker", "clients", "firms"]
pytestmark = pytest.mark.usefixtures("live_site", "store_root")
LIST = "\n".join([*CODES[:3], "123", CODES[3], CODES[0]])


@pytest.fixture
def desk(browser_page: Any, live_site: str, banker: Viewer, clients: list[int]) -> Any:
    """The page of a loan officer who is signed in."""
    client = Client()
    client.force_login(Person.objects.get(pk=banker.person_id))
    cookie = client.cookies[site.SESSION_COOKIE_NAME].value
    browser_page.context.add_cookies(
        [{"name": site.SESSION_COOKIE_NAME, "value": cookie, "url": live_site}]
    )
    return browser_page


def test_a_person_pastes_a_list_and_the_answers_come_in_parts(
    desk: Any,
    live_site: str,
    axe: Axe,
    faults: list[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(asking, "PART", 1)
    desk.goto(f"{live_site}/batch-query")
    assert axe(desk) == []
    desk.check("#g-post_loan")
    desk.fill("#codes", LIST)
    desk.click("main form button[type=submit]")
    desk.wait_for_selector("button[name=about]")
    assert axe(desk) == []
    desk.click("button[value=all]")
    desk.wait_for_selector("tr[data-status] >> nth=3")
    desk.wait_for_selector("[data-next]", state="detached")
    assert axe(desk) == []
    assert desk.inner_text("[data-sum-of=answered]") == "3"
    assert desk.inner_text("[data-sum-of=denied]") == "1"
    assert AuditRow.objects.exclude(service="search").count() == 4
    desk.fill("#find", CODES[1])
    assert desk.locator("tr[data-find]:visible").count() == 1
    desk.fill("#find", "")
    with desk.expect_download() as taken:
        desk.click("button[value=csv]")
    path = tmp_path / "taken.csv"
    taken.value.save_as(path)
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == 1 + 6
    assert faults == []


def test_a_batch_fits_a_phone(desk: Any, live_site: str) -> None:
    desk.set_viewport_size({"width": 360, "height": 740})
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    desk.goto(f"{live_site}/batch-query")
    assert desk.evaluate(wide) <= 0
    desk.check("#g-post_loan")
    desk.fill("#codes", LIST)
    desk.click("main form button[type=submit]")
    desk.wait_for_selector("button[name=about]")
    assert desk.evaluate(wide) <= 0
    desk.click("button[value=all]")
    desk.wait_for_selector("tr[data-status]")
    assert desk.evaluate(wide) <= 0
