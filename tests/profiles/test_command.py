"""`xinrong profile`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.profiles import city
from xinrong.cli.profile import command
from xinrong.profiles.services import current_batch, query_profiles

pytestmark = pytest.mark.django_db


def run(*words: str) -> Result:
    return CliRunner().invoke(command, list(words), catch_exceptions=False)


def test_every_indicator_is_listed_with_its_class(taizhou: None) -> None:
    found = json.loads(run("list", "--json").output)
    assert len(found) >= 150
    one = next(one for one in found if one["name"] == "tax_paid_12m")
    assert (one["unit"], one["share"], one["level"]) == ("yuan", "consent", 4)
    assert "tax_paid_12m" in run("list", "--family", "tax", "--language", "en").output


def test_an_unknown_family_is_told_with_those_that_there_are(taizhou: None) -> None:
    done = run("list", "--family", "nonsense")
    assert done.exit_code == 2
    assert "registration" in done.output


def test_without_a_batch_it_says_what_to_do(filled: Any) -> None:
    assert "profile build" in run("show").output


def test_build_then_show_then_follow(filled: Any) -> None:
    assert "40 enterprises" in run("build", "--as-of", "2026-10-31").output
    assert "40 enterprises as of 2026-10-31" in run("show").output
    batch = current_batch()
    city.put(filled["patent"].slice(0, 1).set_column(3, "digest", [[5]]))
    assert "1 profiles" in run("watch", "--once", "--as-of", "2026-10-31").output
    assert current_batch() == batch
    run("watch", "--once", "--as-of", "2026-11-01")
    assert current_batch() != batch, "the day has changed"


def test_no_firm_is_a_store_without_profiles(taizhou: None, store_root: Any) -> None:
    assert "0 enterprises" in run("build", "--as-of", "2026-10-31").output
    assert query_profiles("SELECT * FROM profile").num_rows == 0


def test_a_day_that_is_none_is_refused(taizhou: None) -> None:
    assert run("build", "--as-of", "2026-02-30").exit_code == 2
