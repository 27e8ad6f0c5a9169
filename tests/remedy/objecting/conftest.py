"""A firm with a penalty and everybody around, in an invented Taizhou."""

from __future__ import annotations

from typing import Any

import pytest

from tests.remedy.objecting.support import Cast


@pytest.fixture
def cast(db: None, store_root: Any, settings: Any) -> Cast:
    settings.REGION = "taizhou"
    return Cast()
