"""The stories of the docs, told in Chromium end to end: the steps are those of the pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.stories import STORIES
from scripts.stories.camera import Camera
from scripts.stories.town import Town, fresh_town

PROJECT = Path(__file__).resolve().parents[2]
PAGES = sorted((PROJECT / "docs" / "stories").glob("*.md"))
PICTURE = re.compile(r"!\[(?P<words>[^\]]+)\]\((?P<path>[^)]+)\)")


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with fresh_town(tmp_path_factory.mktemp("province")) as town:
        yield town


@pytest.fixture
def camera(browser_page: Any, province: Town) -> Camera:
    """It takes no pictures."""
    cookie = {"name": "django_language", "value": "zh-hans", "url": province.site}
    browser_page.context.add_cookies([cookie])
    return Camera(browser_page, province.site)


@pytest.mark.big
@pytest.mark.timeout(900)
def test_the_demo_of_qinghai_is_a_province_of_its_own(province: Town) -> None:
    told = province.loaded
    assert told["region"] == "qinghai"
    assert told["rows_in"] == told["accepted"] + told["quarantined"] + told["duplicates"]
    assert 900 < told["enterprises"] <= 1_000
    assert all(one["code"].startswith("92630102XR") for one in province.cast["owners"])
    assert all(one["firm"].endswith("拉面馆（虚构）") for one in province.cast["owners"])


@pytest.mark.big
@pytest.mark.timeout(900)
@pytest.mark.parametrize("story", list(STORIES))
def test_the_story_comes_to_its_end(camera: Camera, province: Town, story: str) -> None:
    camera.page.set_default_timeout(30_000)
    assert STORIES[story](camera, province.cast)


def test_every_picture_of_a_story_is_there_and_none_is_left_over() -> None:
    shown = {
        (page.parent / found["path"]).resolve()
        for page in PAGES
        for found in PICTURE.finditer(page.read_text("utf-8"))
    }
    there = {path.resolve() for path in (PROJECT / "docs" / "screenshots").glob("*.webp")}
    assert len(PAGES) >= len(STORIES)
    assert shown == there
