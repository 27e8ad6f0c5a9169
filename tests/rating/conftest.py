"""Forty invented enterprises with a batch profile, as the tests of profiles have them."""

from __future__ import annotations

from typing import Any

import django
import pytest

django.setup()

from tests.profiles import city  # noqa: E402 - models need Django
from tests.profiles.conftest import filled, taizhou  # noqa: E402
from tests.rating.support import operators, put_in_force  # noqa: E402
from xinrong.accounts.services import Viewer  # noqa: E402
from xinrong.profiles.services import build_profile  # noqa: E402

__all__ = ["filled", "profiled", "taizhou"]


@pytest.fixture
def both(db: None, taizhou: None) -> tuple[Viewer, Viewer]:
    """Two operators."""
    return operators()


@pytest.fixture
def carded(filled: dict[str, Any], both: tuple[Viewer, Viewer]) -> dict[str, Any]:
    """The forty with the shipped cards in force."""
    put_in_force(both)
    return filled


@pytest.fixture
def profiled(carded: dict[str, Any]) -> dict[str, Any]:
    """The same with a profile of all of them."""
    build_profile(city.NOW, city.UNTIL)
    return carded
