"""Statistics for everybody and a bank's own figures, of deals through the real services."""

from __future__ import annotations

import csv
import io
import json
from functools import partial
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from tests.market.applying.cast import Cast, made_cast
from tests.market.league.town import many_deals
from tests.pages.support import client_of
from tests.profiles.conftest import filled, taizhou
from xinrong.cli.market_league import league as command
from xinrong.market.services import league

__all__ = ["filled", "taizhou"]
pytestmark = pytest.mark.django_db
as_ = partial(client_of, language="en")


@pytest.fixture
def cast(filled: dict[str, Any]) -> Cast:
    return made_cast()


def page(address: str, language: str = "en") -> str:
    client = Client()
    client.cookies.load({"django_language": language})
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_everybody_reads_each_figure_with_its_definition_and_its_query(cast: Cast) -> None:
    cast.apply(0)
    body = page("/statistics/financing?by=bank")
    for one in league.FIGURES:
        assert one.definition.en.replace("'", "&#x27;") in body, one.name
    assert "count(DISTINCT enterprise) AS enterprises" in body
    assert "纯信用贷款" in page("/statistics/financing", "zh-hans")
    tallies = body.split('<table class="grid league"')[1].split("</table>")[0]
    assert not [cell for cell in tallies.split("<td")[1:] if "—" not in cell], "of one enterprise"


def test_figures_of_ten_enterprises_are_published_in_tens(cast: Cast) -> None:
    made = many_deals(cast, range(6, 26))
    assert len({one.enterprise_id for one in made}) >= 10, "else nothing could be published"
    found = CliRunner().invoke(command, ["--by", "all", "--json"], catch_exceptions=False)
    told = json.loads(found.output)
    figures = told["figures"]["all"]
    assert figures["applications"] == league.rounded(len(made), league.Unit.NUMBER)
    assert figures["approval"] == 0
    assert figures["loans"] is None
    assert told["reasons"]["all"]["sum"] == figures["applications"]
    plain = CliRunner().invoke(command, ["--language", "en"], catch_exceptions=False).output
    assert any(
        "Applications" in line and f"{figures['applications']:g}" in line
        for line in plain.splitlines()
    ), "a line a figure, readable on a terminal of 80 columns"
    body = page("/statistics/financing")
    assert f"<dd>{figures['applications']:.0f}</dd>" in body
    assert "The sum is more than the enterprise can repay" in body
    text = Client().get("/statistics/financing.csv?by=bank").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows[0]) == len(league.FIGURES) + 1


def test_a_bank_reads_its_own_figures_and_nobody_else_does(cast: Cast) -> None:
    one = cast.apply(0)
    bank = as_(cast.officer(one))
    body = bank.get("/bank/league").content.decode()
    assert "Our figures" in body
    assert "<dd>1</dd>" in body, "its one application, exactly"
    assert bank.get("/bank/league?by=outlet").status_code == 200
    assert one.organisation.name in bank.get("/bank/league?by=outlet").content.decode()
    assert bank.get("/bank/league.csv?by=product").status_code == 200
    other = as_(next(who for name, who in cast.officers.items() if name != one.lender))
    assert "<dd>1</dd>" not in other.get("/bank/league").content.decode()
    assert as_(cast.firm).get("/bank/league").status_code == 403
    assert Client().get("/bank/league").status_code == 302


@pytest.mark.parametrize(
    "query", ["by=nothing", "by=outlet", "period=century", "order=password", "by=%3Cscript%3E"]
)
def test_what_names_nothing_is_the_whole_of_a_year(cast: Cast, query: str) -> None:
    body = page(f"/statistics/financing?{query}")
    assert "Nothing was applied for in this period" in body
    assert "<script>%" not in body


def test_the_command_says_what_each_figure_is_and_refuses_a_period_that_ends_before_it_begins() -> (
    None
):
    told = CliRunner().invoke(command, ["--definitions", "--language", "en"]).output
    assert all(one.definition.en in told for one in league.FIGURES)
    wrong = CliRunner().invoke(command, ["--since", "2026-02-01", "--until", "2026-01-01"])
    assert wrong.exit_code == 2
    assert "is after" in wrong.output
