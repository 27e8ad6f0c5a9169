"""The cast of applications, on forty invented enterprises."""

from __future__ import annotations

from typing import Any

import pytest

from tests.market.applying.cast import Cast, made_cast


@pytest.fixture
def cast(filled: dict[str, Any]) -> Cast:
    return made_cast()
