"""The demo's scorecards: two operators, one version, however often it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from xinrong.accounts.services import make_demo_accounts
from xinrong.catalogue.region import load_region
from xinrong.cli.demo_cards import put_cards_in_force
from xinrong.rating.services import versions

pytestmark = pytest.mark.django_db


def test_the_cards_of_the_invented_city_are_approved_once_by_a_second_operator(
    store_root: Path, settings: Any
) -> None:
    settings.REGION = "taizhou"
    make_demo_accounts(load_region("taizhou"))
    first, again = put_cards_in_force(), put_cards_in_force()
    assert first is not None
    assert again is not None
    [made] = versions.versions()
    assert made.state == "approved"
    assert made.proposed_by != made.decided_by
    assert first.email == again.email
    assert first.password != again.password


def test_where_nobody_is_graded_the_demo_has_no_second_operator(settings: Any) -> None:
    settings.REGION = "qinghai"
    assert put_cards_in_force() is None
    assert not versions.versions()
