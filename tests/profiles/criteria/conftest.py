"""Forty invented enterprises with a batch profile, as the tests of profiles have them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.profiles import city
from tests.profiles.conftest import filled, taizhou
from xinrong.profiles.services import build_profile

__all__ = ["filled", "profiled", "taizhou"]


@pytest.fixture
def profiled(filled: dict[str, Any]) -> dict[str, Any]:
    """The same with a profile of all of them."""
    build_profile(city.NOW, city.TODAY)
    return filled
