"""Fixtures that drive Chromium: a page, and axe for accessibility."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def find_chromium() -> str:
    """The browser's path, or an empty text: the system's chromium or chrome."""
    names = [os.environ.get("XINRONG_TEST_CHROMIUM", ""), "chromium", "chromium-browser",
             "google-chrome"]  # fmt: skip
    for name in names:
        path = shutil.which(name) if name else None
        if path:
            return path
    return "/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else ""


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One headless Chromium per worker."""
    path = find_chromium()
    if not path:
        pytest.skip("needs chromium: it is not installed (Debian package `chromium`)")
    # Playwright's synchronous interface runs an event loop in this thread, which Django takes for
    # asynchronous code and refuses; the database is in fact used from this one thread.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path, headless=True, args=CHROMIUM_FLAGS
        )
        yield chromium
        chromium.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


@pytest.fixture
def browser_page(browser: Any) -> Iterator[Any]:
    """A fresh page, 1280 × 800, in Chinese; an error in the page's own script fails the test."""
    # Without transitions: a colour on its way to another one is no fault of contrast.
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="zh-CN", reduced_motion="reduce"
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, f"errors in the page's script: {errors}"


@pytest.fixture
def axe() -> Callable[[Any], list[dict[str, Any]]]:
    """`axe(page)`: the accessibility violations of what the page shows now."""
    from axe_playwright_python.sync_playwright import Axe

    checker = Axe()

    def violations(page: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = checker.run(page).response["violations"]
        return found

    return violations
