"""Django stands before the fixtures of this folder are loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import django
import pytest

django.setup()

from tests.copied import written_once  # noqa: E402 - models need Django
from tests.profiles import city  # noqa: E402


@pytest.fixture
def taizhou(settings: Any) -> None:
    settings.REGION = "taizhou"


@pytest.fixture
def filled(db: None, taizhou: None, settings: Any, store_root: Path) -> dict[str, Any]:
    """Forty invented enterprises, in parts and in the hot table."""
    settings.STORE_HOT_ROWS = 2_000
    rows = city.city_rows()

    def write() -> None:
        city.make_enterprises(range(1, 41))
        city.fill(rows)

    written_once("forty, in parts", store_root, write)
    return rows
