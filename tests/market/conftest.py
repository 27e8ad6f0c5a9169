"""Forty invented enterprises with a batch profile, and a folder in which products are written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import django
import pytest

django.setup()

from tests.market.support import Folder  # noqa: E402 - models need Django
from tests.profiles import city  # noqa: E402
from tests.profiles.conftest import filled, taizhou  # noqa: E402
from xinrong.profiles.services import build_profile  # noqa: E402

__all__ = ["filled", "profiled", "taizhou"]


@pytest.fixture
def profiled(filled: dict[str, Any]) -> dict[str, Any]:
    """The forty with a profile of all of them."""
    build_profile(city.NOW, city.UNTIL)
    return filled


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Products of `taizhou` that a test writes."""
    return Folder(tmp_path)
