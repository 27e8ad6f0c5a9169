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


def test_they_are_what_their_page_of_data_gives() -> None:
    path = PROJECT / "scripts/products/invent.py"
    spec = importlib.util.spec_from_file_location("invent_products", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = module.files(PROJECT / "scripts/products/taizhou.yaml")
    folder = PROJECT / "regions/taizhou/products"
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == made


def test_they_are_without_a_finding() -> None:
    assert [str(one) for one in lint_products("taizhou")] == []


def test_taizhou_has_as_many_as_were_published_and_every_lender_is_invented() -> None:
    catalogue = load_products("taizhou")
    assert len(catalogue.entries) == 211
    assert catalogue.book.invented
    assert load_region("taizhou").info.invented, "no real enterprise meets an invented lender"
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
