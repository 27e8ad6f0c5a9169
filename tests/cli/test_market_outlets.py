"""`xinrong market outlets` as a person calls it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from xinrong.cli.market_outlets import outlets
from xinrong.market.errors import MarketRefused


def ran(*words: str) -> str:
    done = CliRunner().invoke(outlets, list(words), catch_exceptions=False)
    return done.output


def test_it_lists_routes_and_lints() -> None:
    told = ran("list", "--region", "taizhou", "--feature", "culture", "--language", "en")
    assert "1 outlets" in told
    assert len(json.loads(ran("list", "--region", "qinghai", "--json"))) == 560
    routed = ran("route", "630102", "--region", "qinghai", "--purpose", "research",
                 "--language", "en")  # fmt: skip
    assert "Technology" in routed.splitlines()[0]
    assert "No place can be bought" in routed
    assert "0 findings" in ran("lint", "taizhou")


def test_a_district_that_nobody_knows_is_refused() -> None:
    with pytest.raises(MarketRefused, match="the directory has no district"):
        ran("route", "000000", "--region", "taizhou")
