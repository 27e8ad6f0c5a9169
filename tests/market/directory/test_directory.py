"""The directory: at the published scale, invented, made of one page of data, and its rule."""

from __future__ import annotations

import importlib.util
from collections import Counter
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.environment import PROJECT
from xinrong.domain.financing import NeedPurpose
from xinrong.market.directory.definitions import Feature, OutletKind
from xinrong.market.directory.packs import lint_outlets, load_outlets
from xinrong.market.directory.routing import REACH, RULE, route, serving
from xinrong.market.errors import MarketRefused, OutletsBroken
from xinrong.market.products.packs import load_products

REGIONS = ("taizhou", "qinghai")
DISTRICTS = sorted(load_outlets("taizhou").districts)


@pytest.mark.parametrize("region", REGIONS)
def test_they_are_what_their_page_of_data_gives(region: str) -> None:
    path = PROJECT / "scripts/products/outlets.py"
    spec = importlib.util.spec_from_file_location("invent_outlets", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = module.files(PROJECT / f"scripts/products/{region}.yaml")
    folder = PROJECT / "regions" / region / "outlets"
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == made


@pytest.mark.parametrize("region", REGIONS)
def test_they_are_without_a_finding_and_invented(region: str) -> None:
    assert [str(one) for one in lint_outlets(region)] == []
    directory = load_outlets(region)
    assert directory.book.invented
    assert all("虚构" in one.outlet.title.zh for one in directory.placed)
    assert all("invented" in one.outlet.title.en for one in directory.placed)


def test_taizhou_has_the_published_scale() -> None:
    placed = load_outlets("taizhou").placed
    here = [one for one in placed if one.here]
    kinds = Counter(one.outlet.kind for one in here)
    assert kinds[OutletKind.SMALL_BUSINESS] == 352
    assert kinds[OutletKind.COMMUNITY] == 102
    assert Counter(one.outlet.feature for one in here if one.outlet.feature) == {
        Feature.E_COMMERCE: 8, Feature.SCIENCE: 23, Feature.TOURISM: 9, Feature.TALENT: 9,
        Feature.CULTURE: 1,
    }  # fmt: skip
    city = [one for one in placed if one.lender.kind == "city"]
    assert len({one.lender.id for one in city}) == 3
    assert len(city) == 500
    assert len({one.outlet.area[:2] for one in city if not one.here}) == 20
    rural = [one for one in placed if one.lender.kind == "rural"]
    assert 190 <= len(rural) <= 220


def test_qinghai_has_the_published_scale() -> None:
    assert len(load_outlets("qinghai").placed) == 560
    catalogue = load_products("qinghai")
    assert len(catalogue.entries) == 320
    assert len(catalogue.lenders) == 40
    assert catalogue.book.invented
    named = {one.product.title.zh.split("·")[1] for one in catalogue.entries}
    assert {"拉面贷", "政采贷", "创业贷"} <= named


def test_a_purpose_goes_to_its_featured_outlet_then_to_small_business() -> None:
    directory = load_outlets("taizhou")
    research = serving(directory, "331002", NeedPurpose.RESEARCH)
    assert research[0].placed.outlet.feature is Feature.SCIENCE
    stock = route(directory, "wangchao", "331002", NeedPurpose.STOCK)
    assert stock is not None
    assert stock.placed.outlet.kind is OutletKind.SMALL_BUSINESS
    assert stock.placed.outlet.area == "331002"
    assert stock.kilometres == 0


def test_a_lender_without_an_outlet_has_nowhere_to_send_to() -> None:
    assert route(load_outlets("taizhou"), "yunshan", "331002") is None


def test_where_the_district_has_none_the_nearest_serves() -> None:
    directory = load_outlets("taizhou")
    found = route(directory, "jiaojiang_rural", "331004")
    assert found is not None
    assert found.placed.outlet.area == "331002"
    assert 5 < found.kilometres < 20


def test_a_district_that_nobody_knows_is_refused_with_those_that_are() -> None:
    with pytest.raises(MarketRefused, match="331002"):
        serving(load_outlets("taizhou"), "999999")


@given(
    area=st.sampled_from(DISTRICTS),
    purpose=st.sampled_from([None, *NeedPurpose]),
    feature=st.sampled_from([None, *Feature]),
)
def test_the_published_rule_holds_for_every_need(
    area: str, purpose: NeedPurpose | None, feature: Feature | None
) -> None:
    ranked = serving(load_outlets("taizhou"), area, purpose, feature)
    assert all(one.placed.here for one in ranked)
    featured = [one for one in ranked if "特色" in one.why.zh and one.kilometres <= REACH]
    assert ranked[: len(featured)] == featured, RULE.en
    rest = ranked[len(featured) :]
    assert [round(one.kilometres, 3) for one in rest] == sorted(
        round(one.kilometres, 3) for one in rest
    )


def write(root: Path, region: str, **changes: object) -> None:
    """The directory of Taizhou with a lender's file of one's own."""
    source = PROJECT / "regions" / region
    target = root / region
    target.mkdir(parents=True)
    for name in ("products", "outlets"):
        (target / name).mkdir()
        for path in (source / name).iterdir():
            (target / name / path.name).write_bytes(path.read_bytes())
    path = target / "outlets" / "minyun.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8")) | changes
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


OUTLET = {"id": "x", "title": {"zh": "x", "en": "x"}, "area": "331002", "kind": "ordinary"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lender": "nobody"}, "outlets_lender"),
        ({"outlets": [OUTLET] * 9}, "outlet_twice"),
        ({"outlets": [OUTLET]}, "outlets_count"),
        ({"outlets": [OUTLET | {"area": "999999"}]}, "outlet_area"),
        ({"outlets": [OUTLET | {"kind": "palace"}]}, "value_not_allowed"),
        ({"outlets": [OUTLET | {"area": "Jiaojiang"}]}, "bad_identifier"),
    ],
)
def test_what_is_wrong_is_found_with_its_file_and_line(
    tmp_path: Path, changes: dict[str, object], code: str
) -> None:
    write(tmp_path, "taizhou", **changes)
    found = [one for one in lint_outlets("taizhou", tmp_path) if one.file == "outlets/minyun.yaml"]
    assert code in {one.code for one in found}
    assert all(one.line for one in found)
    with pytest.raises(OutletsBroken):
        load_outlets("taizhou", tmp_path)
