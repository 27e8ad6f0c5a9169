"""An invented city lies in a region: its districts, its trades, its feeds; never another's."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from xinrong.catalogue.region import load_region
from xinrong.cli.synth import command
from xinrong.domain.standards import industries
from xinrong.domain.uscc import is_lawful
from xinrong.synth import SynthError, canonical, write_city
from xinrong.synth.city import Options
from xinrong.synth.generate import CATEGORIES
from xinrong.synth.places import PLACES
from xinrong.synth.register import City, codes_text, names_text, register

QINGHAI = load_region("qinghai")


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("places") / "city"
    write_city(out, 7, 1_000, rows_per_enterprise=20, file_format="csv", region="qinghai")
    return out


@pytest.fixture(scope="module")
def there() -> City:
    return Options(seed=7, enterprises=3_000, region="qinghai").city()


def test_only_the_feeds_of_the_region_are_written(province: Path) -> None:
    written = {path.name for path in province.iterdir()} - {"truth"}
    sent = {name for name, feed in QINGHAI.feeds.items() if feed.category in CATEGORIES}
    assert written == sent


def test_every_enterprise_lies_in_a_district_of_the_region_and_its_name_says_invented(
    province: Path,
) -> None:
    districts = {one.code: one.name for one in PLACES["qinghai"].districts}
    path = province / "market_registration" / "market_registration.csv"
    rows = list(csv.DictReader(path.read_text(QINGHAI.feeds["market_registration"].layout.encoding
                                              or "utf-8").splitlines()))  # fmt: skip
    right = [row for row in rows if is_lawful(row["统一社会信用代码"])]
    assert len(right) > 0.9 * len(rows)
    placed = [row for row in right if row["所在区县"] == districts[row["统一社会信用代码"][2:8]]]
    assert len(placed) > 0.98 * len(right)  # the rest holds planted mistakes
    assert np.mean([row["企业名称"].endswith("（虚构）") for row in rows]) > 0.98
    assert not any("台州" in cell or "浙" in cell for row in rows for cell in row.values() if cell)


def test_a_ramen_restaurant_of_xining_is_among_them(there: City) -> None:
    people = register(there, np.arange(1, 3_001, dtype=np.int64))
    names = names_text(there, people).to_pylist()
    ramen = [name for name in names if name.startswith("西宁市城东区") and "拉面" in name]
    assert len(ramen) > 30
    assert len(set(names)) == len(names)


def test_two_regions_of_one_seed_have_nobody_in_common(there: City) -> None:
    here = Options(seed=7, enterprises=3_000).city()
    numbers = np.arange(1, 3_001, dtype=np.int64)
    codes = [set(codes_text(one, register(one, numbers)).to_pylist()) for one in (here, there)]
    assert not codes[0] & codes[1]


@pytest.mark.parametrize("region", sorted(PLACES))
def test_the_words_of_a_place_hold_together(region: str) -> None:
    place = PLACES[region]
    assert sum(one.weight for one in place.districts) == 1_000
    codes = {one.code for one in place.districts}
    assert len(codes) == len(place.districts)
    assert all(set(trade.home) <= codes for trade in place.trades)
    assert all(set(trade.buys) <= set(place.position) for trade in place.trades)
    for trade in place.trades:
        assert industries.industry(trade.code).name == trade.title


def test_canonical_rows_of_a_region_are_of_its_categories() -> None:
    made = {table["category"][0].as_py() for table in canonical(7, 1_000, 20, region="qinghai")}
    assert made == set(QINGHAI.contracts) & set(CATEGORIES)


def test_the_command_takes_a_region_and_says_which(tmp_path: Path) -> None:
    words = ["--out", str(tmp_path / "city"), "--enterprises", "1000", "--canonical"]
    words += ["--rows-per-enterprise", "20", "--region", "qinghai"]
    done = CliRunner().invoke(command, words)
    assert json.loads(done.stdout.strip().splitlines()[-1])["options"]["region"] == "qinghai"
    assert CliRunner().invoke(command, [*words, "--region", "beijing"]).exit_code == 2


def test_a_region_without_invented_words_is_refused_with_those_that_have() -> None:
    with pytest.raises(SynthError, match="No city is invented in beijing") as told:
        Options(region="beijing").checked()
    assert "qinghai" in told.value.remedy
