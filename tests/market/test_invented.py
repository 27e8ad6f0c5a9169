"""The shipped products: at the published scale, invented, sound, and made of one page of data."""

from __future__ import annotations

import importlib.util
from datetime import date
from decimal import Decimal

import pytest

from tests.environment import PROJECT
from xinrong.catalogue.region import load_region
from xinrong.domain.financing import Need, NeedPurpose, Security
from xinrong.market.matching.matching import match_unregistered
from xinrong.market.matching.shelf import shelf_on
from xinrong.market.products.linting import lint_products
from xinrong.market.products.packs import load_products

DAY = date(2026, 11, 22)


@pytest.mark.parametrize("region", ["taizhou", "qinghai"])
def test_they_are_what_their_page_of_data_gives(region: str) -> None:
    path = PROJECT / "scripts/products/invent.py"
    spec = importlib.util.spec_from_file_location("invent_products", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = module.files(PROJECT / f"scripts/products/{region}.yaml")
    folder = PROJECT / "regions" / region / "products"
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == made


@pytest.mark.parametrize("region", ["taizhou", "qinghai"])
def test_they_are_without_a_finding(region: str) -> None:
    assert [str(one) for one in lint_products(region)] == []


@pytest.mark.parametrize(("region", "many"), [("taizhou", 211), ("qinghai", 320)])
def test_there_are_as_many_as_were_published_and_every_lender_is_invented(
    region: str, many: int
) -> None:
    catalogue = load_products(region)
    assert len(catalogue.entries) == many
    assert catalogue.book.invented
    assert load_region(region).info.invented, "no real enterprise meets an invented lender"
    assert all("虚构" in one.title.zh and "invented" in one.title.en for one in catalogue.lenders)


@pytest.mark.parametrize(
    ("purpose", "offers", "programme"),
    [
        (NeedPurpose.START_UP, frozenset(), "start_up"),
    ],
)
def test_a_firm_not_registered_yet_finds_something(
    purpose: NeedPurpose, offers: frozenset[Security], programme: str
) -> None:
    need = Need(Decimal(100_000), 24, purpose, offers, area="331081", registered=False)
    found = match_unregistered(shelf_on("taizhou", DAY), need)
    assert found.admitted
    assert {one.offered.product.programme for one in found.admitted} == {programme}


def test_a_restaurant_yet_to_be_registered_in_xining_finds_a_start_up_loan() -> None:
    need = Need(
        Decimal(100_000), 24, NeedPurpose.START_UP, frozenset(), area="630102", registered=False
    )
    found = match_unregistered(shelf_on("qinghai", DAY), need)
    assert {one.offered.product.programme for one in found.admitted} == {"start_up"}


def test_the_ramen_loan_asks_for_the_chain_and_the_procurement_loan_for_contracts() -> None:
    asked = {
        one.product.title.zh.split("·")[1]: one.product.versions[0].for_whom.text
        for one in load_products("qinghai").entries
    }
    assert "chain_in" in asked["拉面贷"]
    assert "gov_amount_12m" in asked["政采贷"]
