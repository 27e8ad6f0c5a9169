"""An event in a real browser: accessible for organiser, bank and enterprise, on desk and phone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.market.applying.cast import Cast, made_cast
from tests.market.needs.cast import PASSWORD, person
from tests.pages.test_browser import WIDTHS, Axe, blocked, violations
from tests.profiles.conftest import filled, taizhou
from tests.signing import code_now, give_app
from xinrong.accounts.services import Person, Viewer
from xinrong.domain.clock import day_in_china
from xinrong.market.services import meeting

__all__ = ["filled", "taizhou"]


def signed_in(page: Any, site: str, who: Viewer) -> None:
    """Through both forms, as a person does."""
    account = Person.objects.get(pk=who.person_id or 0)
    page.context.clear_cookies()
    give_app(account)
    page.goto(f"{site}/sign-in")
    page.fill("#id_email", account.email)
    page.fill("#id_password", PASSWORD)
    page.click("main form button")
    page.wait_for_url("**/account/security/verify**")
    page.fill("#code", code_now())
    page.click("main form button")
    page.wait_for_selector("h1")


@pytest.mark.big
def test_an_event_is_accessible_for_everybody_who_sees_it(
    browser_page: Any, axe: Axe, live_site: str, filled: dict[str, Any], faults: list[str]
) -> None:
    cast: Cast = made_cast()
    organiser = person("organiser", "operator", "operator")
    made = meeting.plan(
        organiser,
        meeting.Planned(
            "百行进万企（虚构）", "椒江会议中心", day_in_china(cast.now) + timedelta(days=3), 2, "",
            tuple(cast.officers),
        ),
        now=cast.now,
    )  # fmt: skip
    meeting.open_up(organiser, made.number, "", now=cast.now)
    bank = cast.officers[cast.lender_of(cast.products[0])]
    meeting.answer_for_bank(bank, made.number, 2)
    meeting.come(cast.firm, made.number, cast.need, now=cast.now)
    page, address = browser_page, f"{live_site}/events/{made.number}"
    found = []
    for who in (organiser, bank, cast.firm):
        signed_in(page, live_site, who)
        page.set_viewport_size({"width": WIDTHS["desk"], "height": 800})
        found += violations(page, axe, address)
        found += violations(page, axe, f"{live_site}/events")
        page.set_viewport_size({"width": WIDTHS["phone"], "height": 800})
        found += violations(page, axe, address)
    signed_in(page, live_site, organiser)
    found += violations(page, axe, f"{live_site}/events/new")
    page.goto(address)
    page.locator("main form button", has_text="匹配").press("Enter")
    page.wait_for_selector("text=匹配完成")
    found += [f"paired: {entry['id']}" for entry in axe(page)]
    assert not found + blocked(faults)
