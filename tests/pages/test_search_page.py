"""The search page: why a hit was found, which piece was met, more hits; in both languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from tests.pages.support import PASSWORD, Town
from tests.subjects.people import code, known
from xinrong.subjects import services as subjects

NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)


@pytest.fixture
def client(town: Town) -> Client:
    client = Client()
    assert client.login(email="loan_officer@example.cn", password=PASSWORD)
    return client


def found(client: Client, **query: object) -> str:
    response = client.get("/search", query, headers={"HX-Request": "true"})
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_piece_that_was_met_is_marked_and_the_reason_is_said(client: Client) -> None:
    known(1, "海城青禾（虚构）精密机械有限公司")
    page = found(client, q="青禾虚构精密")
    assert "海城<mark>青禾（虚构）精密</mark>机械有限公司" in page
    assert "名称含有所输文字" in page
    assert "海城<mark>青禾</mark>（虚构）精密机械有限公司" in found(client, q="qinghe")


def test_the_reason_is_said_in_english(client: Client) -> None:
    known(1, "海城青禾精密机械有限公司")
    client.cookies["django_language"] = "en"
    assert "it sounds the same in other signs" in found(client, q="青和精密")


def test_a_former_name_stands_beside_the_name_of_today(client: Client) -> None:
    known(1, "海城青禾商贸有限公司")
    known(1, "海城白露商贸有限公司", seq=2)
    page = found(client, q="青禾")
    assert "海城白露商贸有限公司" in page
    assert "曾用名 海城<mark>青禾</mark>商贸有限公司" in page


def test_the_code_of_one_that_became_part_of_another_is_shown(client: Client) -> None:
    a, _ = known(1, "海城青禾商贸有限公司")
    b, _ = known(2, "海城白露商贸有限公司")
    subjects.merge(a, b, by="审核员", why="吸收合并", at=NOW)
    page = found(client, q=code(1))
    assert f"<mark>{code(1)}</mark>" in page
    assert "同时对应代码" in page
    assert f"/enterprises/{code(2)}/" in page


def test_what_was_typed_is_never_markup(client: Client) -> None:
    known(1, "海城<b>青禾</b>商贸有限公司")
    page = found(client, q="<b>青禾</b>")
    assert "<b>" not in page
    assert "&lt;" in page


def test_hits_beyond_the_first_twenty_are_asked_for(client: Client) -> None:
    for number in range(1, 46):
        known(number, f"海城第{number}号粮店")
    first = found(client, q="粮店")
    assert first.count('class="hit"') == 20
    assert "q=%E7%B2%AE%E5%BA%97&amp;start=20" in first
    second = found(client, q="粮店", start=20)
    assert second.count('class="hit"') == 20
    assert '<p class="soft results-count"' not in second
    third = found(client, q="粮店", start=40)
    assert third.count('class="hit"') == 5
    assert "start=60" not in third
    whole = client.get("/search", {"q": "粮店", "start": "40"}).content.decode()
    assert "第 41 至 45 条" in whole
    assert "没有更多结果" in client.get("/search", {"q": "粮店", "start": "60"}).content.decode()


@pytest.mark.parametrize("start", ["-1", "x", "99999999", "1.5"])
def test_a_start_that_makes_no_sense_is_the_first(client: Client, start: str) -> None:
    known(1, "海城青禾商贸有限公司")
    assert "海城<mark>青禾</mark>商贸有限公司" in found(client, q="青禾", start=start)


def test_more_hits_come_behind_those_on_the_page(
    live_town: Town,
    live_site: str,
    sign_in: Callable[[str], None],
    browser_page: Any,
    axe: Callable[[Any], list[dict[str, Any]]],
    faults: list[str],
) -> None:
    for number in range(1, 26):
        known(number, f"海城第{number}号精米机械与五谷杂粮及其制品加工有限责任公司")
    sign_in("loan_officer")
    browser_page.set_viewport_size({"width": 390, "height": 800})
    browser_page.type("#q", "jingmi 杂粮")
    browser_page.wait_for_selector(".hit mark")
    assert browser_page.locator(".hit").count() == 20
    assert browser_page.locator(".hit mark").first.inner_text() == "精米"
    browser_page.click(".more a")
    browser_page.wait_for_selector(".hit >> nth=24")
    assert browser_page.locator(".more").count() == 0
    wide = "document.documentElement.scrollWidth <= window.innerWidth"
    assert browser_page.evaluate(wide)
    assert axe(browser_page) == []
    assert faults == []
