"""A city of forty with what classes read; its roll of chains holds the third of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pages.class_support import READ, small_city
from tests.profiles import city


@pytest.fixture
def divided(db: None, taizhou: None, store_root: Any) -> dict[str, Any]:
    small_city()
    rows = city.city_rows()
    return {name: rows[name] for name in READ}
