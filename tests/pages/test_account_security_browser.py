"""Second factors in a real browser: a passkey of Chromium's virtual device, and a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.pages.support import PASSWORD, Town
from tests.signing import code_now, give_app
from xinrong.accounts.mfa.models import PutOff, SecondFactor

Axe = Callable[[Any], list[dict[str, Any]]]
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def by_password(page: Any, site: str, name: str = "operator") -> None:
    page.goto(f"{site}/sign-in")
    page.fill("#id_email", f"{name}@example.cn")
    page.fill("#id_password", PASSWORD)
    page.click("main form button")


@pytest.fixture
def authenticator(browser_page: Any) -> Any:
    """A passkey device inside the browser, of which the page knows nothing."""
    devices = browser_page.context.new_cdp_session(browser_page)
    devices.send("WebAuthn.enable")
    made = devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return lambda method, **more: devices.send(
        f"WebAuthn.{method}", {"authenticatorId": made["authenticatorId"], **more}
    )


def test_a_passkey_is_added_and_signs_in_and_another_device_does_not(
    browser_page: Any, live_site: str, live_town: Town, authenticator: Any, faults: list[str]
) -> None:
    page, person = browser_page, live_town.people["operator"]
    SecondFactor.objects.filter(person=person).delete()
    by_password(page, live_site)
    page.wait_for_url("**/account/security/add**")
    page.fill("#name", "办公室电脑")
    page.click("form[data-passkey] button")
    page.wait_for_url("**/account/security/codes**")
    assert page.locator(".codes li").count() == 10
    factor = SecondFactor.objects.get(person=person)
    assert (factor.kind, factor.name) == ("passkey", "办公室电脑")
    page.goto(f"{live_site}/account/security")
    page.click("text=退出")

    by_password(page, live_site)
    page.wait_for_url("**/account/security/verify**")
    page.click("form[data-passkey] button")
    page.wait_for_url(f"{live_site}/search")
    used = SecondFactor.objects.get(person=person)
    assert used.sign_count > factor.sign_count
    assert not faults

    page.click("text=退出")
    [credential] = authenticator("getCredentials")["credentials"]
    authenticator("clearCredentials")
    authenticator("addCredential", credential={**credential, "signCount": 0})
    by_password(page, live_site)
    page.wait_for_url("**/account/security/verify**")
    page.click("form[data-passkey] button")
    page.wait_for_selector(".note-error")
    assert SecondFactor.objects.get(person=person).sign_count == used.sign_count
    page.goto(f"{live_site}/search")
    assert "/sign-in" in page.url or "/verify" in page.url, "a copied key opens nothing"


def test_an_app_is_added_on_a_phone_from_the_secret_as_text(
    browser_page: Any, live_site: str, live_town: Town, faults: list[str]
) -> None:
    from datetime import UTC, datetime

    from xinrong.accounts.mfa.totp import code_of, step_of

    page = browser_page
    page.set_viewport_size({"width": 375, "height": 700})
    SecondFactor.objects.filter(person=live_town.people["operator"]).delete()
    by_password(page, live_site)
    page.click("summary:has-text('手工输入')")
    seed = page.inner_text(".seed").replace(" ", "")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert page.evaluate("document.querySelector('.qr').naturalWidth") > 0
    page.fill("#code", code_of(seed, step_of(datetime.now(UTC))))
    page.click("section[aria-labelledby=app] button")
    page.wait_for_url("**/account/security/codes**")
    page.click("text=我已保管好")
    page.wait_for_url(f"{live_site}/search")
    assert not faults


@pytest.mark.parametrize(
    ("language", "width"),
    [
        ("zh-CN", 375),
        pytest.param("zh-CN", 1280, marks=pytest.mark.big),
        pytest.param("en", 375, marks=pytest.mark.big),
        ("en", 1280),
    ],
)
def test_the_pages_of_signing_in_are_accessible_and_fit(
    browser_page: Any, axe: Axe, live_site: str, live_town: Town, faults: list[str],
    language: str, width: int,
) -> None:  # fmt: skip
    page, person = browser_page, live_town.people["operator"]
    page.context.set_extra_http_headers({"Accept-Language": language})
    page.set_viewport_size({"width": width, "height": 800})

    def look() -> None:
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    held = SecondFactor.objects.get(person=person)
    held.delete()
    PutOff.objects.create(person=person)
    by_password(page, live_site)
    look()
    give_app(person)
    page.goto(f"{live_site}/account/security/verify")
    look()
    page.fill("#code", "000000")
    page.click("main form button")
    page.wait_for_selector("#code-error")
    look()
    page.fill("#code", code_now())
    page.click("main form button")
    page.wait_for_url(f"{live_site}/search")
    for address in ("", "/password", "/add", "/resets"):
        page.goto(f"{live_site}/account/security{address}")
        look()
    assert [text for text in faults if "422" not in text] == []
