"""A linked bank with an application, on forty invented enterprises."""

from __future__ import annotations

from typing import Any

import pytest

from tests.market.applying.conftest import cast
from tests.market.linking.cast import System, heard, linked

__all__ = ["cast"]


@pytest.fixture
def bank(cast: Any) -> System:
    """The system of the bank of the first product."""
    return linked(cast)


@pytest.fixture
def application(cast: Any, bank: System) -> Any:
    """An application of which the bank's system is to hear."""
    made = cast.apply()
    heard(cast)
    return made
