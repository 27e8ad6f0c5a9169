"""Sending a file in a real browser: keyboard, a cut line, phone width, accessibility."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.pages.support import Town
from tests.pages.test_browser import blocked, tab_to, violations
from tests.pages.test_uploads import FEED, GOOD, HEADINGS, LINES, file_of
from xinrong.collect.models import Receipt, Upload

pytestmark = pytest.mark.usefixtures("live_town")


@pytest.fixture(autouse=True)
def spool_root(settings: Any, tmp_path: Path) -> None:
    settings.UPLOADS_ROOT = tmp_path / "uploads"
    settings.UPLOAD_CHUNK_BYTES = 200_000


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "十月.csv"
    path.write_bytes(file_of([*LINES, *LINES[1:]]))
    return path


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "很多.csv"
    path.write_bytes(file_of([HEADINGS, *(GOOD.replace("2号", f"{n}号") for n in range(15_000))]))
    return path


def test_a_person_sends_a_file_with_the_keyboard_alone(
    browser_page: Any, live_site: str, sign_in: Callable[[str], None], small: Path,
    faults: list[str],
) -> None:  # fmt: skip
    page, keys = browser_page, browser_page.keyboard
    sign_in("data_officer")
    page.goto(f"{live_site}/uploads")
    tab_to(page, "a[href='/uploads/new']")
    keys.press("Enter")
    page.wait_for_selector(f"a[href='/uploads/new?feed={FEED}']")
    tab_to(page, f"a[href='/uploads/new?feed={FEED}']")
    keys.press("Enter")
    page.wait_for_selector("#file")
    tab_to(page, "#file")
    page.set_input_files("#file", str(small))  # the system's own dialogue
    tab_to(page, "[data-send]")
    keys.press("Enter")
    page.wait_for_selector("#recognised")
    tab_to(page, "form[action$='/confirm'] button")
    keys.press("Enter")
    page.wait_for_url("**/batches/*")
    assert Receipt.objects.latest("pk").source_name == "十月.csv"
    assert not blocked(faults)


def test_a_stopped_upload_goes_on_where_it_stopped(
    browser_page: Any, live_site: str, sign_in: Callable[[str], None], large: Path, small: Path,
) -> None:  # fmt: skip
    page = browser_page
    sign_in("data_officer")
    slow = page.context.new_cdp_session(page)
    slow.send("Network.enable")
    line = {"offline": False, "latency": 10, "downloadThroughput": -1}
    page.goto(f"{live_site}/uploads/new?feed={FEED}")
    slow.send("Network.emulateNetworkConditions", {**line, "uploadThroughput": 400_000})
    page.set_input_files("#file", str(large))
    page.click("[data-send]")
    for _ in range(200):
        if page.evaluate("document.querySelector('progress').value") > 0:
            break
        page.wait_for_timeout(50)
    assert "共" in page.inner_text("[data-words]")
    page.click("[data-stop]")
    page.wait_for_selector("[data-stopped]:not([hidden])")
    slow.send("Network.emulateNetworkConditions", {**line, "uploadThroughput": -1})
    before = Upload.objects.get().received
    assert 0 < before < large.stat().st_size
    page.goto(f"{live_site}/uploads")
    page.click("main td a")
    page.set_input_files("#file", str(small))
    page.click("[data-send]")
    page.wait_for_selector("[data-error]:not([hidden])")
    assert "不是先前开始上传的那个文件" in page.inner_text("[data-error]")
    page.set_input_files("#file", str(large))
    page.click("[data-send]")
    page.wait_for_selector("#recognised")
    assert Upload.objects.get().state == "received"


@pytest.mark.big
def test_a_line_that_breaks_is_waited_for(
    browser_page: Any, live_site: str, sign_in: Callable[[str], None], large: Path,
) -> None:  # fmt: skip
    """One piece is lost on the way, the answer to another one is lost on the way back."""
    page, seen = browser_page, []
    sign_in("data_officer")

    def lossy(route: Any) -> None:
        seen.append(route.request.url)
        if len(seen) == 2:
            route.abort()
        elif len(seen) == 3:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/chunk", lossy)
    page.goto(f"{live_site}/uploads/new?feed={FEED}")
    page.set_input_files("#file", str(large))
    page.click("[data-send]")
    page.wait_for_selector("#recognised", timeout=60_000)
    upload = Upload.objects.get()
    assert (upload.state, upload.received) == ("received", large.stat().st_size)
    assert len(seen) >= 4


@pytest.mark.big
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_of_sending_has_an_accessibility_violation(
    browser_page: Any, axe: Any, live_site: str, live_town: Town, sign_in: Callable[[str], None],
    faults: list[str], small: Path, tmp_path: Path, language: str, width: int,
) -> None:  # fmt: skip
    page = browser_page
    page.set_viewport_size({"width": width, "height": 800})
    sign_in("data_officer")
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_site}])
    renamed = tmp_path / "改名.csv"
    renamed.write_bytes(file_of([HEADINGS.replace("纳税人识别号", "企业信用号"), GOOD]))
    shown = ["/uploads", "/uploads/new", "/uploads/new?q=nothing", f"/uploads/new?feed={FEED}"]
    for path in (small, renamed):
        page.goto(f"{live_site}/uploads/new?feed={FEED}")
        page.set_input_files("#file", str(path))
        page.click("[data-send]")
        page.wait_for_selector("#recognised")
        shown.append(page.url.removeprefix(live_site))
    for state in ("receiving", "taking", "expired"):
        copy = Upload.objects.first()
        copy.pk, copy.key, copy.state = None, f"{state}-copy", state
        copy.received -= 10
        copy.save()
        shown.append(f"/uploads/{copy.key}")
    number = live_town.batches["violations"]
    shown += ["/uploads", f"/batches/{number}", f"/batches/{number}/retract"]
    found = []
    for address in shown:
        page.goto(live_site + address)
        if address.endswith("taking-copy"):  # it asks every second: never idle
            page.wait_for_selector(".taking")
            found += [f"{entry['id']}: {entry['nodes'][0]['html'][:120]}" for entry in axe(page)]
        else:
            found += violations(page, axe, live_site + address)
    assert not found + blocked(faults)
