"""`xinrong needs` as a person calls it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.market.needs.cast import person, representative, stated
from tests.market.needs.test_visits import csv_of
from tests.pages.class_support import small_city
from tests.profiles import city
from xinrong.cli.needs import command
from xinrong.market.errors import MarketRefused

FIRM = 3


@pytest.fixture
def town(db: None, settings: Any, store_root: Any) -> None:
    settings.REGION = "taizhou"
    small_city()


def ran(*words: str, **more: Any) -> Result:
    return CliRunner().invoke(command, list(words), catch_exceptions=False, **more)


def test_needs_are_listed_and_shown_with_what_the_products_say(town: None) -> None:
    firm = representative(FIRM)
    one = stated(firm)
    mail = f"firm{FIRM}@example.cn"
    assert "1 needs" in ran("list", "--as", mail).output
    shown = ran("show", one.number, "--as", mail, "--language", "en").output
    assert "500,000.00 yuan, 12 months, Stock and materials" in shown
    assert "cannot tell" in shown
    told = json.loads(ran("show", one.number, "--as", mail, "--json").output)
    answers = told["answers"]
    assert sum(len(answers[name]) for name in ("admitted", "cannot_tell", "refused")) == 211
    person("other")
    with pytest.raises(MarketRefused, match="no such need"):
        ran("show", one.number, "--as", "other@example.cn")


def test_the_form_goes_out_and_comes_in_with_every_row_accounted_for(
    town: None, tmp_path: Path
) -> None:
    person("adviser", "adviser", "adviser")
    path = tmp_path / "visits.xlsx"
    assert "up to 200 needs" in ran("form", str(path)).output
    filled = tmp_path / "filled.csv"
    good = [city.code(FIRM), "50万", "备货进料", "12", "", "", "", "", ""]
    filled.write_bytes(csv_of(good, good, ["123", *good[1:]]))
    asked = ("import", str(filled), "--as", "adviser@example.cn", "--language", "en")
    tried = ran(*asked, "--dry-run")
    assert "3 rows: 1 can be entered, 1 held back, 1 there already" in tried.output
    done = ran(*asked)
    assert (done.exit_code, "3 rows: 1 entered" in done.output) == (1, True)
    assert "row 4 [统一社会信用代码 code]" in done.output
    assert "3 rows: 0 entered, 1 held back, 2 there already" in ran(*asked).output
    listed = ran("list", "--as", "adviser@example.cn", "--json").output
    assert [one["state"] for one in json.loads(listed)] == ["draft"]
