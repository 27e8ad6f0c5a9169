"""`xinrong market services` as a person calls it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from xinrong.cli.market_services import services

pytestmark = pytest.mark.django_db


def ran(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(services, list(words), catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.output


def test_it_lists_and_lints(settings: pytest.FixtureRequest) -> None:
    settings.REGION = "taizhou"  # type: ignore[attr-defined] # the fixture of Django's settings
    told = ran("list", "--language", "en")
    assert "Policy consultation  [science]  2 working days" in told
    assert "fewer than ten" in told
    rows = json.loads(ran("list", "--json"))
    assert [row["answer_days"] for row in rows] == [3, 5, 5, 2, 10]
    assert all(set(row["figures"].values()) == {None} for row in rows)
    assert "0 findings" in ran("lint", "qinghai")
    assert "not_readable" in ran("lint", "beijing", code=1)
