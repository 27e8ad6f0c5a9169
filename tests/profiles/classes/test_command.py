"""`xinrong classes`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.profiles import city
from xinrong.cli.classes import command
from xinrong.domain.errors import XinrongError
from xinrong.profiles.services import build_profile


def run(*words: str) -> Result:
    return CliRunner().invoke(command, list(words))


def test_the_classes_are_listed_in_their_order_with_their_texts(taizhou: None) -> None:
    found = run("list", "--language", "en").output
    assert found.index("1. large") < found.index("7. foreign_trade")
    assert "size_small_micro AND park_in" in found
    assert found.count("inferred:") == 5


def test_a_region_without_its_own_says_so(settings: Any) -> None:
    settings.REGION = "beijing"
    assert "the nation's sizes stand in" in run("list").output
    done = run("lint", "taizhou", "beijing")
    assert done.exit_code == 0
    assert "taizhou: its own classes, 0 findings" in done.output
    assert "beijing: the nation's classes, 0 findings" in done.output


@pytest.mark.django_db
def test_without_a_profile_it_says_what_to_do(taizhou: None, store_root: Any) -> None:
    done = run("count")
    assert isinstance(done.exception, XinrongError)
    assert "profile build" in done.exception.remedy


@pytest.mark.django_db
def test_everybody_is_counted_once_and_one_is_told_why(divided: Any) -> None:
    build_profile(city.NOW, city.UNTIL)
    told = json.loads(run("count", "--json").output)
    assert sum(told["primary"].values()) == 40
    assert set(told["also"]) == {
        "large", "medium", "in_park", "supply_chain", "technology", "employment", "foreign_trade",
    }  # fmt: skip
    assert "40 enterprises" in run("count").output
    shown = run("show", city.code(3), "--as-of", "2026-10-31", "--language", "en").output
    assert city.code(3) in shown
    assert "Supplier of a chain: yes (needed: yes)" in shown
    unknown = run("show", "91x").exception
    assert isinstance(unknown, XinrongError)
    assert unknown.code == "unknown_enterprise"
