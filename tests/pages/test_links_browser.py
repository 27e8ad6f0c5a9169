"""Bank links in a real browser: accessible on desk and phone, in order and out of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.accounts.cast import PASSWORD
from tests.market.applying.cast import made_cast
from tests.market.linking.cast import heard, linked
from tests.pages.test_browser import WIDTHS, Axe, blocked, violations
from tests.pages.test_events_browser import signed_in
from tests.profiles.conftest import filled, taizhou
from xinrong.accounts.services import create_organisation, create_person, viewer_of
from xinrong.market.services import linking

__all__ = ["filled", "taizhou"]


@pytest.mark.big
def test_bank_links_are_accessible_and_no_wider_than_a_phone(
    browser_page: Any, axe: Axe, live_site: str, filled: dict[str, Any], faults: list[str]
) -> None:
    cast = made_cast()
    bank = linked(cast)
    application = cast.apply()
    heard(cast)
    bank.say(application, "state", state="pondering")
    bank.must(application, "dispute", about="D-1", words="金额与合同不符。")
    row = {
        "application": application.number, "state": "due_diligence", "disbursed": "0",
        "repaid": "0", "received": 2, "sent": 2,
    }  # fmt: skip
    bank.post(bank.message("ledger", {"day": bank.day(), "rows": [row]}))
    linking.OutMessage.objects.update(state=linking.Standing.DEAD, error="500 down")
    linking.Link.objects.update(failing_since=cast.now, not_before=cast.now)
    platform = create_organisation("平台（虚构）", "operator")
    operator = create_person(
        "op@example.cn", PASSWORD, name="操作员", organisation=platform, role="operator"
    )
    page, found = browser_page, []
    signed_in(page, live_site, viewer_of(operator))
    for width in WIDTHS.values():
        page.set_viewport_size({"width": width, "height": 900})
        found += violations(page, axe, f"{live_site}/bank-links")
        found += violations(page, axe, f"{live_site}/bank-links/{bank.link.name}")
    assert not found + blocked(faults)
