"""A person signs a consent in a real browser, with a passkey of Chromium's virtual device."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.environment import PROJECT
from tests.pages.test_account_security_browser import authenticator
from tests.pages.test_consent_pages import ask, cast
from xinrong.trust import keys
from xinrong.trust.models import Consent
from xinrong.trust.services import consenting

__all__ = ["authenticator", "cast"]
Axe = Callable[[Any], list[dict[str, Any]]]


@pytest.fixture
def representative(live_site: str, cast: dict[str, Any], browser_page: Any) -> Any:
    """The representative's browser, signed in."""
    key = cast["firm"].cookies["sessionid"].value
    browser_page.context.add_cookies([{"name": "sessionid", "value": key, "url": live_site}])
    return browser_page


@pytest.fixture
def passkey(representative: Any, live_site: str, authenticator: Any) -> Any:
    """A passkey, added as people do."""
    representative.goto(f"{live_site}/account/security/add")
    representative.click("form[data-passkey] button")
    representative.wait_for_url("**/account/security/codes**")
    return authenticator


def choose(page: Any, live_site: str, request: Any) -> None:
    """Tick all of it and go on to sign."""
    page.goto(f"{live_site}/consents/requests/{request.number}")
    for box in page.locator("input[name=sensitive]").all():
        box.check()
    page.click("form:has(#days) button")
    page.wait_for_url("**/sign")


@pytest.mark.parametrize("width", [pytest.param(1280, marks=pytest.mark.big), 375])
def test_read_signed_given_and_verified_by_anybody(
    representative: Any, passkey: Any, cast: dict[str, Any], live_site: str, axe: Axe,
    faults: list[str], tmp_path: Path, width: int,
) -> None:  # fmt: skip
    page, request = representative, ask(cast)
    page.set_viewport_size({"width": width, "height": 800})
    choose(page, live_site, request)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.click("form[data-passkey] button")
    page.wait_for_url(f"{live_site}/consents")
    bundle = consenting.bundle(Consent.objects.get().request)
    (tmp_path / "public.json").write_text(json.dumps(keys.key_document()), encoding="utf-8")
    (tmp_path / "papers.json").write_text(json.dumps(bundle), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", PROJECT / "scripts/verify_consent.py", tmp_path / "public.json",
         tmp_path / "papers.json"],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, json.loads(done.stdout)["in_person"]["site"]) == (0, "localhost")
    page.goto(f"{live_site}/consents/requests/{request.number}")
    assert axe(page) == []
    assert page.locator("text=通行密钥亲自签名").count() == 1
    assert not faults


def test_a_device_that_holds_no_such_passkey_gives_nothing(
    representative: Any, passkey: Any, cast: dict[str, Any], live_site: str
) -> None:
    page, request = representative, ask(cast)
    choose(page, live_site, request)
    passkey("clearCredentials")
    page.click("form[data-passkey] button")
    page.wait_for_selector("[data-passkey-failed]:not([hidden])")
    assert not Consent.objects.exists()
    assert page.locator("form[data-passkey] button").is_enabled()


def test_a_device_that_cannot_tell_who_holds_it_gives_nothing(
    representative: Any, passkey: Any, cast: dict[str, Any], live_site: str
) -> None:
    page, request = representative, ask(cast)
    choose(page, live_site, request)
    passkey("setUserVerified", isUserVerified=False)
    page.click("form[data-passkey] button")
    page.wait_for_selector("[data-passkey-failed]:not([hidden])")
    assert not Consent.objects.exists()
