"""Django stands before the models are loaded; a cast of people, and a journal of their own."""

from pathlib import Path
from typing import Any

import django
import pytest

django.setup()

from tests.accounts.cast import Cast, make_cast  # noqa: E402 - models need Django
from tests.trust.support import region  # noqa: E402 - models need Django

__all__ = ["cast", "journal", "region"]


@pytest.fixture
def journal(settings: Any, tmp_path: Path) -> Path:
    """Where restrictive decisions of this test are kept."""
    settings.JOURNAL = tmp_path / "journal"
    return tmp_path / "journal"


@pytest.fixture
def cast(db: None) -> Cast:
    """A bank with an outlet, a rival, a firm and the platform, and who acts for them."""
    return make_cast()
