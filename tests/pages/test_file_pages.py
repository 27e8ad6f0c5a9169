"""What the pages of a file say."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from tests.pages.support import EVIL, FIRM, HOSTILE, QUIET, Town

FILE = f"/enterprises/{FIRM}/"


@pytest.fixture
def client(town: Town) -> Client:
    client = Client()
    client.force_login(town.people["operator"])
    return client


def read(client: Client, address: str, **query: Any) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


def test_search_finds_by_a_part_of_the_name_and_by_code(client: Client) -> None:
    assert FIRM in read(client, "/search", q="恒远精密")
    assert "恒远精密（虚构）有限公司" in read(client, "/search", q=FIRM)


def test_htmx_gets_the_results_alone(client: Client) -> None:
    response = client.get("/search", {"q": "恒远"}, headers={"HX-Request": "true"})
    assert FIRM in response.content.decode()
    assert "<html" not in response.content.decode()


def test_a_search_that_finds_nothing_says_what_to_try(client: Client) -> None:
    assert "曾用名" in read(client, "/search", q="不存在的企业")
    assert "请至少输入两个字" in read(client, "/search", q="恒")
    assert "请输入名称或代码" in read(client, "/search")


@pytest.mark.parametrize("tab", ["", "comprehensive/", "cube/", "signs/"])
def test_every_page_of_a_file_opens_with_its_coverage(client: Client, tab: str) -> None:
    page = read(client, FILE + tab)
    assert re.search(r"已覆盖的 <b>\d+</b> 个来源中，<b>\d+</b> 个没有负面记录", page)


@pytest.mark.parametrize("tab", ["comprehensive/", "signs/"])
def test_every_record_shows_its_source_its_date_and_its_row(client: Client, tab: str) -> None:
    page = read(client, FILE + tab)
    assert "市税务局" in page or "税务" in page
    assert re.search(r"批次 \d+ 第 2 行", page)


def test_red_and_black_stand_apart_in_words(client: Client) -> None:
    page = read(client, f"{FILE}signs/")
    red, black = page.split('id="black"')
    assert "小巨人" in red.split('id="red"')[1]
    assert "偷税" in black
    assert "公示至" in black


def test_records_are_filtered_by_what_the_cube_leads_to(client: Client) -> None:
    cube = read(client, f"{FILE}cube/")
    links = re.findall(r'href="(/enterprises/[^"]+\?[^"]+)"', cube)
    assert links
    for link in links:
        address = link.replace("&amp;", "&")
        response = client.get(address)
        assert "没有符合条件的记录" not in response.content.decode(), address


def test_a_figure_of_the_cube_is_the_number_of_records_behind_it(client: Client) -> None:
    page = read(client, f"{FILE}cube/", rows="sign", columns="category")
    data = json.loads(re.search(r'id="cube-data"[^>]*>(.*?)</script>', page, re.DOTALL)[1])
    assert data["cells"]
    for _x, _y, figure, _heat, address, _objected in data["cells"]:
        assert f"共 {int(figure)} 条" in client.get(address).content.decode()


@pytest.mark.parametrize(
    "query", [{"rows": "x", "columns": "y"}, {"rows": "year", "columns": "year"}, {"sign": "?"}]
)
def test_a_cube_turned_the_wrong_way_shows_the_usual_one(
    client: Client, query: dict[str, str]
) -> None:
    assert "<table" in read(client, f"{FILE}cube/", **query)


@pytest.mark.parametrize("year", ["9" * 40, "-1", "二〇二六", "²"])
def test_a_year_that_is_none_is_not_a_filter(client: Client, year: str) -> None:
    assert "偷税" in read(client, f"{FILE}comprehensive/", year=year)


def test_an_enterprise_with_nothing_on_record_says_so(client: Client) -> None:
    page = read(client, f"/enterprises/{QUIET}/signs/")
    assert "没有红名单信息" in page
    assert "没有黑名单信息" in page
    filtered = read(client, f"/enterprises/{QUIET}/comprehensive/", sign="negative")
    assert "没有符合条件的记录" in filtered
    nothing = read(client, f"/enterprises/{QUIET}/cube/", sign="negative")
    assert "没有可统计的记录" in nothing


@pytest.mark.parametrize("tab", ["", "comprehensive/", "cube/", "signs/"])
def test_a_hostile_name_is_text_and_nothing_else(client: Client, tab: str) -> None:
    page = read(client, f"/enterprises/{EVIL}/{tab}")
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
    assert HOSTILE not in read(client, "/search", q="有限公司")


def test_what_is_withheld_is_named_with_its_reason_and_what_to_do(
    town: Town, client: Client, settings: Any
) -> None:
    settings.REGION = "taizhou"  # its catalogue has categories that need consent
    client.force_login(town.people["loan_officer"])
    client.post(f"{FILE}open", {"stage": "approval"})
    page = read(client, f"{FILE}signs/")
    assert "企业尚未授权" in page
    assert "请企业授权后再打开档案" in page


def test_the_receipt_adds_up_in_words_and_in_the_bar(town: Town, client: Client) -> None:
    page = read(client, f"/batches/{town.batches['register']}")
    widths = [float(width) for width in re.findall(r'<rect[^>]* width="([\d.]+)"', page)]
    assert sum(widths) == pytest.approx(1000, abs=0.1)
    assert "收到行数 = 接受 + 重复 + 隔离" in page


def test_pages_speak_english_when_asked(client: Client) -> None:
    client.post("/language", {"language": "en", "next": FILE})
    page = read(client, FILE)
    assert "Query no." in page
    assert 'lang="en"' in page
