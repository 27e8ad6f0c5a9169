"""Notices on a phone, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from tests.pages.support import Town
from xinrong.accounts.services import viewer_of
from xinrong.notices.services import Recipient, notify

EVIL = "<img src=x onerror=document.title='broken'>有限公司"


@pytest.mark.django_db
def test_on_a_phone_notices_are_read_and_choices_kept_without_a_violation(
    live_town: Town, live_site: str, browser_page: Any, sign_in: Callable[[str], None],
    axe: Callable[[Any], list[dict[str, Any]]], faults: list[str],
) -> None:  # fmt: skip
    who = viewer_of(live_town.people["loan_officer"])
    assert who.person_id is not None
    recipient = Recipient(who.person_id, who.organisation_id, who.role)
    for number, label in enumerate(("恒远精密（虚构）有限公司", EVIL)):
        notify(
            "consent_refused", [recipient], path="/asked", key=str(number), label=label,
            at=timezone.now(),
        )  # fmt: skip
    browser_page.set_viewport_size({"width": 375, "height": 740})
    sign_in("loan_officer")
    browser_page.click(".menu > summary")
    browser_page.click(".menu .bell")
    browser_page.wait_for_url("**/notices")
    assert browser_page.locator(".notices > li").count() == 2
    assert "broken" not in browser_page.title()
    assert fits(browser_page)
    assert axe(browser_page) == []
    browser_page.goto(f"{live_site}/notices/settings")
    browser_page.check("#mail-all")
    browser_page.click("main form.sheet button.btn-main")
    browser_page.wait_for_selector(".note")
    assert browser_page.is_checked("#mail-all")
    assert fits(browser_page)
    assert axe(browser_page) == []
    browser_page.goto(f"{live_site}/notices")
    browser_page.click(".notices a >> nth=0")
    browser_page.wait_for_url("**/asked")
    assert not [fault for fault in faults if "/x" not in fault]


def fits(page: Any) -> bool:
    """Whether nothing stands out to the side."""
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    return bool(page.evaluate(wide))
