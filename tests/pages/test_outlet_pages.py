"""The directory for everybody: a list, a filter, a sheet, and where a need would go."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _taizhou(settings: Any) -> None:
    settings.REGION = "taizhou"


def page(address: str, language: str = "en") -> str:
    client = Client()
    client.cookies.load({"django_language": language})
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_everybody_reads_the_directory_at_its_published_scale() -> None:
    body = page("/outlets")
    for words in ("<dd>1,070</dd>", "<dd>352</dd>", "<dd>102</dd>", "<dd>23</dd>", "invented"):
        assert words in body, words
    assert "elsewhere, in 20 provinces" in body
    assert "小微专营机构" in page("/outlets", "zh-hans")


@pytest.mark.parametrize(
    ("query", "many"),
    [
        ("feature=e_commerce", 8),
        ("kind=community", 102),
        ("where=away", 318),
        ("lender=jiaojiang_rural", 31),
        ("lender=nobody", 0),
        ("kind=%3Cscript%3E", 0),
    ],
)
def test_a_filter_leaves_what_it_says_on_the_page_and_in_the_sheet(query: str, many: int) -> None:
    body = page(f"/outlets?{query}")
    assert f"<dd>{many}</dd>" in body
    assert "<script>" not in body.split("<main")[1].split("</main>")[0]
    sheet = Client().get(f"/outlets.csv?{query}").content.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(sheet)))) == many + 1


def test_a_need_is_shown_where_it_would_go_with_the_rule() -> None:
    body = page("/outlets?need_area=331083&purpose=research")
    assert "science branch" in body
    assert "No place can be bought" in body
    assert "<ol" not in page("/outlets?need_area=999999"), "a district that nobody knows"


def test_a_product_says_where_to_go() -> None:
    body = page("/products/donghai_tax")
    assert "Where to go" in body
    assert "/outlets?lender=donghai" in body
    assert "Where to go" not in page("/products/yunshan_tax"), "a lender without outlets"


def test_a_region_without_a_directory_says_so(settings: Any) -> None:
    settings.REGION = "beijing"
    assert "No outlets here" in page("/outlets")
    assert Client().get("/outlets.csv").status_code == 404
