"""Products for everybody: a list with a need's cost in all, and each product whole."""

from __future__ import annotations

import csv
import io
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from tests.market.conftest import filled, profiled, taizhou
from tests.market.needs.cast import person
from tests.pages.class_support import signed_in
from tests.profiles import city
from xinrong.accounts.services import PUBLIC, Organisation, Person
from xinrong.market import services as market
from xinrong.market.needs.fitting import may_count_fits
from xinrong.pages.products.public import SIZE, shelf_today
from xinrong.trust.models import AuditRow

__all__ = ["filled", "profiled", "taizhou"]

pytestmark = pytest.mark.django_db
NEED = "/products?amount=50万&months=12&purpose=equipment&offers=property"


@pytest.fixture(autouse=True)
def _taizhou(settings: Any) -> None:
    settings.REGION = "taizhou"


def page(address: str, status: int = 200, language: str = "en") -> str:
    client = Client()
    client.cookies.load({"django_language": language})
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def test_everybody_reads_what_is_offered_and_that_it_is_invented() -> None:
    body = page("/products")
    assert "211 products of 24 lenders" in body
    assert "nobody&#x27;s offer" in body
    assert body.count("<tr>") == SIZE + 1
    assert "offset=30" in body
    assert "信贷产品" in page("/products", language="zh-hans")


def test_a_need_shows_what_it_could_be_by_its_cost_in_all() -> None:
    body = page(NEED)
    assert "products could be it" in body
    assert "No place can be bought" in body
    assert 'value="50万"' in body
    assert "All-in cost a year" in body
    assert 'id="offers-property" name="offers" value="property" checked' in body
    rows = list(
        csv.reader(
            io.StringIO(Client().get(NEED.replace("?", ".csv?")).content.decode("utf-8-sig"))
        )
    )
    costs = [float(row[8]) for row in rows[1:]]
    assert costs
    assert all(later > former - 0.11 for former, later in pairwise(costs)), "to a tenth of a point"
    assert len(costs) < 211


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("amount=0&months=12", "cannot be needed as a loan"),
        ("amount=1000000000000&months=12", "cannot be needed as a loan"),
        ("amount=abc&months=12", "No amount can be read"),
        ("amount=&months=12", "Write the sum needed"),
        ("amount=500000&months=", "is no number of months"),
        ("amount=500000&months=999", "is not between 1 and 360"),
        ("amount=500000&months=-3", "is no number of months"),
        ("amount=<script>&months=1", "No amount can be read"),
    ],
)
def test_what_cannot_be_needed_is_said_beside_the_form(query: str, said: str) -> None:
    body = page(f"/products?{query}")
    assert said in body
    assert "<script>&" not in body
    assert "211 products" in body, "the list stays"
    assert Client().get(f"/products.csv?{query}").status_code == 200


def test_where_nothing_fits_the_page_says_what_to_try() -> None:
    assert "No product fits this" in page("/products?amount=900000000&months=300")


def test_a_product_is_shown_whole() -> None:
    body = page("/products/donghai_mortgage")
    assert "Valuation" in body
    assert "800.00 yuan" in body
    assert "A mortgage of property" in body
    assert "points" in body
    assert "reg_active" in body
    page("/products/no_such_product", 404)
    page("/products/" + "x" * 300, 404)


def test_every_product_has_a_page() -> None:
    for one in shelf_today().offered[::9]:
        assert one.product.title.en in page(f"/products/{one.product.id}")


def test_a_region_without_products_says_so(settings: Any) -> None:
    settings.REGION = "beijing"
    assert not market.has_products("beijing")
    assert "No products here" in page("/products")
    page("/products/any", 404)
    page("/products.csv", 404)


def test_a_product_says_how_many_it_fits_to_whom_may_learn_it_and_names_to_its_lender_only(
    profiled: Any,
) -> None:
    own = person("officer", "bank", "loan_officer", "a_bank")
    asks = market.shelf_on("taizhou", city.UNTIL).offered
    one = next(
        each for each in asks if may_count_fits(own, each) and not may_count_fits(PUBLIC, each)
    )
    Organisation.objects.filter(pk=own.organisation_id).update(reference=one.lender.id)
    address = f"/products/{one.product.id}"
    assert "of the region could have it" not in page(address)
    client = signed_in(Person.objects.get(pk=own.person_id or 0))
    client.cookies.load({"django_language": "en"})
    shown = client.get(address).content.decode()
    assert "of the region could have it" in shown
    assert f"{address}/fits" in shown
    rows = AuditRow.objects.count()
    assert "Look at the first 20" in client.get(f"{address}/fits").content.decode()
    assert AuditRow.objects.count() == rows, "nobody is looked at before it is asked for"
    assert "None of these" in client.post(f"{address}/fits", {"start": "0"}).content.decode()
    other = person("other", "bank", "loan_officer", "another_bank")
    stranger = signed_in(Person.objects.get(pk=other.person_id or 0))
    assert f"{address}/fits" not in stranger.get(address).content.decode()
    assert stranger.get(f"{address}/fits").status_code == 403
    assert stranger.post(f"{address}/fits", {"start": "0"}).status_code == 403
